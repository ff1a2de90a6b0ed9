"""Ctrl-C and SIGTERM as something that a command waits for, so that it ends with a summary and not with a traceback."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

__all__ = ["Interrupted", "Signals", "signals"]

T = TypeVar("T")

_HEARD = (signal.SIGINT, signal.SIGTERM)


class Interrupted(Exception):  # noqa: N818 - it is no error
    """Somebody ended the command before its work was done."""


class Signals:
    """The signal that came, and ways to wait for it."""

    def __init__(self) -> None:
        self.came: int | None = None
        self._event = asyncio.Event()

    async def wait(self) -> int:
        """Return the signal once there is one."""
        await self._event.wait()
        assert self.came is not None
        return self.came

    async def pause(self, seconds: float) -> None:
        """Wait for a signal, but no longer than this."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()

    async def during(self, work: Awaitable[T]) -> T:
        """Return the result of ``work``; when a signal comes first, cancel it and raise Interrupted."""
        working, waiting = asyncio.ensure_future(work), asyncio.ensure_future(self.wait())
        try:
            await asyncio.wait((working, waiting), return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise Interrupted
            return working.result()
        finally:
            for one in (working, waiting):
                one.cancel()
            await asyncio.gather(working, waiting, return_exceptions=True)

    def note(self, number: int) -> None:
        self.came = number
        self._event.set()


@contextmanager
def signals() -> Iterator[Signals]:
    """Hear SIGINT and SIGTERM while the context lasts. A second one acts as it would without us."""
    heard, loop = Signals(), asyncio.get_running_loop()

    def hear(number: int, _frame: object) -> None:
        signal.signal(number, before[signal.Signals(number)])
        loop.call_soon_threadsafe(heard.note, number)

    before = {number: signal.signal(number, hear) for number in _HEARD}
    try:
        yield heard
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
