"""What the control side tells of a journal becomes a journal again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.cli import mirror
from simulator.cli.mirror import Mirror, entry_of
from simulator.client import Client
from simulator.control.views import show_entry
from simulator.control.waits import drained
from simulator.journal import (
    Asked,
    AttemptMade,
    ChangeMade,
    DeliveryPlanned,
    Entry,
    FaultNoted,
    Noted,
    OutcomeSeen,
    RequestAnswered,
    StepPlayed,
    Undone,
)
from simulator.settings.faults import read_faults
from simulator.wire import Answer, Attempt, Outcome, Request
from tests.expect.story import HOOKS, NOW
from tests.server.receiving import receiving
from tests.server.serving import serving

PLANNED = DeliveryPlanned(3, HOOKS, "paused", "ScenarioSession", "A")
ATTEMPT = Attempt(3, 1, HOOKS, (("Content-Type", "application/json"),), b'{"a":1}', 0.0)


@pytest.mark.parametrize(
    "fact",
    [
        StepPlayed("a.yaml:3", "wait: 12m"),
        StepPlayed("a.yaml:3", "wait: 12m", "2"),
        PLANNED,
        DeliveryPlanned(4, HOOKS, "connected", "iot", None),
        AttemptMade(PLANNED, ATTEMPT),
        AttemptMade(PLANNED, Attempt(3, 1, HOOKS, (), b"\xff\x00", 0.0)),
        OutcomeSeen(PLANNED, Attempt(3, 1, HOOKS, (), b"", 0.0), Outcome(500, None, took=0.25), "given_up"),
        OutcomeSeen(PLANNED, Attempt(3, 1, HOOKS, (), b"", 0.0), Outcome(None, "x", took=0.25), "given_up"),
        RequestAnswered(
            Request("POST", "/api/v3/graphql", {"permalink": "x"}, {"accept": "*/*"}, b"{}"),
            Answer(200, b'{"data":{}}'),
            "graphql",
            "Q",
            (Asked("A", frozenset({"state", "id"})),),
            observer=True,
        ),
        ChangeMade("create", "Call", "A", ("create",), "Ana Silva"),
        ChangeMade("view", "User", "B", (), None),
        Undone(ChangeMade("view", "User", "B", (), None)),
        Undone(PLANNED),
        RequestAnswered(
            Request("POST", "/api/v3/graphql", {}, {}, b"{}"),
            Answer(503, b"{}"),
            "graphql",
            None,
            (),
            observer=False,
            faults=("fault 1 (api.status=503)",),
            spoilt=True,
        ),
        FaultNoted(2, "api.lag=5s", "ended", 3, 1),
        Noted("target 1 added"),
    ],
    ids=lambda fact: fact.kind,
)
def test_entry_comes_back_as_it_was(fact):
    entry = Entry(7, NOW, fact)

    assert entry_of(show_entry(entry)) == entry


async def test_mirror_catches_up_piece_by_piece(monkeypatch):
    monkeypatch.setattr(mirror, "_PIECE", 4)
    async with receiving() as receiver, serving(targets=(receiver.url,)) as served:
        journal = served.stage.platform.journal
        before = journal.last
        async with Client(served.here.base_url) as client:
            copy = Mirror(client, after=before)
            served.stage.platform.apply("create", "ScenarioSession")
            await receiver.has(1)
            served.stage.platform.apply("create", "Call")
            await receiver.has(2)
            first = await copy.catch_up()
            second = await copy.catch_up()

    told = [show_entry(entry) for entry in journal.since(before)]
    assert [*first, *second] == told
    kept = [entry.fact.kind for entry in copy.journal.since(0)]
    assert kept == [shown["kind"] for shown in told]
    assert {entry.at for entry in copy.journal.since(0)} == {served.stage.platform.now}


async def test_mirror_counts_what_came_of_the_deliveries_that_were_planned_since():
    async with receiving(status=500) as receiver, serving(targets=(receiver.url,)) as served:
        platform = served.stage.platform
        platform.apply("create", "Call")
        await receiver.has(1)
        async with Client(served.here.base_url) as client:
            copy = Mirror(client, after=platform.journal.last)
            platform.apply("create", "ScenarioSession")
            await receiver.has(2)
            await served.here.live.pump.wait(drained(platform))
            await copy.catch_up()

    assert copy.ends == {"planned": 1, "given_up": 1}
    assert copy.missed == 0


async def test_mirror_counts_what_faults_did():
    async with serving(targets=("http://127.0.0.1:9/",), retry="none") as served:
        platform = served.stage.platform
        platform.set_faults(read_faults(["delivery.drop,times=1", "delivery.unreachable"]))
        platform.apply("create", "Call")
        platform.apply("create", "Call")
        await served.here.live.pump.wait(drained(platform))
        async with Client(served.here.base_url) as client:
            copy = Mirror(client, after=0)
            await copy.catch_up()

    assert copy.ends == {"planned": 2, "dropped": 1, "given_up": 1}
    assert [entry.fact for entry in copy.journal.select(kinds=["delivery", "attempt"])] == [
        replace(entry.fact, attempt=replace(entry.fact.attempt, timeout=0.0))
        if isinstance(entry.fact, AttemptMade)
        else entry.fact
        for entry in platform.journal.select(kinds=["delivery", "attempt"])
    ]


async def test_mirror_begins_anew_with_the_journal_of_a_reset():
    async with serving() as served, Client(served.here.base_url) as client:
        copy = Mirror(client, after=0)
        for _ in range(3):
            served.stage.platform.apply("create", "Call")
        await copy.catch_up()
        served.stage.reset()
        served.stage.platform.apply("create", "ScenarioSession")
        new = await copy.catch_up()

    assert [one["type"] for one in new] == ["ScenarioSession"]


async def test_mirror_knows_how_many_entries_it_came_too_late_for():
    async with serving(journal_bound=3) as served:
        for number in range(5):
            served.stage.note(str(number))
        async with Client(served.here.base_url) as client:
            copy = Mirror(client, after=1)
            await copy.catch_up()
            served.stage.note("5")
            await copy.catch_up()

    assert copy.missed == 1
    assert copy.journal.counts == {"note": 4}
