"""The operations on snapshots: which there are, take one, go back to it, forget it."""

from __future__ import annotations

from simulator.clock import iso_millis
from simulator.control.operations import Ask, Operation, Reply
from simulator.control.running import health
from simulator.control.shelf import Kept
from simulator.control.stage import Stage
from simulator.wire import JSON

__all__ = ["ROWS", "delete", "listed", "restore", "take"]


def listed(stage: Stage, _ask: Ask) -> Reply:
    return Reply({"snapshots": [_shown(one) for one in stage.snapshots]})


def take(stage: Stage, ask: Ask) -> Reply:
    name = ask.fields().get("name")
    return Reply(_shown(stage.keep(None if name is None else str(name))))


def restore(stage: Stage, ask: Ask) -> Reply:
    kept = stage.snapshots.find(ask.path["id"])
    stage.restore(kept.snapshot, name=kept.name)
    return health(stage, ask)


def delete(stage: Stage, ask: Ask) -> Reply:
    stage.snapshots.remove(ask.path["id"])
    return Reply()


def _shown(kept: Kept) -> dict[str, JSON]:
    held = kept.snapshot.held
    return {
        "id": kept.id,
        "name": kept.name,
        "at": iso_millis(kept.snapshot.at),
        "entry": held.journal.last,
        "pending": held.tally().pending,
    }


ROWS: tuple[Operation, ...] = (
    Operation(
        "snapshots",
        "GET",
        "snapshots",
        "The snapshots that are kept, oldest first.",
        listed,
        result="control/snapshots",
    ),
    Operation(
        "take_snapshot",
        "POST",
        "snapshots",
        "Keep all that the simulator is now: world, clock, targets, deliveries, tokens, faults. A reset forgets it.",
        take,
        body="control/snapshot_request",
        status=201,
        result="control/snapshot",
        problems=(409,),
    ),
    Operation(
        "restore",
        "POST",
        "snapshots/{id}/restore",
        "Go back to a snapshot, named by its id or its name: all is as it was, posts in flight are cancelled, and the "
        "journal calls undone what happened since.",
        restore,
        result="control/health",
        problems=(404,),
    ),
    Operation(
        "delete_snapshot",
        "DELETE",
        "snapshots/{id}",
        "Forget a snapshot, named by its id or its name.",
        delete,
        status=204,
        problems=(404,),
    ),
)
"""The rows of the table that are about snapshots."""
