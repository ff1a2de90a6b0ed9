"""How the plainest attributes are read: as they stand, written in another way, spelt as an enum, or as the node id.

Each is a function of (view, record), as every attribute in ``graph`` is, and besides says what it does, so that whoever
reads many records can do the same without calling it. What takes more than one field of one record is no matter of this
module.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.clock import iso_millis
from simulator.world.view import View

__all__ = ["Field", "NodeId", "Word", "time_field"]


class Field:
    """A field of the record, as ``write`` puts it; None stays None."""

    __slots__ = ("name", "write")

    def __init__(self, name: str, write: Callable[[Any], str] | None = None) -> None:
        self.name = name
        self.write = write

    def __call__(self, _view: View, record: object) -> Any:  # noqa: ANN401 - any JSON
        value = getattr(record, self.name)
        return value if value is None or self.write is None else self.write(value)


class Word:
    """A field that holds a value of an enum, spelt as on the wire."""

    __slots__ = ("enum", "name")

    def __init__(self, enum: str, name: str) -> None:
        self.enum = enum
        self.name = name

    def __call__(self, view: View, record: object) -> str:
        return view.wire(self.enum, getattr(record, self.name))


class NodeId:
    """The node id of the record."""

    __slots__ = ()

    def __call__(self, view: View, record: Any) -> str:  # noqa: ANN401 - a record of any kind
        return view.ids.of(record.KIND, record.number)


def time_field(name: str) -> Field:
    """Return a field that holds a moment."""
    return Field(name, iso_millis)
