"""What a handle expects of a real receiver in the same loop."""

from __future__ import annotations

import pytest

from simulator.errors import ExpectationError
from simulator.server.handle import Simulator
from tests.server.asking import query
from tests.server.receiving import receiving


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


async def test_observers_own_requests_do_not_count():
    async with Simulator() as scope:
        session = await scope.create("ScenarioSession")
        await query(scope, session.id, **{"X-Scope-Simulator-Observer": "1"})
        await scope.expect_queried(of=session, times=0)

        assert [one.observer for one in await scope.requests(of=session)] == [True]
