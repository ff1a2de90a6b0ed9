"""Work that overlaps in time: several generators of effects that a driver takes for one.

Theory. Each track waits for something of its own. What is yielded for all of them is one wait: it is over as soon as one
track may go on, a clock runs to the soonest moment that a track waits for, and while a track waits for a receiver in wall
time it stands, but for what is due to be sent. On a clock that is moved the order is certain, so that the same seed
makes the same posts whatever a receiver's pace: at one moment first every track goes on that can without a receiver, the first of them
until it waits for a later moment, then the next; after that those whose receiver has done its part, again the first of them first,
and none overtakes an earlier one that is still waiting. With ``in_turn`` none goes on while anything is in flight or could be sent.

What a track puts aside goes on beside all of them: it only watches, so that it may do so whenever it can, and time does not stand
for it. It is waited for in the end.

Decides who goes on when. It must not know what a track does.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Final

from simulator.clock import Moment, wall_seconds
from simulator.effects import Effect, Probe, Wait
from simulator.engine import Platform

__all__ = ["Track", "interleave"]

Track = Generator[Effect, bool, None]


def interleave(
    platform: Platform, tracks: Sequence[Track], *, in_turn: bool, aside: list[Track] | None = None
) -> Track:
    """Carry out ``tracks`` as one; what one of them raises ends them all.

    In ``aside`` they may put what is to go on beside them.
    """
    together = _Together(platform, tracks, [] if aside is None else aside, in_turn=in_turn)
    try:
        yield from together.work()
    finally:
        for track in (*tracks, *together.watching):
            track.close()


class _Runner:
    """One track: what it waits for, None before it has begun, and the wall time at which that is given up. One that is ``aside``
    only watches."""

    __slots__ = ("aside", "deadline", "track", "wait")

    def __init__(self, track: Track, *, aside: bool = False) -> None:
        self.track: Final = track
        self.aside: Final = aside
        self.wait: Wait | None = None
        self.deadline: float | None = None


class _Together:
    def __init__(
        self, platform: Platform, tracks: Sequence[Track], aside: list[Track], *, in_turn: bool
    ) -> None:
        self._platform = platform
        self._aside = aside
        self._in_turn = in_turn
        self._certain = platform.clock.speed.virtual
        self._runners = [_Runner(track) for track in tracks]
        self._next: _Runner | None = None
        # A clock stands while this is waited for.
        self._over: Final = Wait(ready=lambda _: not platform.busy)

    @property
    def watching(self) -> list[Track]:
        """What was put aside and has not ended."""
        return [*self._aside, *(one.track for one in self._runners if one.aside)]

    def work(self) -> Track:
        while self._runners or self._aside:
            self._runners += [_Runner(one, aside=True) for one in self._aside]
            self._aside.clear()
            if self._in_turn and self._platform.busy:
                yield self._over
            over, runner = True, self._choose(0.0)
            if runner is None:
                over = yield self._wait(self._until())
                runner = self._next if over else self._late()
            if runner is not None:
                yield from self._go_on(runner, over)

    def _go_on(self, runner: _Runner, over: bool) -> Track:
        try:
            wait = runner.track.send(over) if runner.wait else next(runner.track)
            while isinstance(wait, Probe):
                wait = runner.track.send((yield wait))
        except StopIteration:
            self._runners.remove(runner)
            return
        runner.wait = wait
        runner.deadline = None if wait.timeout is None else wall_seconds() + wait.timeout

    def _wait(self, until: Moment | None) -> Wait:
        def ready(idle: float) -> bool:
            if self._in_turn and self._platform.busy:
                return False
            self._next = self._choose(idle)
            return self._next is not None or self._until() != until

        deadlines = [one.deadline for one in self._runners if one.deadline is not None]
        timeout = max(0.0, min(deadlines) - wall_seconds()) if deadlines else None
        quiets = [one.wait.quiet for one in self._runners if one.wait and one.wait.quiet is not None]
        return Wait(ready=ready, until=until, timeout=timeout, quiet=max(quiets, default=None))

    def _choose(self, idle: float) -> _Runner | None:
        """Return the track that goes on now."""
        first, held = None, False
        for one in self._runners:
            waiting = one.wait is not None and one.wait.timeout is not None
            patient = self._certain and waiting and not one.aside
            if one.wait is None or one.wait.ready(idle):
                if not patient:
                    return one
                first = first if held else first or one
            held = held or patient
        return first

    def _late(self) -> _Runner | None:
        """Return the track whose time-out has passed, unless it only waits for its turn."""
        late = min(
            (one for one in self._runners if one.deadline is not None), key=lambda one: one.deadline or 0.0
        )
        late.deadline = None
        assert late.wait is not None
        return None if late.wait.ready(0.0) else late

    def _until(self) -> Moment | None:
        """Return how far a clock may run for all of them."""
        waits = [one.wait for one in self._runners if one.wait is not None and not one.aside]
        soonest = min((wait.until for wait in waits if wait.until is not None), default=None)
        if soonest is None or not self._certain or all(wait.until is not None for wait in waits):
            return soonest
        due = self._platform.next_due()
        return due if due is not None and due <= soonest else self._platform.now
