"""How the public API is used, for the type checker alone: nothing here is ever run.

Each function is a use that must stay well typed; a line with ``type: ignore`` is a misuse that must stay an error (an
ignore that is not needed is one too).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import assert_type

from aiohttp import web

from simulator import (
    AsyncSimulator,
    ContractError,
    ExpectationError,
    NotFoundError,
    Outcome,
    Person,
    PlatformError,
    Request,
    Resource,
    ScopeSimulatorError,
    Settings,
    Simulator,
    SimulatorCore,
    Snapshot,
    StateError,
    UsageError,
    __version__,
)
from simulator.wire import JSON, Answer, Attempt


def version() -> str:
    return __version__


def blocking() -> None:
    with Simulator(seed=7, targets=["http://127.0.0.1:8000/hooks"], speed="max") as scope:
        assert_type(scope, Simulator)
        assert_type(scope.base_url, str)
        assert_type(scope.token, str)
        assert_type(scope.seed, int)
        target = scope.add_target("http://127.0.0.1:8001/hooks")
        subscription = scope.subscribe("user/created", "http://127.0.0.1:8001/hooks", secret="s1", query=None)
        scope.update(subscription, sharedSecret="s2", signing="both")
        session = scope.create("ScenarioSession", externalData={"work_order_id": "WO-1"}, by="integrator")
        assert_type(session, Resource)
        assert_type(session.id, str)
        assert_type(session.type, str)
        assert_type(session["state"], JSON)
        scope.view(session, steps=3)
        scope.record(session, type="PHOTO", at="-20m")
        scope.record(session, type="TEXT", at=datetime(2021, 3, 1, tzinfo=UTC))
        scope.check(session.id, checkbox=2)
        scope.pause(session, by=scope.user("integrator"))
        scope.advance("2h")
        scope.resume(session)
        scope.finish(session)
        scope.emit(type="iot", event="connected", data={"device_id": "5c4b", "protocol": "MQTT"})
        scope.expect_answered(event="finished", of=session, status=[200, "2xx"], in_=3, within="10s")
        scope.expect_queried(of=session, fields=["state"], times=1, after="finished")
        scope.expect_not_queried(of=session, operation="Other")
        scope.expect_rest(method="POST", path="/api/v2/users/sign_in.json", status=200, times=0)
        scope.expect_signed_in(user=scope.username, times=0, within=1)
        scope.expect_order("create", "finished", of=session)
        scope.expect_receiver("http://localhost:8000/", json={"state": "done"}, path={"$.orders[0].id": 1})
        scope.expect(answered={"event": "finished", "of": session}, queried=[{"of": session}], within="10s")
        scope.faults(api=[{"status": 503, "times": 2, "match": {"of": session}}], delivery=[{"delay": "30s"}])
        scope.settle()
        assert_type(scope.explain_signature("", of=b"{}", secrets=["s1"]).right, bool)
        for delivery in scope.deliveries(of=session, state="given_up"):
            assert_type(str(scope.explain_signature("", of=delivery)), str)
            assert_type(delivery.state, str)
        for request in scope.requests(of=session):
            assert_type(request.operation, str | None)
        assert_type(scope.play(Path("scenarios/pause.yaml")).ok, bool)
        scope.play({"title": "Inline", "steps": [{"wait": "1s"}]})
        snapshot: Snapshot = scope.snapshot()
        scope.restore(snapshot)
        assert_type(scope.audit().ok, bool)
        scope.reset(seed=8)
        scope.remove_target(target)
        scope.create("Call", "WO-1")  # type: ignore[call-arg]
        scope.view(session, steps="three")  # type: ignore[arg-type]
        scope.expect_answered("finished")  # type: ignore[call-arg]


async def awaited() -> None:
    async with Simulator() as scope:
        assert_type(scope, AsyncSimulator)
        session = await scope.create("ScenarioSession")
        await scope.finish(session, at="-5m")
        await scope.expect_queried(of=session)
        assert_type(await scope.resources("User", limit=5), list[Resource])
        scope.create("Call")  # type: ignore[unused-coroutine]


async def served(app: web.Application) -> None:
    scope = AsyncSimulator.of(app, base_url="http://127.0.0.1:8080")
    await scope.create("Call")


def shared() -> Simulator:
    scope = Simulator(port=7267, people=[Person(name="Ana Silva")])
    scope.start()
    scope.stop()
    return scope


def without_sockets() -> list[Attempt]:
    core = SimulatorCore(sessions=0)
    answer = core.answer(Request("GET", "/api/v3/graphql", headers={"authorization": f"Bearer {core.token}"}))
    assert_type(answer, Answer)
    for attempt in core.due():
        core.report(attempt, Outcome(200))
    return core.advance("12m")


def settings() -> int:
    return Settings(seed=7).replace(timeout="10s").timeout


def errors(error: ScopeSimulatorError) -> str:
    match error:
        case StateError() | NotFoundError() | ContractError():
            return error.problem
        case UsageError():
            return f"{error.place}: {error.problem} {error.nearest} {error.remedy}"
        case PlatformError():
            return f"{error.status} {error.message}"
        case ExpectationError():
            as_assertion: AssertionError = error
            return str(as_assertion)
    return str(error)


def in_a_test(
    scope_simulator: Simulator,
    scope_simulator_async: AsyncSimulator,
    scope_simulator_core: SimulatorCore,
    scope_simulator_app: web.Application,
) -> None:
    scope_simulator.finish(scope_simulator.create("ScenarioSession"))
    assert_type(scope_simulator.awaitable, AsyncSimulator)
    assert_type(scope_simulator_async.now, str)
    assert_type(scope_simulator_core.now, str)
    assert_type(scope_simulator_app.router, web.UrlDispatcher)
