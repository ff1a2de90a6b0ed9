"""The snapshots of a running simulator: by which names they are found, and how many there may be.

Decides nothing about what a snapshot holds or how one is restored. A reset forgets them all.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.engine import Snapshot
from simulator.errors import NotFoundError, StateError, did_you_mean
from simulator.values import dataclass

__all__ = ["MOST_SNAPSHOTS", "Kept", "Shelf"]

MOST_SNAPSHOTS = 32
"""How many snapshots are kept at once. [chosen]"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot with its id, which counts from 1, and its name."""

    id: str
    name: str
    snapshot: Snapshot


class Shelf:
    """The snapshots that are kept, in the order in which they were taken."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}
        self._taken = 0

    def __iter__(self) -> Iterator[Kept]:
        return iter(self._kept.values())

    def check(self, name: str | None) -> None:
        """Raise StateError when there is no room for one more, or none of this name."""
        if len(self._kept) >= MOST_SNAPSHOTS:
            raise StateError(
                f"{MOST_SNAPSHOTS} snapshots are kept, and there is no room for more",
                remedy="Delete one that is not needed any more.",
            )
        if name is not None and any(one.name == name for one in self):
            raise StateError(
                f"there is a snapshot {name!r} already", remedy="Delete it first, or choose another name."
            )

    def put(self, name: str | None, snapshot: Snapshot) -> Kept:
        """Keep a snapshot; without a name it is called by its number."""
        self.check(name)
        self._taken += 1
        kept = Kept(str(self._taken), name or f"snapshot {self._taken}", snapshot)
        self._kept[kept.id] = kept
        return kept

    def find(self, wanted: str) -> Kept:
        """Return the snapshot with this id, or with this name."""
        found = self._kept.get(wanted) or next((one for one in self if one.name == wanted), None)
        if found is None:
            names = [one.name for one in self]
            raise NotFoundError(
                f"there is no snapshot {wanted!r}",
                expected=f"one of {', '.join(names)}" if names else None,
                nearest=did_you_mean(wanted, names),
                remedy="POST snapshots takes one; a reset forgets them.",
            )
        return found

    def remove(self, wanted: str) -> None:
        """Forget the snapshot with this id, or with this name."""
        del self._kept[self.find(wanted).id]

    def clear(self) -> None:
        """Forget them all; their ids are not used again."""
        self._kept.clear()
