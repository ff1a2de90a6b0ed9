"""What a handle tells of what happened, with a real receiver in the same loop."""

from __future__ import annotations

import pytest

from simulator.audit.findings import Audited
from simulator.errors import UsageError
from simulator.server.handle import Simulator
from tests.server.asking import query
from tests.server.receiving import receiving


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


async def test_audit_tells_whether_webhooks_and_api_agree():
    async with receiving() as receiver, Simulator(targets=[receiver.url], audit=True) as scope:
        session = await scope.create("ScenarioSession")
        await scope.drain()
        await scope.finish(session)
        await scope.drain()

        assert await scope.audit() == Audited(7)
        assert await scope.requests() == []


def test_blocking_handle_audits_too():
    with Simulator(audit=True) as scope:
        assert scope.audit() == Audited(0)
