"""Waits until a receiver has done what is expected, as a generator that says what it waits for and what it asks.

The one engine of a script's ``expect``, of the handles' ``expect_*`` and of the wait routes. Decides how long to wait and how
often a receiver's own URL is asked; what is met is decided by the counters of a ``Watch``.

A minimum ends it as soon as it holds; exact numbers wait for quiet. Wall time counts unless the time is simulated. Then the
receiver, which lives in real time, is let be quiet first, simulated time runs, and what is due at its end is answered before
anything is judged. A receiver's own URL is asked at once, whenever something moved, and else again and again after a pause that
grows; when simulated time is counted it is asked while the clock stands, and once more at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Final

from simulator.clock import LAST_MOMENT, Moment, Stopwatch
from simulator.effects import Effect, Wait
from simulator.engine import Platform
from simulator.expect.kinds import QUIET, Expectation
from simulator.expect.oracles import OracleCount
from simulator.expect.verdicts import Verdict
from simulator.expect.watch import Watch
from simulator.values import dataclass

__all__ = ["WITHIN", "Within", "judging"]

_BREATH: Final = 0.02
"""Wall seconds between an answer and the next question at least, however much moves."""
_PAUSES: Final = (0.05, 0.1, 0.2, 0.4)
"""Wall seconds from one answer to the next question while nothing moves; the last one stays."""
_LONGEST_QUESTION: Final = 5.0
_SHORTEST_QUESTION: Final = 1.0
"""Wall seconds that a question may take at least, also one that is asked at the end."""


@dataclass(frozen=True, slots=True)
class Within:
    """How long to wait: so many wall ``seconds``, or so many ``simulated`` milliseconds of the platform's clock."""

    seconds: float | None = None
    simulated: int | None = None


WITHIN: Final = Within(seconds=5.0)
"""How long an expectation waits unless told otherwise."""


def judging(
    platform: Platform, expectations: Sequence[Expectation], *, within: Within = WITHIN, since: int = 0
) -> Generator[Effect, bool, list[Verdict]]:
    """Wait until the receiver has done what is expected, at most ``within``; return what became of each.

    Entries of the journal count that come after number ``since``.
    """
    judge = _Judge(platform, Watch(platform.journal, expectations, since=since))
    try:
        if within.simulated is None:
            yield from judge.wait(timeout=within.seconds)
        else:
            yield from judge.wait(until=platform.now, quiet=QUIET)
            end = Moment(min(platform.now + within.simulated, LAST_MOMENT))
            yield from judge.wait(until=end)
            if judge.asks:
                yield from judge.wait(until=platform.now, quiet=QUIET)
        return judge.watch.verdicts(drained=platform.idle_drained)
    finally:
        judge.watch.close()


class _Judge:
    def __init__(self, platform: Platform, watch: Watch) -> None:
        self._platform = platform
        self.watch = watch
        self.asks: Final[list[OracleCount]] = watch.oracles
        self._over = False

    def wait(
        self, *, until: Moment | None = None, timeout: float | None = None, quiet: float | None = None
    ) -> Generator[Effect, bool, None]:
        """Wait until all is settled, wall time is up, the clock has come to ``until`` or nothing moved for ``quiet`` seconds."""
        platform, watch = self._platform, self.watch

        def over(idle: float) -> bool:
            if watch.ready(idle, drained=platform.idle_drained):
                return True
            if quiet is not None:
                return idle >= quiet
            return until is not None and platform.now >= until and not platform.busy

        heeds = watch.quiet if quiet is None else quiet
        if self.asks:
            yield from self._ask_until(over, until=until, timeout=timeout, quiet=heeds)
        else:
            yield Wait(over, until=until, timeout=timeout, quiet=heeds)

    def _ask_until(
        self,
        over: Callable[[float], bool],
        *,
        until: Moment | None,
        timeout: float | None,
        quiet: float | None,
    ) -> Generator[Effect, bool, None]:
        """Do the same, asking those receivers in between whose last answer is not final, and once more when time is up."""
        clock, waited, pauses = Stopwatch(), 0.0, iter(_PAUSES)

        def left() -> float | None:
            # A driver may let a time-out pass sooner than by the wall: what it was told to wait counts then.
            return None if timeout is None else max(0.0, timeout - max(clock.seconds, waited))

        def movement(idle: float) -> bool:
            self._over = over(idle)
            return self._over or any(one.moved for one in self.asks)

        while True:
            last = left() == 0
            asked = yield from self._ask(left())
            if last:
                return
            if asked:
                if (yield Wait(over, until=until, timeout=_shorter(left(), _BREATH), quiet=quiet)):
                    return
                waited += _BREATH
            limit = _shorter(left(), next(pauses, _PAUSES[-1]) if asked else None)
            if not (yield Wait(movement, until=until, timeout=limit, quiet=quiet)):
                waited += limit or 0.0
            elif self._over:
                return
            else:
                pauses = iter(_PAUSES)

    def _ask(self, left: float | None) -> Generator[Effect, bool, bool]:
        """Ask those receivers whose last answer is not final, all at once; say whether there was one."""
        asked = [one for one in self.asks if not one.settled(0.0)]
        limit = _LONGEST_QUESTION if left is None else min(_LONGEST_QUESTION, max(_SHORTEST_QUESTION, left))
        for one in asked:
            yield one.ask(round(limit, 1))
        if asked:
            yield Wait(lambda _idle: all(one.heard for one in asked), until=self._platform.now)
        for one in asked:
            one.hear()
        return bool(asked)


def _shorter(one: float | None, other: float | None) -> float | None:
    return min((limit for limit in (one, other) if limit is not None), default=None)
