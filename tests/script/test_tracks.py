"""Tracks that overlap: who goes on when, on a clock that is moved and on one that runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from simulator.clock import Moment, WallClock, parse_speed
from simulator.effects import Probe, Wait
from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.script.tracks import Track, interleave
from simulator.settings import Settings
from simulator.wire import Outcome
from tests.driving import answers, drive

MINUTE = 60_000


class Telling:
    """Makes tracks that tell when they go on."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.start = platform.now
        self.told: list[tuple[str, float]] = []

    def tell(self, name: str) -> None:
        self.told.append((name, (self.platform.now - self.start) / MINUTE))

    def waits(self, name: str, *minutes: float) -> Track:
        """Return a track that waits so many minutes, tells, and goes on so."""
        for one in minutes:
            end = Moment(self.platform.now + int(one * MINUTE))
            yield Wait(ready=lambda _, end=end: self.platform.now >= end, until=end)
            self.tell(name)

    def expects(
        self, name: str, ready: Callable[[float], bool], *, quiet: float | None = None, timeout: float = 5.0
    ) -> Track:
        """Return a track that waits for a receiver."""
        over = yield Wait(ready=ready, timeout=timeout, quiet=quiet)
        self.tell(f"{name} {'is done' if over else 'gave up'}")

    def play(self, *tracks: Track, receiver: Callable | None = None) -> list[tuple[str, float]]:
        drive(self.platform, interleave(self.platform, tracks, in_turn=True), receiver)
        return self.told


@pytest.fixture
def telling() -> Telling:
    settings = Settings().replace(retry="5m")
    return Telling(Platform(settings, base_url="http://scope", targets=["http://127.0.0.1:9/"]))


def test_tracks_go_on_in_the_order_of_their_times(telling):
    told = telling.play(telling.waits("a", 3, 4, 5), telling.waits("b", 1, 9), telling.waits("c"))

    assert told == [("b", 1), ("a", 3), ("a", 7), ("b", 10), ("a", 12)]


def test_at_one_moment_the_first_track_goes_on_first_and_as_far_as_it_can(telling):
    told = telling.play(telling.waits("a", 2, 0, 0), telling.waits("b", 1, 1, 0), telling.waits("c", 2))

    assert [name for name, _ in told] == ["b", "a", "a", "a", "b", "b", "c"]


def test_tracks_inside_of_tracks_keep_the_order(telling):
    inner = interleave(telling.platform, [telling.waits("b", 3), telling.waits("c", 1)], in_turn=True)

    told = telling.play(telling.waits("a", 1, 2), inner, telling.waits("d", 2))

    assert told == [("a", 1), ("c", 1), ("d", 2), ("a", 3), ("b", 3)]


def test_time_stands_while_a_track_waits_for_a_receiver(telling):
    told = telling.play(
        telling.waits("a", 1),
        telling.expects("b", lambda idle: idle >= 0.3, quiet=0.3),
        telling.waits("c", 0),
    )

    assert told == [("c", 0), ("b is done", 0), ("a", 1)]


def test_what_is_due_is_sent_while_a_track_waits_for_a_receiver(telling):
    platform = telling.platform
    platform.emit(type="iot", event="reading", data={})

    told = telling.play(
        telling.waits("a", 4, 2),
        telling.expects("b", lambda _: platform.tally().delivered == 1),
        receiver=answers(500, 200),
    )

    assert told == [("b gave up", 0), ("a", 4), ("a", 6)]


def test_what_is_due_before_the_next_moment_of_a_track_is_waited_for(telling):
    platform = telling.platform
    platform.emit(type="iot", event="reading", data={})

    told = telling.play(
        telling.waits("a", 6),
        telling.expects("b", lambda _: platform.tally().delivered == 1),
        receiver=answers(500, 200),
    )

    assert told == [("b is done", 5), ("a", 6)]


def test_alone_a_track_that_waits_for_a_receiver_lets_the_clock_run_to_what_is_due(telling):
    platform = telling.platform
    platform.emit(type="iot", event="reading", data={})

    told = telling.play(
        telling.waits("a", 1),
        telling.expects("b", lambda _: platform.now > telling.start + MINUTE, timeout=9.0),
        telling.expects("c", lambda _: False, timeout=2.0),
        receiver=answers(500, 200),
    )

    assert told == [("c gave up", 0), ("b gave up", 0), ("a", 1)]


def test_no_track_overtakes_one_before_it_that_waits_for_a_receiver(telling):
    told = telling.play(
        telling.expects("a", lambda idle: idle >= 0.3, quiet=0.3),
        telling.expects("b", lambda _: True),
        telling.waits("c", 0, 0),
    )

    assert [name for name, _ in told] == ["c", "c", "a is done", "b is done"]


def test_who_only_waits_for_its_turn_does_not_give_up(telling):
    told = telling.play(
        telling.expects("a", lambda _: False, timeout=5.0),
        telling.expects("b", lambda _: True, timeout=1.0),
    )

    assert [name for name, _ in told] == ["a gave up", "b is done"]


def test_nobody_goes_on_while_something_is_in_flight(telling):
    platform = telling.platform
    platform.emit(type="iot", event="reading", data={})
    playing = interleave(platform, [telling.waits("a", 0)], in_turn=True)
    wait = next(playing)

    (attempt,) = platform.due()
    before = wait.ready(0.0)
    platform.report(attempt, answers(200)(attempt))

    assert (before, wait.ready(0.0)) == (False, True)


def test_what_is_sent_meanwhile_holds_up_whoever_could_go_on(telling):
    platform = telling.platform
    playing = interleave(platform, [telling.waits("a", 1)], in_turn=True)
    wait = next(playing)
    platform.advance(Moment(telling.start + MINUTE))
    platform.emit(type="iot", event="reading", data={})

    (attempt,) = platform.due()
    before = wait.ready(0.0)
    platform.report(attempt, answers(200)(attempt))

    assert (before, wait.ready(0.0)) == (False, True)


def test_what_a_track_asks_the_receiver_passes_through(telling):
    probe = Probe("GET", "http://127.0.0.1:9/state")

    def asking() -> Track:
        begun = yield probe
        yield Wait(lambda _: probe.outcome is not None, timeout=5.0)
        telling.tell(f"asked {begun}")

    playing = interleave(telling.platform, [telling.waits("a", 1), asking()], in_turn=True)
    effect = next(playing)
    while not isinstance(effect, Probe):
        assert effect.ready(0.0)
        effect = playing.send(True)
    wait = playing.send(True)
    before = wait.ready(0.0)
    probe.outcome = Outcome(200)

    assert (effect, before, wait.ready(0.0)) == (probe, False, True)
    playing.close()


def test_on_a_clock_that_runs_whoever_can_goes_on():
    minutes = [0.0]
    clock = WallClock(Moment(0), parse_speed("real"), timer=lambda: minutes[0] * 60)
    telling = Telling(Platform(Settings(), clock=clock))
    playing = interleave(
        telling.platform,
        [telling.waits("a", 9), telling.expects("b", lambda _: False), telling.expects("c", lambda _: True)],
        in_turn=False,
    )

    wait = next(playing)
    untils = [wait.until]
    before = wait.ready(0.0)
    minutes[0] = 9.0
    assert wait.ready(0.0)
    playing.send(True)

    assert (telling.told, untils, before) == ([("c is done", 0), ("a", 9)], [9 * MINUTE], False)


def test_time_does_not_stand_for_what_a_track_puts_aside_and_the_end_waits_for_it(telling):
    aside: list[Track] = []

    def putting() -> Track:
        yield from telling.waits("a", 1)
        aside.append(telling.expects("watcher", lambda _: len(telling.told) >= 3))
        yield from telling.waits("a", 2)

    tracks = [putting(), telling.waits("b", 2)]
    drive(telling.platform, interleave(telling.platform, tracks, in_turn=True, aside=aside))

    assert telling.told == [("a", 1), ("b", 2), ("a", 3), ("watcher is done", 3)]


def test_what_is_put_aside_may_give_up_while_the_tracks_go_on(telling):
    aside = [telling.expects("watcher", lambda _: False)]
    tracks = [telling.expects("a", lambda _: ("watcher gave up", 0) in telling.told, timeout=9.0)]
    drive(telling.platform, interleave(telling.platform, tracks, in_turn=True, aside=aside))

    assert telling.told == [("watcher gave up", 0), ("a is done", 0)]


def test_what_one_track_raises_ends_the_others(telling):
    ended = []

    def patient() -> Track:
        try:
            yield Wait(ready=lambda _: False, timeout=9.0)
        finally:
            ended.append("patient")

    def wrong() -> Track:
        yield from telling.waits("a", 1)
        raise UsageError("wrong")

    tracks = [telling.expects("b", lambda _: True), wrong(), patient()]
    playing = interleave(telling.platform, tracks, in_turn=True, aside=[patient()])
    with pytest.raises(UsageError, match="wrong"):
        drive(telling.platform, playing)

    assert ended == ["patient", "patient"]
