"""The blocking handle: the same as the awaitable one, from a thread that blocks, with the server in another."""

from __future__ import annotations

import asyncio
import inspect
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from simulator.errors import ExpectationError, StateError, UsageError
from simulator.server.handle import AsyncSimulator, Simulator
from simulator.server.run import running
from simulator.settings import Settings
from simulator.store import open_stage
from tests.server.receiving import receiving


class Hook(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    words: list[str]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.words.append(json.loads(body)["event"])
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Mine", (Hook,), {"words": []}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def url(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}/hook"


def test_whole_story_blocks_step_by_step(receiver):
    with Simulator(seed=7) as scope:
        target = scope.add_target(url(receiver))
        session = scope.create("ScenarioSession", externalData={"work_order_id": "WO-1"})
        scope.update(session, externalData={"work_order_id": "WO-2"})
        scope.view(session)
        scope.record(session, type="PHOTO")
        scope.check(session, checkbox=1)
        scope.faults(api=[{"latency": "1ms"}])
        scope.advance("12m")
        scope.pause(session)
        scope.wait("2h")
        scope.resume(session)
        scope.finish(session)
        call = scope.create("Call")
        colleague = scope.resources("User", after=3, limit=1)[0]
        scope.join(call, by=colleague)
        scope.leave(call, by=scope.user(str(colleague["username"])))
        scope.emit(type="iot", event="connected")
        scope.expect_answered(event="finished", of=session)
        assert scope.resend(1).ids == (1,)
        scope.drain()
        scope.expect_delivered(event="finished", of=session, attempts=1)
        with pytest.raises(ExpectationError):
            scope.expect_given_up(event="finished", of=session)
        with pytest.raises(ExpectationError):
            scope.expect_queried(of=session, within=0.01)
        scope.settle()
        scope.disable_target(target)
        scope.enable_target(target)
        scope.remove_target(target)
        scope.delete(scope.subscribe("call/completed", "http://127.0.0.1:9/", secret="s1"))
        scope.delete(call)
        scope.drain()
        assert scope.resource(session)["externalData"] == {"work_order_id": "WO-2"}
        assert scope.now == "2021-03-01T10:12:00.000Z"
        assert len(scope.deliveries()) == len(receiver.RequestHandlerClass.words) - 1 == 15
        assert not scope.explain_signature("abc", of=scope.deliveries()[0], secrets=["s1"]).explained
        assert scope.requests() == []
        assert scope.tree(of=session).causes[0].change.verb == "create"
        assert scope.journal(kinds=["note"])[0].fact.text == f"target 1 added: {url(receiver)}"
        assert scope.play({"title": "x", "steps": [{"wait": "1s"}]}).ok
        before, known = scope.snapshot(), len(scope.deliveries())
        scope.advance("1h")
        scope.create("Call")
        scope.restore(before)
        assert (scope.now, len(scope.deliveries())) == ("2021-03-01T10:12:01.000Z", known)
        scope.reset(seed=8)
        assert (scope.seed, scope.username) == (8, "integrator")
        assert scope.graphql_url.startswith(scope.base_url)
        assert scope.control_url.startswith(scope.base_url)
        assert scope.token != scope.password


def public(kind: type) -> dict[str, object]:
    return {name: member for name, member in inspect.getmembers_static(kind) if not name.startswith("_")}


def test_blocking_handle_offers_exactly_what_the_awaitable_one_does():
    own, awaited_own = {"start", "stop", "attached", "awaitable"}, {"of"}
    blocking, awaited = public(Simulator), public(AsyncSimulator)

    assert set(blocking) - own == set(awaited) - awaited_own
    for name in set(awaited) - awaited_own:
        member = awaited[name]
        if not isinstance(member, property):
            assert inspect.signature(blocking[name]) == inspect.signature(member), name


def test_blocking_call_inside_a_running_loop_names_the_other_fixture():
    async def blunder(scope: Simulator) -> None:
        scope.create("Call")

    with Simulator() as scope, pytest.raises(StateError) as raised:
        asyncio.run(blunder(scope))

    assert str(raised.value) == (
        "a blocking call was made inside a running event loop, which would stop that loop. "
        "Await instead: use the fixture scope_simulator_async, or async with Simulator()."
    )


async def test_blocking_start_inside_a_running_loop_is_refused():
    with pytest.raises(StateError, match="scope_simulator_async"):
        Simulator().start()


def test_simulator_that_is_not_running_says_so():
    scope = Simulator()
    with pytest.raises(StateError, match="Use it inside its with block"):
        scope.create("Call")
    scope.stop()

    with scope:
        pass
    with pytest.raises(StateError, match="the simulator is not running"):
        _ = scope.base_url


def test_simulator_can_be_started_again_but_not_twice():
    scope = Simulator()
    with scope, pytest.raises(StateError, match="runs already"):
        scope.start()
    with scope:
        assert scope.now == "2021-03-01T08:00:00.000Z"


def test_address_in_use_is_raised_where_it_is_started():
    with Simulator() as one:
        port = int(one.base_url.rpartition(":")[2])
        other = Simulator(port=port)
        with pytest.raises(UsageError, match=f"port {port} on 127.0.0.1 is in use"):
            other.start()


def test_unknown_setting_is_named():
    with pytest.raises(UsageError, match="Did you mean sessions"):
        Simulator(sesions=1)


def test_interrupted_wait_no_longer_waits(monkeypatch):
    with Simulator() as scope:
        live = scope._live

        class Interrupting:
            def __init__(self, future) -> None:
                self.future = future
                self.cancel = future.cancel

            def result(self) -> None:
                raise KeyboardInterrupt

        submit = asyncio.run_coroutine_threadsafe
        monkeypatch.setattr(
            asyncio, "run_coroutine_threadsafe", lambda work, loop: Interrupting(submit(work, loop))
        )
        with pytest.raises(KeyboardInterrupt):
            scope.expect_queried(within="1h")
        monkeypatch.undo()
        scope.user("integrator")
        scope.user("integrator")

        assert live.pump._waiters == []


def test_simulator_with_a_file_goes_on_where_it_ended(receiver, tmp_path):
    file = str(tmp_path / "scope.db")
    with Simulator(seed=7, db=file) as scope:
        scope.add_target(url(receiver))
        session = scope.create("ScenarioSession", externalData={"order": "A"})
        scope.settle()
        before = (scope.token, scope.now, scope.deliveries()[0].attempts[0].attempt)

    with Simulator(db=file) as scope:
        again = scope.resource(session)
        after = (scope.token, scope.now, scope.deliveries()[0].attempts[0].attempt)
        scope.pause(session)
        scope.settle()

    assert dict(again) == dict(session)
    assert after == before
    assert receiver.RequestHandlerClass.words == ["create", "paused", "update"]


async def test_what_was_due_is_posted_as_soon_as_it_listens(tmp_path):
    stage = open_stage(Settings().replace(db=str(tmp_path / "scope.db"), port=0))
    async with receiving() as hooks:
        stage.add_target(hooks.url)
        stage.platform.apply("create", "ScenarioSession")
        async with running(stage):
            await hooks.has(1)

    assert hooks.words == ["create"]


def test_file_of_another_world_is_refused_where_it_is_started(tmp_path):
    file = str(tmp_path / "scope.db")
    with Simulator(seed=7, db=file):
        pass

    with pytest.raises(
        UsageError, match=r"^seed: the world in .* was made with another value; expected 7, found 8"
    ):
        Simulator(seed=8, db=file).start()


def test_file_that_cannot_grow_stops_it_wherever_somebody_asks(receiver, tmp_path):
    with Simulator(db=str(tmp_path / "scope.db")) as scope:
        scope.add_target(url(receiver))
        base = scope._alive.stage._keeper._file._base
        (pages,) = base.execute("PRAGMA page_count").fetchone()
        base.execute(f"PRAGMA max_page_count = {pages + 20}")
        with pytest.raises(UsageError, match="cannot grow: the disk is full") as first:
            scope.emit(type="iot", event="connected", data={"big": "x" * 200_000})
        with pytest.raises(UsageError) as second:
            scope.settle()
        request = Request(scope.graphql_url, b"{}", {"Content-Type": "application/json"})
        with pytest.raises(HTTPError) as answer:
            urlopen(request, timeout=10)
        refused = (answer.value.code, json.loads(answer.value.read()))

    assert str(second.value) == str(first.value)
    assert refused == (503, {"error": f"The simulator has stopped. {first.value}"})
    assert receiver.RequestHandlerClass.words == []
