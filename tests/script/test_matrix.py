"""Values of variables: those that are given, and each combination of a matrix."""

from __future__ import annotations

import pytest

from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.script.loader import read_document
from simulator.script.matrix import combinations, variants_of, with_vars
from simulator.script.player import play
from simulator.script.prepare import load
from simulator.settings import resolve
from tests.driving import drive, hook_of

SCRIPT = """\
title: A matrix
tags: [smoke]
for: {kind: [PERSISTENT, "$${x}"], n: [1, [2]]}
vars: {order: "WO-${n}", site: Depot}
steps:
  - emit: {type: iot, event: seen, data: {kind: "${kind}", n: "${n}", order: "${order}", site: "${site}"}}
"""


def told(script) -> list[dict]:
    platform = Platform(resolve(script=script.settings()).settings, targets=["http://127.0.0.1:9/"])
    hooks = []

    def receive(attempt):
        hooks.append(hook_of(attempt)["data"])
        from simulator.wire import Outcome

        return Outcome(200)

    report = drive(platform, play(platform, script), receive)
    assert (report.title, report.label, report.tags) == (script.title, script.label, ("smoke",))
    return hooks


def test_each_combination_is_a_script_of_its_own():
    scripts = variants_of(load(SCRIPT, name="a.yaml"))

    assert [one.title for one in scripts] == [
        "A matrix [kind=PERSISTENT, n=1]",
        "A matrix [kind=PERSISTENT, n=[2]]",
        "A matrix [kind=${x}, n=1]",
        "A matrix [kind=${x}, n=[2]]",
    ]
    assert [one.combination for one in scripts[1:3]] == [
        {"kind": "PERSISTENT", "n": [2]},
        {"kind": "${x}", "n": 1},
    ]
    assert [told(one) for one in scripts[1:3]] == [
        [{"kind": "PERSISTENT", "n": [2], "order": "WO-[2]", "site": "Depot"}],
        [{"kind": "${x}", "n": 1, "order": "WO-1", "site": "Depot"}],
    ]


def test_without_a_matrix_a_script_is_itself():
    script = load("title: t\nsteps: [{wait: 1s}]")

    assert variants_of(script) == (script,)
    assert (script.label, combinations(script.document)) == ("", 1)


def test_given_values_stand_in_place_of_the_scripts_own_and_are_no_references():
    script = load(SCRIPT, vars={"site": "${order}", "n": {"a": ["${b}", 5]}, "kind": None})

    (only,) = variants_of(script)
    assert only.title == "A matrix [kind=null, n={a: [${b}, 5]}]"
    assert told(only) == [
        {"kind": None, "n": {"a": ["${b}", 5]}, "order": 'WO-{"a":["${b}",5]}', "site": "${order}"}
    ]


def test_places_stay_when_values_are_given():
    document = with_vars(read_document(SCRIPT, name="a.yaml"), {"site": "Yard"})

    assert document.value["vars"] == {"order": "WO-${n}", "site": "Yard"}
    assert document.place(("vars", "site")) == "a.yaml:4:32"


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        (
            SCRIPT,
            "kin",
            "a.yaml: the script has no variable 'kin'. Did you mean kind? It has: order, site, kind, n.",
        ),
        ("title: t\n", "kin", "a.yaml: the script has no variable 'kin'. Give it under vars: in the script."),
    ],
)
def test_a_variable_that_the_script_does_not_have_is_told(text, name, message):
    with pytest.raises(UsageError) as caught:
        with_vars(read_document(text, name="a.yaml"), {name: 1})

    assert str(caught.value) == message


def test_what_is_no_script_is_left_to_the_checks():
    document = read_document("[1]", name="a.yaml")

    assert with_vars(document, {"a": 1}) is document
    assert combinations(read_document("for: {a: [1, 2], b: 5}")) == 2
    assert with_vars(read_document("vars: 5\nfor: {a: 1}"), {"a": 2}).value == {"vars": 5, "for": {"a": [2]}}


def test_an_unknown_variable_is_told_with_all_else():
    with pytest.raises(UsageError) as caught:
        load("title: t\nvars: {a: 1}\nsteps: [{wiat: 1s}]", name="a.yaml", vars={"b": 2})

    assert str(caught.value).splitlines() == [
        "a.yaml: the script has no variable 'b'. It has: a.",
        "a.yaml:3:10: unknown verb 'wiat'. Did you mean wait?",
    ]
