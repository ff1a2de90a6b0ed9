"""The handle without sockets."""

from __future__ import annotations

import inspect
import json
from datetime import UTC, datetime

import pytest

from simulator.audit.findings import Audited
from simulator.core import SimulatorCore
from simulator.errors import ExpectationError, StateError, UsageError
from simulator.server.awaitable import AsyncSimulator
from simulator.wire import Attempt, Outcome, Request

HOOKS = "http://app.example/hooks"


def words(attempts: list[Attempt]) -> list[str]:
    return [json.loads(attempt.body)["event"] for attempt in attempts]


def deliver(core: SimulatorCore, attempts: list[Attempt]) -> list[str]:
    """Answer these attempts, and all that comes due by that; return the event words."""
    told = []
    while attempts:
        told += words(attempts)
        for attempt in attempts:
            core.report(attempt, Outcome(200))
        attempts = core.due()
    return told


def test_whole_story_without_a_socket():
    core = SimulatorCore(targets=[HOOKS])
    session = core.create("ScenarioSession", externalData={"work_order_id": "WO-1"}, by="integrator")
    core.update(session, externalData={"work_order_id": "WO-2"})
    core.view(session, steps=2)
    core.record(session, type="PHOTO", at="-20m")
    core.record(session, type="TEXT", at=datetime(2021, 3, 1, 7, 30, tzinfo=UTC))
    core.check(session, checkbox=1)
    told = deliver(core, core.advance("12m"))
    core.pause(session)
    told += deliver(core, core.advance("2021-03-01T10:12:00Z"))
    core.resume(session)
    core.finish(session)
    call = core.create("Call")
    colleague = core.resources("User", after=3, limit=1)[0]
    core.join(call, by=colleague)
    core.leave(call, by=core.user(str(colleague["username"])))
    core.emit(type="iot", event="connected")
    core.delete(call)

    assert told + deliver(core, core.due()) == [
        *("create", *("update",) * 6, "paused", "update", "resumed", "update", "finished", "update"),
        *("create", "update", "update", "connected"),
    ]
    assert core.resource(session)["externalData"] == {"work_order_id": "WO-2"}
    assert core.now == "2021-03-01T10:12:00.000Z"
    core.expect_answered(event="finished", of=session, type="ScenarioSession", status=[200, 201])
    core.expect_answered(target=core.deliveries()[0].planned.target)
    assert core.resend(core.deliveries()[0]).ids == (1,)
    assert [attempt.number for attempt in core.due()] == [2]
    core.expect_delivered(event="finished", of=session, target=HOOKS, attempts=1)
    with pytest.raises(ExpectationError, match=r"finished about .* given up; seen: "):
        core.expect_given_up(event="finished", of=session)
    assert not core.explain_signature("abc", of=core.deliveries()[0], secrets=["s1"]).explained


def test_api_is_asked_by_hand():
    core = SimulatorCore(seed=7)
    session = core.create("ScenarioSession")
    asked = {"query": "query Q($id: ID!) { node(id: $id) { id } }", "variables": {"id": session.id}}
    headers = {"authorization": f"Bearer {core.token}", "content-type": "application/json"}

    answer = core.answer(Request("POST", "/api/v3/graphql", headers=headers, body=json.dumps(asked).encode()))

    assert json.loads(answer.body) == {"data": {"node": {"id": session.id}}}
    assert [request.operation for request in core.requests(of=session)] == ["Q"]
    assert [cause.about for cause in core.tree(of=session).causes] == [session.id]
    core.expect_queried(of=session, fields=["id"], operation="Q", times=1)
    with pytest.raises(ExpectationError, match="after finished began"):
        core.expect_queried(of=session, after="finished")


def test_integration_learns_where_it_would_be_and_who_may_ask():
    core = SimulatorCore(host="::1", port=80)

    assert core.base_url == "http://[::1]:80"
    assert core.graphql_url == "http://[::1]:80/api/v3/graphql"
    assert SimulatorCore().base_url == "http://127.0.0.1:7267"
    signed_in = core.answer(
        Request(
            "POST",
            "/api/v2/users/sign_in.json",
            headers={"content-type": "application/json"},
            body=json.dumps({"user": {"username": core.username, "password": core.password}}).encode(),
        )
    )
    assert signed_in.status == 200


def test_what_was_not_reported_is_in_flight_and_holds_back_the_next():
    core = SimulatorCore(retry="none")
    target = core.add_target(HOOKS)
    session = core.create("ScenarioSession")
    core.finish(session)
    [attempt] = core.due()

    assert core.due() == []
    assert [one.state for one in core.deliveries(of=session)] == ["in_flight", "waiting", "waiting"]
    core.report(attempt, Outcome(500))
    assert [one.planned.word for one in core.deliveries(state="given_up")] == ["create"]
    with pytest.raises(ExpectationError, match=r"create about .* answered 2xx; seen: .*create 500"):
        core.expect_answered(event="create", of=session)
    core.disable_target(target)
    core.disable_target(target.id)
    assert (core.due(), core.platform.tally().held) == ([], 2)
    core.enable_target(target.id)
    core.enable_target(target)
    core.remove_target(target)
    assert core.due() == []
    assert [entry.fact.kind for entry in core.journal(kinds=["note"])] == ["note"] * 4


def test_a_url_is_subscribed_to_a_topic():
    core = SimulatorCore()

    made = core.subscribe("user/created", HOOKS, secret="s1", query="{ viewer { id } }")

    assert core.resources("WebhookSubscription")[0].id == made.id
    assert dict(made) == {
        "id": made.id,
        "databaseId": "1",
        "callbackUrl": HOOKS,
        "query": "{ viewer { id } }",
        "sharedSecret": "s1",
    }
    assert core.update(made, sharedSecret="s2", signing="both")["sharedSecret"] == "s2"


def test_snapshot_is_gone_back_to():
    core = SimulatorCore(targets=[HOOKS])
    call = core.create("Call")
    snapshot = core.snapshot()
    core.finish(call)

    core.restore(snapshot)

    assert core.resource(call) == call
    assert len(core.due()) == 1


def test_reset_keeps_settings_and_targets():
    core = SimulatorCore(seed=7)
    core.add_target(HOOKS)
    first = core.create("ScenarioSession")
    core.advance("1d")
    core.reset()

    assert (core.seed, core.now) == (7, "2021-03-01T08:00:00.000Z")
    assert core.create("ScenarioSession").id == first.id
    assert deliver(core, core.due()) == ["create"]
    core.reset(seed=8)
    assert core.seed == 8


def test_mistakes_are_named():
    with pytest.raises(UsageError, match="Did you mean sessions"):
        SimulatorCore(sesions=1)
    core = SimulatorCore()
    session = core.create("ScenarioSession")
    core.finish(session)
    with pytest.raises(StateError):
        core.resume(session)
    with pytest.raises(UsageError, match="the clock cannot go back"):
        core.advance("2020-01-01T00:00:00Z")
    with pytest.raises(UsageError, match="duration"):
        core.advance("soon")


def test_moment_is_taken_as_it_is():
    core = SimulatorCore()
    core.advance(core.platform.now)

    assert core.now == "2021-03-01T08:00:00.000Z"


def test_core_offers_what_the_handles_do_save_what_needs_sockets_or_waits():
    waits = {"control_url", "drain", "of", "play", "settle", "wait"}
    by_hand = {"answer", "due", "platform", "report"}

    def public(kind: type) -> dict[str, object]:
        return {name: member for name, member in inspect.getmembers_static(kind) if not name.startswith("_")}

    core, handle = public(SimulatorCore), public(AsyncSimulator)
    assert set(core) - by_hand == set(handle) - waits
    for name in set(core) & set(handle) - {"advance"} - {name for name in core if name.startswith("expect")}:
        if not isinstance(core[name], property):
            assert inspect.signature(core[name]) == inspect.signature(handle[name]), name


def test_faults_strike_what_is_asked_by_hand():
    core = SimulatorCore(faults=["api.status=503,times=1"])
    session = core.create("ScenarioSession")
    core.faults(delivery=[{"drop": True, "match": {"event": "paused", "of": session}}])
    request = Request("GET", "/api/v3/graphql", headers={"authorization": f"Bearer {core.token}"})

    assert [core.answer(request).status for _ in range(2)] == [503, 200]


def test_core_keeps_no_file():
    with pytest.raises(UsageError) as caught:
        SimulatorCore(db="scope.db")

    assert str(caught.value) == (
        "db: a simulator without sockets remembers nothing. Leave it out, or use Simulator, which can keep a file."
    )


def test_audit_tells_whether_what_is_told_is_so():
    core = SimulatorCore(targets=[HOOKS], audit=True)
    core.create("Call")
    deliver(core, core.due())

    assert core.audit() == Audited(3)


def test_core_judges_what_has_happened_by_the_same_words():
    core = SimulatorCore(targets=["http://127.0.0.1:9/hook"])
    session = core.create("ScenarioSession")
    core.finish(session)
    while due := core.due():
        for attempt in due:
            core.report(attempt, Outcome(200))

    core.expect_order("create", "finished", of=session)
    core.expect_not_queried(of=session)
    core.expect_rest(times=0)
    core.expect_signed_in(user=core.username, times=0)
    core.expect_signed_in(times=0)
    core.expect(answered={"event": "finished", "of": session}, signed_in={"user": core.username, "times": 0})
    with pytest.raises(ExpectationError, match="2 of 2 expectations not met"):
        core.expect(queried={"of": session}, signed_in={})


def test_core_refuses_to_ask_the_receiver():
    core = SimulatorCore()
    refusal = (
        r"^receiver: a simulator without sockets cannot ask the receiver; found http://localhost/\. Ask it"
    )

    with pytest.raises(UsageError, match=refusal):
        core.expect_receiver("http://localhost/", json={"state": "done"})
    with pytest.raises(UsageError, match=refusal):
        core.expect(receiver={"get": "http://localhost/"})
