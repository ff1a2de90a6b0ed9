"""Receivers that keep a work order for each session: one is right, the others have a bug that only a late webhook shows.

All ask the API what is true when a webhook comes, as one should, and tell what they know at ``/orders/<id>``. When a session
is told to be paused whose work order is closed already, which no order of events but a late one brings about, one opens it
again, and one does not know what to do.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal, TypeAlias
from urllib.parse import unquote, urlsplit

from aiohttp import ClientSession, web

from simulator.engine import Platform
from simulator.settings import Settings

__all__ = ["Bug", "WorkOrders", "keeping_work_orders"]

Bug: TypeAlias = Literal["reopens", "refuses"]

QUERY = "query State($id: ID!) { node(id: $id) { ... on ScenarioSession { state } } }"


class WorkOrders:
    """What an integration knows of the sessions it was told about."""

    def __init__(self, http: ClientSession, bug: Bug | None, seed: int) -> None:
        self.states: dict[str, str] = {}
        self.resets = 0
        self.url = ""
        self._bug = bug
        self._headers = {"Authorization": f"Bearer {Platform(Settings().replace(seed=seed)).token}"}
        self._http = http

    async def hook(self, request: web.Request) -> web.Response:
        hook = json.loads(await request.read())
        node_id = hook["data"]["resource-id"]
        late = hook["event"] == "paused" and self.states.get(node_id) == "FINISHED"
        if late and self._bug == "refuses":
            return web.Response(status=500)
        if late and self._bug == "reopens":
            self.states[node_id] = "PAUSED"
        elif hook["event"] != "update":
            self.states[node_id] = await self._ask(hook["data"]["resource-url"], node_id)
        return web.Response()

    async def order(self, request: web.Request) -> web.Response:
        state = self.states.get(unquote(request.match_info["id"]))
        return web.json_response({"state": state}, status=200 if state else 404)

    async def reset(self, _request: web.Request) -> web.Response:
        self.resets += 1
        self.states.clear()
        return web.Response()

    async def _ask(self, url: str, node_id: str) -> str:
        api = f"http://{urlsplit(url).netloc}/api/v3/graphql"
        asked = {"query": QUERY, "variables": {"id": node_id}}
        async with self._http.post(api, json=asked, headers=self._headers) as answer:
            return (await answer.json())["data"]["node"]["state"]


@asynccontextmanager
async def keeping_work_orders(bug: Bug | None = None, *, seed: int = 1) -> AsyncIterator[WorkOrders]:
    """Have a receiver listen, which knows the token of a simulator of this seed."""
    async with ClientSession() as http:
        orders = WorkOrders(http, bug, seed)
        app = web.Application()
        app.router.add_post("/hooks", orders.hook)
        app.router.add_get("/orders/{id}", orders.order)
        app.router.add_post("/reset", orders.reset)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        orders.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield orders
        finally:
            await runner.cleanup()
