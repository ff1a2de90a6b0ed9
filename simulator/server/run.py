"""Listens: starts a stage's service on an address, says where it is, and stops it cleanly.

Decides on what "ready" tells. It must not decide what is served. At the end posts are cancelled, waits end, connections
close.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from simulator.control import Stage
from simulator.server.address import answering, take_address
from simulator.server.app import Live, Service, base_url_of
from simulator.server.middleware import CONTROL_PREFIX
from simulator.values import dataclass
from simulator.wire import JSON

__all__ = ["Running", "running"]


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
    try:
        settings = stage.start_settings
        with take_address(settings.host, settings.port) as sock:
            stage.found_at(base_url_of(settings.host, sock.getsockname()[1]))
            service = Service(stage)
            live = service.start()
            try:
                async with answering(service.handle, sock, ending=service.stop):
                    yield Running(live, stage.address)
            finally:
                await service.close()
    finally:
        stage.close()
