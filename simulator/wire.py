"""All that crosses a socket, as values: what a client asks and gets, what is posted and what came back.

Header names are lower case in ``Request`` and ``Outcome`` (as received), as written in ``Answer`` and
``Attempt`` (as sent). Bodies are raw bytes, never re-serialised.
"""

from __future__ import annotations

import base64
import json
import math
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import NoReturn, TypeAlias

from simulator import fast
from simulator.values import dataclass

__all__ = [
    "JSON",
    "Answer",
    "Attempt",
    "Headers",
    "Outcome",
    "Request",
    "curl_line",
    "curl_request",
    "dump",
    "json_answer",
    "load",
    "show_body",
]

JSON: TypeAlias = None | bool | int | float | str | list["JSON"] | dict[str, "JSON"]
Headers: TypeAlias = tuple[tuple[str, str], ...]


_DEEPEST = 200
"""Deeper JSON is refused at the door: writing it again could exhaust the interpreter's stack."""

_TOO_DEEP = f"it is nested deeper than {_DEEPEST} levels"


def dump(value: object, *, loose: Sequence[object] | None = None) -> bytes:
    """Return compact UTF-8 JSON, keys in the order given. ``loose`` may hold all parts that are not surely text, whole
    numbers, booleans or null, for those who know."""
    written = fast.json_bytes(value, loose)
    if written is not None:
        return written
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        # A string may hold half a surrogate pair, which JSON can write only as an escape.
        return json.dumps(value, separators=(",", ":")).encode()


def load(body: bytes) -> JSON:
    """Read a JSON body that came from outside; raise ValueError, in plain words, when ``dump`` could not write it.

    So NaN, infinite numbers and nesting beyond 200 levels are refused as well as what is no JSON.
    """
    value: JSON = fast.json_value(body)
    try:
        if value is None:
            value = _DECODER.decode(body.decode(json.detect_encoding(body), "surrogatepass"))
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON: {error.msg} (line {error.lineno}, column {error.colno})") from None
    except UnicodeDecodeError:
        raise ValueError("it is not JSON: the bytes are not UTF-8") from None
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    except _RefusedError:
        raise
    except ValueError:
        # What is left is Python's limit on the digits of a whole number.
        raise ValueError("it holds a number of too many digits") from None
    if body.count(b"[") + body.count(b"{") > _DEEPEST and _depth(value) > _DEEPEST:
        raise ValueError(_TOO_DEEP)
    return value


class _RefusedError(ValueError):
    """Something that Python's parser would let pass."""


def _refuse(name: str) -> NoReturn:
    raise _RefusedError(f"it is not JSON: {name} is no JSON value")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _RefusedError(f"it holds the number {text}, which is too large")
    return number


_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)


def _depth(value: JSON) -> int:
    depth = 0
    level = [value]
    while level := [node for node in level if isinstance(node, (dict, list))]:
        depth += 1
        level = [child for node in level for child in (node.values() if isinstance(node, dict) else node)]
    return depth


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks our API. ``path`` is the raw path, still percent-encoded, without the query; ``received`` is
    when it came, in wall seconds from any beginning."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    received: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client gets: after ``delay`` wall seconds, its body over ``drip`` of them, or nothing but a closed connection
    when it is to ``hang_up``. Whoever holds the connection sees to that."""

    status: int
    body: bytes
    content_type: str = "application/json; charset=utf-8"
    headers: Headers = ()
    delay: float = 0.0
    drip: float = 0.0
    hang_up: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """One POST of one delivery to one target; ``number`` counts from 1, ``timeout`` is wall seconds."""

    delivery: int
    number: int
    url: str
    headers: Headers
    body: bytes
    timeout: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back from an attempt: a status, or else ``error`` in plain words. ``took`` is wall seconds."""

    status: int | None
    error: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    took: float = 0.0


def json_answer(value: object, status: int = 200) -> Answer:
    """Return ``value`` as a JSON answer."""
    return Answer(status, dump(value))


def show_body(body: bytes) -> dict[str, JSON]:
    """Return a body as part of a JSON object: ``body`` when it is UTF-8 text, else ``body_base64``."""
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(body).decode()}


def curl_line(attempt: Attempt) -> str:
    """Return the shell line that repeats an attempt byte for byte; what curl counts itself is left to it."""
    return curl_request("POST", attempt.url, attempt.headers, attempt.body)


def curl_request(method: str, url: str, headers: Headers = (), body: bytes = b"") -> str:
    """Return the shell line that asks so, a POST or a GET without a body."""
    parts = ["curl"]
    if any(sign in url for sign in "[]{}"):
        parts.append("--globoff")
    for name, value in headers:
        if name.lower() not in ("content-length", "host"):
            parts += ["-H", f"{name}: {value}"]
    if method == "GET":
        return shlex.join([*parts, url])
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" not in text:
        return shlex.join([*parts, "--data-raw", text, url])
    # A command line holds neither NUL nor broken UTF-8: such bytes go through a pipe.
    encoded = base64.b64encode(body).decode()
    return f"echo {encoded} | base64 -d | " + shlex.join([*parts, "--data-binary", "@-", url])
