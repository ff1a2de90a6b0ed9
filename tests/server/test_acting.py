"""What a handle does, against a real receiver in the same loop."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from simulator.errors import NotFoundError, StateError, UsageError
from simulator.server.handle import Simulator
from tests.server.asking import query
from tests.server.receiving import receiving


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
