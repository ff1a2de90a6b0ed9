"""The libraries of the extra ``[fast]`` for tests: the real ones where they are installed, else stand-ins that promise no
more than these do. So both ways are tested wherever the tests run."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from simulator import contracts, fast

BOTH_WAYS = pytest.mark.parametrize("extra", ["without", "with"])


def use_extra(monkeypatch: pytest.MonkeyPatch, extra: str) -> None:
    """Go on as if the extra were installed, or were not."""
    known = {} if extra == "without" else {name: _library(name) for name in _STAND_INS}
    monkeypatch.setattr(fast, "library", known.get)
    for cached in (contracts._quick_validator, contracts._check_short):
        monkeypatch.setattr(contracts, cached.__name__, cached)
        cached.cache_clear()


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return _STAND_INS[name]


def _dumps(value: object) -> bytes:
    """Write JSON as orjson does: no key that is no text, no number of more than 64 bits, no half a surrogate pair."""

    def check(part: object) -> None:
        if isinstance(part, dict):
            for key, one in part.items():
                if not isinstance(key, str):
                    raise TypeError("Dict key must be str")
                check(one)
        elif isinstance(part, list | tuple):
            for one in part:
                check(one)
        elif isinstance(part, int) and not -(2**63) <= part < 2**64:
            raise TypeError("Integer exceeds 64-bit range")

    check(value)
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError as error:
        raise TypeError(str(error)) from None


def _loads(body: bytes) -> Any:
    """Read JSON as orjson does: whole numbers of more than 64 bits become floats, and UTF-8 alone is read."""

    def whole(text: str) -> float:
        number = int(text)
        return number if -(2**63) <= number < 2**64 else float(text)

    def refuse(name: str) -> None:
        raise ValueError(name)

    return json.loads(body.decode(), parse_int=whole, parse_constant=refuse)


def _validator(schema: Any, *, retriever: Callable[[str], Any]) -> Draft202012Validator:
    registry: Any = Registry(retrieve=lambda uri: DRAFT202012.create_resource(retriever(uri)))  # type: ignore[call-arg]
    return Draft202012Validator(schema, registry=registry)


_STAND_INS = {
    "jsonschema_rs": SimpleNamespace(Draft202012Validator=_validator),
    "orjson": SimpleNamespace(dumps=_dumps, loads=_loads),
    "uvloop": SimpleNamespace(new_event_loop=asyncio.new_event_loop),
}
