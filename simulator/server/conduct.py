"""How an answer goes out that a fault made late, slow or none at all.

Decides how a wait passes and how a connection is closed. It must not decide which answer that is: the answer says so
itself. When the simulator stops, nobody is kept waiting any longer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from aiohttp import payload, web
from aiohttp.abc import AbstractStreamWriter

from simulator.wire import Answer

__all__ = ["carry_out"]

_PIECES = 8
"""In how many pieces a slow body goes out."""


async def carry_out(
    request: web.BaseRequest, answer: Answer, headers: Mapping[str, str], closing: asyncio.Event
) -> web.Response:
    """Return the response that ``answer`` is, when it is time; ``closing`` is set when the simulator stops."""
    await _pass(answer.delay, closing)
    if answer.hang_up and request.transport is not None:
        request.transport.close()
    body = _Drip(answer.body, answer.drip, closing) if answer.drip else answer.body
    return web.Response(status=answer.status, body=body, headers=headers)


async def _pass(seconds: float, closing: asyncio.Event) -> None:
    """Let wall time pass, less when the simulator stops."""
    if seconds:
        stopped = asyncio.ensure_future(closing.wait())
        try:
            await asyncio.wait([stopped], timeout=seconds)
        finally:
            stopped.cancel()


class _Drip(payload.BytesPayload):
    """A body that goes out piece by piece."""

    def __init__(self, value: bytes, seconds: float, closing: asyncio.Event) -> None:
        super().__init__(value)
        self._pieces = _cut(value)
        self._pause = seconds / len(self._pieces)
        self._closing = closing

    async def write(self, writer: AbstractStreamWriter) -> None:
        for piece in self._pieces:
            await _pass(self._pause, self._closing)
            await writer.write(piece)


def _cut(value: bytes) -> list[bytes]:
    size = max(1, -(-len(value) // _PIECES))
    return [value[start : start + size] for start in range(0, len(value), size)] or [b""]
