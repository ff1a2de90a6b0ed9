"""In which order webhooks arrived first: what holds, what never will, and what may still change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.expect import Order, Verdict, Watch
from simulator.journal import DeliveryPlanned
from tests.expect.story import HOOKS, NOW, Story

BUSY = 0.0
OTHER = "http://127.0.0.1:9001/hooks"
WORDS = ("create", "paused", "finished")


def only(story: Story, expectation: Order) -> Verdict:
    return Watch(story.journal, [expectation]).verdicts()[0]


def arrived(*words: str) -> Story:
    story = Story()
    for word in words:
        story.post(word)
    return story


@pytest.mark.parametrize(
    ("words", "met"),
    [
        (["create", "paused", "finished"], True),
        (["created", "update", "paused", "paused", "completed", "create"], True),
        (["paused", "create", "finished"], False),
        (["create", "finished", "paused"], False),
        (["create", "paused"], False),
        (["update"], False),
        ([], False),
    ],
    ids=str,
)
def test_first_arrivals_decide_and_others_may_come_between(words, met):
    assert only(arrived(*words), Order(WORDS, of="A")).met is met


@given(
    st.lists(st.sampled_from(["a", "b", "c", "x"]), max_size=8),
    st.lists(st.sampled_from("abc"), min_size=2, max_size=4),
)
def test_order_holds_when_the_first_arrivals_of_its_words_are_the_order(words, events):
    left, came = list(events), []
    for word in words:
        if word in left:
            left.remove(word)
            came.append(word)

    assert only(arrived(*words), Order(tuple(events))).met is (came == events)


def test_webhook_that_came_out_of_turn_ends_the_waiting():
    story = Story()
    watch = Watch(story.journal, [Order(WORDS)])
    ready = [watch.ready(9.0)]
    story.post("create")
    ready.append(watch.ready(9.0))
    story.post("finished")
    ready.append(watch.ready(BUSY))

    (verdict,) = watch.verdicts()

    assert ready == [False, False, True]
    assert (verdict.expected, verdict.seen, verdict.misses) == (
        "create, paused, finished arrived in this order",
        f"create, finished at {HOOKS}",
        (f"entry 5, finished to {HOOKS}: arrived before paused",),
    )
    assert verdict.curl is not None
    assert '"event":"finished"' in verdict.curl


def test_order_that_has_come_ends_the_waiting():
    story = Story()
    watch = Watch(story.journal, [Order(WORDS, of="A", name="session")])
    for word in WORDS:
        story.post(word)

    assert watch.ready(BUSY)
    assert watch.verdicts() == [
        Verdict(
            Order(WORDS, of="A", name="session"),
            True,
            "create, paused, finished about session arrived in this order",
            f"create, paused, finished at {HOOKS}",
        )
    ]


def test_attempts_count_from_when_they_began_and_slow_answers_change_no_order():
    story = Story()
    watch = Watch(story.journal, [Order(("create", "finished"))])
    slow, fast = story.begin("create"), story.begin("finished")
    story.end(fast)
    between = watch.ready(9.0)
    story.end(slow)

    assert (between, watch.ready(BUSY), watch.verdicts()[0].met) == (False, True, True)


def test_retry_arrives_when_it_succeeds_and_not_before():
    story = Story()
    made = story.begin("create")
    story.end(made, 500, verdict="retry")
    story.post("finished")
    story.end(story.attempt(made.planned, 2), 200)

    assert only(story, Order(("create", "finished"))).misses == (
        f"entry 5, finished to {HOOKS}: arrived before create",
    )
    assert only(story, Order(("finished", "create"))).met


def test_webhook_that_is_sent_again_and_its_copies_arrive_once():
    story = Story()
    made = story.begin("paused")
    story.end(made, 200)
    story.end(story.attempt(made.planned, 2), 200)
    copy = DeliveryPlanned(9, HOOKS, "paused", "ScenarioSession", "A", copy_of=made.planned.delivery)
    story.end(story.attempt(copy), 200)
    story.post("resumed")
    story.post("paused")

    assert only(story, Order(("paused", "resumed", "paused"))).met


def test_each_target_is_judged_for_itself_and_one_can_be_named():
    story = Story()
    for word, url in (("create", HOOKS), ("paused", OTHER), ("finished", HOOKS), ("create", OTHER)):
        story.post(word, url=url)

    both = only(story, Order(("create", "finished")))

    assert (both.met, both.seen) == (False, f"create, finished at {HOOKS}; create at {OTHER}")
    assert both.misses == (f"at {OTHER}: finished has not arrived",)
    assert only(story, Order(("create", "finished"), target=HOOKS)).met
    assert not only(story, Order(("create", "finished"), target=OTHER)).met


def test_nothing_of_it_says_so():
    verdict = only(Story(), Order(("create", "finished"), of="A", name="session"))

    assert verdict.seen == "nothing of it about session is told to any target"
    assert (verdict.misses, verdict.curl) == ((), None)


@pytest.mark.parametrize("dropped", [True, False])
def test_what_can_arrive_no_more_is_not_waited_for_once_nothing_is_due(dropped):
    story = Story()
    watch = Watch(story.journal, [Order(("create", "finished"))])
    story.post("create")
    if dropped:
        story.journal.append(NOW, DeliveryPlanned(7, HOOKS, "finished", "ScenarioSession", "A", dropped=True))
    else:
        story.post("finished", status=500)

    assert (watch.ready(9.0), watch.ready(9.0, drained=True)) == (False, True)
    assert watch.verdicts(drained=True)[0].seen == f"create at {HOOKS}; nothing more is due"


def test_outcome_from_before_a_reset_is_no_arrival():
    story = Story()
    story.end(story.begin("create"), 200, verdict="stale")
    story.ask("A")

    assert only(story, Order(("create", "finished"))).seen == f"nothing at {HOOKS}"


def test_order_whose_beginning_has_left_the_journal_cannot_be_judged():
    story = Story(bound=6)
    for word in ("update", "create", "finished"):
        story.post(word)

    verdict = only(story, Order(("create", "finished")))

    assert (verdict.met, verdict.judged) == (False, False)
