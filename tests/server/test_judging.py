"""What a handle expects of a real receiver in the same loop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from simulator.errors import ContractError, ExpectationError
from simulator.server.handle import Simulator
from tests.server.asking import query
from tests.server.receiving import answered_by, receiving


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


@asynccontextmanager
async def telling(state: dict) -> AsyncIterator[str]:
    """A receiver that tells its state, and counts in it how often it was asked."""

    async def tell(request: web.Request) -> web.Response:
        state["asked"] = state.get("asked", 0) + 1
        posted = await request.json() if request.method == "POST" else None
        return web.json_response({**state, "posted": posted, "key": request.headers.get("X-Key")})

    async with answered_by(tell) as at:
        yield f"{at}/state"


async def test_receivers_own_state_meets_its_expectation():
    async with telling({"state": "done"}) as url, Simulator() as scope:
        await scope.expect_receiver(url, json={"state": "done"}, path={"$.posted": None})
        await scope.expect_receiver(
            url, post={"a": 1}, headers={"X-Key": "k"}, status=[200], path={"$.posted.a": 1, "$.key": "k"}
        )
        with pytest.raises(
            ExpectationError, match=r'(?s)holds {"state":"open"}; seen: 200 {.*again:    curl'
        ):
            await scope.expect_receiver(url, json={"state": "open"}, within="50ms")


async def test_receivers_state_and_a_number_of_requests_are_waited_for_together():
    async with telling({"state": "done"}) as url, Simulator() as scope:
        await scope.expect(receiver={"get": url, "json": {"asked": 1}}, signed_in={"times": 0})
        with pytest.raises(ExpectationError, match=r"1 of 2 expectations not met: exactly 2 sign-ins"):
            await scope.expect(
                receiver={"get": url, "json": {"asked": 2}}, signed_in={"times": 2}, within="100ms"
            )


async def test_receiver_that_is_down_is_an_expectation_that_is_not_met():
    async with telling({}) as url:
        pass
    async with Simulator() as scope:
        with pytest.raises(ExpectationError, match="seen: no answer: connection refused, asked"):
            await scope.expect_receiver(url, within="50ms")


async def test_receiver_is_waited_for_until_it_says_what_is_expected():
    async with telling({}) as url, Simulator() as scope:
        await scope.expect_receiver(url, json={"asked": 3})


async def test_order_of_webhooks_meets_its_expectation():
    async with receiving() as receiver, Simulator(targets=[receiver.url]) as scope:
        session = await scope.create("ScenarioSession")
        await scope.finish(session)
        await scope.expect_order("create", "finished", of=session, target=receiver.url)
        with pytest.raises(ExpectationError, match=r"finished to .* arrived before paused"):
            await scope.expect_order("create", "paused", "finished", of=session)


async def test_requests_to_rest_and_sign_ins_meet_their_expectations():
    async with Simulator() as scope, aiohttp.ClientSession() as http:
        session = await scope.create("ScenarioSession")
        await scope.expect_signed_in(times=0)
        user = {"username": scope.username, "password": scope.password}
        await http.post(f"{scope.base_url}/api/v2/users/sign_in.json", json={"user": user})
        await scope.expect_signed_in(user=scope.username, times=1)
        await scope.expect_rest(method="POST", path="/api/v2/users/sign_in.json", status=200, times=1)
        await scope.expect_not_queried(of=session, after=None)
        await query(scope, session.id)
        with pytest.raises(
            ExpectationError, match=r"no requests about .* using state; seen: 1 fitting request"
        ):
            await scope.expect_not_queried(of=session, fields=["state"])
        with pytest.raises(ExpectationError, match="exactly 2 sign-ins"):
            await scope.expect_signed_in(user=await scope.user(scope.username), times=2, within="400ms")


async def test_all_that_is_unmet_is_told_at_once():
    async with receiving() as receiver, Simulator(targets=[receiver.url]) as scope:
        session = await scope.create("ScenarioSession")
        await scope.expect(answered={"event": "create", "of": session}, not_queried={"of": session})
        with pytest.raises(ExpectationError) as raised:
            await scope.expect(
                answered=[{"event": "create", "of": session}, {"event": "paused", "of": session}],
                queried={"of": session.id, "fields": ["state"]},
                signed_in={"user": scope.username},
                within="50ms",
            )
        with pytest.raises(ContractError, match=r"unknown key 'querried'\. Did you mean queried"):
            await scope.expect(querried={"of": session})

        user = await scope.user(scope.username)

    told = str(raised.value)
    assert told.startswith("3 of 4 expectations not met: paused about ")
    assert [line.partition(" about")[0] for line in told.split("\n") if line.startswith("expected:")] == [
        "expected: paused",
        "expected: a request",
        f"expected: a sign-in of {user.id[:12]}...",
    ]


def test_blocking_handle_expects_the_same():
    with Simulator() as scope:
        session = scope.create("ScenarioSession")
        scope.expect_not_queried(of=session)
        scope.expect_signed_in(times=0)
        scope.expect_rest(times=0)
        scope.expect(not_queried={"of": session}, within="1s")
        with pytest.raises(ExpectationError, match="is told to any target"):
            scope.expect_order("create", "finished", of=session, within="10ms")
        with pytest.raises(ExpectationError, match="no answer"):
            scope.expect_receiver("http://127.0.0.1:9/", within="10ms")
