"""Gets a call into the event loop that a simulator lives in, from whichever loop it is awaited in.

Decides nothing but the way there: everything about a platform happens in one loop, so that nothing needs a lock.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator
from typing import TypeVar

from simulator.engine import Platform, Wait
from simulator.errors import StateError
from simulator.server.app import Live

__all__ = ["Reach"]

T = TypeVar("T")


class Reach:
    """Somebody who drives the simulator ``live``."""

    def __init__(self, live: Live) -> None:
        self._live = live

    @property
    def _platform(self) -> Platform:
        return self._live.stage.platform

    async def _call(self, call: Callable[[], T]) -> T:
        """Make a call of the platform or the stage."""

        async def there() -> T:
            result = call()
            self._live.pump.commit()
            return result

        return await self._there(there)

    async def _drive(self, work: Callable[[], Generator[Wait, bool, T]]) -> T:
        """Do work that waits."""

        async def there() -> T:
            result = await self._live.pump.drive(work())
            self._live.pump.commit()
            return result

        return await self._there(there)

    async def _there(self, work: Callable[[], Coroutine[None, None, T]]) -> T:
        loop = self._live.loop
        if asyncio.get_running_loop() is loop:
            return await work()
        if not loop.is_running():
            raise StateError("the simulator has stopped")
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work(), loop))
