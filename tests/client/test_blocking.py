"""Every operation as a method that blocks, and both halves alike."""

from __future__ import annotations

import ast
import inspect

import pytest

from simulator.client import BlockingClient, ProblemError, awaited, blocking
from simulator.control import OPERATIONS
from simulator.errors import ExpectationError, UsageError
from simulator.server.handle import Simulator
from tests.server.receiving import receiving


def methods(kind: type) -> dict[str, inspect.Signature]:
    found = inspect.getmembers(kind, inspect.isfunction)
    return {name: inspect.signature(one) for name, one in found if not name.startswith("_")}


def test_both_halves_offer_the_same():
    assert methods(awaited.AwaitedOperations) == methods(blocking.BlockingOperations)


@pytest.mark.parametrize("half", [awaited, blocking], ids=["awaited", "blocking"])
def test_no_operation_is_left_out(half):
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(half))) if isinstance(node, ast.Call)]
    named = {
        node.args[0].value
        for node in calls
        if isinstance(node.func, ast.Attribute) and node.func.attr == "call" and node.args
    }

    assert named | {"journal_stream"} == {one.name for one in OPERATIONS}


def test_story_over_the_control_side():
    with Simulator(seed=7) as scope, BlockingClient(scope.base_url) as client:
        client.add_target("http://127.0.0.1:9/hook")
        (target,) = client.targets()
        session = client.create("ScenarioSession", sessionType="PERSISTENT", externalData={"n": 1})
        client.update(session, externalData={"n": 2})
        client.view(session, steps=2)
        client.record(session, type="PHOTO", at="-1m")
        client.check(session, checkbox=1)
        client.pause(session)
        client.take_snapshot("paused")
        client.resume(session)
        client.finish(session)
        assert client.resource(session)["state"] == "FINISHED"
        assert client.restore("paused")["clock"] == client.clock()
        assert [one["name"] for one in client.snapshots()] == ["paused"]
        client.delete_snapshot("1")
        assert client.resource(session)["state"] == "PAUSED"
        call = client.create("Call", by="integrator")
        colleague = client.resources("User", after=2, limit=1)[0]
        client.join(call, by=colleague.id)
        client.leave(call, by=colleague.id)
        assert client.delete(call).id == call.id
        client.emit(type="iot", event="connected", data={"a": 1})
        client.disable_target(target["id"])
        client.enable_target(target["id"])
        subscribed = client.subscribe(topic="call/completed", target="http://127.0.0.1:9/two", secret="s1")
        assert client.subscription(subscribed["id"]) in client.subscriptions()
        client.update_subscription(subscribed["id"], secret="s2")
        client.unsubscribe(subscribed["id"])
        client.set_faults(delivery=[{"drop": True}])
        assert len(client.faults()["delivery"]) == 1
        client.end_faults()
        assert client.advance("1h")["now"] > "2021-03-01T09"
        with pytest.raises(ExpectationError):
            client.wait_requests(of=session.id, within=0.01)
        with pytest.raises(ExpectationError):
            client.wait_deliveries(event="finished", of=session.id, within=0.01)
        with pytest.raises(UsageError):
            client.wait_expectations()
        client.settle(within="5s")
        delivered = client.deliveries(of=session, limit=1)[0]
        assert client.delivery(delivered["id"]) == delivered
        assert client.resend(delivered["id"])["id"] == delivered["id"]
        client.settle()
        assert delivered["id"] in client.resend_many(event="create", of=session.id)["resent"]
        assert client.tree(about=session)["causes"]
        assert client.requests() == []
        run = client.play("title: x\nsteps: [{wait: 1s}]")
        assert client.run(run["run"]) == run
        assert client.run_journal(run["run"], limit=1)["entries"][0]["kind"] == "step"
        assert client.explain_signature("abc", body="{}", secrets=["s"])["mistakes"] == []
        assert client.openapi()["openapi"] == "3.1.0"
        client.remove_target(target["id"])
        assert client.set_clock("manual")["mode"] == "manual"
        assert client.journal(kinds=["note"], about=None, limit=1)["entries"][0]["number"] == 1
        assert client.reset(seed=9)["seed"] == 9
        with pytest.raises(ProblemError) as problem:
            client.delivery(99)
    assert problem.value.status == 404


def test_journal_is_an_iterator():
    with Simulator() as scope, BlockingClient(scope.base_url) as client:
        scope.create("Call")
        entries = client.stream(kinds=["change"])

        assert next(entries)["verb"] == "create"
        entries.close()
        assert client.health()["ready"]


def test_journal_ends_with_the_simulator():
    scope = Simulator()
    scope.start()
    with BlockingClient(scope.base_url) as client:
        scope.create("Call")
        entries = client.stream()
        first = next(entries)
        scope.stop()

        assert [first["kind"], *(one["kind"] for one in entries)] == ["change"]


async def test_blocking_in_an_event_loop_is_refused():
    async with receiving() as receiver:
        with pytest.raises(UsageError) as error, BlockingClient(receiver.url):
            pass

    assert str(error.value) == (
        "a blocking call was made inside a running event loop, which would stop that loop. Use Client and await it."
    )
