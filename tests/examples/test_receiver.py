"""The example receiver does what its first lines promise, as one would deploy it."""

from __future__ import annotations

import ast
import asyncio
import os
import signal
import subprocess
import sys
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from tests.examples.example import FILE, example, running_example
from tests.server.serving import Served, serving

Scope = example.Scope


class Deployed:
    """The example beside a simulator, and what it said."""

    def __init__(self, url: str, served: Served, said: asyncio.Queue[str]) -> None:
        self.url = url
        self.served = served
        self._said = said

    async def post(self, body: object, **more: object) -> int:
        async with self.served.http.post(self.url + example.PATH, json=body, **more) as answer:
            return answer.status

    async def orders(self) -> dict:
        async with self.served.http.get(self.url + "/orders") as answer:
            return await answer.json()

    async def says(self, start: str) -> str:
        """Wait for a line that begins so."""
        async with asyncio.timeout(5):
            while not (line := await self._said.get()).startswith(start):
                pass
        return line


@pytest.fixture
def said(monkeypatch) -> asyncio.Queue[str]:
    lines: asyncio.Queue[str] = asyncio.Queue()
    monkeypatch.setattr(example, "say", lines.put_nowait)
    return lines


@asynccontextmanager
async def deployed(said, *, scope=None, **settings):
    """Run a simulator and the example, which is told of everything."""
    async with serving(**settings) as served:
        platform = served.stage.platform
        scope = scope or Scope(served.here.base_url, token=platform.token)
        async with running_example(scope(served) if callable(scope) else scope) as url:
            platform.add_target(url + example.PATH)
            yield Deployed(url, served, said)


def hook(node_id: str, *, event: str = "paused", kind: str = "ScenarioSession") -> dict:
    data = {"resource-id": node_id, "resource-url": "http://elsewhere/", "resource-type": kind}
    return {"time": "2021-03-01T08:00:00Z", "event": event, "type": "resource", "data": data}


def test_it_knows_nothing_of_the_simulator():
    tree = ast.parse(FILE.read_text("utf-8"))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
    }

    assert imported - set(sys.stdlib_module_names) == {"aiohttp"}


async def test_session_becomes_a_work_order_that_is_closed_at_the_end(said):
    async with deployed(said) as here:
        platform = here.served.stage.platform
        session = platform.apply("create", "ScenarioSession", {"externalData": {"work_order_id": "WO-1"}})
        opened = await here.says("work order")
        platform.apply("finish", session)
        closed = await here.says("work order")
        orders = await here.orders()

    assert opened.startswith("work order WO-1 is open: ")
    assert closed.startswith("work order WO-1 is closed: ")
    assert list(orders) == [session.id]
    assert orders[session.id]["number"] == "WO-1"
    assert orders[session.id]["open"] is False
    assert orders[session.id]["state"] == "FINISHED"


async def test_call_becomes_a_work_order_too(said):
    async with deployed(said) as here:
        platform = here.served.stage.platform
        people = [one.id for one in platform.resources("User", limit=3)]
        call = platform.apply("create", "Call", {"participants": people})
        line = await here.says("work order")
        orders = await here.orders()

    assert line.startswith("work order without number is open: call in progress, 0 min, with ")
    assert line.count(" and ") == 2
    assert orders[call.id]["state"] == "IN_PROGRESS"


async def test_same_webhook_twice_does_no_harm(said):
    async with deployed(said) as here:
        session = here.served.stage.platform.apply("create", "ScenarioSession")
        await here.says("work order without number is open")
        before = await here.orders()
        # Time stands still here, so that not even the duration differs.
        assert await here.post(hook(session.id, event="create")) == 200
        await here.says("work order without number: nothing new")

        assert await here.orders() == before


async def test_update_and_unknown_types_are_answered_and_forgotten(said):
    async with deployed(said) as here:
        assert await here.post(hook("A", event="update")) == 200
        assert await here.says("update") == "update of ScenarioSession: not needed"
        assert await here.post({"event": "connected", "type": "iot", "data": {"device_id": "5c4b"}}) == 200
        assert await here.says("connected") == "connected of iot: not needed"
        assert await here.orders() == {}
        assert here.served.stage.platform.tally().requests == 0


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"event": "create"},
        {"event": "create", "data": []},
        {"event": [], "data": {"resource-id": "A", "resource-type": "Call"}},
    ],
)
async def test_what_is_no_webhook_is_refused(said, body):
    async with deployed(said) as here:
        assert await here.post(body) == 400
        async with here.served.http.post(here.url + example.PATH, data=b"{") as answer:
            assert answer.status == 400


async def test_webhook_about_nothing_leaves_nothing(said):
    async with deployed(said) as here:
        session = here.served.stage.platform.apply("create", "ScenarioSession")
        await here.says("work order")
        here.served.stage.platform.apply("delete", session)
        assert await here.post(hook(session.id)) == 200
        assert await here.says(session.id[:12]) == f"{session.id[:12]}... does not exist (any more)"
        # A webhook is a hint: what it says of the kind is not believed either.
        person = here.served.stage.platform.resources("User", limit=1)[0].id
        assert await here.post(hook(person)) == 200
        assert await here.says(person[:12]) == f"{person[:12]}... does not exist (any more)"
        assert await here.orders() == {}


async def test_it_signs_in_without_a_token_and_again_when_the_token_is_refused(said):
    def scope(served: Served) -> object:
        platform = served.stage.platform
        return Scope(served.here.base_url, username=platform.username, password=platform.password)

    async with deployed(said, scope=scope) as here:
        platform = here.served.stage.platform
        session = platform.apply("create", "ScenarioSession")
        await here.says("signed in")
        await here.says("work order")
        # Session tokens live for thirty simulated days.
        platform.clock.move(platform.now + 31 * 86_400_000)
        platform.apply("finish", session)
        await here.says("signed in")
        await here.says("work order without number is closed")


async def test_refused_token_without_a_password_is_given_up(said):
    async with deployed(said, scope=lambda served: Scope(served.here.base_url, token="wrong")) as here:
        session = here.served.stage.platform.apply("create", "ScenarioSession")
        line = await here.says("gave up")

    assert line == (
        f"gave up on {session.id[:12]}...: Scope answered 401: "
        '{"error":"The token is not known here: sign in for a new one."}'
    )


async def test_refused_sign_in_is_told(said):
    def scope(served: Served) -> object:
        return Scope(served.here.base_url, username="integrator", password="wrong")

    async with deployed(said, scope=scope) as here:
        here.served.stage.platform.apply("create", "ScenarioSession")
        line = await here.says("gave up")

    assert line.endswith('Scope refused the sign-in: {"error":"Invalid username or password."}')


async def test_errors_of_a_query_are_told(said):
    async with deployed(said, unknown_node="error") as here:
        assert await here.post(hook("A")) == 200
        line = await here.says("gave up on A...: ")

    assert "A" in line.removeprefix("gave up on A...: ")


async def test_it_tries_again_while_scope_is_down(said, monkeypatch):
    monkeypatch.setattr(example, "WAITS", (0, 0, 0))
    statuses = [503, 500, 200]

    async def flaky(request: web.Request) -> web.Response:
        status = statuses.pop(0)
        return web.json_response({"data": {"node": None}}, status=status)

    app = web.Application()
    app.router.add_post("/api/v3/graphql", flaky)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    scope = Scope(f"http://127.0.0.1:{runner.addresses[0][1]}", token="x")
    async with deployed(said, scope=scope) as here:
        assert await here.post(hook("some-session")) == 200
        assert await here.says("Scope answered 503") == (
            'Scope answered 503: {"data": {"node": null}}; next try in 0 s'
        )
        await here.says("Scope answered 500")
        await here.says("some-session... does not exist")
    await runner.cleanup()


async def test_scope_that_stays_away_is_given_up_and_the_next_webhook_is_handled(said, monkeypatch):
    monkeypatch.setattr(example, "WAITS", (0,))
    # Port 9 is nobody's.
    async with deployed(said, scope=Scope("http://127.0.0.1:9", token="x")) as here:
        assert await here.post(hook("first-one")) == 200
        await here.says("gave up on first-one...: Cannot connect")
        assert await here.post(hook("other-one")) == 200
        await here.says("gave up on other-one...: Cannot connect")


class Held(Scope):
    """An API that answers when it is let go, and says that a session goes on."""

    def __init__(self) -> None:
        self.asked = 0
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()

    async def node(self, http, kind, node_id):
        self.asked += 1
        self.begun.set()
        await self.go_on.wait()
        return {"externalData": None, "state": "PAUSED", "duration": None, "percentOfStepsViewed": None} | {
            "scenario": None,
            "createdBy": None,
        }


async def test_burst_about_one_resource_is_looked_up_once_more_at_most(said):
    scope = Held()
    async with deployed(said, scope=scope) as here:
        assert await here.post(hook("A")) == 200
        await scope.begun.wait()
        # What the look-up under way reads may be older than these, so that one more is due, and only one.
        assert await asyncio.gather(*(here.post(hook("A")) for _ in range(20))) == [200] * 20
        await here.says("paused of ScenarioSession A...: waits to be looked up already")
        scope.go_on.set()
        assert await here.says("work order") == (
            "work order without number is open: ?, begun by ?, paused, 0 % seen, 0 min"
        )
        assert await here.says("work order") == "work order without number: nothing new"

    assert scope.asked == 2


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"SCOPE_URL": "http://127.0.0.1:7267"},
        {"SCOPE_URL": "http://127.0.0.1:7267", "SCOPE_USERNAME": "x"},
    ],
)
def test_it_says_what_it_needs(environ):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SCOPE_")}

    done = subprocess.run(
        [sys.executable, FILE], env=clean | environ, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (
        1,
        "Set SCOPE_URL, and SCOPE_TOKEN or SCOPE_USERNAME and SCOPE_PASSWORD; see README.md.\n",
    )


async def test_as_a_process_it_says_where_it_listens_and_stops_when_told():
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, FILE, "--port", "0"),
        env=os.environ | {"SCOPE_URL": "http://127.0.0.1:9", "SCOPE_TOKEN": "x"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    first = (await process.stdout.readline()).decode()
    url = first.split()[-1]
    async with aiohttp.ClientSession() as http, http.post(url, json=hook("A", event="update")) as answer:
        status = answer.status
    process.send_signal(signal.SIGTERM)
    out, err = await process.communicate()

    assert first.startswith("webhooks are received at http://127.0.0.1:")
    assert url.endswith(example.PATH)
    assert (status, process.returncode) == (200, 0)
    assert (out, err) == (b"update of ScenarioSession: not needed\n", b"")
