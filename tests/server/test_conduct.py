"""An answer that a fault made late, slow or none at all, as a client over HTTP sees it."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import pytest

from simulator.server.conduct import carry_out
from simulator.wire import Answer
from tests.server.serving import serving

BODY = b"0123456789" * 3


async def test_late_answer_comes_late():
    async with serving() as served:
        served.stage.platform.answer = lambda _request: Answer(200, BODY, delay=0.05)
        began = time.perf_counter()
        answer = await served.ask("GET", "/api")

    assert time.perf_counter() - began >= 0.05
    assert (answer.status, await answer.read()) == (200, BODY)


async def test_slow_body_comes_in_pieces_after_its_head():
    async with serving() as served:
        served.stage.platform.answer = lambda _request: Answer(200, BODY, drip=0.08)
        began = time.perf_counter()
        answer = await served.http.get(f"{served.here.base_url}/api")
        head = time.perf_counter() - began
        pieces = [piece async for piece in answer.content.iter_any()]
        whole = time.perf_counter() - began

    assert (answer.headers["Content-Length"], b"".join(pieces)) == (str(len(BODY)), BODY)
    assert "x-request-id" in answer.headers
    assert len(pieces) > 2
    assert whole - head >= 0.05


async def test_slow_body_of_nothing_ends():
    async with serving() as served:
        served.stage.platform.answer = lambda _request: Answer(204, b"", drip=0.01)

        assert (await served.ask("GET", "/api")).status == 204


async def test_connection_is_closed_without_an_answer():
    async with serving() as served:
        served.stage.platform.answer = lambda _request: Answer(200, BODY, hang_up=True)

        with pytest.raises(aiohttp.ServerDisconnectedError):
            await served.ask("GET", "/api")


async def test_nobody_is_kept_waiting_when_the_simulator_stops():
    began = time.perf_counter()
    seen = asyncio.Event()

    def answer(_request: object) -> Answer:
        seen.set()
        return Answer(200, BODY, delay=60)

    async with aiohttp.ClientSession() as http:
        async with serving() as served:
            served.stage.platform.answer = answer
            asked = asyncio.ensure_future(http.get(f"{served.here.base_url}/api"))
            await seen.wait()
        async with await asked as answered:
            assert answered.status == 200

    assert time.perf_counter() - began < 10


async def test_client_that_has_gone_is_answered_nothing():
    class Gone:
        transport = None

    answer = await carry_out(Gone(), Answer(200, BODY, hang_up=True), [], asyncio.Event())

    assert answer.body == BODY


async def test_wait_ends_at_once_when_the_simulator_is_stopping():
    closing = asyncio.Event()
    closing.set()

    async with asyncio.timeout(5):
        await carry_out(None, Answer(200, BODY, delay=60), [], closing)
