"""How faults of deliveries are carried out, without sockets: what is planned, what is let out when, what is seen of it."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.clock import Moment
from simulator.engine import Platform, Resource
from simulator.journal import AttemptMade, DeliveryPlanned, OutcomeSeen
from simulator.report.deliveries import deliveries_of
from simulator.settings import Settings
from simulator.settings.faults import read_faults
from simulator.webhooks.mishaps import LONGEST_ASIDE
from simulator.webhooks.retries import is_success
from simulator.wire import Attempt, Outcome
from tests.driving import Receiver, answers, post_due

HOOK = "http://127.0.0.1:9/hook"


def platform_with(*lines: str, **settings: object) -> Platform:
    given = Settings().replace(**({"retry": "5s", "updates": False} | settings))
    platform = Platform(given, base_url="http://scope", targets=[HOOK])
    platform.set_faults(read_faults(lines))
    return platform


def told(
    platform: Platform, receiver: Receiver | None = None, *, until: int = 0
) -> list[tuple[int, str, int, int]]:
    """Post all that is due in the next ``until`` milliseconds; return second, event, delivery and attempt of each post."""
    posts: list[tuple[int, str, int, int]] = []
    start = platform.now
    answer = receiver or answers(200)

    def receive(attempt: Attempt) -> Outcome:
        event = json.loads(attempt.body)["event"]
        posts.append(((platform.now - start) // 1000, event, attempt.delivery, attempt.number))
        return answer(attempt)

    post_due(platform, receive)
    while (due := platform.next_due()) is not None and due <= start + until:
        for attempt in platform.advance(due):
            platform.report(attempt, receive(attempt))
        post_due(platform, receive)
    return posts


def facts(platform: Platform, kind: type) -> list:
    return [entry.fact for entry in platform.journal.select(kinds=[kind.kind])]


def test_dropped_delivery_never_goes_out():
    platform = platform_with("delivery.drop,times=1")
    platform.apply("create", "Call")
    platform.apply("create", "Call")

    assert told(platform) == [(0, "create", 2, 1)]
    first, second = facts(platform, DeliveryPlanned)
    assert (first.dropped, first.faults) == (True, ("fault 1 (delivery.drop)",))
    assert (second.dropped, second.faults) == (False, ())
    tally = platform.tally()
    assert (tally.planned, tally.delivered, tally.dropped, tally.pending) == (2, 1, 1, 0)
    assert platform.idle_drained


def test_copies_are_deliveries_of_their_own():
    platform = platform_with("delivery.duplicate=2,event=create")
    session = platform.apply("create", "ScenarioSession")
    platform.apply("finish", session)

    assert told(platform) == [
        (0, "create", 1, 1),
        (0, "create", 2, 1),
        (0, "create", 3, 1),
        (0, "finished", 4, 1),
    ]
    planned = facts(platform, DeliveryPlanned)
    assert [one.copy_of for one in planned] == [None, 1, 1, None]
    assert [one.faults for one in planned] == [("fault 1 (delivery.duplicate=2)",), (), (), ()]


def test_copies_bear_the_webhook_id_of_what_they_repeat():
    platform = Platform(
        Settings().replace(generation="2", secret="s"), base_url="http://scope", targets=[HOOK]
    )
    platform.set_faults(read_faults(["delivery.duplicate=1,times=1"]))
    for _ in range(2):
        platform.apply("create", "ScenarioSession")
    ids = []

    def receive(attempt: Attempt) -> Outcome:
        ids.append(dict(attempt.headers)["X-Scope-Webhook-Id"])
        return Outcome(200)

    post_due(platform, receive)

    assert ids[0] == ids[1] != ids[2]


def test_delayed_delivery_holds_nothing_back():
    platform = platform_with("delivery.delay=30s,event=create")
    session = platform.apply("create", "ScenarioSession")
    platform.apply("finish", session)

    assert told(platform, until=60_000) == [(0, "finished", 2, 1), (30, "create", 1, 1)]


def test_delivery_that_is_set_aside_waits_for_later_ones_to_end():
    platform = platform_with("delivery.reorder=1,times=1")
    session = platform.apply("create", "ScenarioSession")
    platform.apply("pause", session)
    platform.apply("resume", session)

    assert [event for _, event, _, _ in told(platform)] == ["paused", "create", "resumed"]


def test_so_many_posts_overtake_as_the_seed_has_it():
    def order(seed: int) -> list[int]:
        platform = platform_with("delivery.reorder=3,times=1", seed=seed)
        for _ in range(6):
            platform.apply("create", "Call")
        return [delivery for _, _, delivery, _ in told(platform)]

    orders = {tuple(order(seed)) for seed in range(1, 12)}

    assert orders == {(2, 1, 3, 4, 5, 6), (2, 3, 1, 4, 5, 6), (2, 3, 4, 1, 5, 6)}
    assert order(5) == order(5)


def test_nothing_is_set_aside_for_ever():
    platform = platform_with("delivery.reorder=3,times=1")
    platform.apply("create", "Call")

    assert told(platform, until=LONGEST_ASIDE) == [(60, "create", 1, 1)]
    platform.apply("create", "Call")
    assert told(platform) == [(0, "create", 2, 1)]
    assert platform.idle_drained


def test_what_was_set_aside_for_a_target_that_goes_goes_with_it():
    platform = platform_with("delivery.reorder=1,times=1")
    platform.apply("create", "Call")
    platform.remove_target("1")
    platform.add_target(HOOK)
    platform.apply("create", "Call")

    assert told(platform, until=LONGEST_ASIDE) == [(0, "create", 2, 1)]


def test_nobody_can_be_reached_and_it_is_tried_again():
    platform = platform_with("delivery.unreachable,times=1")
    platform.apply("create", "Call")

    assert told(platform, until=5000) == [(5, "create", 1, 2)]
    (first, second) = facts(platform, OutcomeSeen)
    assert (first.outcome.error, first.verdict) == ("nobody can be reached there", "retry")
    assert (second.verdict, platform.dispatch.excused) == ("delivered", 0)
    assert [one.faults for one in facts(platform, AttemptMade)] == [("fault 1 (delivery.unreachable)",), ()]


def test_answer_is_lost_though_the_post_arrived():
    platform = platform_with("delivery.answer_lost,times=1")
    platform.apply("create", "Call")

    assert told(platform, until=5000) == [(0, "create", 1, 1), (5, "create", 1, 2)]
    first, _ = facts(platform, OutcomeSeen)
    assert first.outcome == Outcome(None, "the answer 200 was lost on the way", took=0.01)


def test_answer_that_did_not_come_cannot_be_lost():
    platform = platform_with("delivery.answer_lost")
    platform.apply("create", "Call")

    told(platform, lambda _attempt: Outcome(None, "connection refused"))

    assert facts(platform, OutcomeSeen)[0].outcome == Outcome(None, "connection refused")


@pytest.mark.parametrize(
    ("lines", "status", "given_up", "excused"),
    [
        (["delivery.unreachable"], 200, 1, 1),
        (["delivery.answer_lost"], 200, 1, 1),
        (["delivery.damage=extra_field"], 400, 1, 1),
        (["delivery.unreachable,times=1"], 500, 1, 0),
        (["delivery.delay=1s"], 500, 1, 0),
        (["delivery.damage=extra_field"], 200, 0, 0),
    ],
)
def test_given_up_is_excused_when_a_fault_struck_the_last_attempt(lines, status, given_up, excused):
    platform = platform_with(*lines)
    platform.apply("create", "Call")

    told(platform, answers(status), until=60_000)

    assert (platform.tally().given_up, platform.dispatch.excused) == (given_up, excused)
    (*_, last) = facts(platform, OutcomeSeen)
    assert last.verdict == ("given_up" if given_up else "delivered")
    assert (bool(last.faults) and given_up) == excused


def test_damage_is_another_for_another_attempt():
    platform = platform_with("delivery.damage=corrupt")
    platform.apply("create", "Call")
    bodies = []

    def receive(attempt: Attempt) -> Outcome:
        bodies.append(attempt.body)
        return Outcome(400)

    post_due(platform, receive)
    for attempt in platform.advance(platform.next_due()):
        receive(attempt)

    assert len(bodies) == 2
    assert [body.count(b"\xff") for body in bodies] == [1, 1]
    assert bodies[0].index(b"\xff") != bodies[1].index(b"\xff")


def test_only_what_tells_of_a_change_is_early():
    platform = platform_with("delivery.early=2s,times=1")
    platform.emit(type="iot", event="seen", data={})
    assert not platform.past.veiled(platform.now)

    platform.apply("create", "Call")
    assert platform.past.veiled(platform.now)


def test_payload_that_breaks_its_contract_is_nobodys_fault(monkeypatch):
    platform = platform_with("delivery.answer_lost,times=1")
    platform.emit(type="iot", event="seen", data={})
    (planned,) = platform.dispatch.outbox._lanes["1"].waiting
    object.__setattr__(planned.payload, "type", "Not A Word")

    assert told(platform) == []
    assert facts(platform, OutcomeSeen)[0].verdict == "given_up"
    assert platform.dispatch.excused == 0


LINES = (
    *(
        "delivery.drop",
        "delivery.duplicate=2",
        "delivery.reorder=3",
        "delivery.delay=30s",
        "delivery.early=2s",
    ),
    *("delivery.unreachable", "delivery.answer_lost", "delivery.damage=corrupt", "delivery.damage=big"),
)
BESIDE = ("", ",times=1", ",chance=0.4", ",for=20s", ",event=create", ",chance=0.5,times=2")


STEPS = (*["create"] * 4, *["finish"] * 2, "post", "wait", "end faults")


def act(platform: Platform, step: str, sessions: list[Resource], answer: Receiver) -> None:
    if step == "create":
        sessions.append(platform.apply("create", "ScenarioSession"))
    elif step == "finish" and sessions:
        platform.apply("finish", sessions.pop())
    elif step == "post":
        post_due(platform, answer)
    elif step == "wait":
        # As a driver must: what is due now goes out before time passes.
        post_due(platform, answer)
        pass_until(platform, platform.now + 10_000, answer)
    elif step == "end faults":
        platform.set_faults([])


def pass_until(platform: Platform, moment: int, answer: Receiver) -> None:
    for attempt in platform.advance(Moment(moment)):
        platform.report(attempt, answer(attempt))


@settings(max_examples=200)
@given(
    lines=st.lists(
        st.builds(str.__add__, st.sampled_from(LINES), st.sampled_from(BESIDE)), min_size=1, max_size=5
    ),
    outcomes=st.lists(st.sampled_from([200, 204, 400, 500, None]), min_size=1, max_size=12),
    steps=st.lists(st.sampled_from(STEPS), min_size=4, max_size=14),
    ordering=st.sampled_from(["first", "strict", "none"]),
)
def test_every_delivery_arrives_is_given_up_or_is_dropped_by_a_named_fault(lines, outcomes, steps, ordering):
    platform = platform_with(*lines, ordering=ordering, retry="5s,1m", updates=True)
    left = list(outcomes)
    sessions: list[Resource] = []

    def answer(_attempt: Attempt) -> Outcome:
        status = left.pop() if left else 200
        return Outcome(status, None if status else "connection refused")

    for step in steps:
        act(platform, step, sessions, answer)
    while post_due(platform, answer) or platform.next_due() is not None:
        pass_until(platform, platform.next_due() or platform.now, answer)

    tally = platform.tally()
    stories = deliveries_of(platform.journal.since(0))
    states = Counter(story.state for story in stories)
    assert platform.idle_drained
    assert states == +Counter(delivered=tally.delivered, given_up=tally.given_up, dropped=tally.dropped)
    assert tally.planned == len(stories)
    for story in stories:
        assert [one.attempt.number for one in story.attempts] == list(range(1, len(story.attempts) + 1))
        arrived = [is_success(one.outcome) for one in story.attempts]
        assert True not in arrived[:-1]
        if story.state == "dropped":
            assert (story.attempts, [one for one in story.planned.faults if "drop" in one]) == (
                [],
                list(story.planned.faults),
            )
        else:
            assert story.state == ("delivered" if arrived[-1] else "given_up")
        original = story.planned.copy_of
        assert original is None or any(one.planned.delivery == original for one in stories)
