"""The control side as one table: the server, the client, the documents and ``openapi.json`` all read it."""

from __future__ import annotations

from types import MappingProxyType

from simulator.control import (
    explaining,
    playing,
    record,
    resending,
    running,
    snapshots,
    streaming,
    subscriptions,
    times,
    world,
)
from simulator.control.operations import Ask, Operation, Parameter, Reply
from simulator.control.stage import Stage
from simulator.errors import NotFoundError, did_you_mean

__all__ = ["OPERATIONS", "operation"]

_AFTER = Parameter(
    "after", "integer", "Only entries with a higher number; `next` of the last answer goes on.", 0
)
_LIMIT = Parameter("limit", "integer", "How many at most.", 100)
_ABOUT = Parameter("about", "string", "Only entries about the resource with this id.")
_BY = Parameter("by", "string", "Who does it: a node id, username, e-mail address or full name.")
_AT = Parameter("at", "string", "The device's time: ISO 8601, or `-20m` for so long ago.")


def _openapi(_stage: Stage, _ask: Ask) -> Reply:
    from simulator.control import openapi

    return Reply(openapi.document(OPERATIONS))


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "health",
        "GET",
        "health",
        "Whether the simulator is ready, with its version, seed, clock, credentials and counters.",
        running.health,
        result="control/health",
    ),
    Operation(
        "reset",
        "POST",
        "reset",
        "Begin a new world from the start-up settings and those in the body. Start-up targets stay; all else is "
        "dropped, and posts in flight are cancelled.",
        running.reset,
        body="control/reset",
        result="control/health",
        problems=(400,),
    ),
    Operation(
        "journal",
        "GET",
        "journal",
        "The entries of the journal, oldest first.",
        record.journal,
        parameters=(
            _AFTER,
            Parameter("kind", "string", "Only these kinds, separated by commas."),
            _ABOUT,
            _LIMIT,
            Parameter(
                "within", "string", "Wait so long for an entry while there is none, such as 20s of wall time."
            ),
        ),
        result="control/entries",
        problems=(409,),
        may_wait=True,
    ),
    Operation(
        "tree",
        "GET",
        "journal/tree",
        "Cause and effect: each change with the webhooks that told of it, their attempts, and what the receiver asked "
        "because of each; apart from these the requests that no webhook caused.",
        record.tree,
        parameters=(
            Parameter(
                "after", "integer", "Only what begins after this entry; `next` of the last answer goes on.", 0
            ),
            Parameter("about", "string", "Only what is about the resource with this id."),
            Parameter("limit", "integer", "How many causes and uncaused requests at most.", 100),
        ),
        result="control/tree",
    ),
    Operation(
        "requests",
        "GET",
        "requests",
        "What the receiver asked of the vendor's API, oldest first.",
        record.requests,
        parameters=(_AFTER, _ABOUT, _LIMIT),
        result="control/requests",
    ),
    Operation(
        "wait_requests",
        "POST",
        "requests/wait",
        "Wait until the receiver has asked as described.",
        record.wait_requests,
        body="control/wait_requests",
        result="control/verdict",
        problems=(408, 409),
        may_wait=True,
    ),
    Operation(
        "deliveries",
        "GET",
        "deliveries",
        "The deliveries with their attempts, in the order they were planned.",
        record.deliveries,
        parameters=(
            Parameter("after", "integer", "Only deliveries with a higher id.", 0),
            Parameter(
                "state",
                "string",
                "Only those that are waiting, in_flight, retrying, delivered, given_up or dropped.",
            ),
            Parameter("event", "string", "Only those with this event word."),
            Parameter("of", "string", "Only those about the resource with this id."),
            _LIMIT,
        ),
        result="control/deliveries",
    ),
    Operation(
        "wait_deliveries",
        "POST",
        "deliveries/wait",
        "Wait until a webhook was answered, delivered or given up as described; without a description, until nothing is due.",
        record.wait_deliveries,
        body="control/wait_deliveries",
        result="control/verdict",
        problems=(408, 409),
        may_wait=True,
    ),
    Operation(
        "wait_expectations",
        "POST",
        "expectations/wait",
        "Wait until all is met that is expected, each kind written as in a script's `expect`; one answer judges all of them.",
        record.wait_expectations,
        body="control/wait_expectations",
        body_required=True,
        result="control/verdicts",
        problems=(400, 404, 408, 409),
        may_wait=True,
    ),
    Operation(
        "delivery",
        "GET",
        "deliveries/{id}",
        "One delivery with its attempts, their raw bytes and the shell lines that repeat them.",
        record.delivery,
        result="control/delivery",
        problems=(404,),
    ),
    Operation(
        "resend_many",
        "POST",
        "deliveries/resend",
        "Send all deliveries again that fit, also those that have arrived.",
        resending.resend_many,
        body="control/resend",
        body_required=True,
        status=202,
        result="control/resent",
        problems=(400,),
    ),
    Operation(
        "resend",
        "POST",
        "deliveries/{id}/resend",
        "Send a delivery again, also one that has arrived: a further attempt, with the same Webhook-Id and its own time and "
        "signature.",
        resending.resend,
        status=202,
        result="control/delivery",
        problems=(404, 409),
    ),
    Operation("targets", "GET", "targets", "Who is told.", running.targets, result="control/targets"),
    Operation(
        "add_target",
        "POST",
        "targets",
        "Tell a URL on this machine of all that happens from now on; the same URL twice is one target.",
        running.add_target,
        body="control/target_request",
        body_required=True,
        status=201,
        result="control/target",
    ),
    Operation(
        "change_target",
        "PATCH",
        "targets/{id}",
        "Disable a target, so that what it is told piles up, or enable it again, so that it gets that.",
        running.change_target,
        body="control/target_change",
        body_required=True,
        result="control/target",
        problems=(404,),
    ),
    Operation(
        "remove_target",
        "DELETE",
        "targets/{id}",
        "Tell a target nothing more; what waited for it is dropped.",
        running.remove_target,
        status=204,
        problems=(404,),
    ),
    Operation(
        "subscriptions",
        "GET",
        "subscriptions",
        "The subscriptions to webhook topics, oldest first, with their secrets.",
        subscriptions.listed,
        result="control/subscriptions",
    ),
    Operation(
        "subscribe",
        "POST",
        "subscriptions",
        "Subscribe a URL on this machine to a topic. The body holds what a script's subscribe does.",
        subscriptions.create,
        body="control/subscription_request",
        body_required=True,
        status=201,
        result="control/subscription",
        problems=(404,),
    ),
    Operation(
        "subscription",
        "GET",
        "subscriptions/{id}",
        "One subscription, named by its id or its databaseId.",
        subscriptions.read,
        result="control/subscription",
        problems=(404,),
    ),
    Operation(
        "update_subscription",
        "PATCH",
        "subscriptions/{id}",
        "Change a subscription; what is left out stays. A new secret keeps the old one, and signing says which of the two "
        "webhooks are signed with.",
        subscriptions.update,
        body="control/subscription_changes",
        body_required=True,
        result="control/subscription",
        problems=(404, 409),
    ),
    Operation(
        "unsubscribe",
        "DELETE",
        "subscriptions/{id}",
        "End a subscription.",
        subscriptions.delete,
        status=204,
        problems=(404,),
    ),
    Operation(
        "read_resource",
        "GET",
        "resources/{resource}",
        "One resource by its id, or, by the name of a type, the resources of that type, oldest first.",
        world.read,
        parameters=(
            Parameter("after", "integer", "In a list: only those with a higher databaseId.", 0),
            Parameter("limit", "integer", "In a list: how many at most, up to 1000.", 100),
        ),
        result="control/resource_or_list",
        problems=(404,),
    ),
    Operation(
        "create_resource",
        "POST",
        "resources/{resource}",
        "Create a resource of the type that the path names. The body holds its fields.",
        world.create,
        parameters=(_BY, _AT),
        body="control/fields",
        status=201,
        result="control/resource",
        problems=(404, 409),
    ),
    Operation(
        "update_resource",
        "PATCH",
        "resources/{resource}",
        "Change fields of a resource.",
        world.update,
        parameters=(_BY, _AT),
        body="control/fields",
        result="control/resource",
        problems=(404, 409),
    ),
    Operation(
        "delete_resource",
        "DELETE",
        "resources/{resource}",
        "Delete a resource; the answer is what it was.",
        world.delete,
        parameters=(_BY, _AT),
        result="control/resource",
        problems=(404, 409),
    ),
    Operation(
        "change_resource",
        "POST",
        "resources/{resource}/{verb}",
        "Carry out a verb: pause, resume, finish, leave, join, view, record, check or update.",
        world.change,
        parameters=(_BY, _AT),
        body="control/fields",
        result="control/resource",
        problems=(404, 409),
    ),
    Operation(
        "emit",
        "POST",
        "events",
        "Tell every target of something that is no change of the world.",
        world.emit,
        body="control/event",
        body_required=True,
        status=202,
        result="control/planned",
    ),
    Operation(
        "play",
        "POST",
        "scripts",
        "Play a script (YAML or JSON) on the running platform. One with a seed, start or world begins with a reset.",
        playing.play,
        parameters=(
            Parameter(
                "wait", "boolean", "Answer 200 with the report when the script has ended.", default=False
            ),
            Parameter("name", "string", "What messages call the script.", "script"),
        ),
        body="script",
        body_required=True,
        takes_text=True,
        status=202,
        result="control/run",
        problems=(409,),
        may_wait=True,
    ),
    Operation(
        "run",
        "GET",
        "scripts/{run}",
        "How a script is doing or how it went.",
        playing.run,
        result="control/run",
        problems=(404,),
    ),
    Operation(
        "run_journal",
        "GET",
        "scripts/{run}/journal",
        "What happened in one of the runs of a script, which has several where it has endings or a matrix.",
        playing.run_journal,
        parameters=(
            Parameter(
                "report",
                "integer",
                "Which of its reports, counted from 1; there is one once a run has ended.",
                1,
            ),
            _AFTER,
            _LIMIT,
        ),
        result="control/entries",
        problems=(404,),
    ),
    *explaining.ROWS,
    *streaming.ROWS,
    *times.ROWS,
    *snapshots.ROWS,
    Operation(
        "faults",
        "GET",
        "faults",
        "What goes wrong on purpose: the faults as they were last set, and how often each has struck.",
        running.faults,
        result="control/faults",
    ),
    Operation(
        "set_faults",
        "PUT",
        "faults",
        "Let these things go wrong from now on. Faults before them on a side that is named end; an empty list only ends.",
        running.set_faults,
        body="control/faults_request",
        body_required=True,
        result="control/faults",
        problems=(404,),
    ),
    Operation(
        "end_faults",
        "DELETE",
        "faults",
        "Let nothing go wrong any more.",
        running.end_faults,
        status=204,
    ),
    Operation(
        "openapi",
        "GET",
        "openapi.json",
        "This description, OpenAPI 3.1.",
        _openapi,
        result="control/openapi",
    ),
)

_BY_NAME = MappingProxyType({one.name: one for one in OPERATIONS})


def operation(name: str) -> Operation:
    """Return an operation by its name."""
    if name not in _BY_NAME:
        raise NotFoundError(f"there is no operation {name!r}", nearest=did_you_mean(name, _BY_NAME))
    return _BY_NAME[name]
