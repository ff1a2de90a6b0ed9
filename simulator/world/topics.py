"""What a change is called as a webhook topic, and which topic of the catalogue a command means.

It must not decide who has subscribed, nor what is posted. Creation tells ``created``, finishing ``completed``.
[documented: UW] Pausing and resuming tell ``paused`` and ``resumed``, and any other change of a record or of its children
tells ``updated``. [inferred] Before the stroke stands the kind in snake case, as in ``scenario_session/created``.
[documented: UW] Deletion tells nothing. [chosen]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from simulator.errors import NotFoundError, did_you_mean
from simulator.settings import Settings, Topic
from simulator.world.resources import WebhookTopic

__all__ = ["latest", "topic_keys", "version_of"]

_TOLD = {
    "create": ("created",),
    "pause": ("paused", "updated"),
    "resume": ("resumed", "updated"),
    "finish": ("completed", "updated"),
    "delete": (),
}


def topic_keys(verb: str, kind: str, settings: Settings) -> tuple[str, ...]:
    """Return the topics, in order, that tell of ``verb`` done to a record of this kind or to its children.

    Whether one is in the catalogue is not asked. Pausing, resuming and finishing are followed by ``updated``, since the
    record has changed state. [inferred] The setting ``updates`` silences it as it silences the event word, and the settings
    ``types`` and ``extra_events`` concern the first generation alone. [chosen]
    """
    return _keys(verb, kind, settings.updates)


@lru_cache(maxsize=256)
def _keys(verb: str, kind: str, updates: bool) -> tuple[str, ...]:
    told = _TOLD.get(verb, ("updated",))
    if not updates and verb != "update":
        told = tuple(word for word in told if word != "updated")
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower()
    return tuple(f"{snake}/{word}" for word in told)


def latest(topics: Sequence[WebhookTopic], key: str) -> WebhookTopic:
    """Return the latest version of a topic, which is meant when none is named. [documented: UW]"""
    versions = [topic for topic in topics if topic.key == key]
    if not versions:
        known = list(dict.fromkeys(topic.key for topic in topics))
        raise NotFoundError(
            f"there is no topic {key!r}",
            place="topic",
            nearest=did_you_mean(key, known),
            remedy=f"Topics: {', '.join(known)}.",
        )
    return max(versions, key=lambda topic: Topic(topic.key, topic.version).rank)


def version_of(topics: Sequence[WebhookTopic], key: str, version: str) -> WebhookTopic:
    """Return one version of a topic."""
    versions = {topic.version: topic for topic in topics if topic.key == latest(topics, key).key}
    if version not in versions:
        raise NotFoundError(
            f"the topic {key} has no version {version!r}",
            place="topic",
            remedy=f"Versions: {', '.join(versions)}.",
        )
    return versions[version]
