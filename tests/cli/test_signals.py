"""Ctrl-C and SIGTERM are waited for, and leave everything as it was."""

from __future__ import annotations

import asyncio
import signal

import pytest

from simulator.cli.signals import Interrupted, signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_signal_that_came_is_named(number):
    with signals() as heard:
        signal.raise_signal(number)

        assert await heard.wait() == number
        assert heard.came == number


async def test_handlers_are_put_back():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with signals():
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] != before

    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


async def test_second_signal_acts_as_it_would_without_us():
    came = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: came.append(number))
    try:
        with signals() as heard:
            signal.raise_signal(signal.SIGTERM)
            await heard.wait()
            assert came == []
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)

    assert came == [signal.SIGTERM]


async def test_work_that_ends_first_gives_its_result():
    async def work() -> str:
        return "done"

    with signals() as heard:
        assert await heard.during(work()) == "done"


async def test_work_that_fails_raises_its_own_error():
    async def fail() -> None:
        raise ValueError("mine")

    with signals() as heard, pytest.raises(ValueError, match="mine"):
        await heard.during(fail())


async def test_signal_cancels_the_work_and_lets_it_clean_up():
    cleaned = []

    async def work() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
            await asyncio.Event().wait()
        finally:
            cleaned.append("up")

    with signals() as heard, pytest.raises(Interrupted):
        await heard.during(work())

    assert cleaned == ["up"]


async def test_pause_ends_by_itself_or_with_a_signal():
    with signals() as heard:
        await heard.pause(0.001)
        assert heard.came is None
        signal.raise_signal(signal.SIGINT)
        # Without the signal this test would not end.
        await heard.pause(86_400)
        assert heard.came == signal.SIGINT
