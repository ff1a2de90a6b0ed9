"""Loops of our own: whichever kind they are, a coroutine runs to its end in them."""

from __future__ import annotations

import asyncio

import pytest

from simulator.server.loop import run
from tests.extras import BOTH_WAYS, use_extra


@BOTH_WAYS
def test_result_and_error_come_out(monkeypatch, extra):
    use_extra(monkeypatch, extra)

    async def divide(by: int) -> float:
        return 6 / by

    assert run(divide(2)) == 3
    with pytest.raises(ZeroDivisionError):
        run(divide(0))


def test_loop_is_the_extra_s_where_it_is_installed(monkeypatch):
    use_extra(monkeypatch, "with")
    made = []
    monkeypatch.setattr(
        "simulator.fast.loop_factory", lambda: lambda: made.append(1) or asyncio.new_event_loop()
    )

    async def nothing() -> None:
        return None

    run(nothing())

    assert made == [1]
