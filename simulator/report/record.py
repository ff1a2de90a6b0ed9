"""What a run leaves for its reports: the journal's entries, and how many wall seconds after the first each was written.

A record is a value. It stays as it is while the platform goes on, and a report of it can be made after the platform is gone.
It must not judge or format.
"""

from __future__ import annotations

from simulator.journal import Entry, Journal
from simulator.values import dataclass

__all__ = ["Record", "record_of"]


@dataclass(frozen=True, slots=True)
class Record:
    """Entries, oldest first; ``walls`` says for each how many wall seconds after the first it was written, None where that is
    not known.

    ``evicted`` is how many entries before them the journal no longer held.
    """

    entries: tuple[Entry, ...] = ()
    walls: tuple[float | None, ...] = ()
    evicted: int = 0


def record_of(journal: Journal) -> Record:
    """Return all that a journal holds by now."""
    entries = tuple(journal.since(0))
    walls = list(journal.all_written())
    began = next((wall for wall in walls if wall is not None), 0.0)
    return Record(
        entries,
        tuple(None if wall is None else round(wall - began, 6) for wall in walls),
        journal.evicted,
    )
