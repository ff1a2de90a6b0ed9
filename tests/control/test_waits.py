"""What one can wait for, and when each is over."""

from __future__ import annotations

import pytest

from simulator.clock import LAST_MOMENT, VIRTUAL_START, Moment, make_clock, parse_speed
from simulator.control.waits import SETTLED, advance, drained, settled
from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.settings import Settings
from tests.control.asking import HOOK
from tests.driving import answers, drive, post_due


def platform_with(**settings: object) -> Platform:
    platform = Platform(Settings().replace(**settings), base_url="http://127.0.0.1:7267")
    platform.add_target(HOOK)
    return platform


def test_drained_is_over_when_nothing_waits_or_flies():
    platform = platform_with()
    wait = drained(platform, timeout=2)

    assert (wait.ready(0.0), wait.timeout) == (True, 2)
    platform.apply("create", "Call")
    assert not wait.ready(9.0)
    post_due(platform, answers(200))
    assert wait.ready(0.0)


def test_settled_needs_quiet_besides():
    platform = platform_with()
    wait = settled(platform)

    assert (wait.ready(SETTLED), wait.ready(SETTLED / 2), wait.quiet) == (True, False, SETTLED)
    platform.apply("create", "Call")
    assert not wait.ready(9.0)


def test_advance_returns_the_moment_reached():
    platform = platform_with()
    platform.apply("create", "Call")

    assert drive(platform, advance(platform, Moment(VIRTUAL_START + 1000))) == VIRTUAL_START + 1000
    assert platform.tally().delivered == 1


def test_time_ends_with_the_year_9999():
    platform = platform_with()

    with pytest.raises(UsageError, match="the clock cannot go beyond the year 9999"):
        next(advance(platform, Moment(LAST_MOMENT + 1)))


class Ringing(Platform):
    """A platform that has something due at ``ring`` and nothing to do then."""

    ring: Moment | None = None

    def next_due(self) -> Moment | None:
        return self.ring if self.ring is not None and self.ring > self.now else None


def test_advance_stops_wherever_something_is_due():
    platform = Ringing(Settings())
    platform.ring = Moment(VIRTUAL_START + 1000)
    moving = advance(platform, Moment(VIRTUAL_START + 2500))
    stops = [platform.now for _ in moving]

    assert [stop - VIRTUAL_START for stop in stops] == [0, 1000, 2500]


def test_clock_that_begins_to_run_on_the_way_is_left_alone():
    platform = platform_with()
    moving = advance(platform, Moment(VIRTUAL_START + 2000))
    next(moving)
    platform.clock = make_clock(parse_speed("real"), platform.now)

    with pytest.raises(UsageError, match="time passes by itself at speed real"):
        next(moving)


def test_running_clock_is_not_moved():
    platform = platform_with(speed="real")

    with pytest.raises(UsageError, match="time passes by itself at speed real"):
        next(advance(platform, Moment(platform.now + 60_000)))
