"""A simulator on a free port, and a client that asks it over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from simulator.control import Stage
from simulator.server.run import Running, running
from simulator.settings import Settings

__all__ = ["Served", "serving"]


@dataclass
class Served:
    here: Running
    http: aiohttp.ClientSession

    @property
    def stage(self) -> Stage:
        return self.here.live.stage

    async def ask(self, method: str, path: str, **more) -> aiohttp.ClientResponse:
        """Ask and read the whole answer."""
        answer = await self.http.request(method, self.here.base_url + path, **more)
        await answer.read()
        return answer

    async def control(self, method: str, path: str, body: object = None, **more) -> tuple[int, object]:
        """Ask the control side; return the status and the JSON."""
        if body is not None:
            more["json"] = body
        answer = await self.ask(method, f"/_simulator/{path}", **more)
        return answer.status, await answer.json(content_type=None) if await answer.read() else None


@asynccontextmanager
async def serving(**settings: object) -> AsyncIterator[Served]:
    """Run a simulator that tries nothing twice, unless told otherwise."""
    stage = Stage(Settings().replace(**({"port": 0, "retry": "none"} | settings)))
    async with running(stage) as here, aiohttp.ClientSession() as http:
        yield Served(here, http)
