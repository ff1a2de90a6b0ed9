"""The extra ``[fast]``: libraries that do sooner what is done without them too, used where they are installed.

Decides whether each is there and where it may be used: only where it gives exactly what goes without it, so that nobody
can tell from bytes, verdicts or messages whether the extra is installed. Each function returns None where its library
is missing or might differ, and its caller has the other way. It must not word a failure: that is left to the other way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

__all__ = ["json_bytes", "json_value", "library", "loop_factory", "stored_json", "validator"]


@cache
def library(name: str) -> ModuleType | None:
    """Return a library of the extra, or None when it is not installed; looked for once."""
    try:
        return import_module(name)
    except ImportError:
        return None


def json_bytes(value: object, loose: object = None) -> bytes | None:
    """Return ``value`` as compact UTF-8 JSON, by orjson, or None where the standard library might write other bytes: what
    is to be looked at for that is ``loose``, unless it is None, then all."""
    orjson = library("orjson")
    if orjson is None:
        return None
    try:
        written: bytes | None = orjson.dumps(value) if _is_plain(value if loose is None else loose) else None
    except (TypeError, RecursionError):
        # A key that is no text, half a surrogate pair, a number of more than 64 bits, a circle.
        return None
    return written


def json_value(body: bytes) -> Any:  # noqa: ANN401 - any JSON
    """Return what a JSON body says, by orjson, or None where the standard library might read something else, or refuse it."""
    orjson = library("orjson")
    if orjson is None:
        return None
    try:
        value = orjson.loads(body)
        return None if _holds_float(value) else value
    except (ValueError, RecursionError):
        return None


def _holds_float(value: object) -> bool:
    """Return whether there is a number that may have been a whole one, of more digits than orjson holds."""
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return isinstance(value, float)
    # Most are texts, which are not worth a call each.
    others = [one for one in value if one.__class__ is not str]
    return any(map(_holds_float, others))


def stored_json(value: object) -> bytes | None:
    """Return ``value`` as JSON that reads back as it was, though perhaps not in the standard library's very bytes."""
    orjson = library("orjson")
    if orjson is None:
        return None
    try:
        written: bytes = orjson.dumps(value)
    except (TypeError, RecursionError):
        return None
    return written


def validator(schema: Mapping[str, Any], load: Callable[[str], Any]) -> Callable[[object], bool] | None:
    """Return what says whether a value fits ``schema``, by jsonschema-rs; ``load`` gives the schema at an address."""
    jsonschema_rs = library("jsonschema_rs")
    if jsonschema_rs is None:
        return None
    is_valid: Callable[[object], bool] = jsonschema_rs.Draft202012Validator(schema, retriever=load).is_valid
    return is_valid


def loop_factory() -> Callable[[], AbstractEventLoop] | None:
    """Return what makes an event loop, by uvloop; only for loops that are our own."""
    uvloop = library("uvloop")
    if uvloop is None:
        return None
    factory: Callable[[], AbstractEventLoop] = uvloop.new_event_loop
    return factory


def _is_plain(value: object) -> bool:
    """Return whether both write ``value`` alike: it holds no float that one of them writes with an exponent, and
    nothing that is only JSON to one of them."""
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    if isinstance(value, float):
        return value == 0 or 1e-4 <= abs(value) < 1e16
    return value is None or isinstance(value, (str, int))
