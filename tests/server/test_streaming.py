"""The journal as server-sent events over HTTP."""

from __future__ import annotations

import asyncio

import aiohttp

from simulator.control import Stage
from simulator.server import streaming
from simulator.server.run import running
from simulator.settings import Settings
from tests.control.test_streaming import parsed
from tests.server.receiving import until
from tests.server.serving import Served, serving

URL = "/_simulator/journal/stream"


async def read(answer: aiohttp.ClientResponse, many: int) -> list[tuple[str | None, str | None, object]]:
    """Return the next events."""
    text = ""
    async with asyncio.timeout(5):
        while len(parsed(text)) < many or not text.endswith("\n\n"):
            line = await answer.content.readline()
            if not line:
                break
            text += line.decode()
    return parsed(text)


def stream(served: Served, **more: object):
    return served.http.get(served.here.base_url + URL, **more)


async def test_entries_come_as_they_are_written():
    async with serving() as served:
        served.stage.note("before")
        async with stream(served) as answer:
            before = await read(answer, 1)
            served.stage.note("after")
            after = await read(answer, 1)

    assert (answer.status, answer.content_type) == (200, "text/event-stream")
    assert answer.headers["Cache-Control"] == "no-store"
    assert [(number, data["text"]) for _, number, data in before + after] == [("1", "before"), ("2", "after")]


async def test_connection_that_broke_goes_on_where_it_was():
    async with serving() as served:
        for number in range(4):
            served.stage.note(str(number))
        async with stream(served, headers={"Last-Event-ID": "2"}, params={"after": "1"}) as answer:
            events = await read(answer, 2)
        bad = await served.ask("GET", URL, headers={"Last-Event-ID": "x"})

    assert [number for _, number, _ in events] == ["3", "4"]
    assert bad.status == 400


async def test_simulator_that_stops_says_so():
    async with aiohttp.ClientSession() as http:
        async with running(Stage(Settings(port=0))) as here:
            answer = await http.get(here.base_url + URL)
            here.live.stage.note("last words")
        events = await read(answer, 2)

    assert [(name, data.get("text", data.get("why"))) for name, _, data in events] == [
        (None, "last words"),
        ("end", "the simulator has stopped"),
    ]


async def test_reader_hears_now_and_then_that_nothing_is_new(monkeypatch):
    monkeypatch.setattr(streaming, "_QUIET", 0.01)
    async with serving() as served, stream(served) as answer:
        while (await answer.content.readline()) != b": nothing new\n":
            pass
        served.stage.note("here")
        events = await read(answer, 1)

    assert [data["text"] for _, _, data in events] == ["here"]


async def test_reader_that_goes_away_is_forgotten():
    async with serving() as served:
        followers = served.stage.platform.journal._followers
        known = len(followers)
        async with stream(served) as answer:
            await until(lambda: len(followers) > known)
            answer.close()
        await until(lambda: len(followers) == known)


async def test_reader_that_takes_nothing_holds_up_nobody_and_is_let_go(monkeypatch):
    monkeypatch.setattr(streaming, "_PATIENCE", 0.05)
    async with serving() as served:
        followers = served.stage.platform.journal._followers
        known = len(followers)
        _, writer = await asyncio.open_connection(
            "127.0.0.1", int(served.here.base_url.rpartition(":")[2]), limit=1
        )
        writer.write(f"GET {URL} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        await until(lambda: len(followers) > known)
        for _ in range(20):
            served.stage.note("x" * 1_000_000)

        status, _ = await served.control("GET", "health")
        async with asyncio.timeout(10):
            await until(lambda: len(followers) == known)
        writer.close()

    assert status == 200
