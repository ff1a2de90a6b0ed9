"""How subscriptions to webhook topics come to be and change.

A subscription has a topic, the URL to be posted to, and perhaps a secret to sign with and a query whose result replaces
the body. [documented: UW] Whether a query can run is judged above, see ``graphql.stored``; where a URL may point is for
whoever lets a client name one, see ``addresses``.

The same topic and URL may be subscribed to twice. [chosen] Changing the secret keeps the one before, so that for a while
webhooks can be signed with the old one or with both; that is ours, as the vendor's way is not known. [chosen]
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from simulator.addresses import check_own_url, check_url
from simulator.errors import NotFoundError, StateError, UsageError
from simulator.wire import JSON
from simulator.world.fields import Fields
from simulator.world.resources import Kind, WebhookSubscription, WebhookTopic
from simulator.world.scene import Scene
from simulator.world.topics import latest, version_of
from simulator.world.view import View

__all__ = [
    "SHORT",
    "SIGNING",
    "check_callback",
    "make_subscription",
    "short_name",
    "spelt_out",
    "update_subscription",
]

SIGNING: Final = ("new", "old", "both")
"""What a webhook can be signed with: the secret, the one before it, or both, the new one first."""

SHORT: Final[Mapping[str, str]] = {"target": "callbackUrl", "secret": "sharedSecret"}
"""What scripts and the control API call a field, where it is not the API's name."""


def spelt_out(given: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return fields under the API's names."""
    return {SHORT.get(name, name): value for name, value in given.items()}


def short_name(field: str | None) -> str | None:
    """Return what scripts and the control API call a field of the API's."""
    return next((short for short, long in SHORT.items() if long == field), field)


def check_callback(fields: Mapping[str, JSON], *, allowed: Container[str]) -> None:
    """Refuse a callback URL that only the operator may name; what is no text is left to the command.

    ``allowed`` are the hosts beyond this machine that the operator allows.
    """
    url = fields.get("callbackUrl")
    if isinstance(url, str) and url:
        with _naming("callbackUrl"):
            check_own_url(url, allowed=allowed)


def make_subscription(scene: Scene) -> WebhookSubscription:
    """Subscribe a URL to a topic."""
    topic = _topic(scene.view, scene.fields)
    if topic is None:
        raise UsageError("a subscription needs a topic", place="topic", remedy="Give `topic`: its key.")
    url = _url(scene.fields)
    if url is None:
        raise UsageError("a subscription needs a URL", place="callbackUrl", remedy="Give `callbackUrl`.")
    blank = WebhookSubscription(number=0, topic=topic.number, callback_url=url)
    changed = _changed(scene.fields, blank)
    return scene.edit.make(Kind.SUBSCRIPTION, lambda number: replace(changed, number=number))


def update_subscription(scene: Scene, subscription: WebhookSubscription) -> None:
    topic = _topic(scene.view, scene.fields)
    changed = _changed(
        scene.fields,
        replace(
            subscription,
            topic=subscription.topic if topic is None else topic.number,
            callback_url=_url(scene.fields) or subscription.callback_url,
        ),
    )
    scene.edit.put(changed)
    scene.edit.tell(changed.ref, "update")


def _changed(fields: Fields, before: WebhookSubscription) -> WebhookSubscription:
    secret = fields.text_or_nothing("sharedSecret", default=before.secret)
    if secret is not None and re.search("[\ud800-\udfff]", secret):
        raise UsageError(
            "half a character cannot be part of a secret, whose bytes are those of UTF-8",
            place="sharedSecret",
            found=repr(secret),
        )
    previous = before.previous_secret if secret == before.secret else before.secret
    signing = fields.choice("signing", SIGNING, default=before.signing)
    if signing != "new" and previous is None:
        raise StateError(
            f"a subscription without an old secret cannot sign with {signing}",
            place="signing",
            remedy="Change sharedSecret first, or in the same step.",
        )
    query = fields.text_or_nothing("query", default=before.query)
    return replace(before, query=query, secret=secret, previous_secret=previous, signing=signing)


def _url(fields: Fields) -> str | None:
    url = fields.text("callbackUrl", default=None)
    if url is not None:
        with _naming("callbackUrl"):
            check_url(url)
    return url


def _topic(view: View, fields: Fields) -> WebhookTopic | None:
    """Return the topic that is named: by its key, alone or as ``key@version``, by its node id or databaseId, or by an
    object that holds these; None when there is none."""
    given = fields.json("topic")
    if given is None:
        return None
    if isinstance(given, str):
        key, at, version = given.partition("@")
        given = (
            {"id": given}
            if view.find(Kind.TOPIC, given)
            else {"key": key, "version": version if at else None}
        )
    with _naming("topic"):
        return _meant(view, Fields(given if isinstance(given, dict) else {}, "a topic"))


def _meant(view: View, inner: Fields) -> WebhookTopic:
    key, version = inner.text("key", default=None), inner.text("version", default=None)
    node_id = inner.text("id", default=None)
    inner.done()
    topics = view.world.base.topics
    if node_id is not None:
        record = view.find(Kind.TOPIC, node_id)
        if not isinstance(record, WebhookTopic):
            raise NotFoundError(
                f"there is no WebhookTopic {node_id!r}", remedy="Give its node id, or its key."
            )
        if key not in (None, record.key) or version not in (None, record.version):
            raise UsageError(
                "the topic's id, key and version do not go together", found=f"{record.key}@{record.version}"
            )
        return record
    if key is None:
        raise UsageError(
            "no topic is named", expected="a key such as user/created, or an object with key, version or id"
        )
    return latest(topics, key) if version is None else version_of(topics, key, version)


@contextmanager
def _naming(field: str) -> Iterator[None]:
    """Let what is wrong inside be wrong with ``field``."""
    try:
        yield
    except UsageError as error:
        error.place = field
        raise
