"""What the journal tells of deliveries, to explain why an expectation is unmet."""

from __future__ import annotations

import pytest

from simulator.expect.stories import Story as Told
from simulator.expect.stories import listed, result
from simulator.wire import Outcome
from tests.expect.story import HOOKS, Story


def ends(pen: Story, since: int = 0) -> list[str]:
    return [f"{one.planned.word} {one.end}" for one in Told(pen.journal, since).sendings]


def test_each_delivery_is_told_with_its_end():
    pen = Story()
    pen.plan("waits")
    pen.begin("flies")
    pen.end(pen.begin("retried"), 500, verdict="retry")
    pen.post("arrived")
    again = pen.begin("later")
    pen.end(again, 500, verdict="retry")
    pen.end(pen.attempt(again.planned, 2), 200)
    pen.post("gone", status=500)
    pen.end(pen.attempt(again.planned, 3), 500, verdict="delivered")
    pen.ask("A")

    assert ends(pen) == [
        "waits waiting",
        "flies in flight",
        "retried to be tried again after 1 attempt",
        "arrived delivered by attempt 1",
        "later delivered by attempt 2",
        "gone given up after 1 attempt",
    ]


def test_delivery_is_told_from_where_the_journal_begins():
    pen = Story()
    pen.post("arrived")

    (whole,), (attempted,), (ended,) = (Told(pen.journal, since).sendings for since in range(3))

    assert str(whole) == f"entry 1, arrived to {HOOKS}"
    assert (attempted.number, ended.number) == (2, 3)
    assert {one.end for one in (whole, attempted, ended)} == {"delivered by attempt 1"}
    assert ended.attempt is not None


@pytest.mark.parametrize(
    ("outcome", "word"), [(None, "in flight"), (Outcome(None, "x"), "no answer"), (Outcome(204), "204")]
)
def test_what_came_back_is_told_in_a_word(outcome, word):
    assert result(outcome) == word


def test_of_many_the_last_few_are_listed():
    assert listed("abc") == "a, b, c"
    assert listed("abcdefghij") == "..., c, d, e, f, g, h, i, j"
