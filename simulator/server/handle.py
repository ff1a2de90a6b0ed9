"""The handles by which a test or a program drives a simulator of its own: ``Simulator`` blocks, ``AsyncSimulator`` is awaited.

Decides where the simulator lives: ``with`` gives it a thread with an event loop of its own, ``async with`` the loop that
is running. What a handle can do is the awaitable one's; the blocking one runs the same coroutines in the thread's loop
and waits. A blocking call made where an event loop runs would stop that loop, and with it any receiver in it, so it is
refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from simulator.control.resending import Resent
from simulator.control.stage import Stage
from simulator.engine import Resource
from simulator.errors import StateError
from simulator.journal import Entry, RequestAnswered
from simulator.report.deliveries import DeliveryStory
from simulator.report.tree import Tree
from simulator.server.app import Live
from simulator.server.awaitable import AsyncSimulator, At, By, Duration, Subject
from simulator.server.run import running
from simulator.server.thread import LoopThread, run_in
from simulator.settings import Settings
from simulator.store import open_stage
from simulator.webhooks.targets import Target
from simulator.wire import JSON

if TYPE_CHECKING:
    from simulator.script.player import Report
    from simulator.webhooks.misreadings import Explanation

__all__ = ["AsyncSimulator", "Simulator"]

T = TypeVar("T")

_PLAIN = Settings(port=0)


class Simulator:
    """A simulator of one's own on a free port (or ``port=``), with any settings by name.

    ``with Simulator(seed=7) as scope`` gives a handle that blocks, ``async with`` an ``AsyncSimulator``. ``start`` and
    ``stop`` do the same as ``with`` for those who share one between tests.
    """

    def __init__(self, **settings: object) -> None:
        self._settings = _PLAIN.replace(**settings) if settings else _PLAIN
        self._given = frozenset(settings)
        self._live: Live | None = None
        self._thread: LoopThread | None = None
        self._exits = AsyncExitStack()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    async def __aenter__(self) -> AsyncSimulator:
        running_here = await self._exits.enter_async_context(running(self._stage()))
        return AsyncSimulator(running_here.live)

    async def __aexit__(self, *exc: object) -> None:
        await self._exits.aclose()

    def start(self) -> None:
        """Start in a thread; return when it listens."""
        if self._live is not None:
            raise StateError("the simulator runs already")
        _no_loop()
        thread = LoopThread()
        try:
            here = thread.run(self._exits.enter_async_context(running(self._stage())))
        except BaseException:
            thread.stop()
            raise
        self._thread, self._live = thread, here.live

    def stop(self) -> None:
        """Stop, and return when the thread has ended; one that has stopped stays stopped."""
        thread, self._thread, self._live = self._thread, None, None
        if thread is not None:
            try:
                thread.run(self._exits.aclose())
            finally:
                thread.stop()

    @classmethod
    def attached(cls, live: Live) -> Self:
        """Return a handle on a simulator that runs in the loop of another thread.

        Whoever started that one stops it; ``stop`` only lets go of it.
        """
        handle = cls()
        handle._live = live
        return handle

    @property
    def awaitable(self) -> AsyncSimulator:
        """The same simulator for code that runs in an event loop."""
        return AsyncSimulator(self._alive)

    # what follows is the awaitable handle's, blocking: see there

    @property
    def base_url(self) -> str:
        return self.awaitable.base_url

    @property
    def graphql_url(self) -> str:
        return self.awaitable.graphql_url

    @property
    def control_url(self) -> str:
        return self.awaitable.control_url

    @property
    def username(self) -> str:
        return self.awaitable.username

    @property
    def password(self) -> str:
        return self.awaitable.password

    @property
    def token(self) -> str:
        return self.awaitable.token

    @property
    def seed(self) -> int:
        return self.awaitable.seed

    @property
    def now(self) -> str:
        return self.awaitable.now

    def add_target(self, url: str) -> Target:
        return self._block(self.awaitable.add_target(url))

    def remove_target(self, target: Target | str) -> None:
        return self._block(self.awaitable.remove_target(target))

    def disable_target(self, target: Target | str) -> None:
        return self._block(self.awaitable.disable_target(target))

    def enable_target(self, target: Target | str) -> None:
        return self._block(self.awaitable.enable_target(target))

    def subscribe(
        self, topic: str, url: str, *, secret: str | None = None, query: str | None = None
    ) -> Resource:
        return self._block(self.awaitable.subscribe(topic, url, secret=secret, query=query))

    def create(self, type: str, /, *, by: By = None, at: At = None, **fields: JSON) -> Resource:
        return self._block(self.awaitable.create(type, by=by, at=at, **fields))

    def update(self, subject: Subject, /, *, by: By = None, at: At = None, **fields: JSON) -> Resource:
        return self._block(self.awaitable.update(subject, by=by, at=at, **fields))

    def delete(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return self._block(self.awaitable.delete(subject, by=by, at=at))

    def pause(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return self._block(self.awaitable.pause(subject, by=by, at=at))

    def resume(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return self._block(self.awaitable.resume(subject, by=by, at=at))

    def finish(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return self._block(self.awaitable.finish(subject, by=by, at=at))

    def leave(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return self._block(self.awaitable.leave(subject, by=by, at=at))

    def join(self, subject: Subject, /, *, by: By = None, at: At = None) -> Resource:
        return self._block(self.awaitable.join(subject, by=by, at=at))

    def view(self, subject: Subject, /, *, steps: int = 1, by: By = None, at: At = None) -> Resource:
        return self._block(self.awaitable.view(subject, steps=steps, by=by, at=at))

    def record(self, subject: Subject, /, *, by: By = None, at: At = None, **fields: JSON) -> Resource:
        return self._block(self.awaitable.record(subject, by=by, at=at, **fields))

    def check(self, subject: Subject, /, *, by: By = None, at: At = None, **fields: JSON) -> Resource:
        return self._block(self.awaitable.check(subject, by=by, at=at, **fields))

    def emit(self, *, type: str, event: str, data: Mapping[str, JSON] | None = None) -> None:
        return self._block(self.awaitable.emit(type=type, event=event, data=data))

    def resource(self, subject: Subject) -> Resource:
        return self._block(self.awaitable.resource(subject))

    def resources(self, type: str, /, *, after: int = 0, limit: int = 100) -> list[Resource]:
        return self._block(self.awaitable.resources(type, after=after, limit=limit))

    def user(self, text: str) -> Resource:
        return self._block(self.awaitable.user(text))

    def faults(
        self,
        *,
        delivery: Iterable[Mapping[str, object]] | None = None,
        api: Iterable[Mapping[str, object]] | None = None,
    ) -> None:
        return self._block(self.awaitable.faults(delivery=delivery, api=api))

    def advance(self, duration: Duration) -> None:
        return self._block(self.awaitable.advance(duration))

    def wait(self, duration: Duration) -> None:
        return self._block(self.awaitable.wait(duration))

    def drain(self, *, within: Duration | None = None) -> None:
        return self._block(self.awaitable.drain(within=within))

    def settle(self, *, within: Duration | None = None) -> None:
        return self._block(self.awaitable.settle(within=within))

    def play(self, script: str | Path | Mapping[str, JSON]) -> Report:
        return self._block(self.awaitable.play(script))

    def deliveries(
        self, *, of: Subject | None = None, event: str | None = None, state: str | None = None
    ) -> list[DeliveryStory]:
        return self._block(self.awaitable.deliveries(of=of, event=event, state=state))

    def requests(self, *, of: Subject | None = None) -> list[RequestAnswered]:
        return self._block(self.awaitable.requests(of=of))

    def journal(
        self, *, after: int = 0, kinds: Iterable[str] = (), about: Subject | None = None
    ) -> list[Entry]:
        return self._block(self.awaitable.journal(after=after, kinds=kinds, about=about))

    def tree(self, *, of: Subject | None = None) -> Tree:
        return self._block(self.awaitable.tree(of=of))

    def explain_signature(
        self, computed: str, *, of: DeliveryStory | bytes, secrets: Iterable[str] = ()
    ) -> Explanation:
        return self._block(self.awaitable.explain_signature(computed, of=of, secrets=secrets))

    def resend(
        self,
        delivery: DeliveryStory | int | None = None,
        *,
        event: str | None = None,
        of: Subject | None = None,
        type: str | None = None,
        target: str | None = None,
        state: str | None = None,
        after: int | str | None = None,
        until: int | str | None = None,
    ) -> Resent:
        return self._block(
            self.awaitable.resend(
                delivery,
                event=event,
                of=of,
                type=type,
                target=target,
                state=state,
                after=after,
                until=until,
            )
        )

    def expect_answered(
        self,
        *,
        event: str | None = None,
        of: Subject | None = None,
        type: str | None = None,
        status: int | str | list[int | str] = "2xx",
        in_: Duration | None = None,
        target: str | None = None,
        within: Duration | None = None,
    ) -> None:
        return self._block(
            self.awaitable.expect_answered(
                event=event, of=of, type=type, status=status, in_=in_, target=target, within=within
            )
        )

    def expect_queried(
        self,
        *,
        of: Subject | None = None,
        fields: Iterable[str] = (),
        operation: str | None = None,
        times: int | None = None,
        after: str | None = None,
        within: Duration | None = None,
    ) -> None:
        return self._block(
            self.awaitable.expect_queried(
                of=of, fields=fields, operation=operation, times=times, after=after, within=within
            )
        )

    def expect_delivered(
        self,
        *,
        event: str | None = None,
        of: Subject | None = None,
        type: str | None = None,
        target: str | None = None,
        attempts: int | None = None,
        within: Duration | None = None,
    ) -> None:
        return self._block(
            self.awaitable.expect_delivered(
                event=event, of=of, type=type, target=target, attempts=attempts, within=within
            )
        )

    def expect_given_up(
        self,
        *,
        event: str | None = None,
        of: Subject | None = None,
        type: str | None = None,
        target: str | None = None,
        within: Duration | None = None,
    ) -> None:
        return self._block(
            self.awaitable.expect_given_up(event=event, of=of, type=type, target=target, within=within)
        )

    def reset(self, **settings: object) -> None:
        return self._block(self.awaitable.reset(**settings))

    # inside

    def _stage(self) -> Stage:
        return open_stage(self._settings, given=self._given)

    @property
    def _alive(self) -> Live:
        if self._live is None:
            raise StateError(
                "the simulator is not running",
                remedy="Use it inside its with block, or in the test whose fixture it is.",
            )
        return self._live

    def _block(self, work: Coroutine[None, None, T]) -> T:
        try:
            _no_loop()
        except StateError:
            work.close()
            raise
        return run_in(self._alive.loop, work)


def _no_loop() -> None:
    """Refuse to block the thread of a running event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise StateError(
        "a blocking call was made inside a running event loop, which would stop that loop",
        remedy="Await instead: use the fixture scope_simulator_async, or async with Simulator().",
    )
