"""Each attempt is written anew: its own time, the headers of the settings, and what somebody put in on purpose."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pytest

from simulator.clock import Moment
from simulator.engine import Platform
from simulator.seeds import Seed
from simulator.settings import Settings
from simulator.webhooks.outbox import Delivery
from simulator.webhooks.payloads import Payload, Replacement
from simulator.webhooks.signing import signature
from simulator.webhooks.targets import Target
from simulator.webhooks.writing import Writer, Written, body_of, traced
from simulator.wire import Attempt, Outcome
from simulator.world.rights import OPERATOR
from simulator.world.view import View

TARGET = Target("1", "http://127.0.0.1:9/hooks")
SCOPE = "http://scope"


def view(second: int = 0) -> View:
    one = Platform(Settings())
    return View(one.world, Moment(one.now + second * 1000), one.ids, OPERATOR, SCOPE)


def written(payload: Payload, *, second: int = 0, **settings: object) -> Written:
    return Writer(Settings().replace(**settings), Seed(1))(Delivery(1, TARGET, payload), view(second))


def test_post_bears_the_time_of_its_attempt():
    payload = Payload("update", "ScenarioSession", "A=")

    times = [json.loads(written(payload, second=second).body)["time"] for second in (0, 1, 86_400)]

    assert times == ["2021-03-01T08:00:00Z", "2021-03-01T08:00:01Z", "2021-03-02T08:00:00Z"]


@pytest.mark.parametrize(
    ("payload", "contract"),
    [
        (Payload("update", "ScenarioSession", "A="), "webhook/resource"),
        (Payload.raw("connected", "iot", data={"device_id": "5c4b"}), "webhook/non_resource"),
    ],
)
def test_contract_follows_the_kind_of_payload(payload, contract):
    one = written(payload)

    assert (one.contract, one.checked) == (contract, one.body)
    assert (one.contract, one.body) == body_of(payload, view().now, SCOPE)


def test_what_is_put_in_on_purpose_is_not_what_the_contract_is_held_against():
    plain = Payload("update", "ScenarioSession", "A=")
    payload = Payload("update", "ScenarioSession", "A=", replacements=(Replacement(("time",), None),))

    one = written(payload)

    assert one.checked == written(plain).body
    assert json.loads(one.body) == json.loads(one.checked) | {"time": None}


def test_headers_of_the_settings_stand_beside_ours_and_may_replace_them():
    one = written(Payload("update", "Call", "A="), headers=["X-Tenant: acme", "user-agent: Mine"])

    assert one.headers == (("Content-Type", "application/json"), ("X-Tenant", "acme"), ("user-agent", "Mine"))


def subscribed(*, settings: Mapping[str, object] | None = None, **fields: object):
    """Return a platform with one subscription to completed sessions, and that."""
    one = Platform(Settings().replace(retry="1s,1m", **(settings or {})), base_url=SCOPE)
    given = {"topic": "scenario_session/completed", "callbackUrl": TARGET.url, **fields}
    return one, one.apply("create", "WebhookSubscription", given)


def finished(one: Platform) -> Attempt:
    """Finish a new session and return the one post of it."""
    one.apply("finish", one.apply("create", "ScenarioSession", {"externalData": {"order": "WO-1"}}))
    (attempt,) = one.due()
    return attempt


def test_webhook_of_generation_two_has_its_metadata_in_headers_and_only_a_node_in_its_body():
    one, _ = subscribed(sharedSecret="s3cret", settings={"domain": "scope.example"})

    attempt = finished(one)

    node = one.resources("ScenarioSession", after=40)[0].id
    url = f"{SCOPE}/api/v3/graphql/object/{node}"
    assert json.loads(attempt.body) == {"data": {"id": node, "url": url}}
    headers = dict(attempt.headers)
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
        headers.pop("X-Scope-Webhook-Id"),
    )
    assert headers == {
        "Content-Type": "application/json",
        "User-Agent": "Scope-Simulator",
        "X-Scope-Topic": "scenario_session/completed",
        "X-Scope-Topic-Version": "1.1",
        "X-Scope-API-Version": "3",
        "X-Scope-Domain": "scope.example",
        "X-Scope-Webhook-Type": "node",
        "X-Scope-Hmac-Sha256": signature(attempt.body, "s3cret"),
    }


def test_without_a_secret_nothing_is_signed():
    one, _ = subscribed()

    assert "X-Scope-Hmac-Sha256" not in dict(finished(one).headers)


def test_headers_of_the_settings_stand_beside_those_of_generation_two_and_may_replace_them():
    one, _ = subscribed(settings={"headers": ["x-scope-domain: mine", "X-Tenant: acme"]})

    headers = finished(one).headers

    assert headers[-2:] == (("x-scope-domain", "mine"), ("X-Tenant", "acme"))
    assert "X-Scope-Domain" not in dict(headers)


QUERY = "query ($nodeId: ID!) { node(id: $nodeId) { ... on ScenarioSession { state externalData } } }"


def test_stored_query_runs_at_each_attempt_and_its_whole_result_is_the_signed_body():
    one, _ = subscribed(sharedSecret="s", query=QUERY)

    first = finished(one)
    session = one.resources("ScenarioSession", after=40)[0]
    one.apply("update", session, {"externalData": {"order": "WO-2"}})
    one.report(first, Outcome(500))
    (second,) = one.advance(Moment(one.now + 1_000))

    assert [json.loads(attempt.body) for attempt in (first, second)] == [
        {"data": {"node": {"state": "FINISHED", "externalData": {"order": order}}}}
        for order in ("WO-1", "WO-2")
    ]
    assert [dict(attempt.headers)["X-Scope-Hmac-Sha256"] for attempt in (first, second)] == [
        signature(attempt.body, "s") for attempt in (first, second)
    ]
    assert dict(first.headers)["X-Scope-Webhook-Id"] == dict(second.headers)["X-Scope-Webhook-Id"]
    assert one.tally().requests == 0


def test_retry_is_signed_with_the_secret_of_its_own_moment():
    one, subscription = subscribed(sharedSecret="old")
    first = finished(one)
    signed = [dict(first.headers)["X-Scope-Hmac-Sha256"]]

    one.apply("update", subscription, {"sharedSecret": "new", "signing": "both"})
    one.report(first, Outcome(500))
    (second,) = one.advance(Moment(one.now + 1_000))
    signed.append(dict(second.headers)["X-Scope-Hmac-Sha256"])
    one.apply("update", subscription, {"signing": "new"})
    one.report(second, Outcome(500))
    (third,) = one.advance(Moment(one.now + 60_000))
    signed.append(dict(third.headers)["X-Scope-Hmac-Sha256"])

    old, new = signature(first.body, "old"), signature(first.body, "new")
    assert signed == [old, f"{new} {old}", new]


def test_trace_that_somebody_gave_is_left():
    headers = (("Traceparent", "mine"),)

    assert traced(headers, Seed(1), delivery=1, attempt=1) == headers
    assert len(traced((), Seed(1), delivery=1, attempt=1)) == 1
