"""What a change is called as a topic, and which version of a topic is meant."""

from __future__ import annotations

import pytest

from simulator.errors import NotFoundError
from simulator.settings import TOPICS, Settings
from simulator.world.resources import Kind, WebhookTopic
from simulator.world.topics import latest, topic_keys, version_of

TOPIC = [
    WebhookTopic(number=1, key="user/created", version="1.9"),
    WebhookTopic(number=2, key="user/created", version="1.10"),
    WebhookTopic(number=3, key="user/updated", version="1.1"),
]


@pytest.mark.parametrize(
    ("verb", "kind", "told"),
    [
        ("create", Kind.SESSION, ("scenario_session/created",)),
        ("pause", Kind.SESSION, ("scenario_session/paused", "scenario_session/updated")),
        ("resume", Kind.SESSION, ("scenario_session/resumed", "scenario_session/updated")),
        ("finish", Kind.SESSION, ("scenario_session/completed", "scenario_session/updated")),
        ("view", Kind.SESSION, ("scenario_session/updated",)),
        ("update", Kind.SESSION, ("scenario_session/updated",)),
        ("create", Kind.CALL, ("call/created",)),
        ("join", Kind.CALL, ("call/updated",)),
        ("finish", Kind.CALL, ("call/completed", "call/updated")),
        ("create", Kind.USER, ("user/created",)),
        ("update", Kind.USER, ("user/updated",)),
        ("delete", Kind.USER, ()),
        ("create", Kind.RELEASE, ("scenario_release/created",)),
    ],
)
def test_a_change_tells_its_topics(verb: str, kind: Kind, told: tuple[str, ...]) -> None:
    assert topic_keys(verb, kind, Settings()) == told


def test_updates_are_silenced_but_for_one_that_is_asked_for() -> None:
    quiet = Settings(updates=False, extra_events=False, types=("Call",))

    assert topic_keys("pause", Kind.SESSION, quiet) == ("scenario_session/paused",)
    assert topic_keys("view", Kind.SESSION, quiet) == ()
    assert topic_keys("update", Kind.SESSION, quiet) == ("scenario_session/updated",)


def test_whatever_stands_in_the_catalogue_is_told_by_some_change() -> None:
    verbs = ("create", "update", "pause", "resume", "finish")
    told = {key for kind in Kind for verb in verbs for key in topic_keys(verb, kind, Settings())}

    assert {entry.partition("@")[0] for entry in TOPICS} <= told


def test_the_latest_version_is_meant_unless_another_is_named() -> None:
    assert latest(TOPIC, "user/created") == TOPIC[1]
    assert version_of(TOPIC, "user/created", "1.9") == TOPIC[0]


def test_an_unknown_topic_names_the_nearest_and_all() -> None:
    with pytest.raises(NotFoundError) as raised:
        latest(TOPIC, "user/create")

    assert str(raised.value) == (
        "topic: there is no topic 'user/create'. Did you mean user/created or user/updated? "
        "Topics: user/created, user/updated."
    )


def test_an_unknown_version_names_those_there_are() -> None:
    with pytest.raises(NotFoundError) as raised:
        version_of(TOPIC, "user/created", "2.0")

    assert str(raised.value) == "topic: the topic user/created has no version '2.0'. Versions: 1.9, 1.10."
