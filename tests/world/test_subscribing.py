"""Subscriptions: how they come to be, change and go, and who hears a topic."""

from __future__ import annotations

import pytest

from simulator.errors import UsageError
from simulator.settings import TOPICS, Settings
from simulator.webhooks.payloads import words
from simulator.wire import JSON
from simulator.world.resources import Kind, Ref, WebhookSubscription
from simulator.world.subscribing import check_callback, short_name, spelt_out
from tests.world.worlds import Stage

URL = "http://127.0.0.1:9/hooks"


def subscription(stage: Stage, ref: Ref) -> WebhookSubscription:
    return stage.world.need(WebhookSubscription, ref.number)


def heard(stage: Stage, key: str) -> list[int]:
    return [one.number for one in stage.world.hearing(key)]


def test_a_subscription_holds_what_it_was_given() -> None:
    stage = Stage()

    ref = stage.do(
        "create",
        Kind.SUBSCRIPTION,
        {
            "topic": "scenario_session/completed",
            "callbackUrl": URL,
            "sharedSecret": "s1",
            "query": "{ viewer { id } }",
        },
    )

    assert subscription(stage, ref) == WebhookSubscription(
        number=1, topic=2, callback_url=URL, query="{ viewer { id } }", secret="s1"
    )
    assert stage.read(ref) == {
        "id": stage.ids.encode(ref),
        "databaseId": "1",
        "callbackUrl": URL,
        "query": "{ viewer { id } }",
        "sharedSecret": "s1",
    }
    assert len(stage.ids.encode(ref)) == 64
    assert stage.told() == ["create"]


def test_subscriptions_and_topics_tell_no_webhook_of_the_first_generation() -> None:
    assert words("create", Settings(), resource_type=Kind.SUBSCRIPTION) == ()


def test_topics_are_numbered_by_the_setting_and_need_no_memory() -> None:
    stage = Stage(topics="user/created@1.1,user/created@1.10")

    assert [stage.read(Ref(Kind.TOPIC, n)) for n in stage.world.all(Kind.TOPIC)] == [
        {
            "id": stage.ids.encode(Ref(Kind.TOPIC, number)),
            "databaseId": str(number),
            "key": "user/created",
            "version": version,
        }
        for number, version in ((1, "1.1"), (2, "1.10"))
    ]
    assert Stage().world.count(Kind.TOPIC) == len(TOPICS)


@pytest.mark.parametrize(
    ("given", "number"),
    [
        pytest.param("user/created", 2, id="key: the latest version"),
        pytest.param("user/created@1.9", 1, id="key and version in one"),
        pytest.param("1", 1, id="databaseId"),
        pytest.param({"key": "user/created"}, 2, id="key in an object"),
        pytest.param({"key": "user/created", "version": "1.9", "id": None}, 1, id="key and version"),
        pytest.param({"id": "1"}, 1, id="id in an object"),
        pytest.param({"id": "1", "key": "user/created", "version": "1.9"}, 1, id="all three"),
    ],
)
def test_a_topic_is_named_in_many_ways(given: JSON, number: int) -> None:
    stage = Stage(topics="user/created@1.9,user/created@1.10")

    assert subscription(stage, stage.subscribe(given)).topic == number


def test_a_topic_is_named_by_its_node_id_too() -> None:
    stage = Stage()
    node_id = stage.ids.encode(Ref(Kind.TOPIC, 3))

    made = [stage.subscribe(node_id), stage.subscribe({"id": node_id})]

    assert [subscription(stage, ref).topic for ref in made] == [3, 3]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param(
            {"callbackUrl": URL}, "topic: a subscription needs a topic. Give `topic`: its key.", id="no topic"
        ),
        pytest.param(
            {"topic": "user/created"},
            "callbackUrl: a subscription needs a URL. Give `callbackUrl`.",
            id="no URL",
        ),
        pytest.param(
            {"topic": "scenario_session/create", "callbackUrl": URL},
            "topic: there is no topic 'scenario_session/create'. Did you mean scenario_session/created or "
            "scenario_session/completed or scenario_session/updated? Topics: scenario_session/created, ",
            id="the draft's key",
        ),
        pytest.param(
            {"topic": "user/created@9", "callbackUrl": URL},
            "topic: the topic user/created has no version '9'. Versions: 1.1.",
            id="unknown version",
        ),
        pytest.param(
            {"topic": {"id": "99"}, "callbackUrl": URL},
            "topic: there is no WebhookTopic '99'. Give its node id, or its key.",
            id="unknown id",
        ),
        pytest.param(
            {"topic": {"id": "1", "key": "user/created"}, "callbackUrl": URL},
            "topic: the topic's id, key and version do not go together; found scenario_session/created@1.1.",
            id="id of another",
        ),
        pytest.param(
            {"topic": {"version": "1.1"}, "callbackUrl": URL},
            "topic: no topic is named; expected a key such as user/created, or an object with key, version or id.",
            id="version alone",
        ),
        pytest.param(
            {"topic": 7, "callbackUrl": URL},
            "topic: no topic is named; expected a key such as user/created, or an object with key, version or id.",
            id="a number",
        ),
        pytest.param(
            {"topic": {"kay": "user/created"}, "callbackUrl": URL},
            "topic: a topic: unknown field 'kay'. Did you mean key? Fields: key, version, id.",
            id="unknown part",
        ),
        pytest.param(
            {"topic": "user/created", "callbackUrl": "ftp://localhost/"},
            "callbackUrl: only http and https can be posted to; ",
            id="scheme",
        ),
        pytest.param(
            {"topic": "user/created", "callbackUrl": URL, "signing": "both"},
            "signing: a subscription without an old secret cannot sign with both. Change sharedSecret first, or in "
            "the same step.",
            id="no old secret",
        ),
        pytest.param(
            {"topic": "user/created", "callbackUrl": URL, "signing": "newer"},
            "signing: create WebhookSubscription: the value of 'signing' does not fit; expected one of new, old, both, "
            'found "newer". Did you mean new?',
            id="no way of signing",
        ),
        pytest.param(
            {"topic": "user/created", "callbackUrl": URL, "sharedSecret": ""},
            "sharedSecret: create WebhookSubscription: the value of 'sharedSecret' does not fit; expected a text that "
            'is not empty, found "".',
            id="empty secret",
        ),
        pytest.param(
            {"topic": "user/created", "callbackUrl": URL, "sharedSecret": "s\ud83d"},
            "sharedSecret: half a character cannot be part of a secret, whose bytes are those of UTF-8; found "
            "'s\\ud83d'.",
            id="half a character",
        ),
        pytest.param(
            {"topic": "user/created", "callbackUrl": URL, "secret": "s"},
            "secret: create WebhookSubscription: unknown field 'secret'. ",
            id="unknown field",
        ),
    ],
)
def test_what_cannot_be_subscribed_is_refused_and_nothing_changes(
    fields: dict[str, JSON], message: str
) -> None:
    stage = Stage()
    before = stage.world

    with pytest.raises(UsageError) as raised:
        stage.do("create", Kind.SUBSCRIPTION, fields)

    assert str(raised.value).startswith(message)
    assert stage.world is before


def test_a_topic_cannot_be_created() -> None:
    with pytest.raises(UsageError, match="The setting topics lists them"):
        Stage().do("create", Kind.TOPIC)


def test_every_field_can_be_changed() -> None:
    stage = Stage()
    ref = stage.subscribe(query="{ viewer { id } }")

    stage.do(
        "update",
        ref,
        {"topic": "user/updated", "callbackUrl": URL, "sharedSecret": "s1", "query": None},
    )

    assert subscription(stage, ref) == WebhookSubscription(number=1, topic=10, callback_url=URL, secret="s1")
    assert (heard(stage, "user/created"), heard(stage, "user/updated")) == ([], [1])
    assert stage.told() == ["update"]


def test_a_changed_secret_keeps_the_one_before_it() -> None:
    stage = Stage()
    ref = stage.subscribe(sharedSecret="s1")
    stories = []

    for fields in (
        {"sharedSecret": "s2", "signing": "both"},
        {"sharedSecret": "s2"},
        {"signing": "old"},
        {"sharedSecret": None, "signing": "new"},
    ):
        stage.do("update", ref, fields)
        now = subscription(stage, ref)
        stories.append((now.secret, now.previous_secret, now.signing))

    assert stories == [("s2", "s1", "both"), ("s2", "s1", "both"), ("s2", "s1", "old"), (None, "s2", "new")]


def test_who_hears_a_topic_is_told_in_the_order_of_creation_whatever_the_version() -> None:
    stage = Stage(topics="user/created@1.1,user/created@2,user/updated@1.1")

    assert stage.world.hearing("user/created") == ()
    for topic in ("user/created@2", "user/updated", "user/created@1.1", "user/created@2"):
        stage.subscribe(topic)
    stage.do("delete", Ref(Kind.SUBSCRIPTION, 4))

    assert (heard(stage, "user/created"), heard(stage, "user/updated")) == ([1, 3], [2])
    assert heard(stage, "call/created") == []


def test_hearing_works_out_no_record_of_the_base() -> None:
    stage = Stage(sessions=100_000)
    stage.subscribe("scenario_session/created")
    before = stage.base.derived

    assert heard(stage, "scenario_session/created") == [1]
    assert stage.base.derived == before


def test_fields_have_short_names_elsewhere() -> None:
    assert spelt_out({"target": URL, "secret": "s", "topic": "t"}) == {
        "callbackUrl": URL,
        "sharedSecret": "s",
        "topic": "t",
    }
    assert [short_name(field) for field in ("callbackUrl", "sharedSecret", "topic", None)] == [
        "target",
        "secret",
        "topic",
        None,
    ]


def test_a_callback_url_that_only_the_operator_may_name_is_told() -> None:
    fields: dict[str, JSON] = {"callbackUrl": "http://receiver/"}

    check_callback(fields, allowed=("receiver",))
    check_callback({"callbackUrl": 5}, allowed=())
    with pytest.raises(
        UsageError, match=r"^callbackUrl: a target that was not named at the start must be on this"
    ):
        check_callback(fields, allowed=())
