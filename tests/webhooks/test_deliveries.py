"""A delivery and where it stands, as values."""

from __future__ import annotations

import pytest

from simulator.webhooks.deliveries import Condition, Delivery
from simulator.webhooks.payloads import Payload
from simulator.webhooks.targets import Target

TARGET = Target("1", "http://127.0.0.1:9/hooks")
PAYLOAD = Payload("update", "ScenarioSession", "A")


@pytest.mark.parametrize(("copy_of", "original"), [(None, 7), (3, 3)], ids=["itself", "what it repeats"])
def test_receiver_can_tell_a_copy_by_its_original(copy_of, original):
    assert Delivery(7, TARGET, PAYLOAD, copy_of).original == original


def test_condition_of_what_was_never_attempted_is_the_plainest():
    assert Condition() == Condition(tries=0, due=None, in_flight=False, in_place=False, was=None)
