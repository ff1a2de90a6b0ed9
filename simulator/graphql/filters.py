"""What narrows and arranges the row of a connection: its arguments besides those of the page.

Decides which rows and which records pass. ``fullText`` finds users in whose name, username or email address each of its
words occurs, in any case of letters. [chosen] ``valueTypes`` finds events of the types given. [documented: RA]
``externalData`` and ``externalAssetId`` are looked up, not searched, see ``world.marks``. ``orderBy`` puts what is left in
another order, see ``world.order``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from graphql import GraphQLError

from simulator.graphql.connections import Keep
from simulator.graphql.limits import Budget
from simulator.world.marks import CONTAINS, INDEXED, MATCH, asset_mark, bears, external_mark
from simulator.world.order import ordered
from simulator.world.resources import Ref, ScenarioSessionEvent, User
from simulator.world.rows import Rows
from simulator.world.view import View

__all__ = ["Narrowed", "narrow"]


class Narrowed(NamedTuple):
    """A row, and which of its records count; None means all."""

    rows: Rows
    keep: Keep | None = None


def narrow(view: View, rows: Rows, arguments: Mapping[str, Any], budget: Budget) -> Narrowed:
    """Return what the arguments of a connection leave of its row."""
    found = Narrowed(rows)
    for name, value in arguments.items():
        filter_by = _FILTERS.get(name)
        if filter_by is not None and value is not None:
            found = filter_by(view, rows, value)
    order = arguments.get("orderBy")
    if order is None:
        return found
    falling = order["direction"] == "DESC"
    return Narrowed(
        ordered(view, found.rows, order["attribute"], falling=falling, read=budget.look), found.keep
    )


def _full_text(view: View, rows: Rows, text: str) -> Narrowed:
    words = text.casefold().split()

    def keep(number: int) -> bool:
        known = view.world.need(User, number)
        searched = f"{known.name}\n{known.username}\n{known.email}".casefold()
        return all(word in searched for word in words)

    return Narrowed(rows, keep)


def _value_types(view: View, rows: Rows, types: list[str]) -> Narrowed:
    def keep(number: int) -> bool:
        event = view.world.need(ScenarioSessionEvent, number)
        return view.wire("ScenarioStepItemTypeEnum", event.type) in types

    return Narrowed(rows, keep)


def _external_data(view: View, rows: Rows, given: Mapping[str, Any]) -> Narrowed:
    """MATCH and CONTAINS are the only types of the filter; another is an error. [chosen]"""
    way = given["type"]
    if way not in (MATCH, CONTAINS):
        raise GraphQLError(f"The type of externalData must be {MATCH} or {CONTAINS}, but is '{way}'.")
    mark = external_mark(rows.kind, way, given["key"], given["value"])
    if rows.kind in INDEXED:
        return _among(view, view.world.marked(mark), rows)

    def keep(number: int) -> bool:
        return bears(getattr(view.get(Ref(rows.kind, number)), "external_data", None), mark)

    return Narrowed(rows, keep)


def _among(view: View, found: Rows, rows: Rows) -> Narrowed:
    """Return what is in both; the shorter is walked, and looked up in the longer."""
    if len(rows) == len(view.world.all(rows.kind)):
        return Narrowed(found)
    if len(rows) < len(found):
        return Narrowed(rows, found.__contains__)
    return Narrowed(found, rows.__contains__)


def _asset(view: View, rows: Rows, asset_id: str) -> Narrowed:
    return _among(view, view.world.marked(asset_mark(asset_id)), rows)


_FILTERS: Mapping[str, Callable[[View, Rows, Any], Narrowed]] = {
    "fullText": _full_text,
    "valueTypes": _value_types,
    "externalData": _external_data,
    "externalAssetId": _asset,
}
"""The arguments that filter; a connection has one of them at most, or this would have to combine them."""
