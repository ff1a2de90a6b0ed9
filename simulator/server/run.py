"""Listens: starts a stage's application on an address, says where it is, and stops it cleanly.

Decides on what "ready" tells. It must not decide what is served. At the end posts are cancelled, waits end, connections
close.
"""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager

from aiohttp import web

from simulator.control import Stage
from simulator.server.address import answering, take_address
from simulator.server.app import LIVE, Live, base_url_of, make_app
from simulator.server.middleware import CONTROL_PREFIX
from simulator.values import dataclass
from simulator.wire import JSON

__all__ = ["Running", "listening", "running"]


@dataclass(frozen=True, slots=True)
class Running:
    """A simulator that listens."""

    live: Live
    base_url: str

    @property
    def ready(self) -> dict[str, JSON]:
        """Return what somebody needs to use it, by the keys that ``serve --json`` and ``--ready-file`` promise."""
        platform = self.live.stage.platform
        return {
            "ready": True,
            "base_url": self.base_url,
            "graphql_url": f"{self.base_url}/api/v3/graphql",
            "control_url": f"{self.base_url}{CONTROL_PREFIX}/",
            "token": platform.token,
            "username": platform.username,
            "password": platform.password,
            "control_token": self.live.stage.control_token,
            "seed": platform.settings.seed,
            "pid": os.getpid(),
        }


@asynccontextmanager
async def running(stage: Stage) -> AsyncIterator[Running]:
    """Listen at the stage's host and port (0 takes a free one) until the context ends.

    Raises UsageError, whose place is the setting's name, when that address cannot be had.
    """
    with listening(stage) as here:
        async with here as simulator:
            yield simulator


@contextmanager
def listening(stage: Stage) -> Iterator[AbstractAsyncContextManager[Running]]:
    """Take the stage's address, and give the context in which requests are answered there.

    Whoever asks before that one has begun waits. So all that can be wrong is known before any event loop is at work.
    """
    settings = stage.start_settings
    with take_address(settings.host, settings.port) as sock:
        stage.found_at(base_url_of(settings.host, sock.getsockname()[1]))
        yield _answering(stage, make_app(stage), sock)


@asynccontextmanager
async def _answering(stage: Stage, app: web.Application, sock: socket.socket) -> AsyncIterator[Running]:
    async with answering(app, sock):
        yield Running(app[LIVE], stage.address)
