"""Posts one attempt and says what came back; every failure becomes an outcome in plain words.

Decides how a post goes over the wire: keep-alive connections, no cookies, no header that the attempt does not name
(save Host and Content-Length), one wall time-out for connecting, sending and the answer's head. It must not decide
what is posted, when, or what an outcome means for a delivery.

A redirect that answers a webhook is not followed. [chosen] The status of an answer counts even when its body is slow or
breaks off. [chosen]
"""

from __future__ import annotations

import errno
import math
import os
import ssl
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from time import perf_counter

import aiohttp
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from simulator.wire import Attempt, Headers, Outcome

__all__ = ["MOST_ANSWER", "Sender", "in_words"]

MOST_ANSWER = 65_536
"""How many bytes of a receiver's answer are kept; the rest is not read."""

_LARGE = 1_048_576

_IDLE = 1.5
"""Seconds an idle connection is kept. Common servers close theirs after 2 (gunicorn) or 5 (uvicorn, node); a post
on a connection that is closing would look like a receiver that hung up."""

_UNKNOWN_ISSUER = (18, 19, 20, 21)
"""OpenSSL's numbers for certificates that nobody the machine trusts has signed."""

_REASONS = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "the receiver hung up before it answered",
    errno.EPIPE: "the receiver hung up before it answered",
    errno.EHOSTUNREACH: "no route to the host",
    errno.ENETUNREACH: "the network is unreachable",
}


class _Request(aiohttp.ClientRequest):
    """A request without headers of aiohttp's own; told to leave them out, it would sort them anew for each post."""

    DEFAULT_HEADERS = {}  # noqa: RUF012 - aiohttp only reads it


class Sender:
    """The client side of all posts of one event loop; make it inside that loop, close it there."""

    __slots__ = ("_session", "_tls")

    def __init__(self, tls: ssl.SSLContext | bool = True) -> None:
        """``tls`` says how receivers' certificates are checked: see ``tls_context``."""
        self._tls = tls
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    def _client(self) -> aiohttp.ClientSession:
        """Return the client, which is made for the first post: many a test has none."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                # The outbox bounds what is in flight, so the pool does not.
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_IDLE, ssl=self._tls),
                cookie_jar=aiohttp.DummyCookieJar(),
                request_class=_Request,
            )
        return self._session

    async def send(self, attempt: Attempt) -> Outcome:
        """Post ``attempt`` and return what came of it; only cancellation is raised."""
        began = perf_counter()
        answer: aiohttp.ClientResponse | None = None
        body = bytearray()
        headers, skipped = _headers(attempt.headers)
        try:
            answer = await self._client().post(
                _url(attempt.url),
                data=_data(attempt.body),
                headers=headers,
                skip_auto_headers=skipped,
                allow_redirects=False,
                timeout=_timeout(attempt.timeout),
            )
            await _read_into(body, answer)
        except TimeoutError:
            if answer is None:
                return _failed(f"timed out after {attempt.timeout:g} s", began)
        except (aiohttp.ClientError, OSError, ValueError) as failure:
            if answer is None:
                return _failed(in_words(failure), began)
        # From here on the status has arrived, and a body that is slow or breaks off does not unsay it.
        assert answer is not None
        came = {name.lower(): value for name, value in answer.headers.items()}
        return Outcome(answer.status, None, came, bytes(body[:MOST_ANSWER]), perf_counter() - began)


# What many posts have in common is worked out once.
_url = lru_cache(maxsize=256)(URL)


@lru_cache(maxsize=256)
def _headers(given: Headers) -> tuple[CIMultiDictProxy[str], Sequence[str] | None]:
    """Return headers as aiohttp likes them, and which of those it adds to every post it must leave out."""
    headers = CIMultiDictProxy(CIMultiDict(given))
    skipped = [name for name in ("Content-Type", "User-Agent") if name not in headers]
    return headers, skipped or None


@lru_cache(maxsize=16)
def _timeout(seconds: float) -> aiohttp.ClientTimeout:
    """Return a time-out for a whole post, exact to the millisecond: aiohttp rounds long ones up to full seconds."""
    return aiohttp.ClientTimeout(total=seconds, sock_connect=None, ceil_threshold=math.inf)


def _data(body: bytes) -> bytes | BytesIO:
    """Return ``body`` as aiohttp likes it: a large one as a stream, which it sends piece by piece."""
    return body if len(body) <= _LARGE else BytesIO(body)


async def _read_into(body: bytearray, answer: aiohttp.ClientResponse) -> None:
    try:
        while len(body) < MOST_ANSWER and (piece := await answer.content.readany()):
            body += piece
        if not answer.content.at_eof():
            answer.close()
    finally:
        answer.release()


def _failed(error: str, began: float) -> Outcome:
    return Outcome(None, error, took=perf_counter() - began)


def in_words(failure: Exception) -> str:
    """Say why a post got no answer."""
    match failure:
        case aiohttp.ClientConnectorDNSError():
            return f"host not found: {failure.host}"
        case aiohttp.ClientConnectorCertificateError():
            fault = failure.certificate_error
            known = getattr(fault, "verify_code", None) not in _UNKNOWN_ISSUER
            hint = "" if known else "; the setting ca can name a file with its authority"
            return f"TLS failed: {getattr(fault, 'verify_message', fault)}{hint}"
        case aiohttp.ClientSSLError():
            return "TLS failed: the receiver does not speak TLS there"
        case aiohttp.ServerDisconnectedError():
            return _REASONS[errno.ECONNRESET]
        case aiohttp.ClientResponseError():
            return "the receiver's answer is not HTTP"
        case OSError(errno=int(number)):
            return _REASONS.get(number) or os.strerror(number).lower()
        case _:
            return f"the post failed: {failure}"
