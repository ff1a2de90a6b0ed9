"""What goes into an operation and what comes out, as Python has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

from simulator.showing import Resource
from simulator.wire import JSON

__all__ = [
    "NOTHING",
    "Shown",
    "Subject",
    "id_or_none",
    "in_query",
    "listed",
    "listed_in",
    "node_id",
    "plain",
    "present",
    "resource_of",
    "shown",
]

Shown: TypeAlias = dict[str, Any]
"""A JSON object, as its contract in ``schemas/control/`` describes it."""

Subject: TypeAlias = str | Resource
"""A resource, or its node id."""

NOTHING: Mapping[str, Any] = MappingProxyType({})


def node_id(subject: Subject) -> str:
    return subject.id if isinstance(subject, Resource) else subject


def id_or_none(subject: Subject | None) -> str | None:
    return None if subject is None else node_id(subject)


def listed(names: Iterable[str]) -> str | None:
    """Return several names as a query writes them; None for none."""
    return ",".join(names) or None


def plain(values: Sequence[JSON] | None) -> list[JSON] | None:
    return None if values is None else [*values]


def present(fields: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return the fields that were given."""
    return {name: value for name, value in fields.items() if value is not None}


def in_query(values: Mapping[str, JSON]) -> dict[str, str]:
    """Return the values that were given as a query writes them."""
    given = present(values)
    return {name: str(one).lower() if isinstance(one, bool) else str(one) for name, one in given.items()}


def shown(answer: JSON) -> Shown:
    assert isinstance(answer, dict)
    return answer


def listed_in(answer: JSON, name: str) -> list[Shown]:
    """Return the list that an answer holds by this name."""
    found = shown(answer)[name]
    assert isinstance(found, list)
    return found


def resource_of(answer: JSON) -> Resource:
    """Return a resource as the handles have it: its fields are those of the SDL."""
    given = shown(answer)
    fields = {"type" if name == "type_" else name: one for name, one in given.items() if name != "type"}
    return Resource(given["id"], given["type"], fields)
