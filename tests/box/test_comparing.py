"""Whether a repeated run went as recorded, and where it did not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.box.comparing import Difference, Repetition, compare
from simulator.box.file import Failure
from tests.box.boxes import FAILURE, boxed, platform_with

OTHER = Failure("webhook", "delivery 1", "create is delivered", "answered 500")
ELSEWHERE = {"base_url": "http://127.0.0.1:5000", "target": "http://10.0.0.1/hooks"}


def test_run_on_another_machine_is_the_same():
    box = boxed(500)
    now = boxed(500, platform=platform_with(**ELSEWHERE))

    assert compare(box, now) == Repetition((FAILURE,), (), (), 5)


def test_first_difference_is_told_with_what_differs():
    now = boxed(200, platform=platform_with(**ELSEWHERE), failures=())

    repetition = compare(boxed(500), now)

    assert (repetition.again, repetition.gone, repetition.fresh) == ((), (FAILURE,), ())
    difference = repetition.difference
    assert (difference.number, difference.fields) == (
        5,
        (("status", "500", "200"), ("verdict", "given_up", "delivered")),
    )
    assert difference.recorded.startswith("2021-03-01T08:00:00.000Z  outcome create ScenarioSession ")
    assert repetition.lines == [
        "it did not fail this time:",
        "  gone:  a.yaml:9:7: finished answered 2xx; seen: finished 500",
        "it differs first at entry 5",
        f"  recorded: {difference.recorded}",
        f"  now:      {difference.now}",
        "  status: 500 was recorded, now it is 200",
        "  verdict: given_up was recorded, now it is delivered",
    ]


def test_what_is_missing_or_more_is_a_difference():
    quiet, asked = boxed(500, ask=False), boxed(500)

    missing, more = compare(asked, quiet).difference, compare(quiet, asked).difference

    assert (missing.number, missing.now) == (4, None)
    assert missing.recorded.startswith("2021-03-01T08:00:00.000Z  request GET /api/v3/graphql/object/")
    assert missing.lines[2] == "  now:      nothing more of this"
    assert (more.number, more.recorded) == (4, None)
    assert more.lines[1] == "  recorded: nothing more of this"


@pytest.mark.parametrize(
    ("again", "gone", "fresh", "first"),
    [
        ((FAILURE,), (), (), "the same failure happened again:"),
        ((FAILURE,), (OTHER,), (), "the same failure happened again, though not all of it is the same:"),
        ((FAILURE,), (), (OTHER,), "the same failure happened again, though not all of it is the same:"),
        ((), (FAILURE,), (OTHER,), "it failed, but otherwise than recorded:"),
        ((), (FAILURE,), (), "it did not fail this time:"),
        ((), (), (), "what failed was judged outside of the simulator, which cannot be repeated:"),
    ],
)
def test_first_line_says_whether_it_happened_again(again, gone, fresh, first):
    repetition = Repetition(again, gone, fresh, 7)

    assert repetition.lines[0] == first
    assert repetition.lines[-1] == "the journal is the recorded one, entry by entry (7)"
    assert repetition.failed is bool(again or fresh)


def test_what_a_test_judged_itself_is_not_compared():
    box = boxed(500, failures=(Failure("test", "test_a.py::test_it", "assert 1 == 2"),))

    assert compare(box, boxed(500, failures=())) == Repetition((), (), (), 5)


def test_failure_is_the_same_whatever_was_seen_and_wherever_it_is():
    seen = replace(FAILURE, text=f"answered by {ELSEWHERE['target']}", seen="something else")
    box = boxed(500, failures=(replace(FAILURE, text="answered by http://127.0.0.1:8000/hook"),))

    assert compare(box, boxed(500, platform=platform_with(**ELSEWHERE), failures=(seen,))).again == (seen,)


def test_clock_that_runs_by_itself_is_not_compared():
    def on_a_running_clock(start: str):
        return boxed(500, platform=platform_with(speed="real", start=start))

    first, later = on_a_running_clock("2024-01-01T00:00:00Z"), on_a_running_clock("2024-01-01T00:00:05Z")

    assert compare(first, later).difference is None
    assert compare(replace(first, mode="max"), replace(later, mode="max")).difference.number == 1


def test_what_would_have_come_next_is_no_difference_to_a_receiver_that_is_played_back():
    box = boxed(500, ask=False)
    short = replace(box, entries=box.entries[:-1])

    assert compare(short, box, played_back=True).difference is None
    assert compare(short, box).difference.recorded is None
    assert compare(box, short, played_back=True).difference.now is None
    assert compare(short, boxed(500), played_back=True).difference.number == 4


def test_steps_changes_faults_and_notes_are_told_in_a_line():
    def entry(number: int, kind: str, **more: object) -> dict:
        return {"number": number, "at": "2021-03-01T08:00:00.000Z", "kind": kind, "about": ["A"]} | more

    facts = [
        entry(1, "step", place="a.yaml:3", text="wait: 1s"),
        entry(1, "change", verb="pause", type="Call", events=[], by=None),
        entry(1, "fault", fault=1, line="api.lag=1s", state="set"),
        entry(1, "note", text="x" * 200),
    ]
    box = boxed(500)
    lines = [
        compare(replace(box, entries=(fact,)), replace(box, entries=())).difference.recorded for fact in facts
    ]

    at = "2021-03-01T08:00:00.000Z  "
    assert lines == [
        f"{at}step a.yaml:3: wait: 1s",
        f"{at}change pause Call A",
        f"{at}fault api.lag=1s",
        f"{at}note {'x' * (160 - len(at) - 5)}...",
    ]


def test_place_that_is_not_known_is_no_place():
    box = replace(boxed(500), base_url="")

    assert compare(box, box).difference is None
    assert Difference(1, "a", "b").lines == ["it differs first at entry 1", "  recorded: a", "  now:      b"]
