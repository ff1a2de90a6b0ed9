"""The awaitable handle, each method against a real receiver in the same loop."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from simulator.control import Stage
from simulator.errors import ExpectationError, NotFoundError, StateError, UsageError
from simulator.server.app import make_app
from simulator.server.awaitable import AsyncSimulator
from simulator.server.handle import Simulator
from tests.server.receiving import receiving

QUERY = "query Q($id: ID!) { node(id: $id) { ... on ScenarioSession { state } } }"


async def query(scope, node_id: str, **headers: str) -> None:
    headers |= {"Authorization": f"Bearer {scope.token}"}
    async with aiohttp.ClientSession() as http:
        body = {"query": QUERY, "variables": {"id": node_id}}
        answer = await http.post(scope.graphql_url, json=body, headers=headers)
        assert answer.status == 200


async def test_addresses_and_credentials_follow_from_the_platform():
    async with Simulator(seed=7) as scope:
        assert scope.graphql_url == f"{scope.base_url}/api/v3/graphql"
        assert scope.control_url == f"{scope.base_url}/_simulator/"
        assert (scope.username, len(scope.password), len(scope.token), scope.seed) == (
            "integrator",
            16,
            40,
            7,
        )
        assert scope.now == "2021-03-01T08:00:00.000Z"


async def test_every_verb_tells_its_words():
    async with receiving() as receiver, Simulator(seed=7, targets=[receiver.url]) as scope:
        session = await scope.create("ScenarioSession", externalData={"a": 1})
        await scope.update(session, externalData={"a": 2})
        await scope.view(session, steps=2)
        await scope.record(session, type="PHOTO", at="-1s")
        await scope.check(session, checkbox=1)
        await scope.pause(session)
        await scope.resume(session, by="integrator")
        await scope.finish(session, at=datetime(2021, 3, 1, 8, 0, tzinfo=UTC))
        call = await scope.create("Call")
        user = (await scope.resources("User", after=2, limit=1))[0]
        await scope.join(call, by=user)
        await scope.leave(call, by=user)
        await scope.emit(type="iot", event="connected", data={"id": 1})
        await scope.emit(type="iot", event="lost")
        await scope.drain()
        gone = await scope.delete(call)

    assert (gone.id, gone.type) == (call.id, "Call")
    assert receiver.words == [
        *("create", "update", "update", "update", "update", "update"),
        *("paused", "update", "resumed", "update", "finished", "update"),
        *("create", "update", "update", "connected", "lost"),
    ]


async def test_resource_is_what_it_is_now():
    async with Simulator() as scope:
        session = await scope.create("ScenarioSession")
        await scope.pause(session.id)

        assert (await scope.resource(session))["state"] == "PAUSED"
        assert session["state"] == "IN_PROGRESS"
        assert (await scope.user("integrator")).type == "User"


async def test_command_that_cannot_be_raises_and_changes_nothing():
    async with Simulator() as scope:
        session = await scope.create("ScenarioSession")
        await scope.finish(session)
        with pytest.raises(StateError):
            await scope.resume(session)
        with pytest.raises(NotFoundError):
            await scope.create("ScenarioSesion")
        with pytest.raises(UsageError, match="at: the device's time cannot be read"):
            await scope.view(session, at="-x")


async def test_targets_come_and_go():
    async with receiving() as receiver, Simulator() as scope:
        target = await scope.add_target(receiver.url)
        await scope.emit(type="iot", event="one")
        await scope.drain()
        await scope.remove_target(target)
        again = await scope.add_target(receiver.url)
        await scope.remove_target(again.id)
        await scope.emit(type="iot", event="two")

    assert receiver.words == ["one"]


@pytest.mark.parametrize("named", [lambda target: target, lambda target: target.id], ids=["target", "id"])
async def test_what_a_disabled_target_is_told_piles_up(named):
    async with receiving() as receiver, Simulator() as scope:
        target = await scope.add_target(receiver.url)
        await scope.disable_target(named(target))
        await scope.emit(type="iot", event="one")
        await scope.drain()
        told_while_disabled = list(receiver.words)
        await scope.enable_target(named(target))
        await scope.drain()

    assert (told_while_disabled, receiver.words) == ([], ["one"])


async def test_time_moves_by_advance_and_by_wait():
    async with Simulator() as scope:
        await scope.advance("12m")
        await scope.wait(30)

        assert scope.now == "2021-03-01T08:12:30.000Z"


async def test_running_clock_cannot_be_moved_but_waited_for():
    async with Simulator(speed=1000) as scope:
        before = scope.now
        await scope.wait("10s")
        with pytest.raises(
            UsageError, match="the clock cannot be moved, time passes by itself at speed 1000"
        ):
            await scope.advance("12m")

        assert scope.now > before


async def test_settle_waits_until_the_receiver_is_quiet():
    async with receiving() as receiver, Simulator(targets=[receiver.url]) as scope:

        async def ask(hook: dict) -> int:
            await query(scope, hook["data"]["resource-id"])
            return 200

        receiver.on_hook = ask
        await scope.create("ScenarioSession")
        await scope.settle()

        assert len(await scope.requests()) == 1


async def test_nothing_due_in_time_is_an_unmet_expectation():
    async with receiving() as receiver, Simulator(targets=[receiver.url]) as scope:
        receiver.hold.clear()
        await scope.create("ScenarioSession")
        with pytest.raises(ExpectationError) as raised:
            await scope.drain(within=0.05)

    assert str(raised.value) == "expected nothing to be due within 0.05 s; seen: 1 deliveries pending"


async def test_deliveries_and_journal_tell_what_happened():
    async with receiving(status=500) as receiver, Simulator(targets=[receiver.url], retry="none") as scope:
        session = await scope.create("ScenarioSession")
        await scope.finish(session)
        await scope.create("Call")
        await scope.drain()
        finished = await scope.deliveries(of=session, event="finished")
        failed = await scope.deliveries(state="given_up")
        kinds = [entry.fact.kind for entry in await scope.journal(about=session, kinds=["change", "outcome"])]
        last = (await scope.journal())[-1].number

        assert await scope.journal(after=last) == []

    assert [(one.planned.word, one.state, one.attempts[0].outcome.status) for one in finished] == [
        ("finished", "given_up", 500)
    ]
    assert len(failed) == 4
    assert kinds == ["change", "change", "outcome", "outcome", "outcome"]


async def test_answered_webhook_meets_its_expectation():
    async with receiving() as receiver, Simulator(targets=[receiver.url]) as scope:
        session = await scope.create("ScenarioSession")
        await scope.expect_answered(event="created", of=session, type="ScenarioSession", in_="3s")
        await scope.expect_answered(status=[200, 204], in_=3, target=receiver.url, within=1)
        with pytest.raises(ExpectationError, match="answered 2xx by http://other"):
            await scope.expect_answered(target="http://other", within="20ms")
        with pytest.raises(ExpectationError, match="expectation not met: finished"):
            await scope.expect_answered(event="finished", of=session, within="20ms")


async def test_end_of_a_delivery_meets_its_expectation():
    async with receiving() as receiver, Simulator(targets=[receiver.url]) as scope:
        session = await scope.create("ScenarioSession")
        await scope.expect_delivered(event="create", of=session, target=receiver.url, attempts=1)
        receiver.status = 500
        await scope.finish(session)
        await scope.expect_given_up(event="finished", of=session, type="ScenarioSession", within=1)
        with pytest.raises(
            ExpectationError, match=r"finished .* delivered; seen: .* finished given up after"
        ):
            await scope.expect_delivered(event="finished", of=session)
        with pytest.raises(
            ExpectationError, match=r"create .* given up; seen: .* create delivered by attempt 1"
        ):
            await scope.expect_given_up(event="create", of=session)


async def test_delivery_is_sent_again_by_its_number_as_a_value_and_by_what_fits():
    async with receiving(status=500) as receiver, Simulator(targets=[receiver.url], retry="none") as scope:
        session = await scope.create("ScenarioSession")
        await scope.drain()
        receiver.status = 200
        one = await scope.resend(1)
        await scope.drain()
        (story,) = await scope.deliveries()
        two = await scope.resend(story)
        await scope.drain()
        three = await scope.resend(event="created", of=session, state="delivered")
        await scope.drain()
        (story,) = await scope.deliveries(of=session)
        with pytest.raises(UsageError, match="one delivery is named, and something that it should fit"):
            await scope.resend(1, event="create")

    assert [resent.ids for resent in (one, two, three)] == [(1,)] * 3
    assert [attempt.outcome.status for attempt in story.attempts] == [500, 200, 200, 200]


async def test_query_meets_its_expectation():
    async with Simulator() as scope:
        session = await scope.create("ScenarioSession")
        await query(scope, session.id)
        await scope.expect_queried(of=session, fields=["state"], operation="Q")
        await scope.expect_queried(of=session, times=1)
        with pytest.raises(ExpectationError, match="exactly 2 requests"):
            await scope.expect_queried(of=session, times=2, within="400ms")
        with pytest.raises(ExpectationError):
            await scope.expect_queried(of=session, after="finished", within="1d simulated")

        assert scope.now == "2021-03-02T08:00:00.000Z"


async def test_tree_tells_what_was_asked_because_of_what():
    async with receiving() as receiver, Simulator(targets=[receiver.url]) as scope:
        session = await scope.create("ScenarioSession")
        await scope.drain()
        await query(scope, session.id)
        await scope.create("Call")
        tree = await scope.tree(of=session)
        whole = await scope.tree()

    (cause,) = tree.causes
    (attempt,) = cause.deliveries[0].attempts
    assert [(one.tie, one.request.operation) for one in attempt.requests] == [("id", "Q")]
    assert [one.change.type for one in whole.causes] == ["ScenarioSession", "Call"]


async def test_observers_own_requests_do_not_count():
    async with Simulator() as scope:
        session = await scope.create("ScenarioSession")
        await query(scope, session.id, **{"X-Scope-Simulator-Observer": "1"})
        await scope.expect_queried(of=session, times=0)

        assert [one.observer for one in await scope.requests(of=session)] == [True]


SCRIPT = {
    "title": "A session is created",
    "steps": [
        {"create": "ScenarioSession", "as": "session"},
        {"expect": {"answered": {"event": "create", "of": "session"}, "within": "100ms"}},
    ],
}


async def test_script_is_played_from_a_mapping_and_from_a_file(tmp_path: Path):
    file = tmp_path / "mine.yaml"
    file.write_text(json.dumps(SCRIPT))
    async with receiving() as receiver, Simulator(targets=[receiver.url]) as scope:
        one = await scope.play(SCRIPT)
        two = await scope.play(file)
        three = await scope.play(str(file))

    assert [report.ok for report in (one, two, three)] == [True, True, True]
    assert two.file == str(file)
    assert receiver.words == ["create"] * 3


async def test_script_may_read_the_environment_of_whoever_plays_it(monkeypatch):
    monkeypatch.setenv("WORK_ORDER", "WO-7")
    async with Simulator() as scope:
        report = await scope.play({"title": "${env.WORK_ORDER}", "steps": [{"wait": "1s"}]})

    assert report.title == "WO-7"


async def test_unmet_expectation_of_a_script_is_raised():
    async with receiving(status=500) as receiver, Simulator(targets=[receiver.url]) as scope:
        with pytest.raises(ExpectationError, match=r"create"):
            await scope.play(SCRIPT)


async def test_script_with_a_world_of_its_own_begins_with_a_reset_and_keeps_every_target():
    async with receiving() as receiver, Simulator(seed=1) as scope:
        await scope.add_target(receiver.url)
        await scope.create("Call")
        await scope.play({"seed": 9, "start": "2022-01-01T00:00:00Z", **SCRIPT})

        assert scope.seed == 9
        assert scope.now.startswith("2022-01-01")
        assert len(await scope.deliveries()) == 1


async def test_reset_keeps_the_targets_that_were_added():
    async with receiving() as first, receiving() as added, Simulator(targets=[first.url]) as scope:
        await scope.add_target(added.url)
        await scope.create("Call")
        await scope.reset(seed=7)
        await scope.emit(type="iot", event="after_reset")
        await scope.drain()

        assert (scope.seed, len(await scope.deliveries())) == (7, 2)

    assert first.words[-1] == added.words[-1] == "after_reset"


async def test_unknown_setting_is_named():
    async with Simulator() as scope:
        with pytest.raises(UsageError, match="Did you mean seed"):
            await scope.reset(sead=7)
        with pytest.raises(UsageError, match="a reset cannot change the port"):
            await scope.reset(port=1)


async def test_application_in_another_server_has_a_handle(aiohttp_client):
    app = make_app(Stage())
    with pytest.raises(StateError, match="the application was not started"):
        AsyncSimulator.of(app)

    client = await aiohttp_client(app)
    assert AsyncSimulator.of(app).base_url == "http://127.0.0.1:7267"
    scope = AsyncSimulator.of(app, base_url=str(client.make_url("/")))
    async with receiving() as receiver:
        await scope.add_target(receiver.url)
        await scope.create("ScenarioSession")
        await scope.drain()

    assert receiver.hooks[0]["data"]["resource-url"].startswith(
        str(client.make_url("/api/v3/graphql/object/"))
    )


async def test_faults_are_set_side_by_side_and_ended():
    async with Simulator() as scope:
        session = await scope.create("ScenarioSession")
        await scope.faults(api=[{"status": 503, "times": 1}], delivery=[{"drop": True}])
        await scope.faults(delivery=[])
        with pytest.raises(AssertionError, match="503"):
            await query(scope, session.id)
        await query(scope, session.id)
        asked = await scope.requests()
        facts = [entry.fact for entry in await scope.journal(kinds=["fault"])]
        with pytest.raises(UsageError, match=r"/api/0/hangup: unknown fault 'hangup'\. Did you mean hang_up"):
            await scope.faults(api=[{"hangup": True}])

    assert [one.answer.status for one in asked] == [503, 200]
    assert [(fact.fault, fact.state) for fact in facts] == [
        (1, "set"),
        (2, "set"),
        (1, "ended"),
        (2, "ended"),
    ]
