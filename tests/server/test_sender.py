"""Each way a receiver can answer or fail, against real sockets."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from simulator.effects import MOST_PROBED, Probe
from simulator.server.loop import run
from simulator.server.response import MOST_ANSWER
from simulator.server.sender import Sender, in_words
from simulator.server.tls import tls_context
from simulator.settings import Settings
from simulator.wire import Attempt, Outcome
from tests.server.certificates import Certificate
from tests.server.receiving import until

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


async def sent(sender: Sender, one: Attempt) -> Outcome:
    ended: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

    def end(attempt: Attempt, outcome: Outcome) -> None:
        assert attempt is one
        ended.set_result(outcome)

    sender.post(one, end)
    return await ended


async def send(one: Attempt) -> Outcome:
    async with sending() as sender:
        return await sent(sender, one)


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
        first = await sent(sender, attempt(url))
        second = await sent(sender, attempt(url))

    assert (first.status, second.status, met) == (200, 200, [1])


class Raw:
    """A receiver whose sockets do nothing by themselves."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.setblocking(False)
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}/hook"
        self._taken: list[socket.socket] = []

    async def accept(self) -> socket.socket:
        async with asyncio.timeout(5):
            connection, _ = await asyncio.get_running_loop().sock_accept(self._server)
        self._taken.append(connection)
        return connection

    async def take(self, connection: socket.socket) -> bytes:
        text = b""
        while not text.endswith(b'{"a":1}'):
            text += await asyncio.get_running_loop().sock_recv(connection, 65_536)
        return text

    async def answer(self, connection: socket.socket, status: int = 200, more: bytes = b"") -> None:
        text = b"HTTP/1.1 %d OK\r\nContent-Length: 0\r\n\r\n%b" % (status, more)
        await asyncio.get_running_loop().sock_sendall(connection, text)

    async def hangs_up(self, connection: socket.socket) -> bool:
        """Wait until the other side has closed a connection."""
        try:
            return await asyncio.get_running_loop().sock_recv(connection, 1) == b""
        except ConnectionResetError:
            return True

    def close(self) -> None:
        for one in (self._server, *self._taken):
            one.close()


@pytest.fixture
def raw() -> Iterator[Raw]:
    receiver = Raw()
    yield receiver
    receiver.close()


class Posts:
    """Posts of one sender, and what came of them; ``then`` is done when one has ended, before anything else is."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self.ended: asyncio.Queue[Outcome] = asyncio.Queue()
        self.then: Callable[[], None] = lambda: None

    def post(self, one: Attempt) -> None:
        self._sender.post(one, self._end)

    def _end(self, _attempt: Attempt, outcome: Outcome) -> None:
        self.ended.put_nowait(outcome)
        then, self.then = self.then, lambda: None
        then()

    async def next(self) -> int | str | None:
        async with asyncio.timeout(5):
            outcome = await self.ended.get()
        return outcome.error or outcome.status


async def test_post_on_a_connection_that_has_just_been_closed_is_made_again(raw: Raw) -> None:
    async with sending() as sender:
        posts = Posts(sender)
        posts.post(attempt(raw.url))
        first = await raw.accept()
        await raw.take(first)

        def close_and_post() -> None:
            first.close()
            posts.post(attempt(raw.url))

        posts.then = close_and_post
        await raw.answer(first)
        second = await raw.accept()
        await raw.take(second)
        await raw.answer(second, 202)

        assert [await posts.next(), await posts.next()] == [200, 202]


async def test_post_that_the_receiver_has_taken_is_not_made_again(raw: Raw) -> None:
    async with sending() as sender:
        posts = Posts(sender)
        posts.post(attempt(raw.url))
        connection = await raw.accept()
        for status in (200, 202):
            await raw.take(connection)
            posts.then = lambda: posts.post(attempt(raw.url))
            await raw.answer(connection, status)
        await raw.take(connection)
        connection.close()

        outcomes = [await posts.next() for _ in range(3)]

    assert outcomes == [200, 202, "the receiver hung up before it answered"]


async def test_post_that_breaks_off_in_its_answer_is_not_made_again(raw: Raw) -> None:
    async with sending() as sender:
        posts = Posts(sender)
        posts.post(attempt(raw.url))
        connection = await raw.accept()
        await raw.take(connection)
        posts.then = lambda: posts.post(attempt(raw.url))
        await raw.answer(connection)
        await raw.take(connection)
        await asyncio.get_running_loop().sock_sendall(connection, b"HTTP/1.1 2")
        connection.close()

        assert [await posts.next(), await posts.next()] == [200, "the receiver hung up before it answered"]


@pytest.mark.parametrize("late", [False, True], ids=["with-the-answer", "later"])
async def test_what_nobody_asked_for_ends_a_connection(raw: Raw, *, late: bool) -> None:
    unasked = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"
    async with sending() as sender:
        posts = Posts(sender)
        posts.post(attempt(raw.url))
        first = await raw.accept()
        await raw.take(first)
        await raw.answer(first, more=b"" if late else unasked)
        assert await posts.next() == 200
        if late:
            await asyncio.get_running_loop().sock_sendall(first, unasked)
        assert await raw.hangs_up(first)
        posts.post(attempt(raw.url))
        second = await raw.accept()
        await raw.take(second)
        await raw.answer(second, 202)

        assert await posts.next() == 202


async def test_connection_that_is_closing_serves_no_post(raw: Raw) -> None:
    async with sending() as sender:
        posts = Posts(sender)
        posts.post(attempt(raw.url))
        first = await raw.accept()
        await raw.take(first)
        await raw.answer(first)
        assert await posts.next() == 200
        for connection in sender._connections:
            connection.close()
        posts.post(attempt(raw.url))
        second = await raw.accept()
        await raw.take(second)
        await raw.answer(second, 202)

        assert await posts.next() == 202


async def test_answer_before_all_was_sent_counts_and_ends_the_connection(raw: Raw) -> None:
    async with sending() as sender:
        posts = Posts(sender)
        posts.post(Attempt(1, 1, raw.url, (), b"x" * 20_000_000, 5.0))
        first = await raw.accept()
        await raw.answer(first, 413)

        assert await posts.next() == 413
        assert sender._idle == {}


async def test_idle_connection_is_closed_after_a_while(raw: Raw) -> None:
    sender = Sender(idle=0.01)
    posts = Posts(sender)
    posts.post(attempt(raw.url))
    connection = await raw.accept()
    await raw.take(connection)
    await raw.answer(connection)

    assert await posts.next() == 200
    assert await raw.hangs_up(connection)
    assert sender._idle == {}
    await sender.close()


async def test_waking_closes_no_connection_before_its_time(raw: Raw) -> None:
    async with sending() as sender:
        posts = Posts(sender)
        posts.post(attempt(raw.url))
        connection = await raw.accept()
        await raw.take(connection)
        await raw.answer(connection)
        assert await posts.next() == 200
        sender._wake()
        posts.post(attempt(raw.url))
        await raw.take(connection)
        await raw.answer(connection)

        assert await posts.next() == 200


async def test_each_post_has_its_own_time_out(raw: Raw) -> None:
    async with sending() as sender:
        posts = Posts(sender)
        for timeout in (0.06, 0.02, 5.0, 0.04):
            posts.post(attempt(raw.url, timeout=timeout))
        connections = [await raw.accept() for _ in range(4)]
        outcomes = [await posts.next() for _ in range(3)]
        for connection in connections:
            with suppress(OSError):
                await raw.answer(connection)
        outcomes.append(await posts.next())

    assert outcomes == ["timed out after 0.02 s", "timed out after 0.04 s", "timed out after 0.06 s", 200]


async def test_time_out_counts_while_a_connection_is_made() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        # It takes connections, but does not speak TLS.
        outcome = await send(attempt(f"https://127.0.0.1:{silent.getsockname()[1]}/", timeout=0.02))

    assert without_time(outcome) == Outcome(None, "timed out after 0.02 s")


async def test_time_out_of_a_post_that_is_done_wakes_nobody(raw: Raw) -> None:
    async with sending() as sender:
        posts = Posts(sender)
        posts.post(attempt(raw.url, timeout=0.03))
        connection = await raw.accept()
        await raw.take(connection)
        await raw.answer(connection)
        assert await posts.next() == 200
        posts.post(attempt(raw.url, timeout=0.05))
        await raw.take(connection)

        assert await posts.next() == "timed out after 0.05 s"


async def test_nobody_is_told_of_a_post_that_was_dropped(raw: Raw) -> None:
    async with sending() as sender:
        posts = Posts(sender)
        posts.post(attempt(raw.url))
        connection = await raw.accept()
        await raw.take(connection)
        posts.post(attempt(raw.url))
        posts.post(attempt(raw.url, headers=(("X-Bad", "\n"),)))
        sender.drop()
        assert await raw.hangs_up(connection)

        assert posts.ended.empty()


async def test_post_that_was_dropped_while_its_failure_was_told_stays_dropped() -> None:
    url = f"http://127.0.0.1:{closed_port()}/"
    async with sending() as sender:
        posts = Posts(sender)
        posts.then = sender.drop
        for _ in range(2):
            posts.post(attempt(url))

        assert await posts.next() == "connection refused"
        assert posts.ended.empty()


async def test_addresses_of_a_host_are_looked_up_once_for_many_connections(raw: Raw) -> None:
    url = raw.url.replace("127.0.0.1", "localhost")
    async with sending() as sender:
        posts = Posts(sender)
        outcomes = []
        for _ in range(2):
            posts.post(attempt(url))
            connection = await raw.accept()
            await raw.take(connection)
            await raw.answer(connection, more=b"surplus")
            outcomes.append(await posts.next())
        known = list(sender._addresses)

    assert outcomes == [200, 200]
    assert [origin.host for origin in known] == ["localhost"]


@pytest.mark.parametrize(
    ("url", "line", "host"),
    [
        ("http://127.0.0.1:{}", b"POST / HTTP/1.1", b"Host: 127.0.0.1:{}"),
        (
            "http://LOCALHOST:{}//a;\u00e4/../%7e?d=%2F&e=[']",
            b"POST //a;%C3%A4/../%7e?d=%2F&e=['] HTTP/1.1",
            b"Host: localhost:{}",
        ),
        ("http://[::ffff:127.0.0.1]:{}/", b"POST / HTTP/1.1", b"Host: [::ffff:7f00:1]:{}"),
    ],
    ids=["bare", "odd", "address-6"],
)
async def test_url_is_written_as_a_request_needs_it(raw: Raw, url: str, line: bytes, host: bytes) -> None:
    port = raw.url.rpartition(":")[2].removesuffix("/hook")
    async with sending() as sender:
        posts = Posts(sender)
        posts.post(attempt(url.replace("{}", port)))
        connection = await raw.accept()
        text = await raw.take(connection)

    assert text.split(b"\r\n")[:2] == [line, host.replace(b"{}", port.encode())]


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
        await sent(sender, attempt(url))
        await sent(sender, attempt(url))

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
        outcome = await sent(sender, attempt(url))
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


def refusal() -> ssl.SSLError:
    failure = ssl.SSLError()
    failure.reason = "TLSV13_ALERT_CERTIFICATE_REQUIRED"
    return failure


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (OSError(errno.ENETUNREACH, "x"), "the network is unreachable"),
        (OSError(errno.EACCES, "x"), os.strerror(errno.EACCES).lower()),
        (ConnectionResetError(), "the receiver hung up before it answered"),
        (ssl.SSLEOFError(), "the receiver hung up before it answered"),
        (ssl.SSLError(), "TLS failed: the receiver does not speak TLS there"),
        (refusal(), "TLS failed: the receiver refuses: certificate required"),
        (RuntimeError("x"), "the post failed: x"),
    ],
)
def test_failures_that_no_test_can_provoke_have_words_too(failure: Exception, error: str) -> None:
    assert in_words(failure) == error


async def test_header_that_cannot_be_sent_is_told_in_words() -> None:
    async with receiver(answering(b"")) as url:
        outcome = await send(attempt(url, headers=(("X-Bad", "a\r\nb"),)))

    assert without_time(outcome) == Outcome(
        None, "the post failed: the header 'X-Bad' holds a line break or a NUL"
    )


async def test_url_that_names_no_host_is_told_in_words() -> None:
    outcome = await send(attempt("/hooks"))

    assert without_time(outcome) == Outcome(None, "the post failed: the URL names no host")


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
        outcome = await sent(sender, attempt(url.replace("127.0.0.1", "localhost")))

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
        outcome = await sent(sender, attempt(url))

    assert (outcome.status, outcome.error) == (200, None)


async def test_receiver_without_tls_is_told_in_words() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with receiver(talk) as url:
        outcome = await send(attempt(url.replace("http:", "https:")))

    assert outcome.error == "TLS failed: the receiver does not speak TLS there"


async def test_connection_with_tls_is_kept_and_closed_as_is_proper(certificate: Certificate) -> None:
    met: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2):
            await request_of(reader)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        met.append(await reader.read())

    async with receiver(talk, tls=certificate.tls) as url:
        sender = Sender(tls=False, idle=0.02)
        outcomes = [await sent(sender, attempt(url)) for _ in range(2)]
        await until(lambda: met == [b""])
        await sender.close()

    assert [outcome.status for outcome in outcomes] == [200, 200]


async def probed(probe: Probe) -> Outcome:
    ended: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
    async with sending() as sender:
        sender.probe(probe, lambda _, outcome: ended.set_result(outcome))
        return await ended


async def test_probe_asks_with_its_method_headers_and_body() -> None:
    seen: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await request_of(reader))
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone")

    async with receiver(talk) as url:
        outcome = await probed(Probe("GET", f"{url}?of=1", headers=(("X-Key", "k"),)))

    host = url.removeprefix("http://").removesuffix("/hook")
    assert seen == [
        f"GET /hook?of=1 HTTP/1.1\r\nHost: {host}\r\nX-Key: k\r\nContent-Length: 0\r\n\r\n".encode()
    ]
    assert without_time(outcome) == Outcome(404, None, {"content-length": "4"}, b"gone")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
            "the answer broke off: the receiver hung up before it answered",
            id="cut-short",
        ),
        pytest.param(b"", "the receiver hung up before it answered", id="nothing"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\nwhole", None, id="ends-with-the-connection"),
    ],
)
async def test_answer_to_a_probe_that_breaks_off_is_none(text: bytes, error: str | None) -> None:
    async with receiver(answering(text)) as url:
        outcome = await probed(Probe("POST", url))

    expected = Outcome(200, None, {}, b"whole") if error is None else Outcome(None, error)
    assert without_time(outcome) == expected


async def test_answer_to_a_probe_that_is_not_whole_in_time_is_none() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nhalf")
        await reader.read()

    async with receiver(talk) as url:
        outcome = await probed(Probe("GET", url, timeout=0.05))

    assert without_time(outcome) == Outcome(None, "the answer broke off: timed out after 0.05 s")


async def test_more_is_kept_of_the_answer_to_a_probe_than_of_that_to_a_post() -> None:
    async with receiver(answering(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (MOST_PROBED + 1))) as url:
        outcome = await probed(Probe("GET", url))

    assert (outcome.status, len(outcome.body)) == (200, MOST_PROBED)


class OneTurn:
    """Awaited, lets the loop turn once."""

    def __await__(self) -> Iterator[None]:
        yield


def test_sender_that_is_closed_while_it_connects_ends() -> None:
    async def begin_and_close(url: str, turns: int) -> None:
        sender = Sender()
        sender.post(attempt(url), lambda *_: None)
        for _ in range(turns):
            await OneTurn()
        await sender.close()

    async def often() -> None:
        # When a connection stands is up to the machine, so each moment is tried more than once.
        with socket.create_server(("127.0.0.1", 0)) as listening:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
            async with asyncio.timeout(10):
                for turns in range(100):
                    await begin_and_close(url, turns % 10)

    run(often())
