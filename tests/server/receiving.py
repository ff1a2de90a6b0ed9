"""Receivers on real sockets: they keep what arrives and answer as told."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

__all__ = ["Receiver", "receiving", "until"]

Answering = Callable[[dict], Awaitable[int]]


class Receiver:
    """What arrived, in order; ``hold`` keeps answers back while it is not set."""

    def __init__(self, status: int) -> None:
        self.url = ""
        self.status = status
        self.hooks: list[dict] = []
        self.headers: list[dict[str, str]] = []
        self.hold = asyncio.Event()
        self.hold.set()
        self.arrived = asyncio.Condition()
        self.on_hook: Answering | None = None

    @property
    def words(self) -> list[str]:
        return [hook["event"] for hook in self.hooks]

    async def receive(self, request: web.Request) -> web.Response:
        hook = json.loads(await request.read())
        self.hooks.append(hook)
        self.headers.append(dict(request.headers))
        async with self.arrived:
            self.arrived.notify_all()
        await self.hold.wait()
        status = await self.on_hook(hook) if self.on_hook else self.status
        return web.Response(status=status)

    async def has(self, count: int) -> None:
        """Wait until ``count`` hooks have arrived."""
        async with asyncio.timeout(5), self.arrived:
            await self.arrived.wait_for(lambda: len(self.hooks) >= count)


@asynccontextmanager
async def receiving(status: int = 200, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    receiver = Receiver(status)
    server = web.Server(receiver.receive)
    runner = web.ServerRunner(server, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    receiver.url = f"{'https' if tls else 'http'}://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        receiver.hold.set()
        await runner.cleanup()


@asynccontextmanager
async def answered_by(
    answer: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
) -> AsyncIterator[str]:
    """Have ``answer`` answer whatever is asked at an address of this machine, and give that."""
    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop turn until ``condition`` holds."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - a test has no event to wait for here
            await asyncio.sleep(0)  # noqa: TID251
