"""What followed from what: changes and their deliveries, attempts and the requests that they caused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.clock import Moment
from simulator.engine import Platform
from simulator.journal import ChangeMade, DeliveryPlanned, FaultNoted, Journal
from simulator.report.causes import Causes, causes_of
from simulator.settings import Settings
from tests.driving import QUERY, answers, ask, post_due
from tests.expect.story import HOOKS, NOW, Story, request

OTHER = "http://127.0.0.1:9001/hooks"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def change(pen: Story, about: str = "A", *words: str) -> None:
    pen.journal.append(NOW, ChangeMade("pause", "ScenarioSession", about, words or ("paused",), None))


def effects(causes: Causes) -> list[tuple]:
    """Return each cause as its verb and, for each delivery, its word, target and the entries of its requests."""
    return [
        (
            one.change and one.change.verb,
            *(
                (
                    each.planned.word,
                    each.planned.target,
                    [ask.entry for post in each.attempts for ask in post.requests],
                )
                for each in one.deliveries
            ),
        )
        for one in causes.causes
    ]


def alone(causes: Causes) -> list[int]:
    return [one.entry for one in causes.uncaused]


def test_changes_have_their_deliveries_and_these_what_was_asked_because_of_them():
    targets = [HOOKS, OTHER]
    platform = Platform(Settings(), base_url="http://scope", targets=targets)
    session = platform.apply("create", "ScenarioSession")
    post_due(platform, answers(200))
    ask(platform, QUERY, id=session.id)
    platform.apply("pause", session)
    platform.emit(type="iot", event="connected", data={})
    post_due(platform, answers(200))
    ask(platform, QUERY, id=session.id)
    ask(platform, "{ __typename }")

    causes = causes_of(platform.journal)

    first, second, third = (entry.number for entry in platform.journal.select(kinds=["request"]))
    assert effects(causes) == [
        ("create", ("create", HOOKS, []), ("create", OTHER, [first])),
        (
            "pause",
            ("paused", HOOKS, []),
            ("paused", OTHER, []),
            ("update", HOOKS, []),
            ("update", OTHER, [second]),
        ),
        (None, ("connected", HOOKS, []), ("connected", OTHER, [])),
    ]
    assert alone(causes) == [third]
    assert [one.rivals for one in asked_in(causes)] == [1, 1]


def asked_in(causes: Causes):
    return [
        ask
        for one in causes.causes
        for each in one.deliveries
        for post in each.attempts
        for ask in post.requests
    ]


def test_request_follows_from_the_newest_attempt_that_had_begun():
    pen = Story()
    pen.ask("A")
    pen.post("create")
    pen.ask("A")
    pen.begin("paused")
    pen.ask("A")
    pen.ask("A", status=500)
    pen.ask("B")

    causes = causes_of(pen.journal)

    assert effects(causes) == [(None, ("create", HOOKS, [5])), (None, ("paused", HOOKS, [8, 9]))]
    assert alone(causes) == [1, 10]
    assert [one.tie for one in asked_in(causes)] == ["id"] * 3


def test_request_that_names_several_follows_from_the_newest_about_any():
    pen = Story()
    pen.post("create", "B")
    pen.post("create", "A")
    pen.ask("B", "A")

    assert effects(causes_of(pen.journal)) == [(None, ("create", HOOKS, [])), (None, ("create", HOOKS, [7]))]


def test_tests_own_requests_are_no_part_of_it():
    pen = Story()
    pen.post("create")
    pen.ask("A", observer=True)
    pen.ask(observer=True)

    causes = causes_of(pen.journal)

    assert (asked_in(causes), causes.uncaused) == ([], [])


def test_attempt_that_nobody_answered_is_only_taken_when_no_other_fits():
    pen = Story()
    pen.post("create", url=HOOKS)
    pen.post("create", url=OTHER, status=None)
    pen.ask("A")
    pen.post("paused", "B", url=OTHER, status=None)
    pen.ask("B")

    causes = causes_of(pen.journal)

    assert effects(causes) == [
        (None, ("create", HOOKS, [7])),
        (None, ("create", OTHER, [])),
        (None, ("paused", OTHER, [11])),
    ]


def test_other_targets_of_the_same_change_are_counted_unless_they_did_not_hear():
    pen = Story()
    change(pen)
    planned = [pen.plan("paused", url=url) for url in (HOOKS, OTHER, "http://127.0.0.1:9002/")]
    for one, status in zip(planned, (200, 200, None), strict=True):
        pen.end(pen.attempt(one), status)
    pen.ask("A")

    (asked,) = asked_in(causes_of(pen.journal))

    assert (asked.tie, asked.rivals) == ("id", 1)


@pytest.mark.parametrize(
    ("sent", "received", "tie"),
    [
        (f"00-{TRACE}-00f067aa0ba902b7-01", f"00-{TRACE}-00f067aa0ba902b7-01", "traceparent"),
        (f"00-{TRACE}-00f067aa0ba902b7-01", f"00-{TRACE}-aaaaaaaaaaaaaaaa-00", "traceparent"),
        (f"00-{TRACE}-00f067aa0ba902b7-01", f" cc-{TRACE}-aaaaaaaaaaaaaaaa-00-more ", "traceparent"),
        (f"00-{TRACE}-00f067aa0ba902b7-01", f"00-{TRACE[::-1]}-00f067aa0ba902b7-01", "id"),
        (f"00-{TRACE}-00f067aa0ba902b7-01", "rubbish", "id"),
        (f"00-{TRACE}-00f067aa0ba902b7-01", None, "id"),
        ("rubbish", "rubbish", "id"),
    ],
)
def test_traceparent_that_was_passed_on_is_the_better_tie(sent, received, tie):
    pen = Story()
    pen.attempt(pen.begin("create", "B").planned, 2, ("traceparent", sent))
    pen.post("paused", "A")
    asked = request("A")
    headers = {} if received is None else {"traceparent": received}
    pen.journal.append(NOW, replace(asked, request=replace(asked.request, headers=headers)))

    causes = causes_of(pen.journal)

    (found,) = asked_in(causes)
    assert found.tie == tie
    told = [(None, ("create", HOOKS, [7])), (None, ("paused", HOOKS, []))]
    other = [(None, ("create", HOOKS, [])), (None, ("paused", HOOKS, [7]))]
    assert effects(causes) == (told if tie == "traceparent" else other)


def test_delivery_belongs_to_a_change_only_when_it_was_planned_right_after_it():
    pen = Story()
    change(pen)
    pen.post("paused", "A")
    pen.post("paused", "A")
    change(pen)
    pen.post("paused", "B")
    change(pen)
    pen.ask("A")
    pen.post("paused", "A")
    change(pen)
    pen.note()
    pen.post("paused", "A")

    verbs = [(verb, len(deliveries)) for verb, *deliveries in effects(causes_of(pen.journal))]

    assert verbs == [
        *(("pause", 1), (None, 1), ("pause", 0), (None, 1)),
        *(("pause", 0), (None, 1), ("pause", 0), (None, 1)),
    ]


def test_fault_that_strikes_while_something_is_told_does_not_come_between():
    pen = Story()
    change(pen)
    pen.plan("paused")
    pen.journal.append(NOW, FaultNoted(1, "delay: 30s", "ended", 1, 1))
    pen.plan("update")

    assert [(verb, len(deliveries)) for verb, *deliveries in effects(causes_of(pen.journal))] == [
        ("pause", 2)
    ]


def test_what_is_told_without_a_change_is_one_cause_for_all_targets():
    pen = Story()
    for url, word in ((HOOKS, "on"), (OTHER, "on"), (HOOKS, "on"), (OTHER, "off")):
        pen.plan(word, None, kind="iot", url=url)

    pen.journal.append(NOW, DeliveryPlanned(5, OTHER, "off", "iot", None, copy_of=4))

    assert effects(causes_of(pen.journal)) == [
        (None, ("on", HOOKS, []), ("on", OTHER, [])),
        (None, ("on", HOOKS, [])),
        (None, ("off", OTHER, []), ("off", OTHER, [])),
    ]


def test_what_has_left_the_journal_leaves_torn_ends():
    pen = Story(bound=3)
    change(pen)
    made = pen.begin("paused")
    pen.ask("A")
    pen.end(made)

    causes = causes_of(pen.journal)
    pen.ask("A")
    later = causes_of(pen.journal)

    assert [(one.torn, one.entry, one.about) for one in causes.causes] == [(True, 3, "A")]
    assert effects(causes) == [(None, ("paused", HOOKS, [4]))]
    # The attempt has gone too: only its end is there, and nothing is known to follow from it.
    assert [(one.torn, one.entry) for one in later.causes] == [(True, 5)]
    assert (asked_in(later), alone(later)) == ([], [4, 6])


def test_time_between_is_measured_on_the_wall_where_it_is_known():
    seconds = iter([1.0, 1.5, 2.25])
    pen = Story()
    timed = Journal(timer=lambda: next(seconds))
    pen.journal = timed
    pen.begin("create")
    pen.ask("A")
    plain = Story()
    plain.begin("create")
    plain.journal.append(Moment(NOW + 250), request("A"))

    (measured,), (simulated,) = asked_in(causes_of(timed)), asked_in(causes_of(plain.journal))

    assert (measured.after, simulated.after) == (0.75, 0.25)
