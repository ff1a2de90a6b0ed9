"""What every request passes: who may ask at all, how large a body may be, and what a mistake of ours looks like.

Decides on Host, Origin, the control token and the bound on bodies. It must not know any route: only which side of the
house a path belongs to. Every answer carries an ``x-request-id``, a UUID, and an ``x-runtime`` in seconds. [seen: DEMO]

A browser can be led to any address of this machine by any web page. Host is checked on every request, so that a
name of somebody else's that resolves to us is refused; Origin is checked on the control side, so that no page but
our own can drive it; and there is no CORS header anywhere, so that no page can read an answer.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable
from functools import lru_cache
from time import perf_counter
from typing import TypeAlias
from urllib.parse import urlsplit

from aiohttp import ClientPayloadError, web
from multidict import istr

from simulator.addresses import is_loopback
from simulator.control import PROBLEM, problem
from simulator.errors import PlatformError
from simulator.seeds import fresh_request_id
from simulator.values import dataclass
from simulator.wire import dump

__all__ = ["CONTROL_PREFIX", "Gate", "Handler", "body_at_hand", "is_below", "names_loopback", "read_body"]

Handler: TypeAlias = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

CONTROL_PREFIX = "/_simulator"

_REQUEST_ID, _RUNTIME = istr("x-request-id"), istr("x-runtime")

_log = logging.getLogger("simulator")


@dataclass(frozen=True, slots=True)
class Gate:
    """The rules of one server; ``around`` applies them.

    ``hosts`` are the names besides loopback ones that a request may ask for. ``token`` is what the control side demands
    of requests by those names, and, when it is ``guarded``, of all. ``note`` writes a mistake of ours to the journal and
    returns the number of the entry. ``commit`` returns when what has happened may be told: no answer goes out before.
    """

    hosts: frozenset[str]
    token: str
    guarded: bool
    note: Callable[[str], int]
    commit: Callable[[], None]

    def around(self, handler: Handler) -> Handler:
        """Return what answers as ``handler`` does to whoever may ask."""

        async def gate(request: web.BaseRequest) -> web.StreamResponse:
            began = perf_counter()
            control = is_below(CONTROL_PREFIX, request)
            try:
                self._admit(request, control=control)
                answer = await handler(request)
                self.commit()
            except PlatformError as refused:
                answer = _refusal(refused.status, refused.message, control=control)
            except Exception as bug:  # noqa: BLE001 - the one place where a mistake of ours becomes an answer
                answer = self._mistake(request, bug, control=control)
            headers = answer.headers
            headers[_REQUEST_ID] = fresh_request_id()
            headers[_RUNTIME] = f"{perf_counter() - began:.6f}"
            return answer

        return gate

    def _admit(self, request: web.BaseRequest, *, control: bool) -> None:
        asked = request.headers.get("Host", "")
        if asked and not (names_loopback(asked) or _host_name(asked) in self.hosts):
            raise PlatformError(
                403,
                f"The simulator does not answer to the host {asked!r}. "
                "Ask it by its own address, or start it with that name among the setting allow_hosts.",
            )
        if not control:
            return
        # Without a Host header no page asked; with one, "null" and every other site differ from it.
        origin = request.headers.get("Origin") if asked else None
        if origin is not None and origin.partition("://")[2] != asked:
            raise PlatformError(403, f"A page of {origin} may not drive the simulator.")
        if self.guarded or (asked and not names_loopback(asked)):
            given = request.headers.get("Authorization", "")
            if not hmac.compare_digest(given.encode(), f"Bearer {self.token}".encode()):
                raise PlatformError(
                    401,
                    "The control side needs the header Authorization: Bearer <control token>; "
                    "the token was given or printed at the start.",
                )

    def _mistake(self, request: web.BaseRequest, bug: Exception, *, control: bool) -> web.Response:
        number = self.note(f"internal error: {type(bug).__name__}: {bug} ({request.method} {request.path})")
        _log.error(
            "internal error, journal entry %d: %s %s", number, request.method, request.path, exc_info=bug
        )
        return _refusal(500, f"Internal error; see journal entry {number}.", control=control)


def is_below(place: str, request: web.BaseRequest) -> bool:
    """Return whether a request is for a path, or for one below it."""
    path = request.rel_url.raw_path
    return path.startswith(place) and path[len(place) : len(place) + 1] in ("", "/")


def body_at_hand(request: web.BaseRequest, most: int) -> bytes | None:
    """Return a body of at most ``most`` bytes that came together with its head, as most do; None of any other."""
    content = request.content
    if content.is_eof() and content.exception() is None and content.total_bytes <= most:
        return content.read_nowait()
    return None


async def read_body(request: web.BaseRequest, most: int) -> bytes:
    """Return a body that is not at hand, or, of one with more than ``most`` bytes, the first ``most + 1``: enough to refuse it.

    Raises PlatformError 400 for one that breaks off.
    """
    content = request.content
    body = bytearray()
    try:
        while len(body) <= most and (piece := await content.readany()):
            body += piece
    except (ClientPayloadError, web.RequestPayloadError):
        raise PlatformError(400, "The body cannot be read: it breaks off or is damaged.") from None
    return bytes(body[: most + 1])


@lru_cache(maxsize=256)
def _host_name(header: str) -> str:
    """Return the name in a Host header, without its port, brackets and last dot."""
    try:
        name = urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""
    return name.removesuffix(".")


@lru_cache(maxsize=256)
def names_loopback(header: str) -> bool:
    """Return whether a Host header asks for this machine by a name that only this machine can mean."""
    return is_loopback(_host_name(header))


def _refusal(status: int, message: str, *, control: bool) -> web.Response:
    if control:
        kind, body = PROBLEM, problem(status, message)
    else:
        kind, body = "application/json; charset=utf-8", {"error": message}
    headers = {"Content-Type": kind} | ({"WWW-Authenticate": "Bearer"} if status == 401 else {})
    return web.Response(status=status, body=dump(body), headers=headers)
