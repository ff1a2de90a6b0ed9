"""The things one can wait for on a running platform, as values that any driver understands.

Decides when each is over. It must not wait: a driver does, and whoever needs several waits, or something done after
one, writes a generator that yields them.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Final

from simulator.clock import Moment, VirtualClock, iso_millis, parse_duration
from simulator.effects import Effect, Wait
from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.values import dataclass

if TYPE_CHECKING:
    from simulator.expect import Expectation, Verdict

__all__ = ["SETTLED", "WITHIN", "Within", "advance", "drained", "judge", "read_within", "settled"]

SETTLED: Final = 0.3
"""Wall seconds without a request or a post after which a receiver is taken to have finished."""


@dataclass(frozen=True, slots=True)
class Within:
    """How long to wait: so many wall ``seconds``, or so many ``simulated`` milliseconds of the platform's clock."""

    seconds: float | None = None
    simulated: int | None = None


WITHIN: Final = Within(seconds=5.0)
"""How long an expectation waits unless told otherwise."""


def read_within(value: str | float | None, *, place: str = "within") -> Within:
    """Read ``10s``, ``3d simulated`` or a number of seconds; None is the default."""
    if value is None:
        return WITHIN
    if isinstance(value, str):
        text = value.removesuffix(" simulated")
        try:
            millis = parse_duration(text)
        except UsageError as error:
            raise error.at(place) from None
        return Within(seconds=millis / 1000) if text == value else Within(simulated=millis)
    return Within(seconds=float(value))


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
    from simulator.script.steps import LAST_MOMENT

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


def judge(
    platform: Platform, expectations: Sequence[Expectation], *, within: Within = WITHIN, since: int = 0
) -> Generator[Effect, bool, list[Verdict]]:
    """Wait until the receiver has done what is expected, at most ``within``; return what became of each."""
    from simulator.expect import QUIET, Watch
    from simulator.script.steps import LAST_MOMENT

    watch = Watch(platform.journal, expectations, since=since)
    try:
        if within.simulated is None:
            yield Wait(watch.ready, timeout=within.seconds, quiet=watch.quiet)
        else:
            # A receiver answers in real time: let it be quiet before simulated time runs.
            yield Wait(lambda idle: watch.ready(idle) or idle >= QUIET, until=platform.now, quiet=QUIET)
            end = Moment(min(platform.now + within.simulated, LAST_MOMENT))
            yield Wait(
                lambda idle: watch.ready(idle) or (platform.now >= end and not platform.busy),
                until=end,
                quiet=watch.quiet,
            )
        return watch.verdicts()
    finally:
        watch.close()
