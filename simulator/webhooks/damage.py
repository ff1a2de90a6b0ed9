"""What happens to a damaged post: some kinds change what it says, others only its bytes or its signature.

Decides what each kind of damage does. It must not decide which post is damaged. Whatever changes the meaning is done before
the post is signed, so that the signature is right; bytes and signature are touched afterwards, so that it is not. [chosen]
The number drawn for the post decides the place, so that the same seed damages the same place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from simulator.clock import Moment, iso_seconds, parse_moment
from simulator.values import dataclass
from simulator.webhooks.signing import HEADER
from simulator.wire import Headers, dump

__all__ = ["BIG", "FUTURE_EVENT", "FUTURE_RAW_TYPE", "FUTURE_TYPE", "Damage"]

FUTURE_EVENT: Final = "archived"
"""An event word that no version knows yet."""

FUTURE_TYPE: Final = "WorkPackage"
"""A type of resource that no version knows yet."""

FUTURE_RAW_TYPE: Final = "telemetry"
"""A type of event that no version knows yet."""

BIG: Final = 1_048_576
"""How many bytes a big post has more than it needs."""

_Holder: TypeAlias = Any
"""A JSON object or array, as it is changed in place."""

_DAY: Final = 86_400_000
_TOPIC: Final = "X-Scope-Topic"


@dataclass(frozen=True, slots=True)
class Damage:
    """One kind of damage to one post, and the number drawn for it."""

    kind: str
    draw: int

    def before_signing(self, headers: Headers, body: bytes) -> tuple[Headers, bytes]:
        """Return a post that says something else, if this kind of damage changes the meaning."""
        change = _MEANINGS.get(self.kind)
        if change is None:
            return headers, body
        value = json.loads(body)
        change(value, self.draw)
        return _with_topic(headers, self.kind), dump(value)

    def after_signing(self, headers: Headers, body: bytes) -> tuple[Headers, bytes]:
        """Return a post whose bytes or signature are wrong, if this kind of damage touches these."""
        match self.kind:
            case "truncate":
                return headers, body[: len(body) // 2]
            case "corrupt":
                place = self.draw % len(body)
                # No UTF-8 has this byte.
                return headers, body[:place] + b"\xff" + body[place + 1 :]
            case "missign":
                return tuple(
                    (name, _other(value) if name == HEADER else value) for name, value in headers
                ), body
            case "unsigned":
                return tuple(one for one in headers if one[0] != HEADER), body
            case _:
                return headers, body


def _other(header: str) -> str:
    """Return other signatures of the same form."""
    return " ".join(("B" if one.startswith("A") else "A") + one[1:] for one in header.split())


def _with_topic(headers: Headers, kind: str) -> Headers:
    """Return headers whose topic, where there is one, is of the future too."""

    def other(topic: str) -> str:
        resource, _, event = topic.partition("/")
        return f"{resource}/{FUTURE_EVENT}" if kind == "unknown_event" else f"work_package/{event}"

    if kind not in ("unknown_event", "unknown_type"):
        return headers
    return tuple((name, other(value) if name == _TOPIC else value) for name, value in headers)


# ------------------------------------------------------------------------------------------------------- meanings


def _stale(value: dict[str, Any], _draw: int) -> None:
    value["time"] = iso_seconds(Moment(parse_moment(value["time"]) - _DAY))


def _unknown_event(value: dict[str, Any], _draw: int) -> None:
    if "event" in value:
        value["event"] = FUTURE_EVENT


def _unknown_type(value: dict[str, Any], _draw: int) -> None:
    if value.get("type") == "resource":
        value["data"]["resource-type"] = FUTURE_TYPE
    elif "type" in value:
        value["type"] = FUTURE_RAW_TYPE


def _extra_field(value: dict[str, Any], _draw: int) -> None:
    value["addedLater"] = {"by": "a newer version"}
    if isinstance(value["data"], dict):
        value["data"]["addedLater"] = True


def _null_field(value: dict[str, Any], draw: int) -> None:
    places = _leaves(value, "data")
    inside, key = places[draw % len(places)]
    inside[key] = None


def _leaves(inside: _Holder, key: str | int) -> list[tuple[_Holder, str | int]]:
    """Return every place below ``inside[key]`` that holds no further ones, or the place itself."""
    value = inside[key]
    if not isinstance(value, dict | list) or not value:
        return [(inside, key)]
    keys = list(value) if isinstance(value, dict) else range(len(value))
    return [leaf for one in keys for leaf in _leaves(value, one)]


def _big(value: dict[str, Any], _draw: int) -> None:
    value["padding"] = "x" * BIG


_MEANINGS: Final[Mapping[str, Callable[[dict[str, Any], int], None]]] = MappingProxyType(
    {
        "stale": _stale,
        "unknown_event": _unknown_event,
        "unknown_type": _unknown_type,
        "extra_field": _extra_field,
        "null_field": _null_field,
        "big": _big,
    }
)
