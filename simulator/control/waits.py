"""The things one can wait for on a running platform, as values that any driver understands.

Decides when each is over. It must not wait: a driver does, and whoever needs several waits, or something done after
one, writes a generator that yields them.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

from simulator.clock import LAST_MOMENT, Moment, VirtualClock, iso_millis
from simulator.effects import Effect, Wait
from simulator.engine import Platform
from simulator.errors import UsageError

__all__ = ["SETTLED", "advance", "drained", "settled"]

SETTLED: Final = 0.3
"""Wall seconds without a request or a post after which a receiver is taken to have finished."""


def drained(platform: Platform, *, timeout: float | None = None) -> Wait:
    """Wait until nothing is due, waiting or in flight."""
    return Wait(lambda _idle: platform.idle_drained, timeout=timeout)


def settled(platform: Platform, *, timeout: float | None = None) -> Wait:
    """Wait until nothing is due and no request or post has been seen for ``SETTLED`` wall seconds."""
    return Wait(
        lambda idle: platform.idle_drained and idle >= SETTLED,
        timeout=timeout,
        quiet=SETTLED,
    )


def advance(platform: Platform, until: Moment) -> Generator[Effect, bool, Moment]:
    """Move a virtual clock to ``until``, stopping wherever something is due; return the moment reached.

    What is due now and on the way is posted and answered before time goes on.
    """
    if until > LAST_MOMENT:
        raise UsageError(
            "the clock cannot go beyond the year 9999", remedy="Reset the simulator to begin anew."
        )
    if until < platform.now:
        raise UsageError(
            f"the clock cannot go back from {iso_millis(platform.now)} to {iso_millis(until)}",
            remedy="Reset the simulator to begin anew.",
        )
    while True:
        clock = platform.clock
        if not isinstance(clock, VirtualClock):
            raise UsageError(
                f"the clock cannot be moved, time passes by itself at speed {clock.speed.name}",
                remedy="Use speed max to move it.",
            )
        yield Wait(lambda _idle: not platform.busy, until=platform.now)
        if platform.now >= until:
            return platform.now
        due = platform.next_due()
        clock.move(until if due is None else max(platform.now, min(until, due)))
