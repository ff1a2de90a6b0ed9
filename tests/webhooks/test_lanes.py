"""What waits for one target keeps its order."""

from __future__ import annotations

from collections import deque

import pytest

from simulator.webhooks.deliveries import Delivery
from simulator.webhooks.lanes import Lane, taken_from
from simulator.webhooks.payloads import Payload
from simulator.webhooks.targets import Target

TARGET = Target("1", "http://127.0.0.1:9/hooks")
ONE, TWO, THREE = (
    Delivery(number, TARGET, Payload(word, "Call", "A"))
    for number, word in enumerate(("create", "update", "finished"), 1)
)


@pytest.mark.parametrize(
    ("free", "free_again", "held", "waiting", "again", "can"),
    [
        (1, 1, False, [], [], False),
        (1, 0, False, [ONE], [], True),
        (0, 1, False, [ONE], [], False),
        (0, 1, False, [], [ONE], True),
        (1, 0, False, [], [ONE], False),
        (1, 1, True, [ONE], [TWO], False),
    ],
    ids=["nothing", "a first one", "no place", "another attempt", "no place for another", "held"],
)
def test_lane_can_send_what_finds_a_place(free, free_again, held, waiting, again, can):
    lane = Lane(free, free_again, held=held)
    lane.waiting.extend(waiting)
    lane.again.extend(again)

    assert lane.can_send is can


def test_copy_of_a_lane_goes_on_by_itself():
    lane = Lane(1, 2, held=True)
    lane.waiting.extend([ONE, TWO])
    lane.again.append(THREE)

    copy = lane.copy()
    lane.waiting.clear()
    lane.again.clear()

    assert (copy.free, copy.free_again, copy.held) == (1, 2, True)
    assert (list(copy.waiting), list(copy.again)) == ([ONE, TWO], [THREE])


def test_some_of_a_queue_can_be_taken_and_the_rest_keeps_its_order():
    queue = deque([ONE, TWO, THREE])

    taken = taken_from(queue, lambda payload: payload.word == "update")

    assert (taken, list(queue)) == ([TWO], [ONE, THREE])
