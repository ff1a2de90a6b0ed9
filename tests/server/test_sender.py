"""Each way a receiver can answer or fail, against real sockets."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from simulator.server.sender import MOST_ANSWER, Sender, in_words
from simulator.server.tls import tls_context
from simulator.settings import Settings
from simulator.wire import Attempt, Outcome
from tests.server.certificates import Certificate

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def attempt(url: str, *, timeout: float = 5.0, headers: tuple[tuple[str, str], ...] = ()) -> Attempt:
    return Attempt(1, 1, url, headers or (("Content-Type", "application/json"),), b'{"a":1}', timeout)


@asynccontextmanager
async def receiver(talk: Talk, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(met, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}/hook"
    finally:
        server.close()


async def request_of(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
    )
    return head + await reader.readexactly(length)


def answering(text: bytes) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(text)
        await writer.drain()

    return talk


@asynccontextmanager
async def sending(*, ca: Path | None = None, insecure: bool = False) -> AsyncIterator[Sender]:
    sender = Sender(tls_context(Settings(ca=None if ca is None else str(ca), insecure=insecure)))
    try:
        yield sender
    finally:
        await sender.close()


async def send(one: Attempt) -> Outcome:
    async with sending() as sender:
        return await sender.send(one)


def without_time(outcome: Outcome) -> Outcome:
    assert outcome.took > 0
    return Outcome(outcome.status, outcome.error, outcome.headers, outcome.body)


async def test_status_headers_and_body_of_the_answer_are_kept() -> None:
    text = b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\nX-Seen: Yes\r\n\r\nok"
    async with receiver(answering(text)) as url:
        outcome = await send(attempt(url))

    assert without_time(outcome) == Outcome(202, None, {"content-length": "2", "x-seen": "Yes"}, b"ok")


async def test_only_the_headers_of_the_attempt_are_sent() -> None:
    seen: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await request_of(reader))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    async with receiver(talk) as url:
        await send(attempt(url, headers=(("Content-Type", "application/json"), ("X-Two", "2"))))

    host = url.removeprefix("http://").removesuffix("/hook")
    assert seen == [
        f"POST /hook HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nX-Two: 2\r\n"
        'Content-Length: 7\r\n\r\n{"a":1}'.encode()
    ]


async def test_large_body_is_sent_whole_and_with_the_same_headers() -> None:
    seen: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await request_of(reader))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    body = b"x" * 2_000_000
    async with receiver(talk) as url:
        outcome = await send(Attempt(1, 1, url, (("X-One", "1"),), body, 5.0))

    host = url.removeprefix("http://").removesuffix("/hook")
    head = f"POST /hook HTTP/1.1\r\nHost: {host}\r\nX-One: 1\r\nContent-Length: 2000000\r\n\r\n"
    assert outcome.status == 200
    assert seen == [head.encode() + body]


async def test_connection_is_kept_for_the_next_post() -> None:
    met: list[int] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        met.append(1)
        for _ in range(2):
            await request_of(reader)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    async with receiver(talk) as url, sending() as sender:
        first = await sender.send(attempt(url))
        second = await sender.send(attempt(url))

    assert (first.status, second.status, met) == (200, 200, [1])


async def test_redirect_is_not_followed() -> None:
    text = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    async with receiver(answering(text)) as url:
        outcome = await send(attempt(url))

    assert outcome.status == 302


async def test_cookies_are_not_kept() -> None:
    seen: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2):
            seen.append(await request_of(reader))
            writer.write(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")

    async with receiver(talk) as url, sending() as sender:
        await sender.send(attempt(url))
        await sender.send(attempt(url))

    assert seen[0] == seen[1]


async def test_huge_answer_is_cut_and_its_connection_closed() -> None:
    gone = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
        try:
            while True:
                writer.write(b"x" * 50_000)
                await writer.drain()
        except ConnectionError:
            gone.set()

    async with receiver(talk) as url, sending() as sender:
        outcome = await sender.send(attempt(url))
        await gone.wait()

    assert (outcome.status, outcome.body) == (200, b"x" * MOST_ANSWER)


@pytest.mark.parametrize(
    "text",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
    ],
    ids=["length", "chunks"],
)
async def test_status_stands_when_the_body_breaks_off(text: bytes) -> None:
    async with receiver(answering(text)) as url:
        outcome = await send(attempt(url))

    assert (outcome.status, outcome.error, outcome.body) == (200, None, b"ok")


async def test_status_stands_when_the_body_is_slower_than_the_time_out() -> None:
    release = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok")
        await release.wait()

    async with receiver(talk) as url:
        outcome = await send(attempt(url, timeout=0.05))
        release.set()

    assert (outcome.status, outcome.error, outcome.body) == (200, None, b"ok")


async def test_silent_receiver_times_out_in_words() -> None:
    release = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await release.wait()

    async with receiver(talk) as url:
        outcome = await send(attempt(url, timeout=0.05))
        release.set()

    assert without_time(outcome) == Outcome(None, "timed out after 0.05 s")


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await request_of(reader)


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    linger = b"\1\0\0\0\0\0\0\0"
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


@pytest.mark.parametrize(
    ("talk", "error"),
    [
        pytest.param(hang_up, "the receiver hung up before it answered", id="closed"),
        pytest.param(reset, "the receiver hung up before it answered", id="reset"),
        pytest.param(
            answering(b"hello there\r\n\r\n"),
            "the receiver's answer is not HTTP",
            id="no-http",
        ),
    ],
)
async def test_failures_of_the_receiver_are_told_in_words(talk: Talk, error: str) -> None:
    async with receiver(talk) as url:
        outcome = await send(attempt(url))

    assert without_time(outcome) == Outcome(None, error)


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://127.0.0.1:{port}/", "connection refused"),
        ("http://localhost:{port}/", "connection refused"),
        ("http://no-such-host.invalid/", "host not found: no-such-host.invalid"),
    ],
    ids=["address", "name", "unknown"],
)
async def test_receivers_out_of_reach_are_told_in_words(url: str, error: str) -> None:
    outcome = await send(attempt(url.format(port=closed_port())))

    assert without_time(outcome) == Outcome(None, error)


@pytest.mark.parametrize(
    ("number", "error"),
    [(errno.ENETUNREACH, "the network is unreachable"), (errno.EACCES, os.strerror(errno.EACCES).lower())],
    ids=["known", "unknown"],
)
def test_socket_errors_that_no_test_can_provoke_have_words_too(number: int, error: str) -> None:
    assert in_words(OSError(number, "x")) == error


async def test_header_that_cannot_be_sent_is_told_in_words() -> None:
    async with receiver(answering(b"")) as url:
        outcome = await send(attempt(url, headers=(("X-Bad", "a\r\nb"),)))

    assert outcome.status is None
    assert outcome.error is not None
    assert outcome.error.startswith("the post failed: ")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("tls"))


async def test_unknown_certificate_is_told_in_words_and_what_would_help(certificate: Certificate) -> None:
    async with receiver(hang_up, tls=certificate.tls) as url:
        outcome = await send(attempt(url))

    assert outcome.error == (
        "TLS failed: self-signed certificate; the setting ca can name a file with its authority"
    )


async def test_certificate_for_another_host_is_told_in_words(certificate: Certificate) -> None:
    async with receiver(hang_up, tls=certificate.tls) as url, sending(ca=certificate.file) as sender:
        outcome = await sender.send(attempt(url.replace("127.0.0.1", "localhost")))

    assert outcome.error is not None
    assert outcome.error.startswith("TLS failed: Hostname mismatch")
    assert "setting" not in outcome.error


@pytest.mark.parametrize("given", ["ca", "insecure"])
async def test_certificate_is_taken_when_it_is_named_or_none_is_checked(
    certificate: Certificate, given: str
) -> None:
    settings = {"ca": {"ca": certificate.file}, "insecure": {"insecure": True}}[given]
    text = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    async with receiver(answering(text), tls=certificate.tls) as url, sending(**settings) as sender:
        outcome = await sender.send(attempt(url))

    assert (outcome.status, outcome.error) == (200, None)


async def test_receiver_without_tls_is_told_in_words() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with receiver(talk) as url:
        outcome = await send(attempt(url.replace("http:", "https:")))

    assert outcome.error == "TLS failed: the receiver does not speak TLS there"
