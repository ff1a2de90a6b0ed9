"""Gets a call into the event loop that a simulator lives in, from whichever loop it is awaited in.

Decides nothing but the way there: everything about a platform happens in one loop, so that nothing needs a lock.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from simulator.effects import Effect
from simulator.engine import Platform
from simulator.errors import StateError
from simulator.server.app import Live
from simulator.server.thread import run_in

if TYPE_CHECKING:
    from simulator.server.awaitable import AsyncSimulator

__all__ = ["BlockingReach", "RECORDED", "Reach", "no_loop", "recorded"]

T = TypeVar("T")
M = TypeVar("M", bound=Callable[..., Coroutine[Any, Any, Any]])

RECORDED: Final[set[str]] = set()
"""The methods of the handles whose calls are kept."""

_WITHIN: ContextVar[bool] = ContextVar("within a call of a handle", default=False)


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

    async def _drive(self, work: Callable[[], Generator[Effect, bool, T]]) -> T:
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


def recorded(method: M) -> M:
    """Have the calls of a method be kept, where calls are kept; those that it makes itself are part of it."""

    @wraps(method)
    async def made(handle: Reach, *args: Any, **values: Any) -> Any:  # noqa: ANN401 - it takes what the method takes
        calls = handle._live.stage.calls  # noqa: SLF001 - it stands in for a method
        if calls is None or _WITHIN.get():
            return await method(handle, *args, **values)
        call, within = calls.begin(method.__name__, args, values), _WITHIN.set(True)
        try:
            result = await method(handle, *args, **values)
        except BaseException as error:
            calls.end(call, error)
            raise
        finally:
            _WITHIN.reset(within)
        calls.end(call, result=result)
        return result

    RECORDED.add(method.__name__)
    return cast("M", made)


class BlockingReach:
    """Somebody who drives a simulator that lives in the loop of another thread, and waits for each call."""

    _live: Live | None = None

    @property
    def awaitable(self) -> AsyncSimulator:
        """The same simulator for code that runs in an event loop."""
        from simulator.server.awaitable import AsyncSimulator

        return AsyncSimulator(self._alive)

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
            no_loop()
        except StateError:
            work.close()
            raise
        return run_in(self._alive.loop, work)


def no_loop() -> None:
    """Refuse to block the thread of a running event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise StateError(
        "a blocking call was made inside a running event loop, which would stop that loop",
        remedy="Await instead: use the fixture scope_simulator_async, or async with Simulator().",
    )
