"""A platform driven against the receiver that a box recorded."""

from __future__ import annotations

from simulator.box.receiver import RecordedReceiver
from simulator.control import Stage
from simulator.control.waits import drained
from simulator.effects import Probe, Wait
from simulator.server.awaitable import AsyncSimulator
from simulator.server.playback import played_back
from simulator.settings import Settings
from tests.box.boxes import BASE, HOOK, boxed


def stage_again() -> Stage:
    stage = Stage(Settings().replace(targets=[HOOK], retry="none"))
    stage.found_at(BASE)
    return stage


async def test_receiver_answers_and_asks_as_it_did():
    box, stage = boxed(500), stage_again()

    async with played_back(stage, RecordedReceiver(box.entries)) as (live, _):
        await AsyncSimulator(live).create("ScenarioSession")
        await live.pump.wait(drained(stage.platform))

    facts = [entry.fact for entry in stage.platform.journal.since(0)]
    assert [fact.kind for fact in facts] == ["note", "change", "delivery", "attempt", "request", "outcome"]
    assert (facts[4].route, facts[4].answer.status, facts[5].outcome.status) == ("object", 200, 500)


async def test_what_was_asked_by_an_entry_is_asked_when_it_is_due():
    box, stage = boxed(200), stage_again()

    async with played_back(stage, RecordedReceiver(box.entries)) as (_, playback):
        playback.ask_until(3)
        assert stage.platform.tally().requests == 0
        playback.ask_until(4)

    assert stage.platform.tally().requests == 1


async def test_recorded_receiver_cannot_be_asked_what_it_never_was():
    stage = stage_again()
    probe = Probe("GET", "http://127.0.0.1:9/state")

    def work():
        yield probe
        yield Wait(lambda _idle: probe.outcome is not None)

    async with played_back(stage, RecordedReceiver(())) as (live, _):
        await live.pump.drive(work())

    assert probe.outcome.error == "the recorded receiver was never asked this: give --target URL"


async def test_reset_leaves_nothing_of_before():
    box, stage = boxed(500), stage_again()

    async with played_back(stage, RecordedReceiver(box.entries)) as (live, _):
        handle = AsyncSimulator(live)
        await handle.create("ScenarioSession")
        await live.pump.wait(Wait(lambda _idle: stage.platform.busy))
        await handle.reset()
        await live.pump.wait(drained(stage.platform))

    assert stage.platform.tally().attempts == 0


async def test_attempt_of_which_nothing_is_recorded_is_not_answered_before_its_time_out():
    stage = Stage(Settings().replace(targets=[HOOK], retry="none", timeout="10ms"))
    stage.found_at(BASE)

    async with played_back(stage, RecordedReceiver(())) as (live, playback):
        await AsyncSimulator(live).create("Call")
        assert not playback.silent
        await live.pump.wait(drained(stage.platform))

    outcome = stage.platform.journal.select(kinds=["outcome"])[0].fact.outcome
    assert (playback.silent, outcome.error, outcome.took) == (
        True,
        "nothing is recorded of this attempt",
        0.01,
    )
