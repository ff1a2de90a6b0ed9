"""The receiver for looking: it answers as told, or passes on what came, byte by byte."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO

import aiohttp
import pytest

from simulator.report.arrivals import Arrival, PassedOn
from simulator.server.listener import MOST_BODY, Instructions, listening
from tests.cli.commanding import dead_url
from tests.server.certificates import Certificate
from tests.server.receiving import receiving, until

Heard = list[tuple[Arrival, int, PassedOn | None]]


@asynccontextmanager
async def listener(**instructions) -> AsyncIterator[tuple[str, Heard]]:
    heard: Heard = []
    async with listening(
        "127.0.0.1", 0, Instructions(**instructions), lambda *parts: heard.append(parts)
    ) as url:
        yield url, heard


@asynccontextmanager
async def speaking(answer: bytes, *, hold: bool = False) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that keeps the bytes of one request and writes these bytes."""
    came: list[bytes] = []
    over = asyncio.Event()

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
        came.append(head + await reader.readexactly(length))
        if hold:
            await over.wait()
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/there?b=1", came
        over.set()


async def raw(url: str, request: bytes, *, ends: bool = False) -> bytes:
    """Send these bytes, and with ``ends`` nothing more, and return all that comes back."""
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    if ends:
        writer.write_eof()
    answer = await reader.read()
    writer.close()
    return answer


async def test_request_is_told_as_it_came():
    async with listener(status=201) as (url, heard), aiohttp.ClientSession() as http:
        async with http.post(f"{url}/a%2Fb?c=%20", data=b"\xff{ }", headers={"X-One": "ü"}) as answer:
            body = await answer.read()
        async with http.get(url) as other:
            pass

    (arrival, status, passed_on), (second, *_) = heard
    assert (answer.status, body, other.status, status, passed_on) == (201, b"", 201, 201, None)
    assert (arrival.number, arrival.method, arrival.target) == (1, "POST", "/a%2Fb?c=%20")
    assert (arrival.body, arrival.fault) == (b"\xff{ }", None)
    assert ("X-One", "ü") in arrival.headers
    assert (second.number, second.method, second.target, second.body) == (2, "GET", "/", b"")


async def test_compressed_body_stays_compressed():
    body = gzip.compress(b"{}")
    async with listener() as (url, heard), aiohttp.ClientSession() as http:
        await http.post(url, data=body, headers={"Content-Encoding": "gzip"})

    assert heard[0][0].body == body


@pytest.mark.parametrize(("status", "location"), [(302, "/redirected"), (500, None), (204, None)])
async def test_redirect_leads_to_where_a_sender_that_follows_it_is_seen(status, location):
    async with listener(status=status) as (url, heard), aiohttp.ClientSession() as http:
        answer = await http.post(url, data=b"{}", allow_redirects=False)

    assert (answer.status, answer.headers.get("Location"), heard[0][1]) == (status, location, status)


async def test_body_that_is_too_large_is_refused():
    async with listener() as (url, heard), aiohttp.ClientSession() as http:
        largest = await http.post(url, data=b"x" * MOST_BODY)
        larger = await http.post(url, data=BytesIO(b"x" * (MOST_BODY + 1)))

    assert (largest.status, larger.status) == (200, 413)
    assert [(len(arrival.body), arrival.fault, status) for arrival, status, _ in heard] == [
        (MOST_BODY, None, 200),
        (MOST_BODY, f"the body has more than {MOST_BODY} bytes", 413),
    ]


async def test_body_that_breaks_off_is_told_as_far_as_it_came():
    async with listener() as (url, heard):
        await raw(url, b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc", ends=True)
        await until(lambda: bool(heard))

    ((arrival, status, _),) = heard
    assert (arrival.body, arrival.fault, status) == (b"abc", "the body breaks off", 400)


async def test_request_is_passed_on_unchanged_and_the_answer_comes_back_unchanged():
    body = b'{ "a":1,\r\n"b": \xff}'
    there = b"HTTP/1.1 418 Teapot\r\nX-Two: b\r\nX-Two: c\r\nContent-Encoding: gzip\r\nKeep-Alive: x\r\nContent-Length: 3\r\n\r\n\x1f\x8b!"
    request = (
        b"PUT /here?a=%2F HTTP/1.1\r\nHost: me\r\nx-MIXED: One\r\nx-MIXED: two\r\nUser-Agent: u\r\nConnection: close\r\n"
        b"Content-Encoding: gzip\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body
    )
    async with speaking(there) as (forward, came), listener(forward=forward) as (url, heard):
        answer = await raw(url, request)

    (passed,) = came
    head, _, sent = passed.partition(b"\r\n\r\n")
    assert sent == body
    first, *headers = head.split(b"\r\n")
    host = forward.split("/")[2].encode()
    assert first == b"PUT /there?b=1 HTTP/1.1"
    assert sorted(headers) == sorted(
        [
            *(b"x-MIXED: One", b"x-MIXED: two", b"User-Agent: u", b"Content-Encoding: gzip"),
            *(b"Host: " + host, b"Content-Length: " + str(len(body)).encode()),
        ]
    )
    head, _, back = answer.partition(b"\r\n\r\n")
    first, *headers = head.split(b"\r\n")
    assert (first.split()[1], back) == (b"418", b"\x1f\x8b!")
    assert [line for line in headers if line.startswith((b"X-Two", b"Content-Encoding", b"Keep-Alive"))] == [
        *(b"X-Two: b", b"X-Two: c", b"Content-Encoding: gzip")
    ]
    ((_, status, told),) = heard
    assert (status, told.url, told.status, told.error, told.body) == (418, forward, 418, None, b"\x1f\x8b!")
    assert ("Keep-Alive", "x") in told.headers


async def test_header_that_stands_twice_in_two_spellings_is_kept_twice():
    request = b"GET / HTTP/1.1\r\nHost: me\r\nX-a: 1\r\nx-A: 2\r\nConnection: close\r\n\r\n"
    async with (
        speaking(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as (forward, came),
        listener(forward=forward) as (url, _),
    ):
        await raw(url, request)

    assert b"\r\nX-a: 1\r\nX-a: 2\r\n" in came[0]


async def test_redirect_from_there_is_answered_and_not_followed():
    async with (
        speaking(b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n") as (
            forward,
            came,
        ),
        listener(forward=forward) as (url, _),
        aiohttp.ClientSession() as http,
    ):
        answer = await http.get(url, allow_redirects=False)

    assert (answer.status, answer.headers["Location"], len(came)) == (302, "/x", 1)


async def test_nobody_there_is_answered_with_the_reason():
    async with listener(forward=dead_url()) as (url, heard), aiohttp.ClientSession() as http:
        answer = await http.post(url, data=b"{}")
        text = await answer.text()

    ((_, status, told),) = heard
    assert (answer.status, status, told.status, told.error) == (502, 502, None, "connection refused")
    assert text == f"{dead_url()} gave no answer: connection refused\n"


@pytest.mark.parametrize(
    ("answer", "scheme", "error"),
    [
        pytest.param(b"", "http", "the receiver hung up before it answered", id="nothing"),
        pytest.param(b"hello\r\n\r\n", "http", "the receiver's answer is not HTTP", id="no-http"),
        pytest.param(
            b"HTTP/1.1 400 Bad\r\n\r\n",
            "https",
            "TLS failed: the receiver does not speak TLS there",
            id="no-tls",
        ),
    ],
)
async def test_what_is_no_answer_there_is_told_in_the_words_of_a_post(answer, scheme, error):
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    forward = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with server, listener(forward=forward) as (url, heard), aiohttp.ClientSession() as http:
        status = (await http.post(url, data=b"{}")).status

    assert (status, heard[0][2].error) == (502, error)


async def test_certificate_that_nobody_knows_there_is_told_in_the_words_of_a_post(tmp_path):
    async with (
        receiving(tls=Certificate(tmp_path).tls) as receiver,
        listener(forward=receiver.url) as (url, heard),
        aiohttp.ClientSession() as http,
    ):
        await http.post(url, data=b"{}")

    assert heard[0][2].error == (
        "TLS failed: self-signed certificate; the setting ca can name a file with its authority"
    )


async def test_unknown_host_there_is_told_in_the_words_of_a_post():
    async with (
        listener(forward="http://no-such-host.invalid/") as (url, heard),
        aiohttp.ClientSession() as http,
    ):
        await http.post(url, data=b"{}")

    assert heard[0][2].error == "host not found: no-such-host.invalid"


async def test_there_is_a_limit_to_how_long_it_may_take():
    async with (
        speaking(b"", hold=True) as (forward, _),
        listener(forward=forward, timeout=0.01) as (url, heard),
        aiohttp.ClientSession() as http,
    ):
        answer = await http.post(url, data=b"{}")

    assert (answer.status, heard[0][2].error) == (502, "timed out after 0.01 s")
