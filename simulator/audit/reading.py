"""What a payload says and what the API answers, read for comparison.

Decides how the two are read and in what two bodies differ. It must not know what ought to be the case: whatever stands in a
body or an answer is read, never refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from simulator.wire import JSON, Answer, Attempt, dump
from simulator.world.resources import Kind

__all__ = ["Differing", "Said", "bodies", "node_in", "object_in", "said", "short"]

Differing: TypeAlias = list[tuple[str, str]]
"""What is told, and what the API says instead."""

_BY_TOPIC: Final = {re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower(): str(kind) for kind in Kind}
"""The types by what stands before the stroke of their topics."""
_SHORT: Final = 200


class Said(NamedTuple):
    """What the body of an attempt says: any JSON may stand at each place."""

    id: JSON
    kind: str | None
    url: JSON
    word: str


def said(body: JSON, attempt: Attempt) -> Said:
    whole = body if isinstance(body, dict) else {}
    data = whole.get("data")
    inner = data if isinstance(data, dict) else {}
    topic = next((value for name, value in attempt.headers if name == "X-Scope-Topic"), None)
    if topic is None:
        kind, word = inner.get("resource-type"), whole.get("event")
        return Said(inner.get("resource-id"), short(kind), inner.get("resource-url"), short(word))
    snake, _, word = topic.partition("/")
    return Said(inner.get("id"), _BY_TOPIC.get(snake, snake), inner.get("url"), word)


def node_in(answer: Answer) -> Mapping[str, Any] | str | None:
    """Return the object that GraphQL answered with, None for none, or what it says is wrong."""
    whole = json.loads(answer.body)
    if answer.status != 200 or "errors" in whole:
        return f"with status {answer.status}: {short(whole)}"
    node: Mapping[str, Any] | None = whole["data"]["node"]
    return node


def object_in(answer: Answer) -> Mapping[str, Any] | str | None:
    """Return the object that its address answered with, None for none, or what it says is wrong."""
    whole = json.loads(answer.body)
    if answer.status == 404:
        return None
    return whole if answer.status == 200 else f"with status {answer.status}: {short(whole)}"


def bodies(told: JSON, answer: Answer) -> Differing:
    """Return the first place at which a body differs from an answer."""
    place, ours, theirs = _first_difference(told, json.loads(answer.body))
    return [] if place is None else [(f"{place} {short(ours)}".lstrip(), f"{place} {short(theirs)}".lstrip())]


_MISSING: Final = "nothing"


def _first_difference(told: JSON, seen: JSON, place: str = "") -> tuple[str | None, JSON, JSON]:
    pairs: list[tuple[str, JSON, JSON]] = []
    if isinstance(told, dict) and isinstance(seen, dict):
        names = dict.fromkeys([*told, *seen])
        pairs = [
            (f"{place}.{one}".lstrip("."), told.get(one, _MISSING), seen.get(one, _MISSING)) for one in names
        ]
    elif isinstance(told, list) and isinstance(seen, list) and len(told) == len(seen):
        pairs = [(f"{place}[{i}]", *pair) for i, pair in enumerate(zip(told, seen, strict=True))]
    elif told != seen:
        return place, told, seen
    found = (_first_difference(ours, theirs, where) for where, ours, theirs in pairs)
    return next((one for one in found if one[0] is not None), (None, None, None))


def short(value: object) -> str:
    text = value if isinstance(value, str) else dump(value).decode()
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}..."
