"""The bodies of requests to the vendor's API: JSON and forms, within the bound on bodies.

Decides what cannot be read and how that is told; what a body means is decided by who reads it.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

from simulator.errors import PlatformError
from simulator.wire import JSON, Request, load

__all__ = ["FORM", "SHORT", "content_type", "json_body", "read_form", "read_json"]

FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"

SHORT: Final = 4096
"""Bytes; longer bodies seldom come twice, so that nothing is kept of them."""


def content_type(request: Request) -> str:
    """Return the media type of a body as its sender calls it, in lower case, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def read_json(request: Request, most: int) -> JSON:
    """Return what a body of at most ``most`` bytes says in JSON; PlatformError when it cannot be read."""
    body = json_body(request, most)
    try:
        return load(body)
    except ValueError as problem:
        raise PlatformError(400, f"The body cannot be read: {problem}.") from None


def json_body(request: Request, most: int) -> bytes:
    """Return a body that is said to be JSON; PlatformError when it is too large or said to be something else."""
    kind = request.headers.get("content-type")
    if kind != _JSON and (kind := content_type(request)) != _JSON:
        raise PlatformError(
            415, f"Send the body as application/json, not {kind or 'without a content type'}."
        )
    return _within(request, most)


def read_form(request: Request, most: int) -> JSON:
    """Read a form whose names have one level of brackets, as in ``user[username]``."""
    fields: dict[str, JSON] = {}
    try:
        pairs = parse_qsl(_within(request, most).decode(), keep_blank_values=True, max_num_fields=100)
    except ValueError:
        raise PlatformError(
            400, "The body cannot be read: it is no form of at most 100 fields in UTF-8."
        ) from None
    for name, value in pairs:
        outer, bracket, inner = name.partition("[")
        if not bracket:
            fields[outer] = value
            continue
        group = fields.setdefault(outer, {})
        if isinstance(group, dict):
            group[inner.removesuffix("]")] = value
    return fields


def _within(request: Request, most: int) -> bytes:
    if len(request.body) > most:
        raise PlatformError(
            413, f"The body has more than {most} bytes; the setting max_body moves this limit."
        )
    return request.body
