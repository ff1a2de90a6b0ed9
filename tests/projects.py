"""Projects of somebody else's, as text: what their tests look like when they use our fixtures.

They are written out and run in processes of their own, from the checkout and from the wheel.
"""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["BARE", "FAILING", "USING", "unmeasured", "write"]

BARE = ("-p", "no:faker", "-p", "no:hypothesispytest")
"""These plugins stand in our environment and are no part of the projects; without them a run starts sooner."""


def unmeasured(**more: str) -> dict[str, str]:
    """Return the environment for a process of a project whose way through our code others measure already."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")} | more


def write(project: dict[str, str], folder: Path) -> Path:
    """Write the files of a project and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in project.items():
        (folder / name).write_text(text, "utf-8")
    return folder


_INI = """\
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
addopts = --strict-markers -p no:cacheprovider
filterwarnings = error
"""

_CONFTEST = '''\
"""The integration under test: it answers webhooks and asks what they are about."""

import json
import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

QUERY = "query WorkOrder($id: ID!) { node(id: $id) { ... on ScenarioSession { state externalData } } }"


class MyApp:
    def __init__(self, platform, status):
        self.platform, self.status, self.closed, self.told = platform, status, set(), []
        app = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                hook = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                app.receive(hook)
                self.send_response(app.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # So that closing waits for what is being handled.
        self.server.daemon_threads = False
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def receive(self, hook):
        self.told.append(hook["event"])
        node = self.ask(QUERY, id=hook["data"]["resource-id"])["node"]
        if node["state"] == "FINISHED":
            self.closed.add(node["externalData"]["work_order_id"])

    def ask(self, query, **variables):
        connection = HTTPConnection(urlsplit(self.platform.graphql_url).netloc)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.platform.token}"}
        body = json.dumps({"query": query, "variables": variables})
        try:
            connection.request("POST", "/api/v3/graphql", body, headers)
            return json.loads(connection.getresponse().read())["data"]
        finally:
            connection.close()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def my_app(scope_simulator):
    app = MyApp(scope_simulator, 200)
    yield app
    app.close()


@pytest.fixture
def broken_app(scope_simulator):
    app = MyApp(scope_simulator, 500)
    yield app
    app.close()
'''

USING = {
    "pytest.ini": _INI,
    "conftest.py": _CONFTEST,
    "test_blocking.py": '''\
import asyncio
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from simulator import StateError


def test_finishing_closes_the_work_order(scope_simulator, my_app):
    scope_simulator.add_target(my_app.url + "/hooks/scopear")
    session = scope_simulator.create("ScenarioSession", externalData={"work_order_id": "WO-1"})
    scope_simulator.finish(session)
    scope_simulator.expect_answered(event="finished", of=session)
    scope_simulator.expect_queried(of=session)
    scope_simulator.drain()
    assert (my_app.told, my_app.closed) == (["create", "finished", "update"], {"WO-1"})


EARLIER = []


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_no_test_sees_another(scope_simulator, my_app, turn):
    """What a test did to the world, the clock, the journal and the targets is gone in the next."""
    assert scope_simulator.journal() == []
    assert scope_simulator.now == "2021-03-01T08:00:00.000Z"
    assert len(scope_simulator.resources("ScenarioSession")) == 40

    session = scope_simulator.create("ScenarioSession")
    assert scope_simulator.deliveries() == []
    scope_simulator.add_target(my_app.url)
    scope_simulator.advance("3d")
    scope_simulator.pause(session)
    scope_simulator.expect_answered(event="paused")

    for base_url in EARLIER:
        with pytest.raises(ConnectionRefusedError):
            HTTPConnection(urlsplit(base_url).netloc).connect()
    EARLIER.append(scope_simulator.base_url)


def test_handle_of_an_earlier_test_says_that_it_is_over(scope_simulator):
    EARLIER.append(scope_simulator)


def test_handle_of_an_earlier_test_has_stopped(scope_simulator):
    for earlier in EARLIER:
        if not isinstance(earlier, str):
            with pytest.raises(StateError, match="not running"):
                earlier.create("Call")


@pytest.mark.scope_simulator(seed=7, sessions=3)
class TestMarked:
    def test_settings_are_those_of_the_class(self, scope_simulator):
        assert scope_simulator.seed == 7
        assert len(scope_simulator.resources("ScenarioSession")) == 3

    @pytest.mark.scope_simulator(seed=8, updates=False)
    def test_nearest_marker_wins_setting_by_setting(self, scope_simulator, my_app):
        scope_simulator.add_target(my_app.url)
        scope_simulator.pause(scope_simulator.create("ScenarioSession"))
        scope_simulator.drain()
        assert scope_simulator.seed == 8
        assert len(scope_simulator.resources("ScenarioSession")) == 4
        assert my_app.told == ["create", "paused"]

    def test_reset_begins_anew_with_the_same_settings_and_targets(self, scope_simulator, my_app):
        scope_simulator.add_target(my_app.url)
        first = scope_simulator.create("ScenarioSession")
        scope_simulator.expect_answered(of=first)
        scope_simulator.reset()
        assert scope_simulator.seed == 7
        assert scope_simulator.requests() == []
        assert scope_simulator.create("ScenarioSession").id == first.id
        scope_simulator.expect_answered(event="create", of=first)
        assert my_app.told == ["create", "create"]


@pytest.mark.scope_simulator(speed="real", start="2030-01-01T00:00:00Z", event_names="created")
def test_any_setting_may_be_given(scope_simulator, my_app):
    assert scope_simulator.now.startswith("2030-01-01T00:00:0")
    scope_simulator.add_target(my_app.url)
    scope_simulator.create("ScenarioSession")
    scope_simulator.drain()
    assert my_app.told == ["created"]


def test_blocking_call_in_a_running_loop_names_the_other_fixture(scope_simulator):
    async def blunder():
        scope_simulator.create("Call")

    with pytest.raises(StateError, match="use the fixture scope_simulator_async"):
        asyncio.run(blunder())


def test_script_is_played(scope_simulator, my_app):
    scope_simulator.add_target(my_app.url)
    report = scope_simulator.play(
        {
            "title": "A session is paused",
            "steps": [
                {"create": "ScenarioSession", "as": "session"},
                {"wait": "12m"},
                {"pause": "session"},
                {"expect": {"answered": {"event": "paused", "of": "session"}, "queried": {"of": "session"}}},
            ],
        }
    )
    assert report.ok
''',
    "test_awaiting.py": """\
import asyncio
import json

import pytest
from aiohttp import web

QUERY = "query ($id: ID!) { node(id: $id) { ... on ScenarioSession { state } } }"


async def test_receiver_lives_in_the_tests_own_loop(
    scope_simulator, scope_simulator_async, aiohttp_server, aiohttp_client
):
    scope, loops = scope_simulator_async, set()

    async def receive(request):
        loops.add(asyncio.get_running_loop())
        hook = await request.json()
        asked = {"query": QUERY, "variables": {"id": hook["data"]["resource-id"]}}
        headers = {"Authorization": f"Bearer {scope.token}"}
        async with client.post(scope.graphql_url, json=asked, headers=headers) as answer:
            assert (await answer.json())["data"]["node"]["state"]
        return web.Response()

    app = web.Application()
    app.router.add_post("/hooks", receive)
    server = await aiohttp_server(app)
    client = (await aiohttp_client(server)).session
    await scope.add_target(str(server.make_url("/hooks")))
    session = await scope.create("ScenarioSession")
    await scope.finish(session)
    await scope.expect_answered(event="finished", of=session)
    await scope.expect_queried(of=session, fields=["state"])

    assert loops == {asyncio.get_running_loop()}
    assert scope.base_url == scope_simulator.base_url, "both fixtures are one platform"


def test_awaiting_needs_no_async_plugin(scope_simulator_async):
    async def story():
        session = await scope_simulator_async.create("ScenarioSession")
        return await scope_simulator_async.resource(session)

    assert asyncio.run(story())["state"] == "IN_PROGRESS"
""",
    "test_core.py": """\
import json

import pytest

from simulator import Outcome, Request


@pytest.mark.scope_simulator(seed=9, targets=["http://app.example/hooks"])
def test_core_answers_and_hands_out_attempts(scope_simulator_core):
    core = scope_simulator_core
    session = core.create("ScenarioSession", externalData={"work_order_id": "WO-1"})
    [attempt] = core.due()
    hook = json.loads(attempt.body)
    path = hook["data"]["resource-url"].removeprefix(core.base_url)
    answer = core.answer(Request("GET", path, headers={"authorization": f"Bearer {core.token}"}))
    core.report(attempt, Outcome(200))

    assert core.seed == 9
    assert (attempt.url, hook["event"]) == ("http://app.example/hooks", "create")
    assert json.loads(answer.body)["externalData"] == {"work_order_id": "WO-1"}
    core.expect_answered(event="create", of=session)
    core.expect_queried(of=session)
    assert core.advance("12m") == []
    assert core.now == "2021-03-01T08:12:00.000Z"
""",
    "test_app.py": """\
import pytest
from aiohttp import web

from simulator import AsyncSimulator


@pytest.mark.scope_simulator(seed=5)
async def test_app_is_served_by_another_server(scope_simulator_app, aiohttp_client, aiohttp_server):
    hooks = []

    async def receive(request):
        hooks.append(await request.json())
        return web.Response()

    receiver = web.Application()
    receiver.router.add_post("/hooks", receive)
    target = await aiohttp_server(receiver)

    client = await aiohttp_client(scope_simulator_app)
    scope = AsyncSimulator.of(client.app, base_url=str(client.make_url("")))
    await scope.add_target(str(target.make_url("/hooks")))
    session = await scope.create("ScenarioSession")
    await scope.expect_answered(event="create", of=session)
    url = hooks[0]["data"]["resource-url"]
    answer = await client.session.get(url, headers={"Authorization": f"Bearer {scope.token}"})

    assert scope.seed == 5
    assert url.startswith(str(client.make_url("/api/v3/graphql/object/")))
    assert (await answer.json())["state"] == "IN_PROGRESS"


async def test_app_is_driven_over_http(scope_simulator_app, aiohttp_client):
    client = await aiohttp_client(scope_simulator_app)
    made = await client.post("/_simulator/resources/ScenarioSession", json={})
    assert made.status == 201
""",
}
"""A project whose tests pass and use all four fixtures."""

FAILING = {
    "pytest.ini": _INI,
    "conftest.py": _CONFTEST,
    "test_failing.py": """\
import socket

import pytest

from simulator import StateError


def test_passes(scope_simulator):
    scope_simulator.create("ScenarioSession")


@pytest.mark.scope_simulator(seed=7, retry="none")
def test_receiver_that_breaks(scope_simulator, broken_app):
    scope_simulator.add_target(broken_app.url + "/hooks")
    session = scope_simulator.create("ScenarioSession")
    scope_simulator.drain()
    scope_simulator.expect_answered(event="create", of=session, within=0.01)


def test_receiver_that_never_asks(scope_simulator):
    session = scope_simulator.create("ScenarioSession")
    scope_simulator.finish(session)
    scope_simulator.expect_queried(of=session, fields=["state"], within=0.01)


@pytest.mark.scope_simulator(seed=11)
def test_core(scope_simulator_core):
    scope_simulator_core.create("Call")
    scope_simulator_core.expect_answered(event="create")


@pytest.mark.scope_simulator(seed=12)
async def test_app(scope_simulator_app, aiohttp_client):
    client = await aiohttp_client(scope_simulator_app)
    answer = await client.get("/api/v9")
    assert answer.status == 200


@pytest.mark.scope_simulator(7)
def test_positional(scope_simulator):
    pass


@pytest.mark.scope_simulator(sesions=3)
def test_unknown_setting(scope_simulator_core):
    pass


@pytest.mark.scope_simulator(seed="seven")
def test_wrong_value(scope_simulator_app):
    pass


@pytest.mark.scope_simulator(ca="nowhere.pem")
def test_no_such_file(scope_simulator_app):
    pass


@pytest.fixture
def port_is_taken(request):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        request.node.add_marker(pytest.mark.scope_simulator(port=port))
        yield


def test_port_in_use(port_is_taken, scope_simulator):
    pass


def test_illegal_move(scope_simulator):
    session = scope_simulator.create("ScenarioSession")
    scope_simulator.finish(session)
    scope_simulator.pause(session)


def test_error_of_its_own(scope_simulator):
    raise StateError("my own")


async def test_awaited(scope_simulator_async):
    await scope_simulator_async.expect_answered(event="create", within=0.01)


@pytest.fixture
def stumbling(scope_simulator):
    yield
    raise RuntimeError("the receiver did not stop")


@pytest.mark.scope_simulator(seed=13)
def test_last(stumbling):
    pass
""",
}
"""A project in which each test but the first fails, each in its own way."""
