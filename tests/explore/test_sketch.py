"""A copy of the world on which steps are tried."""

from __future__ import annotations

from simulator.explore.sketch import Sketch
from simulator.world.resources import Kind
from tests.explore.searching import SCRIPT, sketch

CALL = SCRIPT.replace(
    "  - expect",
    "  - create: Call\n    as: call\n    with: {participants: [ana]}\n"
    "  - create: Scenario\n    as: scenario\n  - expect",
)


def state(one: Sketch, name: str) -> list[str]:
    return sorted(verb for verb, _ in one.legal(name))


def test_names_of_the_script_are_known_and_what_can_be_varied():
    one = sketch(CALL)

    assert one.names == ["ana", "raj", "session", "call", "scenario"]
    assert (one.people, one.subjects) == (["ana", "raj"], ["session", "call"])
    assert [one.kind_of(name) for name in one.subjects] == [Kind.SESSION, Kind.CALL]


def test_steps_that_are_legal_change_the_world_and_others_nothing():
    one = sketch()

    assert not one.take({"resume": "session"})
    assert one.take({"pause": "session", "by": "raj"})
    assert not one.take({"finish": "session"})
    assert not one.take({"finish": "nobody"})
    assert state(one, "session") == ["record", "resume", "update"]
    assert one.made == {("PERSISTENT ScenarioSession", "IN_PROGRESS", "pause")}


def test_copy_goes_its_own_way():
    one = sketch()
    other = one.copy()

    assert other.take({"finish": "session"})
    assert "pause" in state(one, "session")
    assert "pause" not in state(other, "session")


def test_verbs_tell_whether_they_turn_something():
    one = sketch(CALL)

    assert sorted(verb for verb, turns in one.legal("session") if turns) == ["finish", "leave", "pause"]
    assert sorted(verb for verb, turns in one.legal("call") if turns) == ["finish", "join", "leave"]


def test_names_in_fields_stand_for_people_and_references_for_what_they_were():
    one = sketch(CALL)

    made = {
        "create": "Call",
        "as": "other",
        "with": {"participants": ["ana", "${raj.id}"], "externalData": "${session2}"},
    }

    assert one.take(made)
    assert one.take({"leave": "other", "by": "raj"})
    assert one.leaving_word("other") == "update"
    assert one.take({"leave": "other", "by": "ana"})
    assert one.leaving_word("other") == "finished"
    assert one.made == {
        ("Call", "-", "create"),
        ("Call", "IN_PROGRESS", "leave"),
    }


def test_leaving_is_told_by_where_it_led():
    one = sketch()

    one.take({"leave": "session"})

    assert one.leaving_word("session") == "paused"


def test_late_recording_needs_to_know_when_the_session_ended():
    one = sketch()
    assert one.since_end("session") == 0

    one.take({"finish": "session"})
    one.take({"wait": "90s"})

    assert one.since_end("session") == 90
    assert not one.take({"record": "session"})
    assert one.take({"record": "session", "at": "-90s"})


def test_views_count_steps():
    one = sketch()

    assert one.take({"view": "session", "steps": 2})
    assert not one.take({"view": "session", "steps": 250})


def test_faults_of_things_that_are_not_there_do_not_fit():
    one = sketch()
    fault = {"delay": "1m", "match": {"event": "paused", "of": "session"}}

    assert one.take({"faults": {"delivery": [fault, {"drop": True}]}})
    assert not one.take({"faults": {"delivery": [{"delay": "1m", "match": {"of": "session2"}}]}})
