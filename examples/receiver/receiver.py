"""A small integration with Scope: webhooks come in, GraphQL is asked, work orders are kept. Copy from it.

It shows what an integration has to get right:

* A webhook is answered at once, before any work is done, so that slow work never looks like a dead receiver.
* A webhook is a hint: only the id in it is used, and what is true is asked of the API. Whoever knows the address can
  post to it, so no state is believed and no address is followed that was posted.
* The same webhook may come twice, late or out of order. An id that waits to be looked up is not queued again, and
  looking it up sets the work order to what the API says, so that doing it twice does no harm.
* An event that is not needed is answered all the same, and then forgotten. `update` comes with every change of a
  record, and the vendor advises against relying on it.
* A session token expires. On 401 the receiver signs in anew and asks once more.

Needs Python 3.11 and aiohttp. README.md says how to run it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Mapping
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

PATH = "/hooks/scopear"

# Both spellings of the first event occur.
WANTED = {
    "ScenarioSession": {"create", "created", "paused", "resumed", "finished"},
    "Call": {"create", "created", "finished"},
}

QUERIES = {
    "ScenarioSession": """
        query Session($id: ID!) {
          node(id: $id) {
            ... on ScenarioSession {
              state duration percentOfStepsViewed externalData
              scenario { name }
              createdBy { name }
            }
          }
        }""",
    "Call": """
        query Call($id: ID!) {
          node(id: $id) {
            ... on Call {
              state duration externalData
              participants { nodes { user { name } } }
            }
          }
        }""",
}

# Seconds before each new try when the API cannot be reached or answers 5xx.
WAITS = (0.2, 1, 5)


class Scope:
    """The API: asks GraphQL with a token, and signs in when there is none yet or the one there is was refused."""

    def __init__(self, url: str, *, token: str = "", username: str = "", password: str = "") -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._user = {"username": username, "password": password}

    async def node(self, http: ClientSession, kind: str, node_id: str) -> dict[str, Any] | None:
        """Return what the query for this kind selects; None when there is no such resource."""
        if not self._token:
            await self._sign_in(http)
        status, answer = await self._ask(http, kind, node_id)
        if status == 401 and self._user["password"]:
            await self._sign_in(http)
            status, answer = await self._ask(http, kind, node_id)
        if status != 200:
            raise ApiError(status, f"Scope answered {status}: {answer}")
        # Errors come with status 200.
        if answer.get("errors"):
            raise ApiError(status, answer["errors"][0]["message"])
        return answer["data"]["node"] or None

    async def _ask(self, http: ClientSession, kind: str, node_id: str) -> tuple[int, Any]:
        body = {"query": QUERIES[kind], "variables": {"id": node_id}}
        headers = {"Authorization": f"Bearer {self._token}"}
        async with http.post(f"{self._url}/api/v3/graphql", json=body, headers=headers) as response:
            return response.status, await response.json() if response.status == 200 else await response.text()

    async def _sign_in(self, http: ClientSession) -> None:
        async with http.post(f"{self._url}/api/v2/users/sign_in.json", json={"user": self._user}) as response:
            if response.status != 200:
                raise ApiError(response.status, f"Scope refused the sign-in: {await response.text()}")
            self._token = (await response.json())["auth_token"]
        say("signed in")


class ApiError(Exception):
    """The API answered, but not with what was asked for."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Receiver:
    """Keeps a work order for each session and call that a webhook has named."""

    def __init__(self, scope: Scope) -> None:
        self.orders: dict[str, dict[str, Any]] = {}
        self._scope = scope
        self._waiting: set[str] = set()
        self._queue: asyncio.Queue[tuple[str, str]] = asyncio.Queue()

    async def webhook(self, request: web.Request) -> web.Response:
        """Answer at once; what there is to do is done by `work`."""
        try:
            hook = json.loads(await request.read())
            event, kind = hook["event"], hook["data"].get("resource-type")
            node_id = hook["data"].get("resource-id")
            wanted = isinstance(node_id, str) and event in WANTED.get(kind, ())
        except (ValueError, LookupError, TypeError, AttributeError):
            return web.Response(status=400, text="This is no webhook of Scope.\n")
        if not wanted:
            say(f"{event} of {kind or hook.get('type')}: not needed")
        elif node_id in self._waiting:
            say(f"{event} of {kind} {short(node_id)}: waits to be looked up already")
        else:
            say(f"{event} of {kind} {short(node_id)}: to be looked up")
            self._waiting.add(node_id)
            self._queue.put_nowait((kind, node_id))
        return web.Response(status=200)

    async def list_orders(self, _request: web.Request) -> web.Response:
        """Show the work orders to whoever looks."""
        return web.json_response(self.orders)

    async def run(self, _app: web.Application) -> AsyncIterator[None]:
        """Work for as long as the application runs."""
        worker = asyncio.create_task(self.work())
        yield
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)

    async def work(self) -> None:
        """Look up one resource after the other, for ever."""
        async with ClientSession(timeout=ClientTimeout(total=30)) as http:
            while True:
                kind, node_id = await self._queue.get()
                # A webhook that comes from here on queues it again: what is read now may be older than that webhook.
                self._waiting.discard(node_id)
                try:
                    self._keep(node_id, await self._look_up(http, kind, node_id))
                except Exception as error:  # One resource that cannot be read must not stop the others.
                    say(f"gave up on {short(node_id)}: {error or type(error).__name__}")

    async def _look_up(self, http: ClientSession, kind: str, node_id: str) -> dict[str, Any] | None:
        for wait in WAITS:
            try:
                return await self._scope.node(http, kind, node_id)
            except (ApiError, ClientError, OSError) as error:
                # A refusal stays one, however often we ask; a failure may pass.
                if isinstance(error, ApiError) and error.status < 500:
                    raise
                say(f"{error or type(error).__name__}; next try in {wait} s")
                await asyncio.sleep(wait)
        return await self._scope.node(http, kind, node_id)

    def _keep(self, node_id: str, node: dict[str, Any] | None) -> None:
        if node is None:
            self.orders.pop(node_id, None)
            say(f"{short(node_id)} does not exist (any more)")
            return
        order = {"number": order_number(node), "open": node["state"] != "FINISHED", **node}
        if self.orders.get(node_id) == order:
            say(f"work order {order['number']}: nothing new")
            return
        self.orders[node_id] = order
        say(f"work order {order['number']} is {'open' if order['open'] else 'closed'}: {summary(node)}")


def order_number(node: Mapping[str, Any]) -> str:
    """Return the number under which this side knows the work order: external data, the one key both sides share."""
    external = node["externalData"]
    number = external.get("work_order_id") if isinstance(external, dict) else None
    return str(number or "without number")


def summary(node: Mapping[str, Any]) -> str:
    """Return in a few words what a person wants to know."""
    state, minutes = node["state"].lower().replace("_", " "), (node["duration"] or 0) // 60
    if "participants" in node:
        people = [one["user"]["name"] for one in node["participants"]["nodes"]]
        return f"call {state}, {minutes} min, with {' and '.join(people)}"
    what, who = (node[one]["name"] if node[one] else "?" for one in ("scenario", "createdBy"))
    return f"{what}, begun by {who}, {state}, {node['percentOfStepsViewed'] or 0:.0f} % seen, {minutes} min"


def short(node_id: object) -> str:
    return f"{str(node_id)[:12]}..."


def say(text: str) -> None:
    print(text, flush=True)


def make_app(scope: Scope) -> web.Application:
    """Return the application: a way in for webhooks and a list of work orders."""
    receiver = Receiver(scope)
    app = web.Application()
    app.router.add_post(PATH, receiver.webhook)
    app.router.add_get("/orders", receiver.list_orders)
    app.cleanup_ctx.append(receiver.run)
    return app


def scope_from(environ: Mapping[str, str]) -> Scope:
    """Return the API that the environment describes."""
    url, token, username, password = (
        environ.get(f"SCOPE_{name}", "") for name in ("URL", "TOKEN", "USERNAME", "PASSWORD")
    )
    if not url or not (token or (username and password)):
        raise SystemExit(
            "Set SCOPE_URL, and SCOPE_TOKEN or SCOPE_USERNAME and SCOPE_PASSWORD; see README.md."
        )
    return Scope(url, token=token, username=username, password=password)


def main() -> None:
    parser = argparse.ArgumentParser(description="Receives webhooks of Scope and keeps work orders.")
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on; 0.0.0.0 in a container"
    )
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on; 0 takes a free one")
    given = parser.parse_args()
    app = make_app(scope_from(os.environ))
    with socket.create_server((given.host, given.port)) as listening:
        say(f"webhooks are received at http://{given.host}:{listening.getsockname()[1]}{PATH}")
        web.run_app(app, sock=listening, print=None)


if __name__ == "__main__":
    main()
