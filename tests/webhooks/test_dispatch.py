"""What is told arrives, is tried again, or is given up; targets are disabled where the settings say so, and lose nothing."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from simulator.clock import Moment, iso_millis, parse_moment
from simulator.engine import Platform
from simulator.errors import NotFoundError
from simulator.journal import Noted, OutcomeSeen
from simulator.report.causes import causes_of
from simulator.settings import Settings
from simulator.wire import Attempt, Outcome, Request

TARGET = "http://127.0.0.1:9/hooks"
OTHER = "http://127.0.0.1:9/other"


def platform(*targets: str, **settings: object) -> Platform:
    return Platform(
        Settings().replace(**settings), base_url="http://127.0.0.1:7267", targets=targets or (TARGET,)
    )


def attempt_all(one: Platform, *statuses: int) -> list[Attempt]:
    """Answer one attempt after the other with ``statuses``, jumping to whatever is due next; the rest with the last."""
    left = list(statuses)
    sent: list[Attempt] = []
    due = one.due()
    while due or one.next_due() is not None:
        for attempt in due:
            sent.append(attempt)
            one.report(attempt, Outcome(left.pop(0) if left[1:] else left[0]))
        moment = one.next_due()
        due = one.due() or ([] if moment is None else one.advance(moment))
    return sent


def notes(one: Platform) -> list[str]:
    facts = (entry.fact for entry in one.journal.select(kinds=["note"]))
    return [fact.text for fact in facts if isinstance(fact, Noted)]


def test_receiver_that_fails_twice_is_told_a_third_time_at_the_moments_of_the_schedule():
    one = platform()
    one.apply("create", "ScenarioSession")

    sent = attempt_all(one, 500, 503, 200)

    assert [(attempt.delivery, attempt.number, json.loads(attempt.body)["time"]) for attempt in sent] == [
        (1, 1, "2021-03-01T08:00:00Z"),
        (1, 2, "2021-03-01T08:00:05Z"),
        (1, 3, "2021-03-01T08:05:05Z"),
    ]
    seen = [entry.fact for entry in one.journal.select(kinds=["outcome"])]
    assert [
        (fact.verdict, fact.again and iso_millis(fact.again))
        for fact in seen
        if isinstance(fact, OutcomeSeen)
    ] == [
        ("retry", "2021-03-01T08:00:05.000Z"),
        ("retry", "2021-03-01T08:05:05.000Z"),
        ("delivered", None),
    ]
    assert (one.tally().delivered, one.tally().attempts, one.idle_drained) == (1, 3, True)


def test_receiver_that_always_fails_is_given_up_after_the_last_attempt():
    one = platform()
    one.apply("create", "ScenarioSession")

    sent = attempt_all(one, 500)

    assert [attempt.number for attempt in sent] == [1, 2, 3, 4]
    assert (one.tally().given_up, one.tally().pending) == (1, 0)
    assert iso_millis(one.now) == "2021-03-01T08:35:05.000Z"


def test_schedule_of_four_days_passes_in_no_time():
    one = platform(retry="1h,12h,1d,2d,12h")
    began = one.now
    for _ in range(50):
        one.apply("create", "ScenarioSession")

    sent = attempt_all(one, 500)

    assert len(sent) == 300
    assert one.now - began == 97 * 3_600_000


def test_retry_holds_back_no_first_attempt():
    one = platform()
    for _ in range(2):
        one.apply("create", "ScenarioSession")
    (first,) = one.due()

    one.report(first, Outcome(500))

    assert [attempt.delivery for attempt in one.due()] == [2]


def test_whoever_is_removed_while_a_post_is_in_flight_is_not_tried_again():
    one = platform()
    one.apply("create", "ScenarioSession")
    (attempt,) = one.due()

    one.remove_target("1")
    one.report(attempt, Outcome(500))

    assert (one.tally().given_up, one.next_due()) == (1, None)


def test_retries_are_dropped_with_their_target():
    one = platform()
    one.apply("create", "ScenarioSession")
    (attempt,) = one.due()
    one.report(attempt, Outcome(500))

    one.remove_target("1")

    assert (one.tally().dropped, one.idle_drained) == (1, True)
    assert notes(one) == ["target 1 removed, 1 deliveries dropped"]


def test_target_that_is_gone_is_disabled_only_where_the_settings_say_so():
    one = platform()
    one.apply("create", "ScenarioSession")

    attempt_all(one, 410)

    assert (one.standing("1").disabled, one.tally().given_up) == (None, 1)


def test_target_that_is_gone_is_told_nothing_until_it_is_enabled_and_then_all_that_piled_up():
    one = platform(disable_on_gone=True)
    for _ in range(2):
        one.apply("create", "ScenarioSession")
    (attempt,) = one.due()

    one.report(attempt, Outcome(410))

    assert (one.due(), one.next_due(), one.idle_drained) == ([], None, True)
    assert (one.standing("1").disabled, one.tally().held) == ("it answered 410", 2)
    one.enable_target("1")
    assert [(attempt.delivery, attempt.number) for attempt in attempt_all(one, 200)] == [(1, 2), (2, 1)]
    assert (one.standing("1").disabled, one.tally().delivered, one.tally().held) == (None, 2, 0)
    assert notes(one) == [f"target 1 disabled, it answered 410: {TARGET}", f"target 1 enabled: {TARGET}"]


def test_streak_of_failures_disables_a_target_and_a_success_ends_the_streak():
    one = platform(disable_after=3, retry="1s,1s")
    for _ in range(3):
        one.apply("create", "ScenarioSession")

    attempt_all(one, 500, 500, 200, 500, 500, 500)

    assert one.standing("1").disabled == "3 attempts in a row failed"
    assert one.standing("1").failures == 3


def test_one_disabled_target_holds_back_no_other():
    one = platform(TARGET, OTHER)
    one.disable_target("1")
    one.disable_target("1")
    one.apply("create", "ScenarioSession")

    sent = attempt_all(one, 200)
    one.enable_target("2")

    assert [attempt.url for attempt in sent] == [OTHER]
    assert notes(one) == [f"target 1 disabled, somebody asked for it: {TARGET}"]


def test_unknown_target_is_named_with_those_there_are():
    one = platform(TARGET, OTHER)

    with pytest.raises(NotFoundError, match=r"there is no target '3'. Targets: 1, 2."):
        one.enable_target("3")


@limits(max_examples=60, deadline=None)
@given(
    ordering=st.sampled_from(["first", "strict", "none"]),
    statuses=st.lists(st.sampled_from([200, 204, 302, 410, 429, 500, None]), min_size=1, max_size=30),
    seed=st.integers(1, 3),
)
def test_no_payload_is_lost_whatever_the_receiver_answers(ordering, statuses, seed):
    one = platform(ordering=ordering, seed=seed, retry="1s,1m", jitter=0.5, disable_after=9)
    for _ in range(4):
        one.apply("create", "ScenarioSession")
    answers = iter(statuses)
    succeeded: set[int] = set()
    begun: list[int] = []
    due = one.due()
    while due or one.next_due() is not None:
        for attempt in due:
            assert attempt.delivery not in succeeded
            if attempt.number == 1:
                begun.append(attempt.delivery)
            status = next(answers, 500)
            one.report(attempt, Outcome(status, None if status else "connection refused"))
            if status in (200, 204):
                succeeded.add(attempt.delivery)
        moment = one.next_due()
        due = one.due() or ([] if moment is None else one.advance(moment))

    tally = one.tally()
    assert tally.delivered == len(succeeded)
    assert tally.delivered + tally.given_up + tally.held == tally.planned == 4
    assert tally.pending == tally.held
    assert begun == sorted(begun)
    assert one.idle_drained
    assert one.now < parse_moment("2021-03-01T08:10:00Z")


# sent again because somebody asks


def posted(one: Platform, *statuses: int) -> list[Attempt]:
    """Answer all that is due now with these statuses in turn; the last one stays."""
    left = list(statuses)
    sent: list[Attempt] = []
    while due := one.due():
        for attempt in due:
            sent.append(attempt)
            one.report(attempt, Outcome(left.pop(0) if left[1:] else left[0]))
    return sent


@pytest.mark.parametrize("status", [200, 500], ids=["delivered", "given up"])
@pytest.mark.parametrize("again", [200, 500], ids=["arrives", "fails"])
def test_settled_delivery_is_sent_again_as_its_next_attempt_at_its_own_moment(status, again):
    one = platform(retry="none")
    one.apply("create", "ScenarioSession")
    (first,) = posted(one, status)
    one.advance(Moment(one.now + 60_000))

    refused = one.resend([1])
    (second,) = posted(one, again)

    assert refused == {}
    assert (second.delivery, second.number, second.url) == (1, 2, first.url)
    assert [json.loads(attempt.body)["time"] for attempt in (first, second)] == [
        "2021-03-01T08:00:00Z",
        "2021-03-01T08:01:00Z",
    ]
    arrived = 200 in (status, again)
    tally = one.tally()
    assert (tally.planned, tally.attempts, tally.pending) == (1, 2, 0)
    assert (tally.delivered, tally.given_up) == (int(arrived), int(not arrived))
    assert one.next_due() is None
    assert notes(one) == [
        f"delivery 1 is sent again, which was {'delivered' if status == 200 else 'given up'}"
    ]


def test_it_can_be_sent_again_and_again():
    one = platform(retry="none")
    one.apply("create", "ScenarioSession")
    posted(one, 500)

    numbers = []
    for _ in range(3):
        assert one.resend([1]) == {}
        numbers += [attempt.number for attempt in posted(one, 500)]

    assert numbers == [2, 3, 4]


def test_webhook_of_generation_2_keeps_its_id_and_gets_a_signature_of_its_own():
    one = platform(generation="2", secret="s", retry="none")
    one.apply("create", "ScenarioSession")
    first = posted(one, 200)
    subscription = one.resources("WebhookSubscription")[0]
    one.apply("update", subscription.id, {"sharedSecret": "t"})
    posted(one, 200)

    assert one.resend([first[0].delivery]) == {}
    (second,) = posted(one, 200)

    before, after = (dict(attempt.headers) for attempt in (first[0], second))
    assert before["X-Scope-Webhook-Id"] == after["X-Scope-Webhook-Id"]
    assert before["X-Scope-Hmac-Sha256"] != after["X-Scope-Hmac-Sha256"]


def test_what_is_to_be_tried_again_goes_out_ahead_of_its_time_and_its_schedule_goes_on():
    one = platform()
    one.apply("create", "ScenarioSession")
    posted(one, 500)

    refused = one.resend([1])
    (second,) = posted(one, 500)

    assert (refused, second.number) == ({}, 2)
    assert notes(one) == ["delivery 1 is tried again ahead of its time"]
    due = one.next_due()
    assert due is not None
    assert iso_millis(due) == "2021-03-01T08:05:00.000Z"


def refusals(one: Platform, *numbers: int) -> list[str]:
    return [str(error) for error in one.resend(numbers).values()]


def test_what_cannot_be_sent_again_is_refused_with_the_reason():
    one = platform(journal_bound=7, retry="none", ordering="strict")
    one.apply("create", "Call")
    posted(one, 200)
    one.apply("create", "Call")
    one.apply("create", "Call")
    one.due()

    assert refusals(one, 1, 2, 3, 9) == [
        "delivery 2 is in flight. Wait until it has ended.",
        "there is no delivery 9. GET /_simulator/deliveries lists those that the journal still holds.",
        "delivery 3 waits to be sent. It goes out in its turn, or when its target is enabled.",
    ]


def test_what_has_left_the_journal_or_was_dropped_cannot_be_sent_again():
    one = platform(journal_bound=3, retry="none")
    for _ in range(3):
        one.apply("create", "Call")
        posted(one, 200)
    one.apply("create", "Call")
    one.remove_target("1")

    lost = "can no longer be sent again: it was dropped, or its end has left the journal."
    assert refusals(one, 1, 2, 4) == [
        f"delivery {number} {lost} The setting journal_bound says how much the journal holds."
        for number in (1, 2, 4)
    ]
    assert refusals(one, 3) == [
        f"the target that delivery 3 went to was removed; found {TARGET}. Add it again."
    ]
    one.add_target(TARGET)
    assert refusals(one, 3) == []
    assert [attempt.number for attempt in posted(one, 200)] == [2]


def test_subscription_that_is_no_more_hears_nothing_again():
    one = platform(generation="2")
    one.apply("create", "ScenarioSession")
    (first, *_) = posted(one, 200)
    for subscription in one.resources("WebhookSubscription"):
        one.apply("delete", subscription.id)

    assert refusals(one, first.delivery) == [
        f"the subscription that delivery {first.delivery} was for is no more. "
        "Subscribe again; what is told from then on is delivered."
    ]


def test_disabled_target_gets_what_is_sent_again_once_it_is_enabled():
    one = platform(retry="none")
    one.apply("create", "Call")
    posted(one, 200)
    one.disable_target("1")

    assert one.resend([1]) == {}
    before = posted(one, 200)
    one.enable_target("1")

    assert (before, [attempt.number for attempt in posted(one, 200)]) == ([], [2])


# traces


def test_each_attempt_begins_a_trace_of_its_own_where_that_is_wanted():
    one = platform(traceparent=True)
    one.apply("create", "ScenarioSession")

    traces = [dict(attempt.headers)["traceparent"] for attempt in attempt_all(one, 500, 200)]

    assert len({trace[3:35] for trace in traces}) == 2
    assert all(re.fullmatch("00-[0-9a-f]{32}-[0-9a-f]{16}-01", trace) for trace in traces)


def test_request_that_passes_the_trace_on_follows_from_that_attempt():
    one = platform(TARGET, OTHER, traceparent=True)
    one.apply("create", "ScenarioSession")
    first, _second = attempt_all(one, 200)
    trace = dict(first.headers)["traceparent"]

    one.answer(Request("GET", "/nowhere", headers={"traceparent": f"{trace[:36]}aaaaaaaaaaaaaaaa-01"}))

    (cause,) = causes_of(one.journal).causes
    assert [[(one.tie, one.rivals) for one in story.attempts[0].requests] for story in cause.deliveries] == [
        [("traceparent", 0)],
        [],
    ]
