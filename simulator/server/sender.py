"""Posts attempts and says what came back; every failure becomes an outcome in plain words.

Decides how a post goes over the wire: HTTP/1.1 on connections that are kept, no header that the attempt does not name (save
Host and Content-Length), one wall time-out for connecting, sending and the answer's head. It must not decide what is
posted, when, or what an outcome means for a delivery.

A redirect that answers a webhook is not followed. [chosen] The status of an answer counts even when its body is slow or
breaks off. [chosen]

Theory: a post and its end are two calls, with no task or future between them, so that whoever is told of an end can post at
once on the same connection. Only a connection that must be made first needs a task. One timer serves all: it wakes at
the soonest moment at which a post runs out of time or a connection has been idle for too long.

A receiver may close a kept connection in the moment in which a post sets out on it. Such a post is made again on a new
connection only when the receiver's machine has not taken all of it; else it may have been acted on, and has failed.
"""

from __future__ import annotations

import asyncio
import errno
import math
import os
import socket
import ssl
from collections.abc import Callable
from functools import lru_cache, partial
from time import perf_counter
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import quote, urlsplit

from aiohappyeyeballs import start_connection
from yarl import URL

from simulator.effects import MOST_PROBED, Probe
from simulator.server.connection import Connection
from simulator.server.response import MOST_ANSWER, NotHttpError, Response
from simulator.server.tls import client_context
from simulator.wire import Attempt, Headers, Outcome

__all__ = ["Ended", "Probed", "Sender", "in_words"]

Ended: TypeAlias = Callable[[Attempt, Outcome], None]
"""Who is told of the end of a post."""

Probed: TypeAlias = Callable[[Probe, Outcome], None]
"""Who is told of the end of a probe."""

_IDLE = 1.5
"""Seconds an idle connection is kept. Common servers close theirs after 2 (gunicorn) or 5 (uvicorn, node)."""

_KNOWN_FOR = 10.0
"""Seconds for which the addresses of a host are remembered."""

_SECOND_ADDRESS = 0.25
"""Seconds after which a host's next address is tried beside the one before (RFC 8305)."""

_UNKNOWN_ISSUER = (18, 19, 20, 21)
"""OpenSSL's numbers for certificates that nobody the machine trusts has signed."""

_PLAIN = "".join(map(chr, range(0x21, 0x7F)))
"""The characters that a request line can hold."""

_UNSENDABLE = frozenset("\r\n\0")

_HUNG_UP = "the receiver hung up before it answered"
_REASONS = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: _HUNG_UP,
    errno.EPIPE: _HUNG_UP,
    errno.EHOSTUNREACH: "no route to the host",
    errno.ENETUNREACH: "the network is unreachable",
}

_Addresses: TypeAlias = list[tuple[Any, ...]]


class _Origin(NamedTuple):
    """Whom a connection is to."""

    host: str
    port: int
    secure: bool


class _Post:
    """An attempt or a probe that is being made, and until when. It has a task while it has no connection."""

    __slots__ = ("asked", "began", "connection", "ended", "most", "origin", "task", "text", "until")

    origin: _Origin
    text: bytes

    def __init__(self, asked: Attempt | Probe, ended: Callable[[Any, Outcome], None], most: int) -> None:
        """``most`` bytes of the answer are kept."""
        self.asked = asked
        self.ended = ended
        self.most = most
        self.began = perf_counter()
        self.until = self.began + asked.timeout
        self.connection: Connection | None = None
        self.task: asyncio.Task[None] | None = None

    def break_off(self) -> Response | None:
        """Break off, and return what has come of the answer."""
        if self.task is not None:
            self.task.cancel()
        return None if self.connection is None else self.connection.abort()


class Sender:
    """The client side of all posts of one event loop; make it inside that loop, close it there."""

    def __init__(self, tls: ssl.SSLContext | bool = True, *, idle: float = _IDLE) -> None:
        """``tls`` says how receivers' certificates are checked: see ``tls_context``. ``idle`` is in seconds."""
        self._loop = asyncio.get_running_loop()
        self._tls = tls
        self._keeps = idle
        self._posts: set[_Post] = set()
        self._served: dict[Connection, _Post] = {}
        self._idle: dict[_Origin, dict[Connection, float]] = {}
        self._connections: set[Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._addresses: dict[_Origin, tuple[float, _Addresses]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._wakes = math.inf

    def post(self, attempt: Attempt, ended: Ended) -> None:
        """Begin to post ``attempt``; ``ended`` is called once with what came of it, not before this has returned."""
        self._start(_Post(attempt, ended, MOST_ANSWER), "POST", attempt)

    def probe(self, probe: Probe, ended: Probed) -> None:
        """Begin to ask what ``probe`` asks; ``ended`` is called as that of a post. An answer that breaks off is none."""
        self._start(_Post(probe, ended, MOST_PROBED), probe.method, probe)

    def drop(self) -> None:
        """Break off every post; nobody is told of their ends."""
        posts, self._posts = self._posts, set()
        self._served.clear()
        for post in posts:
            post.break_off()

    async def close(self) -> None:
        """Break off every post and close every connection."""
        self.drop()
        if self._timer is not None:
            self._timer.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection in self._connections:
            connection.abort()
        await asyncio.gather(*(connection.gone for connection in self._connections))

    # ------------------------------------------------------------------------------------------- inside

    def _start(self, post: _Post, method: str, asked: Attempt | Probe) -> None:
        self._posts.add(post)
        try:
            post.origin, start = _address(method, asked.url)
            post.text = b"%b%b%d\r\n\r\n%b" % (
                start,
                _headers(asked.headers),
                len(asked.body),
                asked.body,
            )
        except ValueError as failure:
            self._loop.call_soon(self._end, post, None, in_words(failure))
            return
        if post.until < self._wakes:
            self._wake_at(post.until)
        idle = self._idle.get(post.origin)
        while idle:
            connection, _ = idle.popitem()
            if connection.usable:
                self._send(post, connection)
                return
            connection.abort()
        self._connect(post)

    def _send(self, post: _Post, connection: Connection) -> None:
        self._served[connection] = post
        post.connection = connection
        connection.send(post.text, post.most)

    def _connect(self, post: _Post) -> None:
        post.connection = None
        post.task = task = self._loop.create_task(self._reach(post))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _reach(self, post: _Post) -> None:
        origin = post.origin
        tls: dict[str, Any] = {}
        if origin.secure:
            # The post's own limit began sooner than the handshake's.
            limit = post.asked.timeout
            tls = {
                "ssl": client_context(self._tls),
                "server_hostname": origin.host.rstrip("."),
                "ssl_handshake_timeout": limit,
            }
        try:
            addresses = await self._addresses_of(origin)
            sock = await start_connection(addresses, happy_eyeballs_delay=_SECOND_ADDRESS, loop=self._loop)
            make = partial(Connection, self, sock)
            _, connection = await self._loop.create_connection(make, sock=sock, **tls)
        except (OSError, RuntimeError, ValueError) as failure:
            self._loop.call_soon(self._end, post, None, in_words(failure, host=origin.host))
        else:
            # Not sooner: of one that is cancelled on its way here a loop of uvloop's never says that it has ended.
            self._connections.add(connection)
            connection.gone.add_done_callback(lambda _: self._connections.discard(connection))
            self._send(post, connection)
        post.task = None

    async def _addresses_of(self, origin: _Origin) -> _Addresses:
        until, addresses = self._addresses.get(origin, (0.0, []))
        if perf_counter() >= until:
            find = partial(socket.getaddrinfo, origin.host, origin.port, type=socket.SOCK_STREAM)
            try:
                # What is an address already needs no thread.
                addresses = find(flags=socket.AI_NUMERICHOST)
            except socket.gaierror:
                look_up = partial(find, flags=socket.AI_ADDRCONFIG)
                addresses = await self._loop.run_in_executor(None, look_up)
            self._addresses[origin] = (perf_counter() + _KNOWN_FOR, addresses)
        return addresses

    def _end(self, post: _Post, response: Response | None, error: str) -> None:
        """Tell of the end of a post that was not dropped; ``error`` is why there is no answer where none has begun."""
        if post not in self._posts:
            return
        self._posts.discard(post)
        took = perf_counter() - post.began
        if response is None or response.head is None:
            outcome = Outcome(None, error, took=took)
        elif isinstance(post.asked, Probe) and error and (error != _HUNG_UP or response.cut_short):
            outcome = Outcome(None, f"the answer broke off: {error}", took=took)
        else:
            head = response.head
            outcome = Outcome(head.status, None, head.headers, bytes(response.body), took)
        post.ended(post.asked, outcome)

    def _wake_at(self, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._wakes = when
        self._timer = self._loop.call_later(when - perf_counter(), self._wake)

    def _wake(self) -> None:
        """End what has run out of time, and sleep until the next does."""
        self._timer, self._wakes = None, math.inf
        now = perf_counter()
        for post in [post for post in self._posts if post.until <= now]:
            if post.connection is not None:
                del self._served[post.connection]
            error = f"timed out after {post.asked.timeout:g} s"
            self._loop.call_soon(self._end, post, post.break_off(), error)
        waking = [post.until for post in self._posts if post.until > now]
        for origin, idle in list(self._idle.items()):
            for connection in [one for one, until in idle.items() if until <= now]:
                del idle[connection]
                connection.close()
            if not idle:
                del self._idle[origin]
            waking += idle.values()
        if waking:
            self._wake_at(min(waking))

    # ------------------------------------------------------------------------------------------- by a connection

    def answered(self, connection: Connection, response: Response) -> None:
        """Tell of an answer, once its connection can serve the next post."""
        post = self._served.pop(connection)
        if response.keeps and connection.usable:
            until = perf_counter() + self._keeps
            self._idle.setdefault(post.origin, {})[connection] = until
            if until < self._wakes:
                self._wake_at(until)
        else:
            connection.abort()
        self._end(post, response, "")

    def lost(self, connection: Connection, response: Response | None, failure: Exception | None) -> None:
        """Tell that a post has failed or, where the receiver cannot know of it, make it again."""
        for idle in self._idle.values():
            idle.pop(connection, None)
        post = self._served.pop(connection, None)
        if post is None:
            return
        if connection.used and response is not None and not response.begun and connection.untaken:
            self._connect(post)
        else:
            self._end(post, response, _HUNG_UP if failure is None else in_words(failure))


# What many posts have in common is worked out once.
@lru_cache(maxsize=256)
def _address(method: str, url: str) -> tuple[_Origin, bytes]:
    """Return whom a request to ``url`` reaches, and how it begins: path and query as they are written, where they can be."""
    parts, written = URL(url), urlsplit(url)
    host, port = parts.raw_host, parts.port
    if not host or port is None:
        raise ValueError("the URL names no host")
    shown = f"[{host}]" if ":" in host else host.rstrip(".")
    if not parts.is_default_port():
        shown += f":{port}"
    target = quote((written.path or "/") + (written.query and f"?{written.query}"), safe=_PLAIN)
    start = f"{method} {target} HTTP/1.1\r\nHost: {shown}\r\n"
    return _Origin(host, port, parts.scheme == "https"), start.encode()


@lru_cache(maxsize=256)
def _headers(headers: Headers) -> bytes:
    """Return headers as they are sent, up to the number in the last of them."""
    for name, value in headers:
        if not _UNSENDABLE.isdisjoint(name + value):
            raise ValueError(f"the header {name!r} holds a line break or a NUL")
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"{lines}Content-Length: ".encode()


def in_words(failure: Exception, *, host: str = "") -> str:
    """Say why a post to ``host`` got no answer."""
    match failure:
        case NotHttpError():
            return "the receiver's answer is not HTTP"
        case socket.gaierror():
            return f"host not found: {host}"
        case ssl.SSLCertVerificationError():
            hint = "; the setting ca can name a file with its authority"
            known = failure.verify_code not in _UNKNOWN_ISSUER
            return f"TLS failed: {failure.verify_message}{'' if known else hint}"
        case ssl.SSLEOFError():
            return _HUNG_UP
        case ssl.SSLError():
            _, refused, why = (getattr(failure, "reason", None) or "").partition("ALERT_")
            said = f"refuses: {why.replace('_', ' ').lower()}" if refused else "does not speak TLS there"
            return f"TLS failed: the receiver {said}"
        case OSError(errno=int(number)):
            return _REASONS.get(number) or os.strerror(number).lower()
        case ConnectionError():
            return _HUNG_UP
        case _:
            return f"the post failed: {failure}"
