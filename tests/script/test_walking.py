"""Where the steps of a script stand."""

from __future__ import annotations

import pytest

from simulator.script import load
from simulator.script.loader import read_document
from simulator.script.walking import all_steps, documents, mappings, names_in, parts_of, root_of

SCRIPT = """\
title: t
steps:
  - {create: Call, as: call}
  - repeat: {times: 2, steps: [{join: call, as: guest}, 3]}
  - together: [[{wait: 1s}], [{create: Call, as: call}]]
endings:
  - {title: e, steps: [{wait: 2s}]}
  - 4
"""


def test_steps_stand_among_others_and_inside_of_them():
    (steps, path), _ = parts_of(root_of(read_document(SCRIPT, name="a.yaml")))

    assert [here for _, here in all_steps(steps, path)] == [
        ("steps", 0),
        ("steps", 1),
        ("steps", 1, "repeat", "steps", 0),
        ("steps", 2),
        ("steps", 2, "together", 0, 0),
        ("steps", 2, "together", 1, 0),
    ]


def test_endings_are_parts_of_a_script():
    root = root_of(read_document(SCRIPT, name="a.yaml"))

    assert parts_of(root) == [
        (root["steps"], ("steps",)),
        ([{"wait": "2s"}], ("endings", 0, "steps")),
    ]


def test_names_are_found_with_the_lines_in_which_they_are_given_last():
    document = read_document(SCRIPT, name="a.yaml")

    names = names_in(root_of(document)["steps"], ("steps",), document)

    assert {name: mark.line for name, mark in names.items()} == {"call": 5, "guest": 4}


def test_scripts_that_are_played_and_those_that_they_play_are_found():
    inner = "{title: b, steps: [{play: {title: c, steps: [{wait: 1s}]}}]}"
    outer = load(f"title: a\nsteps: [{{play: {inner}}}]\n", name="a.yaml")

    assert [root_of(one)["title"] for one in documents(outer.document)] == ["b", "c"]


@pytest.mark.parametrize("steps", [None, 3, {"wait": "1s"}, [3, "four", None]])
def test_what_is_no_list_of_mappings_has_none(steps):
    assert list(mappings(steps, ("steps",))) == []


def test_what_is_no_mapping_says_nothing():
    assert root_of(read_document("[1, 2]", name="a.yaml")) == {}
