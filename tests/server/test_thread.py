"""A thread with a loop of its own: work goes in, results and errors come out, and it ends when told."""

from __future__ import annotations

import asyncio
import threading

import pytest

from simulator.server.thread import LoopThread


@pytest.fixture
def thread():
    thread = LoopThread()
    yield thread
    thread.stop()


async def where() -> tuple[str, asyncio.AbstractEventLoop]:
    return threading.current_thread().name, asyncio.get_running_loop()


def test_work_is_done_in_its_loop(thread):
    assert thread.run(where()) == ("scope-simulator", thread.loop)


def test_error_comes_out_where_the_work_was_given(thread):
    async def fail() -> None:
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        thread.run(fail())


def test_stopping_cancels_what_still_runs_and_ends_the_thread():
    thread = LoopThread()
    ended = []

    async def go_on() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    async def begin() -> asyncio.Task[None]:
        task = asyncio.ensure_future(go_on())
        await asyncio.sleep(0)  # noqa: TID251 - it must have begun
        return task

    task = thread.run(begin())
    thread.stop()

    assert (thread.alive, task.cancelled(), ended) == (False, True, ["cancelled"])
    assert "scope-simulator" not in {one.name for one in threading.enumerate()}


def test_stopping_twice_is_harmless():
    thread = LoopThread()
    thread.stop()
    thread.stop()

    assert not thread.alive
