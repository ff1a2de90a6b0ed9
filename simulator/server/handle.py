"""The handles by which a test or a program drives a simulator of its own: ``Simulator`` blocks, ``AsyncSimulator`` is awaited.

Decides where the simulator lives: ``with`` gives it a thread with an event loop of its own, ``async with`` the loop that
is running. What a handle can do is the awaitable one's; the blocking one runs the same coroutines in the thread's loop
and waits. A blocking call made where an event loop runs would stop that loop, and with it any receiver in it, so it is
refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from simulator.control.stage import Stage
from simulator.control.subjects import Duration
from simulator.engine import Snapshot
from simulator.errors import StateError
from simulator.server.acting import BlockingActing
from simulator.server.app import Live
from simulator.server.awaitable import AsyncSimulator
from simulator.server.judging import BlockingJudging
from simulator.server.looking import BlockingLooking
from simulator.server.reach import no_loop
from simulator.server.run import running
from simulator.server.thread import LoopThread
from simulator.settings import Settings
from simulator.store import open_stage
from simulator.wire import JSON

if TYPE_CHECKING:
    from simulator.script.player import Report

__all__ = ["AsyncSimulator", "Simulator"]

T = TypeVar("T")

_PLAIN = Settings(port=0)


class Simulator(BlockingActing, BlockingLooking, BlockingJudging):
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
        no_loop()
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

    def advance(self, duration: Duration) -> None:
        return self._block(self.awaitable.advance(duration))

    def wait(self, duration: Duration) -> None:
        return self._block(self.awaitable.wait(duration))

    def drain(self, *, within: Duration | None = None) -> None:
        return self._block(self.awaitable.drain(within=within))

    def settle(self, *, within: Duration | None = None) -> None:
        return self._block(self.awaitable.settle(within=within))

    def play(
        self, script: str | Path | Mapping[str, JSON], *, vars: Mapping[str, JSON] | None = None
    ) -> Report:
        return self._block(self.awaitable.play(script, vars=vars))

    def reset(self, **settings: object) -> None:
        return self._block(self.awaitable.reset(**settings))

    def snapshot(self) -> Snapshot:
        return self._block(self.awaitable.snapshot())

    def restore(self, snapshot: Snapshot) -> None:
        return self._block(self.awaitable.restore(snapshot))

    # inside

    def _stage(self) -> Stage:
        return open_stage(self._settings, given=self._given)
