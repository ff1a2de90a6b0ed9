"""Time stands or flows as the speed says, durations and moments are read and written, things fall due in order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from simulator import clock
from simulator.clock import (
    VIRTUAL_START,
    Moment,
    Timers,
    VirtualClock,
    WallClock,
    iso_millis,
    iso_seconds,
    make_clock,
    parse_duration,
    parse_moment,
    parse_speed,
    system_moment,
)
from simulator.errors import UsageError

START = Moment(1_614_585_600_000)
SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000


class Stopwatch:
    """A timer that a test turns by hand."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


def refusal(parse, text: str) -> str:
    with pytest.raises(UsageError) as caught:
        parse(text)
    return str(caught.value)


# speeds


@pytest.mark.parametrize(
    ("text", "factor", "virtual"),
    [
        ("real", 1.0, False),
        ("60", 60.0, False),
        ("0.5", 0.5, False),
        ("0.001", 0.001, False),
        ("1000000", 1_000_000.0, False),
        ("max", None, True),
        ("manual", None, True),
    ],
)
def test_speed_is_read(text, factor, virtual):
    speed = parse_speed(text)

    assert (speed.name, speed.factor, speed.virtual) == (text, factor, virtual)


@pytest.mark.parametrize("text", ["", "fast", "0", "-1", "nan", "inf", "1e-9", "1000001", "60x"])
def test_what_is_no_speed_is_refused(text):
    assert refusal(parse_speed, text) == (
        "the speed cannot be used; expected real, max, manual or a factor from 0.001 to 1000000, such as 60, "
        f"found {text!r}."
    )


# clocks


def test_virtual_clock_stands_until_it_is_moved():
    clock = VirtualClock(START, parse_speed("max"))

    clock.move(Moment(START + DAY))
    clock.move(Moment(START + DAY))

    assert clock.now() == START + DAY


def test_virtual_clock_does_not_go_back():
    clock = VirtualClock(START, parse_speed("manual"))

    assert refusal(clock.move, Moment(START - 1)) == (
        "the clock cannot go back from 2021-03-01T08:00:00.000Z to 2021-03-01T07:59:59.999Z. "
        "Reset the simulator to begin anew."
    )
    assert clock.now() == START


@pytest.mark.parametrize(("ahead", "seconds"), [(0, 0.0), (-1, 0.0), (1, None)])
def test_only_a_move_brings_what_is_ahead_of_a_virtual_clock(ahead, seconds):
    assert VirtualClock(START, parse_speed("max")).wall_until(Moment(START + ahead)) == seconds


@pytest.mark.parametrize(("speed", "simulated"), [("real", 1), ("60", 60), ("0.5", 0.5)])
def test_wall_clock_follows_the_timer_at_its_factor(speed, simulated):
    timer = Stopwatch()
    clock = WallClock(START, parse_speed(speed), timer=timer)

    timer.seconds += 3

    assert clock.now() == START + 3 * simulated * SECOND
    assert clock.wall_until(Moment(START + int(9 * simulated * SECOND))) == pytest.approx(6)


def test_nothing_is_waited_for_that_is_past():
    clock = WallClock(START, parse_speed("real"), timer=Stopwatch())

    assert clock.wall_until(START) == clock.wall_until(Moment(START - DAY)) == 0.0


@given(st.integers(1, 10**7), st.sampled_from(["real", "60", "7.3", "0.001", "1000000"]))
def test_waiting_as_told_always_arrives(ahead, speed):
    timer = Stopwatch()
    clock = WallClock(START, parse_speed(speed), timer=timer)
    due = Moment(START + ahead)

    rounds = 0
    while (seconds := clock.wall_until(due)) != 0.0:
        assert seconds is not None
        timer.seconds += seconds
        rounds += 1

    assert clock.now() >= due
    assert rounds <= 3


@pytest.mark.parametrize("speed", ["max", "manual"])
def test_virtual_clocks_begin_at_a_fixed_moment(speed):
    assert make_clock(parse_speed(speed), None).now() == VIRTUAL_START


def test_other_clocks_begin_now():
    before = system_moment()

    now = make_clock(parse_speed("real"), None).now()

    assert before <= now <= system_moment()


@pytest.mark.parametrize("speed", ["max", "manual"])
def test_start_is_obeyed(speed):
    assert make_clock(parse_speed(speed), Moment(42)).now() == 42


def test_start_is_obeyed_by_a_clock_that_runs():
    now = make_clock(parse_speed("real"), Moment(42)).now()

    assert 42 <= now < 42 + HOUR


# durations


@pytest.mark.parametrize(
    ("text", "millis"),
    [
        ("500ms", 500),
        ("3s", 3 * SECOND),
        ("12m", 12 * MINUTE),
        ("2h", 2 * HOUR),
        ("3d", 3 * DAY),
        ("1h30m", 90 * MINUTE),
        ("1m1ms", MINUTE + 1),
        ("1.5s", 1500),
        ("0s", 0),
        ("36525d", 36_525 * DAY),
        ("PT12M", 12 * MINUTE),
        ("P1DT2H3M4.5S", DAY + 2 * HOUR + 3 * MINUTE + 4500),
        ("P2W", 14 * DAY),
    ],
)
def test_duration_is_read(text, millis):
    assert parse_duration(text) == millis


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12",
        "m",
        "12 m",
        "-3s",
        "3s later",
        "3x",
        "P",
        "PT",
        "PT1.2.3S",
        "P1Y",
        "P1M",
        "1,5s",
        "\N{ARABIC-INDIC DIGIT ONE}s",
    ],
)
def test_what_is_no_duration_is_refused(text):
    assert refusal(parse_duration, text) == (
        "the duration cannot be read; expected a number with ms, s, m, h or d, such as 12m, or ISO 8601, "
        f"such as PT12M, found {text!r}."
    )


@pytest.mark.parametrize("text", ["36525.1d", "9" * 400 + "d", "P9999W"])
def test_duration_beyond_a_century_is_refused(text):
    assert refusal(parse_duration, text) == (
        f"the duration is too long; expected at most a century, 36525d, found {text!r}."
    )


# moments


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2021-03-01T08:00:00Z", START),
        ("2021-03-01T08:00:00", START),
        ("2021-03-01T09:00:00+01:00", START),
        ("2021-03-01T08:00:00.123456Z", START + 123),
        ("2021-03-01", START - 8 * HOUR),
        ("1969-12-31T23:59:59.999Z", -1),
    ],
)
def test_moment_is_read(text, moment):
    assert parse_moment(text) == moment


@pytest.mark.parametrize("text", ["", "yesterday", "2021-02-30T00:00:00Z", "08:00"])
def test_what_is_no_moment_is_refused(text):
    assert refusal(parse_moment, text) == (
        f"the time cannot be read; expected ISO 8601, such as 2021-03-01T08:00:00Z, found {text!r}."
    )


@pytest.mark.parametrize(
    "text", ["1899-12-31T23:59:59Z", "9001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"]
)
def test_moment_too_far_away_is_refused(text):
    assert refusal(parse_moment, text) == (
        f"the time is too far away; expected a year from 1900 to 9000, found {text!r}."
    )


@given(st.integers(parse_moment("1900-01-01"), parse_moment("9000-12-31")))
def test_moments_are_written_as_they_are_read(number):
    moment = Moment(number)

    assert parse_moment(iso_millis(moment)) == moment
    assert parse_moment(iso_seconds(moment)) == moment // 1000 * 1000


def test_moments_are_written_in_utc():
    assert (iso_millis(Moment(START + 7)), iso_seconds(Moment(START + 999))) == (
        "2021-03-01T08:00:00.007Z",
        "2021-03-01T08:00:00Z",
    )


# timers


def test_things_fall_due_soonest_first_and_equal_ones_as_added():
    timers: Timers[str] = Timers()
    for due, name in [(5, "c"), (3, "a"), (5, "d"), (3, "b"), (9, "later")]:
        timers.add(Moment(due), name)

    assert timers.take(Moment(5)) == ["a", "b", "c", "d"]
    assert (timers.next_due(), len(timers)) == (9, 1)


def test_what_is_cancelled_never_falls_due():
    timers: Timers[str] = Timers()
    number = timers.add(Moment(1), "a")

    timers.cancel(number)
    timers.cancel(number)

    assert (timers.next_due(), timers.take(Moment(9)), len(timers)) == (None, [], 0)


def test_cancelled_things_do_not_pile_up():
    timers: Timers[int] = Timers()
    kept = timers.add(Moment(1_000_000), -1)

    for number in range(10_000):
        timers.cancel(timers.add(Moment(number + 1), number))

    assert len(timers._heap) < 100
    assert timers.take(Moment(1_000_000)) == [-1]
    timers.cancel(kept)


class TimersAgainstAList(RuleBasedStateMachine):
    """Whatever is added, cancelled and taken: nothing is lost, nothing comes twice, nothing comes early."""

    def __init__(self) -> None:
        super().__init__()
        self.timers: Timers[int] = Timers()
        self.model: dict[int, tuple[int, int]] = {}

    @rule(due=st.integers(0, 20))
    def add(self, due: int) -> None:
        number = self.timers.add(Moment(due), due)
        assert number not in self.model
        self.model[number] = (due, number)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def cancel(self, data) -> None:
        number = data.draw(st.sampled_from(sorted(self.model)))
        self.timers.cancel(number)
        del self.model[number]

    @rule(now=st.integers(0, 20))
    def take(self, now: int) -> None:
        due = sorted(pair for pair in self.model.values() if pair[0] <= now)
        assert self.timers.take(Moment(now)) == [pair[0] for pair in due]
        for _, number in due:
            del self.model[number]

    @invariant()
    def agree(self) -> None:
        assert len(self.timers) == len(self.model)
        assert self.timers.next_due() == min((due for due, _ in self.model.values()), default=None)


TestTimers = TimersAgainstAList.TestCase


def test_stopwatch_tells_seconds_since_it_was_made():
    times = iter([10.0, 10.5, 12.0])
    watch = clock.Stopwatch(timer=lambda: next(times))

    assert (watch.seconds, watch.seconds) == (0.5, 2.0)
