"""A handle may be awaited in any loop; the simulator's own does the work."""

from __future__ import annotations

import asyncio

import pytest

from simulator.errors import StateError
from simulator.server.handle import Simulator
from tests.server.receiving import receiving, until


def test_simulator_in_a_thread_is_awaited_in_the_tests_own_loop():
    async def use(scope) -> list[str]:
        async with receiving() as receiver:
            await scope.add_target(receiver.url)
            session = await scope.create("ScenarioSession")
            await scope.expect_answered(event="create", of=session)
            return receiver.words

    with Simulator() as scope:
        assert asyncio.run(use(scope.awaitable)) == ["create"]


def test_error_comes_back_to_whoever_awaits():
    async def use(scope) -> None:
        with pytest.raises(StateError, match="reset while this waited"):
            await asyncio.gather(scope.expect_queried(within="1h"), scope.reset())

    with Simulator() as scope:
        asyncio.run(use(scope.awaitable))


def test_wait_that_is_cancelled_is_forgotten_in_the_other_loop():
    async def use(scope) -> None:
        waiting = asyncio.ensure_future(scope.expect_queried(within="1h"))
        await until(lambda: bool(scope._live.pump._waiters))
        waiting.cancel()
        await until(lambda: not scope._live.pump._waiters)

    with Simulator() as scope:
        asyncio.run(use(scope.awaitable))


def test_stopped_simulator_says_so():
    with Simulator() as scope:
        awaitable = scope.awaitable

    with pytest.raises(StateError, match="the simulator has stopped"):
        asyncio.run(awaitable.create("Call"))
