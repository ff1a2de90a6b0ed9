"""The awaitable handle, each method against a real receiver in the same loop."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulator.control import Stage
from simulator.errors import ExpectationError, StateError, UsageError
from simulator.server.app import make_app
from simulator.server.awaitable import AsyncSimulator
from simulator.server.handle import Simulator
from tests.server.asking import query
from tests.server.receiving import receiving


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


async def test_script_with_several_runs_gives_several_reports_each_in_a_world_of_its_own():
    script = {"seed": 9, "for": {"n": [1, 2]}, "vars": {"order": "a"}, **SCRIPT}
    async with receiving() as receiver, Simulator(targets=[receiver.url]) as scope:
        report = await scope.play(script, vars={"order": "b"})

    assert [one.label for one in (report, *report.also)] == ["n=1", "n=2"]
    assert report.ok
    first, second = receiver.hooks
    assert first == second


async def test_unmet_expectations_of_every_run_are_raised():
    async with receiving(status=500) as receiver, Simulator(targets=[receiver.url], retry="none") as scope:
        with pytest.raises(ExpectationError, match=r"^2 of 2 expectations not met"):
            await scope.play({"for": {"n": [1, 2]}, **SCRIPT})
