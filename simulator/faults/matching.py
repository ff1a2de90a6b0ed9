"""Which posts and requests a fault is about: when its conditions hold, and which conditions can never hold.

Decides on conditions alone; counting, chance and time are the matter of ``state``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from simulator.errors import UsageError, did_you_mean
from simulator.journal import Asked, DeliveryPlanned
from simulator.settings.fault_kinds import FAULTS, Fault
from simulator.settings.faults import Finding
from simulator.values import dataclass
from simulator.world.graph import ATTRIBUTES, MANY, ONE
from simulator.world.resources import Kind

__all__ = ["Aimed", "find_impossible", "matches_post", "matches_request"]

_PLAIN: Final = MappingProxyType({"created": "create", "updated": "update", "completed": "finished"})
_PLAIN_WORDS: Final = ("create", "created", "update", "updated")
_SESSION: Final = (*_PLAIN_WORDS, "paused", "resumed", "finished", "completed")
_WORDS: Final[Mapping[str | None, Sequence[str]]] = MappingProxyType(
    {
        None: _SESSION,
        **dict.fromkeys(Kind, _PLAIN_WORDS),
        Kind.SESSION: _SESSION,
        Kind.CALL: (*_PLAIN_WORDS, "finished", "completed"),
    }
)
"""The event words of each type of resource, in either generation, and of all of them."""
_TELLING: Final = (Kind.SESSION, Kind.CALL)
"""The types that tell in the first generation; in the second any may, if there is a topic of it."""
_RAW: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_TOPIC: Final = re.compile(r"[a-z0-9_]+/[a-z0-9_]+")

_METHODS: Final[Mapping[str, Sequence[str]]] = MappingProxyType(
    {
        "graphql": ("GET", "POST"),
        "object": ("GET",),
        "sign_in": ("POST",),
        "sessions": ("POST",),
        "file": ("GET", "HEAD"),
    }
)
_NAMING: Final[Mapping[str, Sequence[str]]] = MappingProxyType(
    {"operation": ("graphql",), "field": ("graphql", "object"), "of": ("graphql", "object")}
)
"""On which routes a request can have what a condition names."""


@dataclass(frozen=True, slots=True)
class Aimed:
    """What a request is after, as far as it can be told before it is answered."""

    route: str
    method: str
    operation: str | None = None
    asked: tuple[Asked, ...] = ()


def matches_post(match: Mapping[str, str | int], planned: DeliveryPlanned, attempt: int | None) -> bool:
    facts = {
        "event": _plain(planned.word),
        "of": planned.id,
        "type": planned.type,
        "target": planned.target,
        "topic": planned.topic,
        "attempt": attempt,
    }
    return all(
        facts[key] == (_plain(str(value)) if key == "event" else value) for key, value in match.items()
    )


def _plain(word: str) -> str:
    return _PLAIN.get(word, word)


def matches_request(match: Mapping[str, str | int], aimed: Aimed) -> bool:
    facts = {"route": aimed.route, "method": aimed.method, "operation": aimed.operation}
    if any(match.get(key, fact) != fact for key, fact in facts.items()):
        return False
    of, field = match.get("of"), match.get("field")
    if of is None and field is None:
        return True
    return any(of in (None, one.id) and (field is None or field in one.fields) for one in aimed.asked)


def find_impossible(fault: Fault, topics: Sequence[str] | None = None) -> list[Finding]:
    """Return the conditions of a fault that nothing can ever meet, each with what is wrong with it.

    ``topics`` are the keys of the catalogue, None when that is not known yet. A text that holds references is passed over.
    Whether a resource exists is for whoever knows the world.
    """
    match = {key: value for key, value in fault.match if not (isinstance(value, str) and "${" in value)}
    found = _of_delivery(fault, match, topics) if fault.side == "delivery" else _of_api(fault, match)
    return [(("match", key), error) for key, error in found]


def _of_delivery(
    fault: Fault, match: Mapping[str, str | int], topics: Sequence[str] | None
) -> Iterator[tuple[str, UsageError]]:
    if "attempt" in match and not FAULTS["delivery"][fault.name].attempt:
        yield (
            "attempt",
            UsageError(
                f"{fault.name} is decided before the first attempt",
                remedy="Leave attempt out; times says how often it strikes.",
            ),
        )
    kind = match.get("type")
    wrong = None if kind is None else _type(str(kind), topics)
    if wrong is not None:
        yield "type", wrong
    elif "event" in match:
        yield from _of_word(str(match["event"]), None if kind is None else str(kind))
    topic = match.get("topic")
    if topic is not None and not (_TOPIC.fullmatch(str(topic)) if topics is None else topic in topics):
        known = topics or ()
        nearest = did_you_mean(str(topic), known)
        listed = ", ".join(known) or "a type and what happened, such as scenario_session/completed"
        expected = None if nearest else f"one of {listed}" if known else listed
        yield "topic", UsageError(f"there is no topic {topic!r}", expected=expected, nearest=nearest)
    target = match.get("target")
    if target is not None and not re.match(r"https?://", str(target)):
        yield "target", UsageError(f"{target!r} is no target", expected="the URL of one")


def _type(kind: str, topics: Sequence[str] | None) -> UsageError | None:
    """Return what is wrong with a type, None when webhooks can have it."""
    if kind in tuple(Kind):
        snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower()
        if kind in _TELLING or topics is None or any(one.partition("/")[0] == snake for one in topics):
            return None
        return UsageError(f"a {kind} tells no webhook", remedy="The catalogue has no topic of it.")
    if _RAW.fullmatch(kind):
        return None
    return UsageError(
        f"no webhook has the type {kind!r}",
        expected="a type of resource such as ScenarioSession, or the type of a raw event such as iot",
        nearest=did_you_mean(kind, tuple(Kind)),
    )


def _of_word(word: str, kind: str | None) -> Iterator[tuple[str, UsageError]]:
    known = _WORDS.get(kind)
    if known is not None and word not in known:
        whose = "a resource" if kind is None else f"a {kind}"
        nearest = did_you_mean(word, known)
        yield (
            "event",
            UsageError(
                f"no event of {whose} is called {word!r}",
                expected=None if nearest else f"one of {', '.join(known)}",
                nearest=nearest,
                remedy="The event of a raw webhook needs its type beside it." if kind is None else None,
            ),
        )


def _of_api(fault: Fault, match: Mapping[str, str | int]) -> Iterator[tuple[str, UsageError]]:
    struck = FAULTS["api"][fault.name].routes or tuple(_METHODS)
    route = match.get("route")
    if route is not None and route not in struck:
        yield (
            "route",
            UsageError(f"{fault.name} strikes nothing there", expected=" or ".join(struck), found=str(route)),
        )
        return
    routes = [str(route)] if route is not None else struck
    for key, having in _NAMING.items():
        if key in match and not set(routes) & set(having):
            where = f"the route {route}" if route is not None else fault.name
            yield (
                key,
                UsageError(f"no request of {where} has {key}", expected=f"the route {' or '.join(having)}"),
            )
    method = match.get("method")
    allowed = dict.fromkeys(one for name in routes for one in _METHODS[name])
    if method is not None and method not in allowed:
        yield (
            "method",
            UsageError("no such request is answered", expected=" or ".join(allowed), found=str(method)),
        )
    field = match.get("field")
    if field is not None:
        known = sorted({name for kind in Kind for table in (ATTRIBUTES, ONE, MANY) for name in table[kind]})
        if str(field).rpartition(".")[2] not in known:
            yield (
                "field",
                UsageError(f"the API has no field {field!r}", nearest=did_you_mean(str(field), known)),
            )
