"""Deliveries are told from whatever entries there are."""

from __future__ import annotations

from simulator.clock import Moment
from simulator.control.views import show_delivery
from simulator.journal import AttemptMade, DeliveryPlanned, Entry, Fact
from simulator.report.deliveries import deliveries_of
from simulator.wire import Attempt

PLANNED = DeliveryPlanned(1, "http://localhost/", "create", "Call", "id")
ATTEMPT = Attempt(1, 1, "http://localhost/", (("A", "b"),), b"\xff", 1.0)


def entries(*facts: Fact) -> list[Entry]:
    return [Entry(number, Moment(number), fact) for number, fact in enumerate(facts, 1)]


def test_bytes_that_are_no_text_are_shown_in_base64():
    (one,) = deliveries_of(entries(PLANNED, AttemptMade(PLANNED, ATTEMPT)))
    (attempt,) = show_delivery(one)["attempts"]

    assert (attempt["body_base64"], "body" in attempt) == ("/w==", False)
    assert (attempt["status"], attempt["error"], attempt["headers"]) == (None, None, [["A", "b"]])
