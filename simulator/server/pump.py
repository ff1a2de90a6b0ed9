"""Drives one platform in an event loop: begins what is due, reports what came back, moves a virtual clock.

The only place that waits. It must not decide what is due, how far the clock may jump or what an outcome means:
it asks the platform.

Theory: nothing here polls. Whatever moves the platform writes to its journal or calls ``nudge``; either asks the
loop for one *round* soon, however many things moved. A round begins the attempts that are due, ends the waits that
are over, moves a virtual clock if the platform allows it while somebody waits, and then sets one timer for the next
thing that wall time alone can bring. With nothing to do there is no timer, and no CPU is used. A round that ended a
wait never moves the clock: whoever waited acts first.

The end of a post is a round of its own: work that waited for it goes on at once, and what it makes due is posted before
the loop turns. So a script whose steps wait for each other costs fewer turns than a client that posts in a loop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Generator
from contextlib import suppress
from functools import partial
from typing import Any, Protocol, TypeVar

from simulator.clock import Moment
from simulator.effects import Effect, Probe, Wait
from simulator.engine import Platform
from simulator.errors import StateError, UsageError
from simulator.journal import AttemptMade, Entry, OutcomeSeen, RequestAnswered
from simulator.wire import Attempt, Outcome

__all__ = ["MOST_PROBES", "Posts", "Pump"]

T = TypeVar("T")

MOST_PROBES = 10_000
"""How many probes that have ended are remembered."""

_MOVES = frozenset({RequestAnswered.kind, AttemptMade.kind, OutcomeSeen.kind})
"""The kinds of entry after which it is no longer quiet."""


class _Waiter:
    """Work that waits: what it waits for now, the loop time at which that is given up, what it has probed, and the future
    of its result."""

    __slots__ = ("deadline", "probes", "result", "wait", "work")

    wait: Wait
    deadline: float | None

    def __init__(self, work: Generator[Effect, bool, Any], result: asyncio.Future[Any]) -> None:
        self.work = work
        self.result = result
        self.probes: list[Probe] = []


class Posts(Protocol):
    """Whoever makes the posts and probes, as ``Sender`` does."""

    def post(self, attempt: Attempt, ended: Callable[[Attempt, Outcome], None], /) -> None:
        """Begin to post, and call ``ended`` once with what came of it, not before this has returned."""

    def probe(self, probe: Probe, ended: Callable[[Probe, Outcome], None], /) -> None:
        """Begin to ask, and call ``ended`` likewise."""

    def drop(self) -> None:
        """Break everything off; nobody is told."""


class Pump:
    """The driver of a platform; make it inside the loop it is to run in, and close it there."""

    def __init__(
        self, platform: Platform, sender: Posts, *, commit: Callable[[], None] | None = None
    ) -> None:
        """``commit`` returns when what has happened may be told to others, None where it may at once; see ``Stage.commit``."""
        self._loop = asyncio.get_running_loop()
        self._commit = commit
        self._failure: UsageError | None = None
        self._failed = asyncio.Event()
        self._committing = False
        self._outgoing: list[Attempt] = []
        """What is posted as soon as it is committed: together with whatever else begins before the loop turns."""
        self._turning: list[Attempt] = []
        """What the present turn has begun, and is to be posted at its end."""
        self._sender = sender
        self.afterwards: Callable[[], None] | None = None
        """Called after each turn, when what it began is on its way: for what no post is to wait for."""
        self._waiters: list[_Waiter] = []
        self._probes: set[Probe] = set()
        self.probed: deque[Probe] = deque(maxlen=MOST_PROBES)
        """What the integration was asked, in the order it answered; of many the last."""
        """Those in flight."""
        self._timer: asyncio.TimerHandle | None = None
        self._soon = False
        self._closed = False
        self._take(platform)

    async def wait(self, wait: Wait) -> bool:
        """Return True when ``wait`` is over, False when its time-out passed first.

        Raises StateError when a reset or the end comes in between.
        """

        def work() -> Generator[Effect, bool, bool]:
            return (yield wait)

        return await self.drive(work())

    async def drive(self, work: Generator[Effect, bool, T]) -> T:
        """Run ``work`` to its end, waiting wherever it yields a wait and asking what it probes, and return its result.

        A wait that a reset or the end cuts short raises StateError inside it.
        """
        waiter = _Waiter(work, self._loop.create_future())
        self._go_on(waiter, partial(next, work))
        try:
            result: T = await waiter.result
            return result
        finally:
            if waiter in self._waiters:
                self._waiters.remove(waiter)
            if not self._probes.isdisjoint(waiter.probes):
                # Nobody wants to know any more, so time need not stand still for them.
                self._probes.difference_update(waiter.probes)
                self.nudge()
            work.close()

    def commit(self) -> None:
        """Return when what has happened may be told to others; UsageError, and this stops, when that cannot be."""
        if self._commit is None:
            return
        try:
            self._commit()
        except UsageError as failure:
            if self._failure is None:
                self._failure = failure
                self._failed.set()
                self._closed = True
                self._drop(failure)
            raise

    async def failure(self) -> UsageError:
        """Return why this has stopped by itself, once it has."""
        await self._failed.wait()
        assert self._failure is not None
        return self._failure

    def nudge(self) -> None:
        """Ask for a round soon; needed only after what leaves no entry in the journal, such as a new clock."""
        if not self._soon and not self._closed:
            self._soon = True
            self._loop.call_soon(self._round)

    def swap(self, platform: Platform) -> None:
        """Drive ``platform`` from now on: posts in flight are cancelled, and whoever waits is told."""
        self._drop(StateError("the simulator was reset, or put back to a snapshot, while this waited"))
        self._take(platform)
        self.nudge()

    async def close(self) -> None:
        """Stop: cancel the posts in flight, end the waits with an error, and return when all have ended."""
        if self._closed:
            return
        self._closed = True
        self._drop(StateError("the simulator stopped while this waited"))

    # ------------------------------------------------------------------------------------------- inside

    def _take(self, platform: Platform) -> None:
        self._platform = platform
        self._moved = self._asked = self._loop.time()
        self._unfollow: Callable[[], None] = platform.journal.follow(self._heard)

    def _drop(self, reason: Exception) -> None:
        self._unfollow()
        if self._timer is not None:
            self._timer.cancel()
        self._turning.clear()
        self._outgoing.clear()
        self._sender.drop()
        self._probes.clear()
        self._fail(reason)

    def _fail(self, reason: BaseException) -> None:
        """Have ``reason`` raised where each of those who wait does, once whoever is at work now has come to an end."""
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            self._loop.call_soon(self._go_on, waiter, partial(waiter.work.throw, reason))

    def _go_on(self, waiter: _Waiter, step: Callable[[], Effect]) -> None:
        """Let work take its next step and come to its next wait, or to its end; what it probes begins."""
        if waiter.result.done():
            # Whoever wanted it was cancelled and has not run since.
            return
        try:
            wait = step()
            while self._closed or isinstance(wait, Probe):
                if isinstance(wait, Probe) and not self._closed:
                    self._probe(waiter, wait)
                if self._closed:
                    wait = waiter.work.throw(self._failure or StateError("the simulator has stopped"))
                else:
                    wait = waiter.work.send(True)  # noqa: FBT003 (a generator takes it so)
        except StopIteration as end:
            waiter.result.set_result(end.value)
        except Exception as error:  # noqa: BLE001 - it is raised again where the work is awaited
            waiter.result.set_exception(error)
        else:
            waiter.wait = wait
            waiter.deadline = None if wait.timeout is None else self._loop.time() + wait.timeout
            self._waiters.append(waiter)
            self.nudge()

    def _heard(self, entry: Entry) -> None:
        if entry.fact.kind in _MOVES:
            self._moved = self._loop.time()
        if not self._soon:
            self.nudge()

    def _round(self) -> None:
        self._soon = False
        if not self._closed:
            self._work()

    def _work(self, ended: tuple[Attempt, Outcome] | None = None) -> None:
        """Do all that can be done at this moment, post what that begins, and only then what no post is to wait for."""
        try:
            self._begin(self._turn(ended))
        except Exception as bug:
            self._fail(bug)
            raise
        if self.afterwards is not None:
            self.afterwards()

    def _turn(self, ended: tuple[Attempt, Outcome] | None = None) -> list[Attempt]:
        """Do all that can be done at this moment, first of all report what ``ended``; return what is to be posted."""
        attempts: list[Attempt] = []
        self._turning = attempts
        again = False
        # What moves from here on is looked at before this ends, so that it needs no round of its own.
        self._soon = True
        try:
            if ended is not None:
                self._platform.report(*ended)
            moment = self._platform.clock.now()
            attempts += self._platform.due()
            over = self._end_waits()
            if over:
                attempts += self._platform.due()
                again = self._end_waits() or (bool(self._waiters) and not self._platform.busy)
            while not over and self._jump(attempts):
                moment = self._platform.clock.now()
                over = again = self._end_waits()
            self._set_timer(moment)
        except Exception:
            # They have begun, so they must end.
            self._begin(attempts)
            raise
        finally:
            self._soon = False
        if again:
            self.nudge()
        return attempts

    def _begin(self, attempts: list[Attempt]) -> None:
        if self._commit is None:
            for attempt in attempts:
                self._sender.post(attempt, self._ended)
            return
        self._outgoing += attempts
        if not self._committing:
            self._committing = True
            self._loop.call_soon(self._send_out)

    def _send_out(self) -> None:
        """Post what has begun since the loop turned last, once it is committed with all that has happened."""
        self._committing = False
        if self._closed:
            return
        try:
            self.commit()
        except UsageError:
            # Whoever waits was told.
            return
        attempts, self._outgoing = self._outgoing, []
        for attempt in attempts:
            self._sender.post(attempt, self._ended)

    def _ended(self, attempt: Attempt, outcome: Outcome) -> None:
        """Report what came of an attempt, and post whatever its end made due."""
        self._work((attempt, outcome))

    def _probe(self, waiter: _Waiter, probe: Probe) -> None:
        """Ask the receiver, once what has happened is committed; when that fails, this has stopped."""
        with suppress(UsageError):
            self.commit()
            self._probes.add(probe)
            waiter.probes.append(probe)
            self._sender.probe(probe, self._probed)

    def _probed(self, probe: Probe, outcome: Outcome) -> None:
        self._probes.discard(probe)
        probe.outcome = outcome
        self.probed.append(probe)
        self._round()

    def _end_waits(self) -> bool:
        """End the waits that are over and let those who waited act; say whether there was one."""
        self._asked = self._loop.time()
        idle = 0.0 if self._platform.busy else self._asked - self._moved
        going, ended = [], []
        for waiter in self._waiters:
            over = waiter.wait.ready(idle)
            if over or (waiter.deadline is not None and self._asked >= waiter.deadline):
                ended.append((waiter, over))
            else:
                going.append(waiter)
        if not ended:
            return False
        self._waiters = going
        for waiter, over in ended:
            self._go_on(waiter, partial(waiter.work.send, over))
        return True

    def _jump(self, attempts: list[Attempt]) -> bool:
        """Move a virtual clock to the next thing due, if somebody waits for it; say whether it moved.

        What is to be posted there is added to ``attempts``.
        """
        if not self._waiters or self._probes or self._platform.busy:
            return False
        moment = self._platform.jump([waiter.wait for waiter in self._waiters])
        if moment is None or moment <= self._platform.clock.now():
            return False
        attempts += self._platform.advance(moment)
        return True

    def _set_timer(self, asked: Moment) -> None:
        """Wake when wall time alone can bring something. What was due when this round ``asked``, or quiet enough,
        has had its answer: it needs a movement, and a timer for it would spin."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        whens = []
        if not self._platform.busy:
            quiets = [waiter.wait.quiet for waiter in self._waiters if waiter.wait.quiet is not None]
            whens += [self._moved + quiet for quiet in quiets if self._asked - self._moved < quiet]
        due = self._platform.next_due()
        moments = [] if due is None or due <= asked else [due]
        for waiter in self._waiters:
            if waiter.deadline is not None:
                whens.append(waiter.deadline)
            until = waiter.wait.until
            if until is not None and until > asked:
                moments.append(until)
        for moment in moments:
            seconds = self._platform.clock.wall_until(moment)
            if seconds is not None:
                whens.append(self._loop.time() + seconds)
        if whens:
            self._timer = self._loop.call_at(min(whens), self._round)
