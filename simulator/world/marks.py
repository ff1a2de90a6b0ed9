"""By what a record is found without looking at all of them: what it is called, its external data, its asset, its groups.

A mark is a text that a record bears under a name. The world keeps an index of the marks of touched records; those of the
base follow from numbers and are turned back by arithmetic, see ``Layout.marked``. So a filter costs the same in a world
of ten sessions and of a million.

MATCH finds a key with this single value, CONTAINS a key with several values of which this is one. [documented: XD] Values
are compared as text, so that 7 finds "7" as well as 7. [chosen] Only the keys of the first level are looked at. [chosen]
"""

from __future__ import annotations

from typing import Final, NamedTuple, TypeGuard

from simulator.wire import JSON
from simulator.world.resources import (
    Call,
    Group,
    Kind,
    Record,
    Scenario,
    ScenarioCatalog,
    ScenarioSession,
    User,
    WebhookSubscription,
)

__all__ = [
    "CALLED",
    "CONTAINS",
    "INDEXED",
    "LISTING",
    "MATCH",
    "Mark",
    "asset_mark",
    "bears",
    "called_mark",
    "external_mark",
    "group_mark",
    "listing_mark",
    "marks_of",
    "topic_mark",
]

MATCH: Final = "MATCH"
CONTAINS: Final = "CONTAINS"
CALLED: Final = "called"
LISTING: Final = "listing"

INDEXED: Final = (
    *(Kind.SESSION, Kind.CALL, Kind.CATALOG, Kind.SCENARIO, Kind.GROUP, Kind.USER),
    Kind.SUBSCRIPTION,
)
"""The kinds whose marks are kept in an index; the rows of others are short, or are not searched."""


class Mark(NamedTuple):
    """What some records of a kind have in common: ``text`` under ``name``; ``way`` says how they bear it."""

    kind: Kind
    way: str
    name: str
    text: str


def external_mark(kind: Kind, way: str, key: str, value: str | float) -> Mark:
    """Return the mark of records whose external data fits; ``way`` is ``MATCH`` or ``CONTAINS``."""
    return Mark(kind, way, key, _text(value))


def called_mark(kind: Kind, name: str) -> Mark:
    """Return the mark of the scenarios, groups or users that are called so: by name, username or e-mail address."""
    return Mark(kind, CALLED, "", name)


def asset_mark(asset_id: str) -> Mark:
    """Return the mark of the catalogs of an asset."""
    return Mark(Kind.CATALOG, "asset", "", asset_id)


def listing_mark(scenario: int) -> Mark:
    """Return the mark of the catalogs that lead to the scenario with this number."""
    return Mark(Kind.CATALOG, LISTING, "", str(scenario))


def group_mark(group: int) -> Mark:
    """Return the mark of the members of a group; there is none of the first, in which everybody is."""
    return Mark(Kind.USER, "group", "", str(group))


def topic_mark(topic: int) -> Mark:
    """Return the mark of the subscriptions to the topic with this number."""
    return Mark(Kind.SUBSCRIPTION, "topic", "", str(topic))


def marks_of(record: Record | None) -> frozenset[Mark]:
    """Return all marks that a record bears."""
    match record:
        case ScenarioSession() | Call():
            return frozenset(_external(record.KIND, record.external_data))
        case ScenarioCatalog():
            asset = [asset_mark(record.external_asset_id)] if record.external_asset_id else ()
            return frozenset((*asset, *map(listing_mark, record.scenarios)))
        case User():
            names = (record.name, record.username, record.email)
            groups = (group_mark(number) for number in record.groups if number != 1)
            return frozenset((*(called_mark(Kind.USER, name) for name in names), *groups))
        case Scenario() | Group():
            return frozenset([called_mark(record.KIND, record.name)])
        case WebhookSubscription():
            return frozenset([topic_mark(record.topic)])
    return frozenset()


def bears(external_data: JSON, mark: Mark) -> bool:
    """Return whether external data, of a record of whatever kind, fits a mark."""
    return mark in _external(mark.kind, external_data)


def _external(kind: Kind, data: JSON) -> list[Mark]:
    found: list[Mark] = []
    for key, value in data.items() if isinstance(data, dict) else ():
        if isinstance(value, list):
            found += [external_mark(kind, CONTAINS, key, one) for one in value if _is_plain(one)]
        elif _is_plain(value):
            found.append(external_mark(kind, MATCH, key, value))
    return found


def _is_plain(value: JSON) -> TypeGuard[str | float]:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _text(value: str | float) -> str:
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value)
