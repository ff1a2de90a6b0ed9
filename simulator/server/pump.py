"""Drives one platform in an event loop: begins what is due, reports what came back, moves a virtual clock.

The only place that waits. It must not decide what is due, how far the clock may jump or what an outcome means:
it asks the platform.

Theory: nothing here polls. Whatever moves the platform writes to its journal or calls ``nudge``; either asks the
loop for one *round* soon, however many things moved. A round begins the attempts that are due, ends the waits that
are over, moves a virtual clock if the platform allows it while somebody waits, and then sets one timer for the next
thing that wall time alone can bring. With nothing to do there is no timer, and no CPU is used. A round that ended a
wait never moves the clock: whoever waited acts first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from typing import TypeVar

from simulator.clock import Moment
from simulator.engine import Platform, Wait
from simulator.errors import ScopeSimulatorError, StateError
from simulator.journal import AttemptMade, Entry, OutcomeSeen, RequestAnswered
from simulator.server.sender import Sender
from simulator.wire import Attempt

__all__ = ["Pump"]

T = TypeVar("T")

_MOVES = frozenset({RequestAnswered.kind, AttemptMade.kind, OutcomeSeen.kind})
"""The kinds of entry after which it is no longer quiet."""


class _Waiter:
    """A wait, the future of whoever waits, and the loop time at which it is given up."""

    __slots__ = ("deadline", "over", "wait")

    def __init__(self, wait: Wait, loop: asyncio.AbstractEventLoop) -> None:
        self.wait = wait
        self.over: asyncio.Future[bool] = loop.create_future()
        self.deadline = None if wait.timeout is None else loop.time() + wait.timeout

    def end(self, *, over: bool) -> None:
        # It is done already when whoever waited was cancelled and has not run since.
        if not self.over.done():
            self.over.set_result(over)


class Pump:
    """The driver of a platform; make it inside the loop it is to run in, and close it there."""

    def __init__(self, platform: Platform, sender: Sender) -> None:
        self._loop = asyncio.get_running_loop()
        self._sender = sender
        self._posts: set[asyncio.Task[None]] = set()
        self._waiters: list[_Waiter] = []
        self._timer: asyncio.TimerHandle | None = None
        self._soon = False
        self._closed = False
        self._take(platform)

    async def wait(self, wait: Wait) -> bool:
        """Return True when ``wait`` is over, False when its time-out passed first.

        Raises StateError when a reset or the end comes in between.
        """
        if self._closed:
            raise StateError("the simulator has stopped")
        waiter = _Waiter(wait, self._loop)
        self._waiters.append(waiter)
        self.nudge()
        try:
            return await waiter.over
        finally:
            if waiter in self._waiters:
                self._waiters.remove(waiter)

    async def drive(self, work: Generator[Wait, bool, T]) -> T:
        """Run ``work`` to its end, waiting wherever it yields a wait, and return its result."""
        try:
            wait = next(work)
            while True:
                try:
                    over = await self.wait(wait)
                except ScopeSimulatorError as reason:
                    wait = work.throw(reason)
                else:
                    wait = work.send(over)
        except StopIteration as end:
            result: T = end.value
            return result
        finally:
            work.close()

    def nudge(self) -> None:
        """Ask for a round soon; needed only after what leaves no entry in the journal, such as a new clock."""
        if not self._soon and not self._closed:
            self._soon = True
            self._loop.call_soon(self._round)

    def swap(self, platform: Platform) -> None:
        """Drive ``platform`` from now on: posts in flight are cancelled, and whoever waits is told."""
        self._drop(StateError("the simulator was reset while this waited"))
        self._take(platform)
        self.nudge()

    async def close(self) -> None:
        """Stop: cancel the posts in flight, end the waits with an error, and return when all have ended."""
        if self._closed:
            return
        self._closed = True
        self._drop(StateError("the simulator stopped while this waited"))
        await asyncio.gather(*self._posts, return_exceptions=True)

    # ------------------------------------------------------------------------------------------- inside

    def _take(self, platform: Platform) -> None:
        self._platform = platform
        self._moved = self._asked = self._loop.time()
        self._unfollow: Callable[[], None] = platform.journal.follow(self._heard)

    def _drop(self, reason: Exception) -> None:
        self._unfollow()
        if self._timer is not None:
            self._timer.cancel()
        for post in self._posts:
            post.cancel()
        self._fail(reason)

    def _fail(self, reason: BaseException) -> None:
        for waiter in self._waiters:
            if not waiter.over.done():
                waiter.over.set_exception(reason)
        self._waiters.clear()

    def _heard(self, entry: Entry) -> None:
        if entry.fact.kind in _MOVES:
            self._moved = self._loop.time()
        self.nudge()

    def _round(self) -> None:
        self._soon = False
        if self._closed:
            return
        try:
            moment = self._platform.clock.now()
            self._begin(self._platform.due())
            ended = self._end_waits()
            while not ended and self._jump():
                moment = self._platform.clock.now()
                ended = self._end_waits()
            self._set_timer(moment)
        except Exception as bug:
            self._fail(bug)
            raise

    def _begin(self, attempts: list[Attempt]) -> None:
        for attempt in attempts:
            post = self._loop.create_task(self._post(self._platform, attempt))
            self._posts.add(post)
            post.add_done_callback(self._posted)

    async def _post(self, platform: Platform, attempt: Attempt) -> None:
        """Post ``attempt``, then whatever its end made due: a lane of posts needs one task, not one for each."""
        while True:
            outcome = await self._sender.send(attempt)
            platform.report(attempt, outcome)
            due = platform.due()
            if not due:
                return
            attempt = due[0]
            self._begin(due[1:])

    def _posted(self, post: asyncio.Task[None]) -> None:
        self._posts.discard(post)
        if not post.cancelled() and (bug := post.exception()) is not None:
            self._fail(bug)
            raise bug

    def _end_waits(self) -> bool:
        """End the waits that are over; say whether there was one."""
        self._asked = self._loop.time()
        idle = 0.0 if self._platform.busy else self._asked - self._moved
        going = []
        for waiter in self._waiters:
            if waiter.wait.ready(idle):
                waiter.end(over=True)
            elif waiter.deadline is not None and self._asked >= waiter.deadline:
                waiter.end(over=False)
            else:
                going.append(waiter)
        ended = len(going) < len(self._waiters)
        self._waiters = going
        if ended and going:
            self.nudge()
        return ended

    def _jump(self) -> bool:
        """Move a virtual clock to the next thing due, if somebody waits for it; say whether it moved."""
        if not self._waiters or self._platform.busy:
            return False
        moment = self._platform.jump([waiter.wait for waiter in self._waiters])
        if moment is None or moment <= self._platform.clock.now():
            return False
        self._begin(self._platform.advance(moment))
        return True

    def _set_timer(self, asked: Moment) -> None:
        """Wake when wall time alone can bring something. What was due when this round ``asked``, or quiet enough,
        has had its answer: it needs a movement, and a timer for it would spin."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        whens = [waiter.deadline for waiter in self._waiters if waiter.deadline is not None]
        for moment in (self._platform.next_due(), *(waiter.wait.until for waiter in self._waiters)):
            if moment is not None and moment > asked:
                seconds = self._platform.clock.wall_until(moment)
                if seconds is not None:
                    whens.append(self._loop.time() + seconds)
        if not self._platform.busy:
            quiets = [waiter.wait.quiet for waiter in self._waiters if waiter.wait.quiet is not None]
            whens += [self._moved + quiet for quiet in quiets if self._asked - self._moved < quiet]
        if whens:
            self._timer = self._loop.call_at(min(whens), self._round)
