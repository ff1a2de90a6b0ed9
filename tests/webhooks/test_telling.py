"""Who hears of a change: targets by event word, subscribers by topic."""

from __future__ import annotations

import pytest

from simulator.engine import Platform
from simulator.journal import ChangeMade, DeliveryPlanned
from simulator.settings import Settings
from simulator.wire import Outcome

TARGET = "http://127.0.0.1:9/hooks"
CALLBACK = "http://127.0.0.1:9/callback"


def platform(*targets: str, **settings: object) -> Platform:
    return Platform(Settings().replace(**settings), base_url="http://scope", targets=targets)


def told(one: Platform, after: int = 0) -> list[tuple[str, str | None, str]]:
    """Return event word, topic and target of each delivery planned since entry ``after``."""
    facts = (entry.fact for entry in one.journal.select(after=after, kinds=["delivery"]))
    return [(fact.word, fact.topic, fact.target) for fact in facts if isinstance(fact, DeliveryPlanned)]


def subscribe(one: Platform, topic: str, url: str = CALLBACK, **fields: str):
    return one.apply("create", "WebhookSubscription", {"topic": topic, "callbackUrl": url, **fields})


@pytest.mark.parametrize(
    ("generation", "expected"),
    [
        ("1", [("create", None, TARGET), ("finished", None, TARGET), ("update", None, TARGET)]),
        (
            "2",
            [
                ("created", "scenario_session/created", TARGET),
                ("completed", "scenario_session/completed", TARGET),
                ("updated", "scenario_session/updated", TARGET),
            ],
        ),
        (
            "both",
            [
                ("create", None, TARGET),
                ("created", "scenario_session/created", TARGET),
                ("finished", None, TARGET),
                ("update", None, TARGET),
                ("completed", "scenario_session/completed", TARGET),
                ("updated", "scenario_session/updated", TARGET),
            ],
        ),
    ],
)
def test_target_hears_of_the_generation_that_is_set(generation, expected):
    one = platform(TARGET, generation=generation)

    session = one.apply("create", "ScenarioSession")
    one.apply("finish", session)

    assert told(one) == expected


def test_subscriber_hears_of_its_topic_alone_in_every_generation():
    one = platform(TARGET)
    subscribe(one, "scenario_session/completed")

    session = one.apply("create", "ScenarioSession")
    one.apply("finish", session)

    assert [entry for entry in told(one) if entry[2] == CALLBACK] == [
        ("completed", "scenario_session/completed", CALLBACK)
    ]


def test_second_generation_tells_of_users_too_and_the_first_does_not():
    one = platform(TARGET, generation="both")

    one.apply("create", "User", {"firstName": "Ana", "lastName": "Silva", "email": "ana@example.com"})

    assert told(one) == [("created", "user/created", TARGET)]


def test_each_version_of_a_topic_is_told_to_its_own_subscribers():
    one = platform(topics=["call/created@1.0", "call/created@1.1"])
    subscribe(one, "call/created@1.0")
    subscribe(one, "call/created", CALLBACK + "/newest")

    one.apply("create", "Call")
    sent = {attempt.url: dict(attempt.headers)["X-Scope-Topic-Version"] for attempt in one.due()}

    assert sent == {CALLBACK: "1.0", CALLBACK + "/newest": "1.1"}


def test_change_names_all_that_it_is_told_as():
    one = platform(TARGET, generation="both")
    before = one.journal.last

    one.apply("create", "Call")

    (entry,) = one.journal.select(after=before, kinds=["change"])
    assert isinstance(entry.fact, ChangeMade)
    assert entry.fact.words == ("create", "call/created")


def test_subscription_that_ends_is_told_nothing_more_and_what_waited_is_dropped():
    one = platform(retry="1s")
    subscription = subscribe(one, "call/created")
    other = subscribe(one, "call/created")
    one.apply("create", "Call")
    one.apply("create", "Call")
    one.due()

    one.apply("delete", subscription)
    one.apply("create", "Call")

    assert one.tally().dropped == 1
    assert one.tally().planned == 5
    one.apply("delete", other)
    assert one.tally().dropped == 4


def test_event_in_flight_when_its_subscription_ends_is_not_tried_again():
    one = platform(retry="1s")
    subscription = subscribe(one, "call/created")
    one.apply("create", "Call")
    (attempt,) = one.due()

    one.apply("delete", subscription)
    one.report(attempt, Outcome(500))

    assert (one.tally().given_up, one.idle_drained, one.next_due()) == (1, True, None)


def test_subscription_that_was_never_told_anything_ends_quietly():
    one = platform()
    subscription = subscribe(one, "call/created")

    one.apply("delete", subscription)

    assert (one.tally().dropped, one.journal.select(kinds=["note"])) == (0, [])


def test_removed_target_takes_its_subscriptions_with_it():
    one = platform(TARGET, generation="2")
    subscribe(one, "call/created", CALLBACK)
    one.apply("create", "Call")

    one.remove_target("1")
    one.apply("create", "Call")

    assert [entry[2] for entry in told(one)] == [TARGET, CALLBACK, CALLBACK]
    assert [str(one_["callbackUrl"]) for one_ in one.resources("WebhookSubscription")] == [CALLBACK]


def test_callback_url_that_becomes_a_target_hears_everything_from_then_on():
    one = platform()
    subscribe(one, "call/created", TARGET)
    one.apply("create", "Call")

    target = one.add_target(TARGET)
    one.apply("create", "Call")

    assert [word for word, _, _ in told(one)] == ["created", "create", "created"]
    assert (target.id, [known.url for known in one.targets]) == ("1", [TARGET])
