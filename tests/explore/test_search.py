"""Searches: what is found, how short it becomes, and that the same number finds the same."""

from __future__ import annotations

import sys

import pytest

from simulator.errors import UsageError
from simulator.explore.plot import Sequenced
from simulator.explore.search import _simpler, need_hypothesis
from tests.explore.searching import reopens, right, search

SHORTEST = [
    {"faults": {"delivery": [{"reorder": 5, "times": 1, "match": {"event": "paused", "of": "session"}}]}},
    {"pause": "session"},
    {"resume": "session"},
    {"finish": "session"},
]


def test_planted_bug_is_found_and_becomes_as_short_as_it_can():
    one = search(reopens, draw=11)

    finding = one.run()

    assert finding is not None
    assert list(finding.sequence.steps) == SHORTEST
    assert (finding.sequence.calm, finding.again, finding.judged.ok) == (False, True, False)
    assert one.shortest == finding.sequence


def shortest(broken) -> list:
    """Return what is found when exactly the sequences fail that ``broken`` picks out."""
    finding = search(right, judge=lambda sequence, ok, patient: not broken(sequence), examples=60).run()
    assert finding is not None
    return [*finding.sequence.steps, *(["calm"] if finding.sequence.calm else [])]


def faults_in(sequence: Sequenced) -> list[dict]:
    return [fault for step in sequence.steps if "faults" in step for fault in step["faults"]["delivery"]]


def test_faults_that_are_both_needed_are_set_by_one_step():
    found = shortest(lambda one: len(faults_in(one)) >= 2)

    assert [next(iter(step)) for step in found] == ["faults", *[found[1] and next(iter(found[1]))]]
    assert len(found[0]["faults"]["delivery"]) == 2


def test_values_become_simple():
    found = shortest(lambda one: any("wait" in step for step in one.steps) and bool(faults_in(one)))

    assert [next(iter(step)) for step in found[:2]] == ["wait", "faults"]
    assert (len(found), found[0]) == (3, {"wait": "1m"})


def test_step_of_several_faults_is_tried_without_each():
    one, other = {"delay": "1m", "times": 1}, {"duplicate": 1, "times": 1}

    simpler = list(_simpler({"faults": {"delivery": [one, other]}}, "session"))

    assert {"faults": {"delivery": [one]}} in simpler
    assert {"faults": {"delivery": [other]}} in simpler
    assert {"faults": {"delivery": [{"delay": "10m", "times": 1}, other]}} in simpler
    assert {"faults": {"delivery": [one, {"reorder": 16, "times": 1}]}} in simpler


@pytest.mark.parametrize(
    ("step", "simpler"),
    [
        ({"wait": "2h"}, [{"wait": "1m"}]),
        ({"wait": "1m"}, []),
        ({"create": "Call", "with": {}, "by": "raj"}, [{"create": "Call", "with": {}}]),
        ({"view": "session", "steps": 3}, [{"view": "session"}]),
        ({"pause": "session2"}, [{"pause": "session"}]),
        ({"leave": "session"}, [{"pause": "session"}, {"finish": "session"}]),
    ],
    ids=["long", "short", "create", "view", "other", "leave"],
)
def test_what_a_step_may_become(step, simpler):
    assert list(_simpler(step, "session")) == simpler


def test_where_nothing_has_a_name_nothing_is_simpler_to_be_about():
    assert list(_simpler({"pause": "session2"}, None)) == []


def test_what_needs_nobody_in_particular_is_done_by_nobody():
    assert shortest(lambda one: any("view" in step for step in one.steps)) == [{"view": "session"}]


def test_two_steps_may_give_way_to_time_that_passes():
    steps = tuple({"update": "session", "set": {"externalData": number}} for number in range(6))
    one = search(right, judge=lambda sequence, ok, patient: (len(sequence.steps), sequence.calm) != (4, True))

    smaller = list(one._smaller(Sequenced(steps, calm=False)))

    assert Sequenced(steps[2:], calm=True) in smaller
    assert Sequenced(steps[1:], calm=True) not in smaller


def test_script_that_sets_nothing_up_is_varied_too():
    text = "title: Nothing is there\nsteps:\n  - expect: {answered: {event: create}}\n"

    finding = search(right, text=text, judge=lambda sequence, ok, patient: len(sequence.steps) < 2).run()

    assert finding is not None
    assert list(finding.sequence.steps) == [
        {"create": "ScenarioSession", "as": "session"},
        {"pause": "session"},
    ]


def test_what_is_done_to_something_new_may_be_done_to_what_was_there():
    steps = (
        {"create": "ScenarioSession", "as": "new"},
        {"faults": {"delivery": [{"delay": "1m", "match": {"event": "paused", "of": "new"}}]}},
        {"pause": "new"},
    )
    one = search(right)

    smaller = list(one._smaller(Sequenced(steps)))

    assert (
        Sequenced(
            (
                {"faults": {"delivery": [{"delay": "1m", "match": {"event": "paused", "of": "session"}}]}},
                {"pause": "session"},
            )
        )
        in smaller
    )


def test_simpler_values_may_spare_the_time_that_passes():
    steps = ({"wait": "2h"}, {"pause": "session"})
    one = search(right, judge=lambda sequence, ok, patient: "1m" not in repr(sequence))

    smaller = list(one._smaller(Sequenced(steps)))

    assert Sequenced(({"wait": "1m"}, {"pause": "session"}), calm=False) in smaller


def test_nothing_is_found_about_a_receiver_that_is_right():
    played: list[Sequenced] = []
    one = search(right, played=played, examples=40)

    assert one.run() is None
    assert one.shortest is None
    assert one.played == len(played) == len(set(map(repr, played))) == 40
    assert one.steps == sum(len(sequence.steps) for sequence in played)
    assert sum(one.faults.values()) > 20
    assert set(one.made) <= one.known_moves | {("ScenarioSession", "-", "create")}
    assert len(set(one.made)) > 12


def test_the_same_number_tries_the_same_and_another_something_else():
    def tried(draw: int) -> list[Sequenced]:
        played: list[Sequenced] = []
        search(right, played=played, examples=12, draw=draw).run()
        return played

    assert tried(5) == tried(5)
    assert tried(5) != tried(6)


def test_without_chaos_nothing_goes_wrong_with_deliveries():
    played: list[Sequenced] = []

    search(right, played=played, examples=15, chaos=False, steps=3).run()

    assert not [step for sequence in played for step in sequence.steps if "faults" in step]
    assert max(len(sequence.steps) for sequence in played) == 3


def test_search_ends_when_the_time_is_up():
    played: list[Sequenced] = []
    one = search(right, played=played, over=lambda: len(played) >= 5)

    assert one.run() is None
    assert (one.timed_out, one.played) == (True, 5)


def test_time_that_is_up_while_it_becomes_shorter_leaves_the_shortest_so_far():
    played: list[Sequenced] = []
    failed: list[Sequenced] = []

    def judge(sequence: Sequenced, ok: bool, patient: bool) -> bool:
        if not ok:
            failed.append(sequence)
        return ok

    finding = search(reopens, played=played, judge=judge, over=lambda: len(failed) >= 3).run()

    assert finding is not None
    assert finding.sequence == min(failed, key=lambda one: one.size)


def test_failure_that_more_time_would_mend_is_none_and_from_then_on_all_have_it():
    patience: list[bool] = []

    def judge(sequence: Sequenced, ok: bool, patient: bool) -> bool:
        patience.append(patient)
        return patient

    assert search(right, judge=judge, examples=6).run() is None
    assert patience == [False, *[True] * 6]


def test_failure_that_comes_once_only_is_told_as_such():
    fails = iter([False, False])

    def judge(sequence: Sequenced, ok: bool, patient: bool) -> bool:
        return next(fails, True)

    finding = search(right, judge=judge, examples=6).run()

    assert finding is not None
    assert (finding.again, finding.judged.ok) == (False, False)


def test_receiver_that_becomes_slow_is_given_the_time_and_made_no_shorter_than_it_is():
    played: list[bool] = []

    def judge(sequence: Sequenced, ok: bool, patient: bool) -> bool:
        played.append(patient)
        broken = sum("pause" in step for step in sequence.steps) >= 2
        # Whatever is tried after the first failure takes longer than a hasty search waits.
        return not broken and (patient or True not in played)

    finding = search(right, judge=judge).run()

    assert finding is not None
    assert finding.again
    assert [next(iter(step)) for step in finding.sequence.steps] == ["pause", "resume", "pause"]


def test_longer_failure_is_told_when_the_shorter_one_does_not_fail_again():
    seen: dict[str, int] = {}

    def judge(sequence: Sequenced, ok: bool, patient: bool) -> bool:
        many = seen[repr(sequence)] = seen.get(repr(sequence), 0) + 1
        # All fail, but the shortest only once.
        return not sequence.calm and not sequence.steps and many > 1

    finding = search(right, judge=judge, examples=6).run()

    assert finding is not None
    assert finding.again
    assert finding.sequence.size > Sequenced((), calm=False).size


def test_library_that_is_missing_is_named_with_the_extra(monkeypatch):
    need_hypothesis()
    monkeypatch.setitem(sys.modules, "hypothesis", None)

    with pytest.raises(UsageError) as caught:
        need_hypothesis()

    assert str(caught.value) == (
        "explore needs the library Hypothesis; found it is not installed. "
        "Install it: pip install 'scope-simulator[explore]'"
    )
