"""The operations on subscriptions: the world's commands, with the short names that a script's ``subscribe`` has."""

from __future__ import annotations

from simulator.control.operations import Ask, Reply
from simulator.control.stage import Stage
from simulator.errors import NotFoundError, UsageError
from simulator.wire import JSON
from simulator.world.resources import Kind, Ref, WebhookSubscription, WebhookTopic
from simulator.world.subscribing import check_callback, short_name, spelt_out

__all__ = ["create", "delete", "listed", "read", "update"]


def listed(stage: Stage, _ask: Ask) -> Reply:
    world = stage.platform.world
    return Reply({"subscriptions": [_shown(stage, number) for number in world.all(Kind.SUBSCRIPTION)]})


def read(stage: Stage, ask: Ask) -> Reply:
    return Reply(_shown(stage, _found(stage, ask)))


def create(stage: Stage, ask: Ask) -> Reply:
    return Reply(_shown(stage, _carry_out(stage, "create", Kind.SUBSCRIPTION, ask.fields())))


def update(stage: Stage, ask: Ask) -> Reply:
    node_id = stage.platform.ids.encode(Ref(Kind.SUBSCRIPTION, _found(stage, ask)))
    return Reply(_shown(stage, _carry_out(stage, "update", node_id, ask.fields())))


def delete(stage: Stage, ask: Ask) -> Reply:
    stage.platform.carry_out("delete", stage.platform.ids.encode(Ref(Kind.SUBSCRIPTION, _found(stage, ask))))
    return Reply()


def _carry_out(stage: Stage, verb: str, subject: str, given: dict[str, JSON]) -> int:
    try:
        fields = spelt_out(given)
        check_callback(fields, allowed=stage.start_settings.allow_targets)
        node_id = stage.platform.carry_out(verb, subject, fields)
    except UsageError as error:
        error.place = short_name(error.place)
        raise
    ref = stage.platform.ids.decode(node_id)
    assert ref is not None
    return ref.number


def _found(stage: Stage, ask: Ask) -> int:
    """Return the number of a subscription that is named by its node id or its databaseId."""
    record = stage.platform.view().find(Kind.SUBSCRIPTION, ask.path["id"])
    if record is None:
        raise NotFoundError(
            f"there is no subscription {ask.path['id']!r}", remedy="GET subscriptions lists them."
        )
    return record.number


def _shown(stage: Stage, number: int) -> dict[str, JSON]:
    world, encode = stage.platform.world, stage.platform.ids.encode
    one = world.need(WebhookSubscription, number)
    topic = world.need(WebhookTopic, one.topic)
    return {
        "id": encode(one.ref),
        "topic": {"id": encode(topic.ref), "key": topic.key, "version": topic.version},
        "target": one.callback_url,
        "query": one.query,
        "secret": one.secret,
        "previous_secret": one.previous_secret,
        "signing": one.signing,
    }
