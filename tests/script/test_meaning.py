"""The order in which names come to be known, and what is passed over."""

from __future__ import annotations

from simulator.script.loader import read_document
from simulator.script.meaning import Meaning


def told(text: str, *faulty: tuple[str | int, ...]) -> list[str]:
    return [str(error) for _, error in Meaning(read_document(text, name="a.yaml"), faulty).problems()]


def test_names_of_a_repeat_are_known_after_it():
    assert (
        told(
            "title: t\nsteps:\n"
            "  - repeat: {times: 2, steps: [{create: Call, as: call}, {join: call, as: guest}]}\n"
            "  - finish: call\n"
            "  - wait: ${guest.joinedAt}\n"
        )
        == []
    )


def test_index_is_known_in_a_repeat_inside_a_repeat_and_not_after():
    text = (
        "title: t\nsteps:\n"
        "  - repeat: {times: 2, steps: [{repeat: {times: 2, steps: [{wait: '${index}s'}]}}, {wait: '${index}s'}]}\n"
        "  - wait: ${index}s\n"
    )

    assert told(text) == [
        "a.yaml:4:11: ${index} stands outside of a repeat. Use it in the steps of a repeat."
    ]


def test_names_of_tracks_are_known_after_them_and_in_what_they_hold():
    text = (
        "title: t\nsteps:\n"
        "  - {create: Call, as: before}\n"
        "  - together:\n"
        "    - - {create: Call, as: a}\n"
        "      - together: [[{finish: a}], [{join: before, as: guest}]]\n"
        "      - wait: ${guest.joinedAt}\n"
        "    - - {create: ScenarioSession, as: b}\n"
        "      - {finish: b}\n"
        "  - finish: before\n"
        "  - repeat: {times: 2, steps: [{together: [[{pause: b}], [{wait: '${index}s'}, {join: a, as: c}]]}]}\n"
        "  - wait: ${guest.joinedAt}${c.joinedAt}\n"
    )

    assert told(text) == []


def test_endings_know_what_was_named_by_their_checkpoint_and_name_the_rest_anew():
    text = (
        "title: t\nsteps:\n"
        "  - {create: Call, as: first}\n"
        "  - checkpoint: one\n"
        "  - {create: Call, as: second}\n"
        "  - checkpoint: two\n"
        "  - {create: Call, as: third}\n"
        "endings:\n"
        "- {title: a, from: one, steps: [{finish: first}, {create: ScenarioSession, as: second}, {pause: second}]}\n"
        "- {title: b, steps: [{finish: second}, {create: ScenarioSession, as: third}, {pause: third}]}\n"
        "- {title: c, from: one, steps: [{create: ScenarioSession, as: third}, {emit: {type: iot, event: odd}}]}\n"
    )

    assert told(text) == []


def test_endings_that_are_none_are_passed_over():
    text = "title: t\nsteps: [{checkpoint: m}]\nendings: [5, {title: 5, from: 6, steps: 7}, {}]\n"

    faulty = [("endings", 0), ("endings", 1, "title"), ("endings", 1, "from"), ("endings", 1, "steps")]
    assert told(text, *faulty) == []


def test_tracks_that_are_no_tracks_are_passed_over():
    text = "title: t\nsteps: [{together: 5}, {together: [5, [{wait: 1s}]]}]\n"

    assert told(text, ("steps", 0, "together"), ("steps", 1, "together", 0)) == []


def test_a_faulty_step_is_passed_over_but_its_name_counts():
    text = "title: t\nsteps:\n  - create: Cal\n    as: call\n    by: ${nobody}\n  - pause: call\n"

    assert told(text, ("steps", 0, "create")) == []


def test_faulty_parts_of_every_kind_are_passed_over():
    text = (
        "title: ['${a}']\nstart: [1]\nvars: 5\nworld: {users: [5, {as: 5}, {as: ana}]}\n"
        "steps: [5, {as: [1]}, {repeat: 5}, {emit: 5}, {emit: {event: 5}}]\n"
    )

    faulty = [("title",), ("start",), ("vars",), ("world", "users", 0), ("world", "users", 1, "as")]
    assert told(text, *faulty, *[("steps", place) for place in range(5)]) == []


def test_a_script_whose_steps_are_none_is_passed_over():
    assert told("title: t\nworld: 5\nsteps: {wait: 1s}", ("steps",), ("world",)) == []
