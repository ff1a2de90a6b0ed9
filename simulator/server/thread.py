"""A thread with an event loop of its own, in which simulators live that blocking code drives.

Decides how work gets into that loop and how the thread ends. It must not know what lives there. Nothing here polls: the
thread ends when it is told to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

from simulator.server.loop import run

__all__ = ["LoopThread", "run_in"]

T = TypeVar("T")


class LoopThread:
    """An event loop that runs from now on, until ``stop``."""

    def __init__(self) -> None:
        started: Future[asyncio.AbstractEventLoop] = Future()
        self._over = asyncio.Event()
        self._thread = Thread(target=self._serve, args=(started,), name="scope-simulator", daemon=True)
        self._thread.start()
        self.loop = started.result()

    @property
    def alive(self) -> bool:
        return not self.loop.is_closed()

    def run(self, work: Coroutine[None, None, T]) -> T:
        """Run ``work`` in the loop and block until it has ended."""
        return run_in(self.loop, work)

    def stop(self) -> None:
        """End the loop, cancelling what still runs in it, and return when the thread has ended."""
        if self.alive:
            self.loop.call_soon_threadsafe(self._over.set)
            self._thread.join()

    def _serve(self, started: Future[asyncio.AbstractEventLoop]) -> None:
        async def live() -> None:
            started.set_result(asyncio.get_running_loop())
            await self._over.wait()

        run(live())


def run_in(loop: asyncio.AbstractEventLoop, work: Coroutine[None, None, T]) -> T:
    """Run ``work`` in the loop of another thread and block until it has ended; interrupted, cancel it."""
    future = asyncio.run_coroutine_threadsafe(work, loop)
    try:
        return future.result()
    except BaseException:
        # What nobody waits for any more must not move the clock.
        future.cancel()
        raise
