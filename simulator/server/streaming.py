"""A stream of server-sent events over HTTP: writes what there is, and waits for more.

Decides how long a reader may leave what was written unread, and when it hears that there is nothing new. It must not decide
what is written: that is the stream's. A reader that does not read holds up its own handler and nobody else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress

from aiohttp import web

from simulator.control.streaming import KEEP_ALIVE, JournalStream

__all__ = ["send_stream"]

_QUIET = 15.0
"""After so many wall seconds without an event a reader hears that there is nothing new."""

_PATIENCE = 60.0
"""A reader that takes nothing for so many wall seconds is taken to be gone."""

_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    # So that a proxy on the way passes each event on at once.
    "X-Accel-Buffering": "no",
}


async def send_stream(
    request: web.BaseRequest, stream: JournalStream, closing: asyncio.Event, *, commit: Callable[[], None]
) -> web.StreamResponse:
    """Write ``stream`` until its reader goes away, it ends by itself, or ``closing`` is set.

    ``commit`` returns when what has happened may be told to others.
    """
    response = web.StreamResponse(headers=_HEADERS)
    woken = asyncio.Event()
    closer = asyncio.ensure_future(closing.wait())
    closer.add_done_callback(lambda _: woken.set())
    stream.open(woken.set)
    try:
        # The reader may be gone at any moment, which is how most streams end.
        with suppress(ConnectionError):
            await response.prepare(request)
            while not stream.over:
                woken.clear()
                piece = stream.piece()
                if not piece and closing.is_set():
                    piece = stream.end("the simulator has stopped")
                if piece:
                    commit()
                elif not await _within(woken.wait(), _QUIET):
                    piece = KEEP_ALIVE
                if piece and not await _within(response.write(piece), _PATIENCE):
                    assert request.transport is not None
                    request.transport.abort()
                    return response
            await response.write_eof()
    finally:
        stream.close()
        closer.cancel()
    return response


async def _within(work: Coroutine[None, None, object], seconds: float) -> bool:
    """Do ``work``; False when it takes longer than so many wall seconds."""
    doing = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({doing}, timeout=seconds)
        if done:
            doing.result()
        return bool(done)
    finally:
        doing.cancel()
