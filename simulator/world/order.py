"""Rows in another order than that of creation: by which attributes, and how without reading a large world.

Theory. In the base some moments rise with the number, so a row is in their order as it stands; the few records that were
created later are sorted and set in between, each by halving. Any other attribute means reading every record of the row,
which is done for rows up to a size and refused beyond it.

The newest part of a session is found by ordering its parts by startedAt. [documented: SD] Other attributes, sessions, events
and calls can be ordered by likewise. [inferred] Records without a value come last when rising, and first when falling.
[inferred] Records with the same value stand in the order of their creation. [chosen]
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from typing import Any, Final

from simulator.errors import PlatformError, did_you_mean
from simulator.wire import JSON
from simulator.world.graph import ATTRIBUTES
from simulator.world.resources import Kind, Ref
from simulator.world.rows import Head, Rows, Turned, Woven
from simulator.world.view import View

__all__ = ["MOST", "ORDERS", "ordered"]

MOST: Final = 10_000
"""So many records at most are read to order a row."""

_Key = tuple[int, Any, int]

_SORTABLE: Final = (Kind.SESSION, Kind.PART, Kind.EVENT, Kind.CALL)
_UNSORTABLE: Final = ("id", "externalData", "eventData")
_RISING: Final = frozenset(((Kind.SESSION, "startedAt"), (Kind.PART, "startedAt"), (Kind.CALL, "startedAt")))
"""What rises with the number in the base; the number itself does so everywhere."""

ORDERS: Final[Mapping[Kind, tuple[str, ...]]] = {
    kind: tuple(name for name in ATTRIBUTES[kind] if name not in _UNSORTABLE) for kind in _SORTABLE
}
"""By which attributes the rows of a kind can be ordered."""


def ordered(view: View, rows: Rows, attribute: str, *, falling: bool, read: Callable[[int], None]) -> Rows:
    """Return a row in the order of an attribute; ``read`` is told how many records that reads."""
    known = ORDERS[rows.kind]
    if attribute not in known:
        near = did_you_mean(attribute, known)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise PlatformError(
            400, f"{rows.kind} cannot be ordered by '{attribute}'.{hint} It can by: {', '.join(known)}."
        )
    if attribute == "databaseId":
        return Turned(rows) if falling else rows
    rising = (rows.kind, attribute) in _RISING
    settled = rows.rank(view.world.base.counts[rows.kind] + 1) if rising else 0
    loose = len(rows) - settled
    if loose > MOST:
        raise PlatformError(
            400,
            f"Ordering by '{attribute}' would read {loose} records, more than {MOST}: narrow the connection, or "
            "order by startedAt or databaseId.",
        )
    read(loose)
    row = _Sorted(view, rows, attribute, settled)
    return Turned(row) if falling else row


class _Sorted(Rows):
    """A row by the rising values of an attribute; its first ``settled`` members are in that order already."""

    __slots__ = ("_keys", "_read", "_settled", "_view")

    def __init__(self, view: View, rows: Rows, attribute: str, settled: int) -> None:
        self._view = view
        self._read: Callable[[View, Any], JSON] = ATTRIBUTES[rows.kind][attribute]
        self.kind = rows.kind
        self._settled = Head(rows, settled)
        self._keys = sorted(map(self._key, rows[settled:]))
        places: list[int] = []
        for key in self._keys:
            places.append(bisect_left(self._settled, key, places[-1] if places else 0, key=self._key))
        super().__init__(rows.kind, Woven(self._settled, [key[-1] for key in self._keys], places))

    def before(self, number: int) -> int:
        key = self._key(number)
        return bisect_left(self._settled, key, key=self._key) + bisect_left(self._keys, key)

    def until(self, number: int) -> int:
        key = self._key(number)
        return bisect_right(self._settled, key, key=self._key) + bisect_right(self._keys, key)

    def _key(self, number: int) -> _Key:
        """Return by what a record is sorted; one that is deleted keeps its place, one that never was comes last."""
        world, ref = self._view.world, Ref(self.kind, number)
        record = world.touched.get(ref) or world.base.derive(ref)
        if record is None:
            return 2, 0, number
        value = self._read(self._view, record)
        return (1, 0, number) if value is None else (0, value, number)
