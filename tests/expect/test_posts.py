"""Deliveries that should arrive, or be given up: what meets such an expectation, and when waiting is over."""

from __future__ import annotations

import pytest

from simulator.expect import Answered, Delivered, GivenUp, Verdict, Watch
from simulator.journal import DeliveryPlanned
from tests.expect.story import HOOKS, NOW, Story

BUSY = 0.0
OTHER = "http://127.0.0.1:9001/hooks"


def only(story: Story, expectation) -> Verdict:
    return Watch(story.journal, [expectation]).verdicts()[0]


def fails(story: Story, word: str, times: int, *, about: str = "A", url: str = HOOKS, last: str = "given_up"):
    """Have a webhook fail so many times, and return its last attempt."""
    made = story.begin(word, about, url=url)
    for number in range(1, times + 1):
        story.end(made, 500, verdict="retry" if number < times else last)
        if number < times:
            made = story.attempt(made.planned, number + 1)
    return made


def arrives(story: Story, word: str, attempts: int, *, about: str = "A", url: str = HOOKS) -> None:
    """Have a webhook arrive by this attempt."""
    if attempts == 1:
        story.post(word, about, url=url)
    else:
        made = fails(story, word, attempts - 1, about=about, url=url, last="retry")
        story.end(story.attempt(made.planned, attempts), 200)


def test_delivered_holds_when_it_arrives():
    story = Story()
    watch = Watch(story.journal, [Delivered("finished", of="A", attempts=3)])
    ready = []

    made = story.begin("finished")
    for number, status in enumerate((500, None, 200), 1):
        story.end(made, status, verdict="delivered" if status == 200 else "retry")
        ready.append(watch.ready(BUSY))
        if number < 3:
            made = story.attempt(made.planned, number + 1)

    assert ready == [False, False, True]
    assert watch.verdicts() == [
        Verdict(
            Delivered("finished", of="A", attempts=3),
            True,
            "finished about A delivered by attempt 3",
            "finished delivered by attempt 3, which got 200",
        )
    ]


@pytest.mark.parametrize(
    ("expectation", "expected"),
    [
        (Delivered(), True),
        (Delivered("created", of="A"), True),
        (Delivered(type="ScenarioSession", target=HOOKS), True),
        (Delivered(attempts=2), True),
        (Delivered(attempts=1), False),
        (Delivered(attempts=3), False),
        (Delivered(target=OTHER), False),
        (Delivered("finished"), False),
        (Delivered(of="B"), False),
        (Delivered(type="Call"), False),
        (GivenUp(), True),
        (GivenUp("finished", of="B", target=OTHER), True),
        (GivenUp("finished", of="A"), False),
        (GivenUp(target=HOOKS), False),
        (GivenUp("create"), False),
    ],
    ids=str,
)
def test_what_fits_is_met(expectation, expected):
    story = Story()
    arrives(story, "create", 2)
    fails(story, "finished", 4, about="B", url=OTHER)

    assert only(story, expectation).met is expected


def test_given_up_tells_after_how_many_attempts_and_the_last_answer():
    story = Story()
    fails(story, "finished", 4)

    verdict = only(story, GivenUp("finished", name="session", of="A"))

    assert (verdict.met, verdict.expected, verdict.seen) == (
        True,
        "finished about session given up",
        "finished given up after 4 attempts, the last got 500",
    )


@pytest.mark.parametrize("expectation", [GivenUp(of="A"), Delivered(of="A", attempts=1)], ids=str)
def test_waiting_is_over_when_all_that_is_meant_has_ended_the_other_way(expectation):
    story = Story()
    watch = Watch(story.journal, [expectation])
    ready = [watch.ready(9.0)]

    arrives(story, "create", 2)
    ready.append(watch.ready(9.0))
    story.plan("paused")
    ready.append(watch.ready(9.0))

    assert ready == [False, True, False]


def test_delivery_that_waits_for_another_attempt_is_waited_for():
    story = Story()
    watch = Watch(story.journal, [GivenUp(), Delivered()])
    fails(story, "create", 1, last="retry")

    assert not watch.ready(9.0)
    assert [one.seen for one in watch.verdicts()] == [
        "1 delivery: create to be tried again after 1 attempt"
    ] * 2


def test_how_many_attempts_it_took_is_counted_until_the_first_success():
    story = Story()
    made = story.begin("create")
    story.end(made, 200)
    story.end(story.attempt(made.planned, 2), 200)
    story.end(story.attempt(made.planned, 3), 500, verdict="delivered")

    assert only(story, Delivered(attempts=1)).met
    assert not only(story, Delivered(attempts=2)).met
    assert not only(story, GivenUp()).met


def test_what_was_given_up_and_sent_again_may_arrive_after_all():
    story = Story()
    made = fails(story, "create", 2)
    story.end(story.attempt(made.planned, 3), 200)

    assert only(story, GivenUp()).met
    assert only(story, Delivered(attempts=3)).met


def test_outcome_from_before_a_reset_ends_nothing():
    story = Story()
    made = story.begin("create")
    story.end(made, 200, verdict="stale")
    watch = Watch(story.journal, [Delivered()])

    assert not watch.ready(9.0)


def test_unmet_one_is_explained_with_the_nearest_and_a_line_to_repeat_it():
    story = Story()
    arrives(story, "create", 1)
    fails(story, "finished", 2)
    story.plan("update", "B")

    verdict = only(story, Delivered("finished", of="A", name="session"))

    assert verdict.seen == (
        "2 deliveries about session: create delivered by attempt 1, finished given up after 2 attempts"
    )
    assert verdict.misses == (
        f"entry 4, finished to {HOOKS}: was given up after 2 attempts",
        f"entry 1, create to {HOOKS}: tells create, not finished",
    )
    assert verdict.curl is not None
    assert verdict.curl.startswith("curl ")


def test_one_that_was_never_posted_has_no_line_to_repeat():
    story = Story()
    story.plan("finished")

    verdict = only(story, GivenUp("finished"))

    assert (verdict.seen, verdict.misses, verdict.curl) == (
        "1 delivery: finished waiting",
        (f"entry 1, finished to {HOOKS}: has not ended",),
        None,
    )
    assert only(Story(), GivenUp()).seen == "no deliveries"


def test_end_that_has_left_the_journal_cannot_be_judged():
    story = Story(bound=2)
    fails(story, "finished", 1)
    story.post("update", "B")

    verdict = only(story, GivenUp("finished"))

    assert (verdict.met, verdict.judged) == (False, False)


@pytest.mark.parametrize("expectation", [GivenUp(), Delivered()], ids=str)
def test_what_a_fault_dropped_is_neither_and_nothing_to_wait_for(expectation):
    story = Story()
    story.journal.append(NOW, DeliveryPlanned(1, HOOKS, "create", "Call", "A", dropped=True))
    watch = Watch(story.journal, [expectation])

    (verdict,) = watch.verdicts()

    assert watch.ready(BUSY)
    assert (verdict.met, verdict.seen) == (False, "1 delivery: create dropped by a fault")
    assert verdict.misses == (f"entry 1, create to {HOOKS}: was dropped by a fault",)


def test_answer_that_only_came_too_late_is_told_with_its_time():
    story = Story()
    story.post("create", took=2.0)
    story.post("finished", took=1.234)
    story.post("finished", "B", took=3.0)
    story.begin("finished")

    verdict = only(story, Answered("finished", of="A", took=1.0))

    assert verdict.seen == "3 attempts about A: create 200, finished 200 after 1.23 s, finished in flight"
