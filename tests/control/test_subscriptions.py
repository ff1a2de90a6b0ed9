"""The operations on subscriptions."""

from __future__ import annotations

import pytest

from simulator.errors import NotFoundError, StateError, UsageError
from tests.control.asking import HOOK, ask, stage_with

QUERY = "query ($nodeId: ID!) { node(id: $nodeId) { id } }"
GIVEN = {"topic": "user/created", "target": HOOK, "secret": "s1"}


def test_a_subscription_is_made_listed_changed_and_ended():
    stage = stage_with()

    status, made = ask(stage, "POST subscriptions", GIVEN)

    topic = stage.platform.resources("WebhookTopic", after=2, limit=1)[0]
    assert status == 201
    assert made == {
        "id": stage.platform.resources("WebhookSubscription")[0].id,
        "topic": {"id": topic.id, "key": "user/created", "version": "1.1"},
        "target": HOOK,
        "query": None,
        "secret": "s1",
        "previous_secret": None,
        "signing": "new",
    }
    assert ask(stage, "GET subscriptions") == (200, {"subscriptions": [made]})
    assert ask(stage, f"GET subscriptions/{made['id']}") == (200, made)
    changes = {"secret": "s2", "signing": "both", "query": QUERY, "topic": {"key": "user/updated"}}
    changed = ask(stage, "PATCH subscriptions/1", changes)[1]
    assert changed == {
        **made,
        "topic": changed["topic"],
        "query": QUERY,
        "secret": "s2",
        "previous_secret": "s1",
        "signing": "both",
    }
    assert changed["topic"]["key"] == "user/updated"
    assert ask(stage, f"DELETE subscriptions/{made['id']}") == (204, None)
    assert ask(stage, "GET subscriptions") == (200, {"subscriptions": []})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"topic": "user/create"}, "topic: there is no topic 'user/create'. ", id="topic"),
        pytest.param({"query": "{ wages }"}, "query: the query cannot be stored, at line 1, ", id="query"),
        pytest.param({"target": "ftp://localhost/"}, "target: only http and https ", id="scheme"),
        pytest.param(
            {"target": "http://10.0.0.1/"},
            "target: a target that was not named at the start must be on ",
            id="host",
        ),
        pytest.param({"secret": " "}, "secret: ", id="blank secret"),
    ],
)
def test_what_is_wrong_is_told_by_the_names_of_the_body(changes, message):
    stage = stage_with()
    ask(stage, "POST subscriptions", GIVEN)
    before = stage.platform.world

    for line in ("POST subscriptions", "PATCH subscriptions/1"):
        with pytest.raises(UsageError) as raised:
            ask(stage, line, {**GIVEN, **changes})

        assert str(raised.value).startswith(message)
    assert stage.platform.world is before


def test_signing_with_an_old_secret_needs_one():
    stage = stage_with()
    ask(stage, "POST subscriptions", GIVEN)

    with pytest.raises(StateError, match="signing: a subscription without an old secret"):
        ask(stage, "PATCH subscriptions/1", {"signing": "old"})


@pytest.mark.parametrize("line", ["GET subscriptions/9", "DELETE subscriptions/x"])
def test_a_subscription_that_is_not_there_is_told(line):
    with pytest.raises(NotFoundError, match=r"there is no subscription '.'. GET subscriptions lists them\."):
        ask(stage_with(), line)


def test_a_host_that_the_operator_allows_may_be_named():
    stage = stage_with(allow_targets=("receiver",))

    assert ask(stage, "POST subscriptions", {**GIVEN, "target": "http://receiver/"})[0] == 201


def test_the_rule_of_hosts_holds_for_the_resource_too():
    stage = stage_with()
    fields = {"topic": "user/created", "callbackUrl": "http://10.0.0.1/"}

    with pytest.raises(
        UsageError, match=r"^callbackUrl: a target that was not named at the start must be on this machine"
    ):
        ask(stage, "POST resources/WebhookSubscription", fields)
    status, made = ask(stage, "POST resources/WebhookSubscription", {**fields, "callbackUrl": HOOK})

    assert (status, made["callbackUrl"]) == (201, HOOK)
