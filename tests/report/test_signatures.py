"""Why signatures are wrong: what a test asks, and what a receiver's answer shows; nothing is made up."""

from __future__ import annotations

import json

import pytest

from simulator.core import SimulatorCore
from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.journal import AttemptMade, DeliveryPlanned, OutcomeSeen
from simulator.report.deliveries import DELIVERY_KINDS, deliveries_of
from simulator.report.signatures import (
    Beside,
    explain_refusals,
    explain_signature,
    refusal_lines,
    secrets_of,
)
from simulator.report.text import story, undelivered_lines
from simulator.settings import Settings
from simulator.webhooks.signing import HEADER, signature
from simulator.wire import Attempt, Outcome

URL = "http://127.0.0.1:9000/hooks"
ID = "t5V3S3X8TrtAweWu0A2YHb0cRFJfcRA2rXT3vAGTz1A="
BODY = f'{{"data":{{"id":"{ID}","url":"http://h/{ID}"}}}}'.encode()
NEW, OLD = signature(BODY, "new"), signature(BODY, "old")
REWRITTEN = signature(json.dumps(json.loads(BODY)).encode(), "new")
NOBODYS = signature(BODY, "nobody")


def attempt(header: str | None = NEW, *, delivery: int = 1, body: bytes = BODY) -> Attempt:
    headers = () if header is None else ((HEADER, header),)
    return Attempt(delivery, 1, URL, headers, body, 10.0)


def told(
    answer: str, *, status: int = 401, header: str | None = NEW, secrets=("new", "old"), **headers
) -> list[str]:
    outcome = Outcome(status, headers=headers, body=answer.encode())
    return refusal_lines(attempt(header), outcome, secrets, beside=Beside(), told=set())


def test_signature_in_the_answer_is_explained():
    (line,) = told(f'{{"error":"bad signature","expected":"{NEW}","computed":"{REWRITTEN}","id":"{ID}"}}')

    assert line.startswith(
        f"the answer shows the signature {REWRITTEN}. The JSON of the body was parsed and written again with a space after "
        "each comma and colon, as Python's json.dumps does. Sign the bytes of the body as they arrived"
    )


def test_signature_in_a_header_of_the_answer_is_explained():
    (line,) = told("", header=OLD, status=403, **{"x-computed": NEW})

    assert "The new secret was used, with which posts are not signed yet." in line


def test_what_lacks_a_sign_is_no_echo():
    (line,) = told(NEW.rstrip("="))

    assert "It lacks the = at its end." in line


def test_signature_that_nothing_explains_is_told_where_the_answer_speaks_of_one():
    assert told(f"signature mismatch: {NOBODYS}") == [
        f"the answer shows {NOBODYS}, which no mistake that we know explains; sent was {NEW}"
    ]
    assert told(f"request {NOBODYS} refused") == []


@pytest.mark.parametrize(
    "silent",
    [
        told(f"wrong: {NEW} for {ID}"),
        told("go away"),
        told(REWRITTEN, status=200),
        told(REWRITTEN, status=500),
        told(REWRITTEN, header=None),
        told(REWRITTEN, secrets=()),
    ],
)
def test_nothing_is_told_where_nothing_is_shown(silent):
    assert silent == []


def test_only_some_texts_of_an_answer_are_looked_into():
    many = " ".join(signature(BODY, f"nobody {number}") for number in range(3))

    assert told(f"{many} {REWRITTEN}") == []


@pytest.fixture
def platform() -> Platform:
    """Two subscriptions, of which one has a new secret, and one of somebody else."""
    platform = Platform(Settings())
    subscribe = {"topic": "scenario_session/completed", "callbackUrl": URL}
    first = platform.apply("create", "WebhookSubscription", {**subscribe, "sharedSecret": "old"})
    platform.apply("update", first.id, {"sharedSecret": "new"})
    platform.apply("create", "WebhookSubscription", {**subscribe, "sharedSecret": "other"})
    platform.apply(
        "create", "WebhookSubscription", {**subscribe, "callbackUrl": f"{URL}/theirs", "sharedSecret": "x"}
    )
    return platform


def post(platform: Platform, made: Attempt, *, status: int = 401, answer: str = "") -> None:
    """Write into the journal that something was posted, and what came back."""
    planned = DeliveryPlanned(made.delivery, URL, "completed", "ScenarioSession", ID)
    outcome = Outcome(status, body=answer.encode())
    platform.journal.append(platform.now, planned)
    platform.journal.append(platform.now, AttemptMade(planned, made))
    platform.journal.append(platform.now, OutcomeSeen(planned, made, outcome, "given_up"))


def test_secrets_of_a_url_are_those_of_its_subscriptions_the_newest_first(platform):
    assert secrets_of(platform, URL) == ("new", "other", "old")
    assert secrets_of(platform, "http://127.0.0.1:9/") == ()


def test_secrets_of_subscriptions_that_were_deleted_come_last(platform):
    first, *_ = platform.resources("WebhookSubscription")
    platform.apply("delete", first.id, {})

    assert set(secrets_of(platform, URL)) == {"new", "other", "old"}
    assert secrets_of(platform, URL)[0] == "other"


def test_refused_webhook_of_a_subscription_that_was_deleted_since_is_explained(platform):
    post(platform, attempt(), answer=f"computed {REWRITTEN}")
    for one in platform.resources("WebhookSubscription"):
        platform.apply("delete", one.id, {})

    assert f"why: the answer shows the signature {REWRITTEN}. The JSON of the body was" in story(platform)


@pytest.mark.parametrize("delivery", [True, False], ids=["delivery", "body"])
def test_test_asks_about_what_was_posted(delivery, platform):
    post(platform, attempt())
    post(platform, attempt(delivery=2, body=b'{"data":2}'))
    (first, _) = deliveries_of(platform.journal.select(kinds=DELIVERY_KINDS))
    of = first if delivery else BODY

    told = [
        [one.name for one in explain_signature(platform, computed, of=of).mistakes]
        for computed in (
            *(NEW, REWRITTEN, OLD, signature(b'{"data":2}', "new"), signature(BODY, platform.token)),
        )
    ]

    assert told == [[], ["rewritten"], ["other_secret"], ["other_body"], ["other_secret"]]
    assert explain_signature(platform, NEW, of=of).right
    assert explain_signature(platform, signature(BODY, "mine"), of=of, secrets=["mine"]).right


def test_body_that_was_never_posted_needs_secrets(platform):
    assert explain_signature(platform, NEW, of=BODY, secrets=["new"]).right
    with pytest.raises(UsageError) as caught:
        explain_signature(platform, NEW, of=BODY)

    assert str(caught.value) == (
        "the webhook is not signed: no subscription that leads to it has a secret; found a body that was never posted. "
        "Give secrets=[...], the newest first."
    )


def test_delivery_that_was_not_posted_yet_is_told(platform):
    platform.journal.append(platform.now, DeliveryPlanned(1, URL, "completed", "ScenarioSession", ID))
    (waiting,) = deliveries_of(platform.journal.since(0))

    with pytest.raises(UsageError) as caught:
        explain_signature(platform, NEW, of=waiting)

    assert str(caught.value) == (
        "the webhook has not been posted yet; found completed ScenarioSession. Wait for it first, with drain()."
    )


def test_story_of_a_failed_test_says_why_and_the_same_reason_once(platform):
    post(platform, attempt(), answer=f"computed {REWRITTEN}")
    post(platform, attempt(delivery=2), answer=f"computed {REWRITTEN}")
    post(platform, attempt(delivery=3), status=204)

    lines = [line.strip() for line in story(platform).splitlines() if "why: " in line]

    assert lines[0].startswith(f"why: the answer shows the signature {REWRITTEN}. The JSON of the body was")
    assert lines[1:] == [f"why: the answer shows the signature {REWRITTEN}, wrong for the same reason"]


def test_end_of_a_run_says_why(platform):
    platform.journal.append(platform.now, DeliveryPlanned(1, URL, "completed", "ScenarioSession", ID))
    post(platform, attempt(delivery=2), answer=f"computed {REWRITTEN}")
    left = deliveries_of(platform.journal.since(0))

    explain_refusals(platform, left)

    assert undelivered_lines(left)[2].startswith(
        f"  why: the answer shows the signature {REWRITTEN}. The JSON"
    )


def test_refused_webhook_of_a_real_platform_explains_itself():
    core = SimulatorCore(retry=())
    core.subscribe("scenario_session/completed", URL, secret="hush")
    core.finish(core.create("ScenarioSession"))
    (made,) = core.due()
    computed = signature(json.dumps(json.loads(made.body)).encode(), "hush")
    core.report(made, Outcome(401, body=f'{{"computed":"{computed}"}}'.encode()))

    assert f"  why: the answer shows the signature {computed}. The JSON of the body was parsed" in story(
        core.platform
    )
    assert explain_signature(core.platform, signature(made.body, "hush"), of=core.deliveries()[0]).right
