"""What codes come to in a world."""

from __future__ import annotations

import pytest

from simulator.explore.moves import FAULTS, WORDS, Code, Moves, fits
from simulator.explore.plot import plot_of
from simulator.script import load, rehearse
from simulator.script.loader import read_document
from simulator.settings.faults import read_fault
from simulator.wire import dump
from tests.explore.searching import SCRIPT, platform, plot, settings_of, sketch
from tests.explore.test_sketch import CALL

TURN, ADD, CREATE, WAIT = (Code(word) for word in WORDS)


def steps(*codes: Code, text: str = SCRIPT, most: int = 12, retried: bool = True) -> list:
    here = sketch(text)
    moves = Moves.of(plot(text).before, taken={*here.names, "session2"}, retried=retried)
    return list(moves.play(codes, here, most=most))


def fault(**said: object) -> dict:
    return {"faults": {"delivery": [said]}}


def test_turns_go_through_the_states_the_simplest_first():
    assert steps(TURN, TURN, Code("turn", value=1)) == [
        {"pause": "session"},
        {"resume": "session"},
        {"finish": "session"},
    ]


def test_where_nothing_can_turn_something_new_begins():
    assert steps(Code("turn", value=1), TURN, TURN) == [
        {"finish": "session"},
        {"create": "ScenarioSession", "as": "session2_", "with": {"externalData": {"orders": ["WO-1-2", 7]}}},
        {"pause": "session2_"},
    ]


def test_additions_are_those_of_the_state():
    assert steps(
        ADD, Code("add", value=1), Code("add", value=2), Code("add", value=0, much=2), Code("add", value=3)
    ) == [
        {"view": "session"},
        {"record": "session"},
        {"update": "session"},
        {"view": "session", "steps": 3},
        {"check": "session", "with": {"checkbox": 1}},
    ]


def test_late_recording_names_the_time_before_the_end():
    made = steps(Code("turn", value=1), Code("wait", value=1), Code("add", value=0))

    assert made == [{"finish": "session"}, {"wait": "15m"}, {"record": "session", "at": "-900s"}]


def test_people_of_the_script_do_it():
    assert steps(Code("turn", by=2)) == [{"pause": "session", "by": "raj"}]


def test_kinds_that_the_script_creates_are_varied_and_no_more_than_three_at_a_time():
    assert steps(Code("create", whom=1), CREATE, Code("turn", whom=1, value=2, by=2), text=CALL) == [
        {"create": "Call", "as": "call3", "with": {"participants": ["ana"]}},
        {"join": "call", "by": "raj"},
    ]


def test_script_that_creates_nothing_is_varied_with_sessions():
    text = "title: Nothing\nsteps:\n  - expect: {answered: {event: create}}\n"

    assert steps(ADD, Code("create", value=1), text=text) == [
        {"create": "ScenarioSession", "as": "session", "with": {"sessionType": "PASSIVE"}}
    ]


def test_waits_follow_no_wait_and_end_no_sequence():
    assert steps(WAIT, WAIT, TURN, WAIT) == [{"wait": "1m"}, {"pause": "session"}]


def test_no_more_than_so_many_moves_whatever_the_faults():
    assert steps(*[Code("turn", fault=2)] * 5, most=2) == [
        fault(delay="1m", times=1, match={"event": "paused", "of": "session"}),
        {"pause": "session"},
        fault(delay="1m", times=1, match={"event": "resumed", "of": "session"}),
        {"resume": "session"},
    ]


@pytest.mark.parametrize(
    ("code", "match"),
    [
        (Code("turn", value=0, fault=3), {"event": "paused", "of": "session"}),
        (Code("turn", value=1, fault=3), {"event": "finished", "of": "session"}),
        (Code("turn", value=2, fault=3), {"event": "paused", "of": "session"}),
        (Code("add", fault=3), {"event": "update", "of": "session"}),
        (Code("create", fault=3), {"event": "create"}),
    ],
    ids=["pause", "finish", "leave", "view", "create"],
)
def test_fault_befalls_the_first_webhook_of_its_step(code, match):
    assert steps(code)[0] == fault(duplicate=1, times=1, match=match)


def test_nothing_is_unreachable_for_good():
    unreachable = Code("turn", fault=5)

    assert steps(unreachable)[0]["faults"]["delivery"][0]["unreachable"] is True
    assert steps(unreachable, retried=False) == [{"pause": "session"}]


def test_every_fault_is_one_and_every_sequence_a_sound_script():
    codes = [
        Code(word, whom=i % 3, by=i % 3, value=i, fault=i % 6, much=i) for i in range(40) for word in WORDS
    ]
    here = sketch(CALL)
    parts = plot_of(read_document(CALL), longest=1)
    moves = Moves.of(parts.before, taken={*here.names, "session2"}, retried=True)

    for start in range(0, len(codes), 8):
        made = moves.play(codes[start:], here.copy(), most=20)
        script = load(dump({**parts.root, "steps": [*parts.before, *made, *parts.invariant]}))
        rehearse(platform(settings_of(CALL)), script)
    for name, values in FAULTS:
        assert [read_fault("delivery", {name: value}).name for value in values] == [name] * len(values)


def test_what_no_longer_fits_is_left_out():
    made = ({"pause": "session"}, {"resume": "session"}, {"finish": "session"}, {"wait": "1m"})

    assert fits(made, sketch()) == made[:3]
    assert fits(made[1:], sketch()) == ({"finish": "session"},)
