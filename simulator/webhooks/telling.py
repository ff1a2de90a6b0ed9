"""Who hears of a change, and as what: targets by event word, subscriptions by topic.

Decides which webhooks a change of the world makes, in which order. It must not decide when they go out nor what stands in
them. First come those of generation 1, then those of generation 2, by the order of the topics and, within one, of the
subscriptions. [chosen]
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.settings import Settings
from simulator.webhooks.payloads import Payload, Told, words
from simulator.world.changes import Change
from simulator.world.resources import Kind, WebhookTopic
from simulator.world.topics import topic_keys
from simulator.world.view import View

__all__ = ["webhooks_of"]


def webhooks_of(change: Change, view: View, settings: Settings) -> Iterator[tuple[str | None, Payload]]:
    """Return each webhook of a change with the URL it is for, None for every target; ``view`` is the world after it.

    Both generations may be on at once for an organisation. [inferred]
    What is deleted is not told. [chosen]
    """
    if change.verb == "delete":
        return
    kind, node_id = change.ref.kind, view.id_of(change.ref)
    if settings.generation != "2":
        for word in words(change.verb, settings, resource_type=kind):
            yield None, Payload(word, kind, node_id)
    world = view.world
    if Kind.SUBSCRIPTION not in world.made:
        return
    for key in topic_keys(change.verb, kind, settings):
        for subscription in world.hearing(key):
            version = world.need(WebhookTopic, subscription.topic).version
            told = Told(subscription.number, key, version)
            yield subscription.callback_url, Payload(key.partition("/")[2], kind, node_id, told=told)
