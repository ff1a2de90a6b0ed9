"""Deliveries are told from whatever entries there are."""

from __future__ import annotations

from simulator.clock import Moment
from simulator.control.views import deliveries_of, show_delivery
from simulator.journal import AttemptMade, DeliveryPlanned, Entry, Fact, Noted, OutcomeSeen
from simulator.wire import Attempt, Outcome

PLANNED = DeliveryPlanned(1, "http://localhost/", "create", "Call", "id")
ATTEMPT = Attempt(1, 1, "http://localhost/", (("A", "b"),), b"\xff", 1.0)


def entries(*facts: Fact) -> list[Entry]:
    return [Entry(number, Moment(number), fact) for number, fact in enumerate(facts, 1)]


def test_delivery_goes_through_its_states():
    facts = [PLANNED, AttemptMade(PLANNED, ATTEMPT), OutcomeSeen(PLANNED, ATTEMPT, Outcome(200), "delivered")]

    states = [[one.state for one in deliveries_of(entries(*facts[:count]))] for count in range(4)]

    assert states == [[], ["waiting"], ["in_flight"], ["delivered"]]


def test_delivery_whose_plan_has_left_the_journal_is_told_from_its_attempt_on():
    made = AttemptMade(PLANNED, ATTEMPT)
    (one,) = deliveries_of(entries(made))

    assert (one.planned, one.at, one.state) == (PLANNED, 1, "in_flight")


def test_delivery_of_which_only_the_outcome_is_left_still_has_its_attempt():
    seen = OutcomeSeen(PLANNED, ATTEMPT, Outcome(500), "given_up")
    (one,) = deliveries_of(entries(Noted("x"), seen))

    assert (one.state, one.attempts[0].attempt, one.attempts[0].outcome) == (
        "given_up",
        ATTEMPT,
        Outcome(500),
    )


def test_outcome_from_before_a_reset_tells_nothing():
    stale = OutcomeSeen(PLANNED, ATTEMPT, Outcome(200), "stale")
    (one,) = deliveries_of(entries(PLANNED, stale))

    assert (one.state, one.attempts) == ("waiting", [])


def test_bytes_that_are_no_text_are_shown_in_base64():
    (one,) = deliveries_of(entries(PLANNED, AttemptMade(PLANNED, ATTEMPT)))
    (attempt,) = show_delivery(one)["attempts"]

    assert (attempt["body_base64"], "body" in attempt) == ("/w==", False)
    assert (attempt["status"], attempt["error"], attempt["headers"]) == (None, None, [["A", "b"]])
