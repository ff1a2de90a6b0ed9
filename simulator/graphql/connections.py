"""Pages: which records of a lazy row a connection shows, and where they stand.

Decides what first, last, after and before mean, and what a cursor is. Where the row comes from and what stands in a record
is decided elsewhere. ``first`` and ``last`` are not required, and any number of records may be asked for, unless ``strict`` says
otherwise. [seen: DEMO]
With both, ``last`` counts from the end of what ``first`` leaves. [inferred]

A cursor names a record, not a place: it stays good while records are added or removed, and its alphabet is safe inside
quotes. [chosen] ``hasNextPage`` and ``hasPreviousPage`` are told truly whichever way the page was asked for. [chosen]
A cursor that is none, or one of another kind of record, is an error, and so is a negative ``first`` or ``last``. [chosen]
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from itertools import islice

from graphql import GraphQLError

from simulator.graphql.limits import Budget
from simulator.world.resources import Kind, Record, Ref
from simulator.world.rows import Rows
from simulator.world.view import View

__all__ = ["Connection", "Keep", "both", "cursor", "read_cursor"]

Keep = Callable[[int], bool]
"""Whether the record with this number passes a filter."""


def both(one: Keep | None, other: Keep | None) -> Keep | None:
    """Return what passes two filters, where None lets everything pass."""
    if one is None or other is None:
        return one or other
    return lambda number: one(number) and other(number)


def cursor(ref: Ref) -> str:
    """Return the cursor of a record."""
    return base64.urlsafe_b64encode(f"{ref.kind}:{ref.number}".encode()).rstrip(b"=").decode()


def read_cursor(text: str, kind: Kind) -> int:
    """Return the number of the record of ``kind`` that a cursor names; the record may be gone."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        name, _, number = raw.decode("ascii").partition(":")
    except ValueError:
        name = number = ""
    if name != kind or not number.isdecimal() or len(number) > 18:
        raise GraphQLError(f'Invalid cursor: "{text}"')
    return int(number)


def _negative(name: str, value: int) -> GraphQLError:
    return GraphQLError(f"Argument '{name}' must not be negative, but is {value}.")


class Connection:
    """One page of a row. With ``keep`` only the records that pass it count, which are found by looking at each."""

    __slots__ = ("_budget", "_high", "_keep", "_low", "_rows", "_view", "kind", "numbers")

    def __init__(
        self,
        view: View,
        rows: Rows,
        *,
        budget: Budget,
        keep: Keep | None = None,
        first: int | None = None,
        last: int | None = None,
        after: str | None = None,
        before: str | None = None,
    ) -> None:
        if first is not None and first < 0:
            raise _negative("first", first)
        if last is not None and last < 0:
            raise _negative("last", last)
        self.kind = rows.kind
        self._view = view
        self._rows = rows
        self._keep = keep
        self._budget = budget
        low = 0 if after is None else rows.until(read_cursor(after, rows.kind))
        high = len(rows) if before is None else max(low, rows.before(read_cursor(before, rows.kind)))
        if keep is None:
            self._slice(low, high, first=first, last=last)
        else:
            self._sift(low, high, first=first, last=last)

    def _slice(self, low: int, high: int, *, first: int | None, last: int | None) -> None:
        if first is not None:
            high = min(high, low + first)
        if last is not None:
            low = max(low, high - last)
        self._budget.spend(high - low)
        self._low, self._high = low, high
        self.numbers: Sequence[int] = self._rows[low:high]

    def _sift(self, low: int, high: int, *, first: int | None, last: int | None) -> None:
        if first is None and last is not None:
            places = list(islice(filter(self._passes, range(high - 1, low - 1, -1)), last))[::-1]
            low = high
        else:
            places = list(islice(filter(self._passes, range(low, high)), first))
            if last is not None and len(places) > last:
                low = places[-1] + 1
                places = places[len(places) - last :]
        self._budget.spend(len(places))
        # A page without records stands at its beginning, or at its end when it was counted from there.
        self._low, self._high = (places[0], places[-1] + 1) if places else (low, low)
        self.numbers = [self._rows[place] for place in places]

    def _passes(self, place: int) -> bool:
        assert self._keep is not None
        self._budget.look()
        return self._keep(self._rows[place])

    def records(self) -> list[Record | None]:
        """Return the records of the page."""
        return self._view.world.several(self.kind, self.numbers)

    def total(self) -> int:
        """Return how many there are in all."""
        if self._keep is None:
            return len(self._rows)
        return sum(map(self._passes, range(len(self._rows))))

    def has_next(self) -> bool:
        """Return whether there is one after this page."""
        rest = range(self._high, len(self._rows))
        return bool(rest) if self._keep is None else any(map(self._passes, rest))

    def has_previous(self) -> bool:
        """Return whether there is one before this page."""
        rest = range(self._low - 1, -1, -1)
        return bool(rest) if self._keep is None else any(map(self._passes, rest))

    def start_cursor(self) -> str | None:
        """Return the cursor of the first record."""
        return cursor(Ref(self.kind, self.numbers[0])) if self.numbers else None

    def end_cursor(self) -> str | None:
        """Return the cursor of the last record."""
        return cursor(Ref(self.kind, self.numbers[-1])) if self.numbers else None
