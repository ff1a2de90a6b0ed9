"""A handle may be awaited in any loop; the simulator's own does the work."""

from __future__ import annotations

import asyncio
import inspect

import pytest

from simulator.errors import NotFoundError, StateError
from simulator.server.awaitable import AsyncSimulator
from simulator.server.handle import Simulator
from simulator.server.reach import RECORDED
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
        with pytest.raises(StateError, match="while this waited"):
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


READING = {
    *("deliveries", "requests", "journal", "tree", "explain_signature", "audit"),
    *("resource", "resources", "user"),
}


def test_every_method_that_does_something_is_kept_for_a_box():
    methods = {
        name
        for name, method in inspect.getmembers(AsyncSimulator, inspect.iscoroutinefunction)
        if not name.startswith("_")
    }

    assert methods - READING == RECORDED


async def test_calls_are_kept_with_what_they_raise_but_not_those_they_make_themselves():
    async with Simulator() as scope:
        calls = scope._live.stage.keep_calls()
        await scope.subscribe("user/created", "http://127.0.0.1:9/hook", secret="s")
        with pytest.raises(NotFoundError) as caught:
            await scope.pause("nobody")
        await scope.resources("User")

        assert [(one.name, one.error) for one in calls.made] == [("subscribe", None), ("pause", caught.value)]


def test_blocking_calls_are_kept_too():
    with Simulator() as scope:
        calls = scope._alive.stage.keep_calls()
        session = scope.create("ScenarioSession", externalData={"a": 1})
        scope.finish(session, at="-0s")

        assert [(one.name, one.args, one.values) for one in calls.made] == [
            ("create", ["ScenarioSession"], {"by": None, "at": None, "externalData": {"a": 1}}),
            ("finish", [session.id], {"by": None, "at": "-0s"}),
        ]
