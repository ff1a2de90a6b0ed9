"""What a platform shows of itself to whoever works with it: a resource as it stood, and what became of everything.

Values without a rule of their own; what a resource's attributes are is decided in ``world``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulator.values import dataclass
from simulator.wire import JSON

__all__ = ["Resource", "Tally"]


class Resource(Mapping[str, JSON]):
    """A resource as it stood at one moment: ``id``, ``type``, and its first-level attributes as a mapping."""

    __slots__ = ("_fields", "id", "type")

    def __init__(self, id: str, type: str, fields: Mapping[str, JSON]) -> None:
        self.id = id
        self.type = type
        self._fields = fields

    def __getitem__(self, name: str) -> JSON:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __repr__(self) -> str:
        return f"<{self.type} {self.id}>"


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of everything so far. ``held`` of those pending are so since their target is disabled."""

    planned: int
    attempts: int
    delivered: int
    given_up: int
    dropped: int
    pending: int
    requests: int
    held: int = 0
