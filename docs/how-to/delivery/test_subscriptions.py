import base64
import hmac
import json

import pytest

QUERY = """
query ($nodeId: ID!) {
  node(id: $nodeId) { ... on ScenarioSession { state externalData } }
}
"""


def signed(body, secret):
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def test_topic_is_told_with_a_signature_and_the_result_of_a_query(scope_simulator, receiver):
    scope_simulator.subscribe("scenario_session/completed", receiver.url, secret="hush", query=QUERY)
    session = scope_simulator.create("ScenarioSession", externalData={"order": "WO-1"})

    scope_simulator.finish(session)
    scope_simulator.expect_delivered(event="scenario_session/completed", of=session)

    (headers, body), *others = receiver.posts
    assert others == []
    assert headers["X-Scope-Topic"] == "scenario_session/completed"
    assert headers["X-Scope-Hmac-Sha256"] == signed(body, "hush")
    assert json.loads(body) == {"data": {"node": {"state": "FINISHED", "externalData": {"order": "WO-1"}}}}


@pytest.mark.scope_simulator(generation="2", secret="old")
def test_secret_is_replaced_while_webhooks_are_retried(scope_simulator, receiver):
    receiver.answers = [401]
    scope_simulator.add_target(receiver.url)
    call = scope_simulator.create("Call")
    scope_simulator.advance("1s")
    for subscription in scope_simulator.resources("WebhookSubscription"):
        scope_simulator.update(subscription, sharedSecret="new", signing="both")

    scope_simulator.expect_delivered(event="created", of=call)

    (first, body), (second, _) = receiver.posts
    assert first["X-Scope-Hmac-Sha256"] == signed(body, "old")
    assert second["X-Scope-Hmac-Sha256"].split() == [signed(body, "new"), signed(body, "old")]
    assert first["X-Scope-Webhook-Id"] == second["X-Scope-Webhook-Id"]
