"""The vendor's side over HTTP: every path that is not the control side's goes to the platform as it came.

Decides how an HTTP request becomes a ``wire.Request`` and a ``wire.Answer`` an HTTP response. It must not know a path
of the vendor's, nor judge what was asked: whatever comes is answered by the platform and stands in its journal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import lru_cache
from time import perf_counter
from types import MappingProxyType

from aiohttp import web
from multidict import CIMultiDict

from simulator.bodies import SHORT
from simulator.control import Stage
from simulator.server.conduct import carry_out
from simulator.server.middleware import Handler, body_at_hand, read_body
from simulator.wire import Headers, Request

__all__ = ["platform_handler"]

_FREE = (("cache-control", "max-age=0, private, must-revalidate"), ("x-content-type-options", "nosniff"))
"""Answers carry ``cache-control: max-age=0, private, must-revalidate`` and ``x-content-type-options: nosniff``. [seen: DEMO]"""

_NOTHING: Mapping[str, str] = MappingProxyType({})


def platform_handler(stage: Stage, closing: asyncio.Event) -> Handler:
    """Return the handler of every path but the control side's; ``closing`` is set when the simulator stops."""

    async def handle(request: web.BaseRequest) -> web.Response:
        most = stage.settings.max_body
        body = body_at_hand(request, most)
        if body is None:
            # One that is too large arrives cut, but still too large: the platform refuses it in its own way.
            body = await read_body(request, most)
        answer = stage.platform.answer(_read(request, body))
        headers = _headers_of(answer.content_type, answer.headers)
        if answer.delay or answer.drip or answer.hang_up:
            return await carry_out(request, answer, headers, closing)
        return web.Response(status=answer.status, body=answer.body, headers=headers)

    return handle


@lru_cache(maxsize=256)
def _headers_of(content_type: str, more: Headers) -> CIMultiDict[str]:
    """Return the headers of an answer, to be copied."""
    return CIMultiDict([("Content-Type", content_type), *_FREE, *more])


@lru_cache(maxsize=256)
def _known(body: bytes) -> bytes:
    """Return the same bytes as came before: the journal then holds them once, and what is known of them is found by them."""
    return body


@lru_cache(maxsize=256)
def _headers(raw: tuple[tuple[bytes, bytes], ...]) -> Mapping[str, str]:
    """Return headers by their names; what a client sends is often what it sent before."""
    headers: dict[str, str] = {}
    for given, told in raw:
        name, value = (
            given.decode("utf-8", "surrogateescape").lower(),
            told.decode("utf-8", "surrogateescape"),
        )
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return MappingProxyType(headers)


def _read(request: web.BaseRequest, body: bytes) -> Request:
    url = request.rel_url
    return Request(
        method=request.method,
        path=url.raw_path,
        # Of a query parameter that stands twice the last one counts, as in the vendor's framework. [inferred]
        query=dict(url.query.items()) if url.raw_query_string else _NOTHING,
        headers=_headers(request.raw_headers),
        body=_known(body) if len(body) <= SHORT else body,
        received=perf_counter(),
    )
