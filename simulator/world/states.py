"""The state tables: which verb is legal in which state, and where it leads.

Theory of operation. A session's life depends on its type, a call has one life. Each table maps (state, verb) to what
happens: the state that follows and the verb the world tells of, which may differ from the verb asked (leaving a passive
session finishes it). A pair that is not in the table is an illegal move: it raises ``StateError``, names the moves that
are legal, and changes nothing. The tables decide legality alone; what a move does to figures and parts is in ``commands``.

Persistent sessions can be left and resumed, also by a colleague; passive ones end when the user leaves; demo sessions
know only start and end. [documented: HC "What are WorkLink Projects Session Types"] The state names are ours. [chosen]
A persistent session must be in progress to be finished. [inferred] Leaving a persistent session pauses it. [inferred]
A device that was offline may hand in recordings after the session's end. [inferred]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from simulator.errors import StateError

__all__ = [
    "CALL",
    "CALL_STATES",
    "DEMO",
    "FINISHED",
    "IN_PROGRESS",
    "PASSIVE",
    "PAUSED",
    "PERSISTENT",
    "SESSION",
    "SESSION_STATES",
    "SESSION_TYPES",
    "Move",
    "Table",
    "next_move",
]

IN_PROGRESS = "IN_PROGRESS"
PAUSED = "PAUSED"
FINISHED = "FINISHED"
SESSION_STATES = (IN_PROGRESS, PAUSED, FINISHED)
CALL_STATES = (IN_PROGRESS, FINISHED)

PERSISTENT = "PERSISTENT"
PASSIVE = "PASSIVE"
DEMO = "DEMO"
SESSION_TYPES = (PERSISTENT, PASSIVE, DEMO)


class Move(NamedTuple):
    """Where a legal verb leads, and the verb the world tells of."""

    state: str
    verb: str


Table = Mapping[tuple[str, str], Move]

_ENDS = {
    (IN_PROGRESS, "finish"): Move(FINISHED, "finish"),
    (IN_PROGRESS, "update"): Move(IN_PROGRESS, "update"),
    (FINISHED, "update"): Move(FINISHED, "update"),
}
_WORK = {
    **_ENDS,
    (IN_PROGRESS, "view"): Move(IN_PROGRESS, "view"),
    (IN_PROGRESS, "record"): Move(IN_PROGRESS, "record"),
    (IN_PROGRESS, "check"): Move(IN_PROGRESS, "check"),
    (FINISHED, "record"): Move(FINISHED, "record"),
}

SESSION: Mapping[str, Table] = {
    PERSISTENT: {
        **_WORK,
        (IN_PROGRESS, "pause"): Move(PAUSED, "pause"),
        (IN_PROGRESS, "leave"): Move(PAUSED, "pause"),
        (PAUSED, "resume"): Move(IN_PROGRESS, "resume"),
        (PAUSED, "record"): Move(PAUSED, "record"),
        (PAUSED, "update"): Move(PAUSED, "update"),
    },
    PASSIVE: {**_WORK, (IN_PROGRESS, "leave"): Move(FINISHED, "finish")},
    DEMO: {**_ENDS, (IN_PROGRESS, "leave"): Move(FINISHED, "finish")},
}
"""For each session type, the legal moves."""

CALL: Table = {
    **_ENDS,
    (IN_PROGRESS, "join"): Move(IN_PROGRESS, "join"),
    (IN_PROGRESS, "leave"): Move(IN_PROGRESS, "leave"),
}
"""The legal moves of a call; the last participant who leaves finishes it. [inferred]"""


def next_move(table: Table, state: str, verb: str, *, what: str) -> Move:
    """Return the move; ``what`` names the resource in the error, say ``a persistent ScenarioSession``."""
    move = table.get((state, verb))
    if move is None:
        legal = sorted(known for at, known in table if at == state)
        raise StateError(
            f"{what} that is {state} cannot {verb}", remedy=f"Legal now: {', '.join(legal) or 'nothing'}."
        )
    return move
