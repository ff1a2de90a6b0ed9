"""What was made lately and is still the same, since nothing that it follows from has changed.

Decides how much is kept, and when it still holds. Records and roots of the world are values: a changed one is another one,
so that what was made of one holds as long as that very one is looked at. What depends on the moment is never kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, TypeVar

from simulator.graphql.plans.reading import Function
from simulator.wire import JSON
from simulator.world.view import View

__all__ = ["Kept", "Made", "keep", "key_of", "recalled"]

T = TypeVar("T")

_MOST_RECORDS = 256
_MOST_ANSWERS = 512
_MOST_BYTES = 65_536


class Made:
    """The data lately made of records by one function, for which that follows from the record and from how ids are made."""

    def __init__(self, function: Function) -> None:
        self._function = function
        self._made: dict[int, tuple[object, object, dict[str, Any]]] = {}
        self.known = self._made.get
        """Returns what was made of the record with an identity: the record, what made ids, and the data; or None."""

    def make(
        self,
        o: object,
        view: Any,  # noqa: ANN401 - passed on
        info: object,
        values: Any,  # noqa: ANN401 - passed on
        loose: list[object],
    ) -> dict[str, Any]:
        """Make the data of a record, and keep it unless something in it is loose."""
        before = len(loose)
        data = self._function(o, view, info, values, loose)
        if len(loose) == before:
            if len(self._made) >= _MOST_RECORDS:
                self._made.clear()
            self._made[id(o)] = o, view.ids, data
        return data


Kept: TypeAlias = dict[tuple[object, ...], tuple[View, T]]
"""The answers lately given, each with the view that it was given from; the oldest are forgotten. A world's base holds them, so
that they go when it goes."""


def recalled(kept: Kept[T], key: tuple[object, ...], view: View) -> T | None:
    """Return the answer to the same query from a view that differs in nothing but its moment."""
    found = kept.get(key)
    if found is None:
        return None
    before, answer = found
    if before.world is not view.world or before.ids is not view.ids:
        return None
    return answer if before.asker == view.asker and before.base_url == view.base_url else None


def keep(kept: Kept[T], key: tuple[object, ...], view: View, answer: T, *, size: int) -> None:
    """Keep an answer, unless it has too many bytes."""
    if size > _MOST_BYTES:
        return
    kept[key] = view, answer
    if len(kept) > _MOST_ANSWERS:
        kept.pop(next(iter(kept)), None)


def key_of(variables: Mapping[str, JSON], *asked: object) -> tuple[object, ...] | None:
    """Return what is known by the variables and all else that was asked, or None when the variables are not texts alone: 1 is
    no other key than true."""
    for value in variables.values():
        if value.__class__ is not str:
            return None
    return *asked, *variables.items()
