"""Entries become deliveries: what belongs together, and in which state each is."""

from __future__ import annotations

from simulator.journal import DeliveryPlanned
from simulator.report.deliveries import AttemptStory, DeliveryStory, deliveries_of, undelivered
from simulator.wire import Outcome
from tests.expect.story import HOOKS, NOW, Story


def states(story: Story, after: int = 0) -> list[tuple[str, str]]:
    return [(one.planned.word, one.state) for one in deliveries_of(story.journal.since(after))]


def test_deliveries_come_in_the_order_they_were_planned_each_in_its_state():
    story = Story()
    story.post("create")
    story.ask("A")
    story.post("paused", status=500)
    story.post("resumed", status=None)
    story.begin("finished")
    story.journal.append(NOW, DeliveryPlanned(9, HOOKS, "update", "ScenarioSession", "A"))

    assert states(story) == [
        ("create", "delivered"),
        ("paused", "given_up"),
        ("resumed", "given_up"),
        ("finished", "in_flight"),
        ("update", "waiting"),
    ]


def test_undelivered_is_what_was_given_up_or_has_not_ended():
    story = Story()
    story.post("create")
    story.post("paused", status=500)
    story.begin("finished")

    assert [(one.planned.word, one.state) for one in undelivered(story.journal)] == [
        ("paused", "given_up"),
        ("finished", "in_flight"),
    ]


def test_what_arrived_and_is_being_sent_again_has_not_ended():
    story = Story()
    made = story.begin("create")
    story.end(made, 200)
    story.journal.append(NOW, made)

    assert [one.state for one in undelivered(story.journal)] == ["in_flight"]


def test_delivery_holds_what_was_sent_and_what_came_back():
    story = Story()
    made = story.begin("create")
    story.end(made, 200, took=0.02)

    assert deliveries_of(story.journal.since(0)) == [
        DeliveryStory(
            made.planned,
            NOW,
            "delivered",
            [AttemptStory(NOW, made.attempt, Outcome(200, None, took=0.02), entry=2)],
        )
    ]


def test_outcome_from_before_a_reset_changes_nothing():
    story = Story()
    made = story.begin("create")
    story.end(made, 200, verdict="stale")

    assert states(story) == [("create", "in_flight")]


def test_delivery_is_told_from_where_the_journal_begins():
    story = Story()
    made = story.begin("create")
    story.end(made, 500)

    without_plan, outcome_alone = (deliveries_of(story.journal.since(after)) for after in (1, 2))

    told = [(one.state, one.attempts[0].attempt) for one in (*without_plan, *outcome_alone)]
    assert told == [("given_up", made.attempt)] * 2
    assert [one.attempts[0].entry for one in (*without_plan, *outcome_alone)] == [2, 3]
