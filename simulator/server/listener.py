"""A receiver for looking: takes whatever is posted to it, answers as told, or passes it on and answers what came back.

Decides how a request becomes an ``Arrival`` and how one is passed on: the bytes of the body and every header as they came,
save those that concern one connection alone, Host and Content-Length. It must not judge what arrives.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from time import perf_counter
from typing import TypeAlias

import aiohttp
from aiohttp import web

from simulator.clock import system_moment
from simulator.report.arrivals import Arrival, PassedOn
from simulator.server.address import answering, take_address
from simulator.server.app import base_url_of
from simulator.server.response import NotHttpError
from simulator.server.sender import in_words
from simulator.values import dataclass
from simulator.wire import Headers

__all__ = ["MOST_BODY", "Hear", "Instructions", "listening"]

MOST_BODY = 1_048_576
"""A body with more bytes is refused."""

Hear: TypeAlias = Callable[[Arrival, int, PassedOn | None], None]
"""Who is told of each arrival, the status that is answered, and what came back from where it was passed on to."""

_TOO_LARGE = f"the body has more than {MOST_BODY} bytes"
_ELSEWHERE = "/redirected"
"""Where a redirect leads: a sender that follows it is seen to."""

_OF_ONE_CONNECTION = frozenset(
    {
        *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"),
        *("te", "trailer", "transfer-encoding", "upgrade", "host", "content-length"),
    }
)


@dataclass(frozen=True, slots=True)
class Instructions:
    """What to answer: ``status``, or what ``forward`` answers within ``timeout`` wall seconds; ``tls`` as for posts."""

    status: int = 200
    forward: str | None = None
    timeout: float = 10.0
    tls: ssl.SSLContext | bool = True


@asynccontextmanager
async def listening(host: str, port: int, instructions: Instructions, hear: Hear) -> AsyncIterator[str]:
    """Listen until the context ends, and give the address; UsageError when it cannot be had."""
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=instructions.tls),
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
    )
    receive = _Listener(instructions, hear, session).receive
    async with session:
        with take_address(host, port) as sock:
            async with answering(receive, sock, as_it_comes=True):
                yield base_url_of(host, sock.getsockname()[1])


class _Listener:
    def __init__(self, instructions: Instructions, hear: Hear, session: aiohttp.ClientSession) -> None:
        self._instructions = instructions
        self._hear = hear
        self._session = session
        self._count = 0

    async def receive(self, request: web.BaseRequest) -> web.Response:
        """Answer one request, and tell of it before the sender learns that it arrived."""
        arrival = await self._read(request)
        forward, passed_on = self._instructions.forward, None
        if arrival.fault is not None:
            response = web.Response(status=413 if arrival.fault == _TOO_LARGE else 400)
            response.force_close()
        elif forward is not None:
            passed_on = await self._pass_on(arrival, forward)
            response = _answer(passed_on)
        else:
            status = self._instructions.status
            response = web.Response(status=status)
            if 300 <= status < 400:
                response.headers["Location"] = _ELSEWHERE
        self._hear(arrival, response.status, passed_on)
        return response

    async def _read(self, request: web.BaseRequest) -> Arrival:
        self._count += 1
        number, at, fault, body = self._count, system_moment(), None, bytearray()
        try:
            while len(body) <= MOST_BODY and (piece := await request.content.readany()):
                body += piece
        except (aiohttp.ClientPayloadError, OSError):
            fault = "the body breaks off"
        if len(body) > MOST_BODY:
            fault = _TOO_LARGE
        return Arrival(
            number=number,
            at=at,
            method=request.method,
            target=request.raw_path,
            headers=_pairs(request.raw_headers),
            body=bytes(body[:MOST_BODY]),
            fault=fault,
        )

    async def _pass_on(self, arrival: Arrival, url: str) -> PassedOn:
        began, limit = perf_counter(), self._instructions.timeout
        try:
            async with (
                asyncio.timeout(limit),
                self._session.request(
                    arrival.method,
                    url,
                    data=arrival.body or None,
                    headers=_kept(arrival.headers),
                    allow_redirects=False,
                ) as answer,
            ):
                body = await answer.read()
        except TimeoutError:
            return PassedOn(url, None, f"timed out after {limit:g} s", took=perf_counter() - began)
        except (aiohttp.ClientError, OSError, ValueError) as failure:
            return PassedOn(url, None, _in_words(failure), took=perf_counter() - began)
        headers = _pairs(answer.raw_headers)
        return PassedOn(url, answer.status, None, headers, body, perf_counter() - began)


def _in_words(failure: Exception) -> str:
    """Say why there is no answer; aiohttp's errors are wrapped around those that a post meets."""
    match failure:
        case aiohttp.ClientConnectorDNSError():
            return in_words(socket.gaierror(), host=failure.host)
        case aiohttp.ClientConnectorCertificateError():
            return in_words(failure.certificate_error)
        case aiohttp.ClientSSLError():
            return in_words(failure.os_error)
        case aiohttp.ServerDisconnectedError():
            return in_words(ConnectionResetError())
        case aiohttp.ClientResponseError():
            return in_words(NotHttpError())
        case _:
            return in_words(failure)


def _answer(passed_on: PassedOn) -> web.Response:
    """Return what came back as an answer of ours, or else 502 with the reason."""
    if passed_on.status is None:
        return web.Response(status=502, text=f"{passed_on.url} gave no answer: {passed_on.error}\n")
    return web.Response(status=passed_on.status, body=passed_on.body, headers=_kept(passed_on.headers))


def _pairs(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    return tuple(
        (name.decode("utf-8", "surrogateescape"), value.decode("utf-8", "surrogateescape"))
        for name, value in headers
    )


def _kept(headers: Headers) -> list[tuple[str, str]]:
    """Return the headers that go on to the next connection; one that stands twice is spelt alike, lest the last win."""
    spelt: dict[str, str] = {}
    return [
        (spelt.setdefault(name.lower(), name), value)
        for name, value in headers
        if name.lower() not in _OF_ONE_CONNECTION
    ]
