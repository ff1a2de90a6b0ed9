"""One payload, many posts: as many in flight as the ordering allows, counted, told in lines."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

from simulator.cli import posting
from simulator.cli.posting import FEW, Posting
from simulator.cli.talk import Talk
from simulator.control.waits import drained
from simulator.webhooks.payloads import Payload
from tests.cli.commanding import dead_url
from tests.cli.terminals import terminal
from tests.server.receiving import receiving
from tests.server.serving import Served, serving

PAYLOAD = Payload.raw("connected", "iot", data={"a": 1})


async def post(served: Served, *urls: str, count: int, talk: Talk | None = None) -> Posting:
    """Post to the end and return what is known of it."""
    one = Posting(served.stage.platform, PAYLOAD, count=count, talk=talk or Talk())
    one.begin([served.stage.add_target(url) for url in urls])
    await served.here.live.pump.wait(drained(served.stage.platform))
    return one


def untimed(text: str) -> str:
    text = re.sub(r"\(\d+ ms\)", "(1 ms)", text)
    text = re.sub(r"\d+ a second for \d+\.\d\d s", "9 a second for 1.00 s", text)
    text = re.sub(r"within \d+ ms, the slowest took \d+ ms", "within 1 ms, the slowest took 2 ms", text)
    return re.sub(r"http://127\.0\.0\.1:\d{4,5}", "http://127.0.0.1:1234", text)


async def test_few_are_told_one_by_one(capsys):
    async with serving() as served, receiving() as receiver:
        one = await post(served, receiver.url, count=2)
        one.end()

    out, err = capsys.readouterr()
    assert (one.ok, err) == (True, "")
    assert untimed(out).splitlines() == [
        '{"time":"2021-03-01T08:00:00Z","event":"connected","type":"iot","data":{"a":1}}',
        "",
        *["2021-03-01T08:00:00Z  webhook  connected iot to http://127.0.0.1:1234/hook: answered 200 (1 ms)"]
        * 2,
        "",
        "posted 2 of 2 webhooks: 2 answered 200; no requests answered",
    ]


async def test_many_are_told_in_the_end(capsys):
    async with serving(ordering="none") as served, receiving() as receiver:
        one = await post(served, receiver.url, count=FEW + 1)
        one.end()

    assert one.ok
    assert untimed(capsys.readouterr().out).splitlines() == [
        "",
        "posted 21 of 21 webhooks: 21 answered 200; no requests answered",
        "9 a second for 1.00 s; half were answered within 1 ms, the slowest took 2 ms",
    ]
    assert len(receiver.hooks) == FEW + 1


async def test_how_far_many_are_is_shown_on_a_terminal(monkeypatch):
    monkeypatch.setattr(posting, "_NEWS", 0.0)
    async with serving(ordering="none") as served, receiving() as receiver:
        with terminal(monkeypatch) as shown:
            talk = Talk()
            # Nothing waits for the moment in which lines are gathered.
            monkeypatch.setattr(talk, "_catch_up_soon", talk._catch_up)
            one = await post(served, receiver.url, dead_url(), count=11, talk=talk)
            one.end()

    rows = shown.text.split("\r\x1b[K")
    assert rows[0] == "[....................] 1 of 22 posted, 1 without success"
    assert rows[-2] == "[####################] 22 of 22 posted, 11 without success"
    assert "\x1b[31mposted 22 of 22 webhooks: " in rows[-1]


@pytest.mark.parametrize(("ordering", "in_flight"), [("none", 16), ("first", 1), ("strict", 1)])
async def test_as_many_are_in_flight_as_the_ordering_allows_and_no_more_are_planned_ahead(
    ordering, in_flight
):
    async with serving(ordering=ordering) as served, receiving() as receiver:
        receiver.hold.clear()
        posts = asyncio.ensure_future(post(served, receiver.url, count=40))
        await receiver.has(in_flight)
        counts = served.stage.platform.dispatch.outbox.counts
        receiver.hold.set()
        await posts

    assert (counts.in_flight, counts.planned) == (in_flight, 16)
    assert len(receiver.hooks) == 40


async def test_targets_do_not_wait_for_each_other(capsys):
    async with serving(ordering="none") as served, receiving() as slow, receiving() as fast:
        slow.hold.clear()
        posts = asyncio.ensure_future(post(served, slow.url, fast.url, count=30))
        await fast.has(30)
        slow.hold.set()
        one = await posts
        one.end()

    assert (len(slow.hooks), len(fast.hooks)) == (30, 30)
    assert "posted 60 of 60 webhooks: 60 answered 200;" in capsys.readouterr().out


async def test_what_failed_is_told_with_the_answer_and_a_line_that_repeats_it(capsys):
    async def refusing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"}}")
        writer.write(b"HTTP/1.1 500 Oh\r\nContent-Length: 600\r\nConnection: close\r\n\r\n\x1b" + b"x" * 599)
        writer.close()

    server = await asyncio.start_server(refusing, "127.0.0.1", 0)
    async with server, serving() as served:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
        one = await post(served, url, dead_url(), count=1)
        one.end("a line")

    lines = untimed(capsys.readouterr().out).splitlines()
    assert not one.ok
    assert f"  answer: \\x1b{'x' * 499}" in lines
    at = lines.index("a line")
    assert lines[at - 1] == ""
    ends = lines[at + 1].removeprefix("posted 2 of 2 webhooks: ").removesuffix("; no requests answered")
    assert sorted(ends.split(", ")) == ["1 answered 500", "1 connection refused"]
    assert lines[at + 2].endswith(": answered 500 (1 ms)")
    assert lines[at + 3].startswith("    again: curl -H ")
    assert lines[at + 4].endswith(": no answer, connection refused (1 ms)")


async def test_what_the_receiver_asks_is_told_too(capsys):
    async with serving() as served, receiving() as receiver:
        receiver.on_hook = asks(served)
        one = await post(served, receiver.url, count=1)
        one.end()

    out = capsys.readouterr().out
    assert "2021-03-01T08:00:00Z  asked    GET /nowhere: 404\n" in out
    assert "posted 1 of 1 webhook: 1 answered 200; 1 request answered\n" in out


def asks(served: Served):
    async def ask(_hook: dict) -> int:
        await served.ask("GET", "/nowhere")
        return 200

    return ask


@pytest.mark.parametrize(
    ("count", "kinds"),
    [(1, ["attempt", "request", "outcome", "summary"]), (FEW + 1, [*["outcome"] * (FEW + 1), "summary"])],
)
async def test_programs_get_each_post_and_a_summary(count, kinds, capsys):
    async with serving() as served, receiving() as receiver:
        receiver.on_hook = asks(served)
        one = await post(served, receiver.url, count=count, talk=Talk(as_json=True))
        one.end()

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["kind"] for line in lines] == kinds
    seconds = lines[-1].pop("seconds")
    assert 0 < seconds < 60
    assert lines[-1] == {
        "kind": "summary",
        "ok": True,
        "wanted": count,
        "posted": count,
        "answers": {"answered 200": count},
        "requests": count,
    }


async def test_end_before_anything_came_back(capsys):
    async with serving() as served, receiving() as receiver:
        receiver.hold.clear()
        one = Posting(served.stage.platform, PAYLOAD, count=3, talk=Talk())
        one.begin([served.stage.add_target(receiver.url)])
        await receiver.has(1)
        one.end("stopped")

    assert not one.ok
    assert "\nstopped\nposted 0 of 3 webhooks; no requests answered\n" in capsys.readouterr().out
