"""A script in its parts, and the script of a sequence."""

from __future__ import annotations

import pytest

from simulator.errors import UsageError
from simulator.explore.plot import Sequenced, fault_count, plot_of
from simulator.script import load
from simulator.script.loader import read_document
from simulator.wire import dump
from tests.explore.searching import SCRIPT, plot

FAULTS = {"faults": {"delivery": [{"drop": True}, {"delay": "1m"}]}}


def test_last_expectations_are_what_must_hold_and_the_rest_sets_it_up():
    parts = plot(SCRIPT + "  - expect: {queried: {of: session}}\n")

    assert [next(iter(step)) for step in parts.before] == ["create"]
    assert [list(step["expect"]) for step in parts.invariant] == [["answered", "within"], ["queried"]]
    assert parts.variables == {"session2": "taken"}


def test_script_that_expects_nothing_at_its_end_is_refused_with_its_line():
    text = SCRIPT + "  - finish: session\n"

    with pytest.raises(UsageError) as caught:
        plot_of(read_document(text, name="mine.yaml"), longest=1)

    assert str(caught.value) == (
        "mine.yaml:9:5: the script does not say what must always hold; expected an expectation as its last step. "
        "End it with expect: explore varies what happens before it until that breaks."
    )


def test_script_with_endings_is_refused_with_their_line():
    text = SCRIPT + "endings:\n  - {title: One, steps: [{finish: session}]}\n"

    with pytest.raises(UsageError) as caught:
        plot_of(read_document(text, name="mine.yaml"), longest=1)

    assert str(caught.value) == (
        "mine.yaml:9:1: the script has endings. Leave them out: explore looks for endings itself."
    )


def test_of_a_matrix_the_first_values_are_left():
    parts = plot(SCRIPT.replace("vars: {", "for: {kind: [PASSIVE, DEMO]}\nvars: {"))

    assert "for" not in parts.root
    assert parts.variables == {"kind": "PASSIVE", "session2": "taken"}


def test_sequence_stands_between_the_two_and_time_passes_after_it():
    script = load(dump(plot().compose(Sequenced(({"pause": "session"},)), title="Another")))

    assert script.title == "Another"
    assert [next(iter(step.raw)) for step in script.steps] == ["create", "pause", "wait", "expect"]
    assert script.steps[2].raw == {"wait": "2h"}


def test_without_calm_no_time_passes():
    root = plot().compose(Sequenced((), calm=False))

    assert [next(iter(step)) for step in root["steps"]] == ["create", "expect"]
    assert root["title"] == plot().root["title"]


@pytest.mark.parametrize(
    ("within", "patience", "expected"),
    [
        ("3s", 500, "500ms"),
        ("100ms", 500, "100ms"),
        (None, 500, "500ms"),
        ("3d simulated", 500, "3d simulated"),
        ("${long}", 500, "${long}"),
        ("3s", None, "3s"),
        (None, None, None),
    ],
)
def test_patience_shortens_wall_time_alone(within, patience, expected):
    said = "" if within is None else f', within: "{within}"'
    text = SCRIPT.replace(", within: 100ms", said)

    root = plot(text).compose(Sequenced(()), patience=patience)

    assert root["steps"][-1]["expect"].get("within") == expected


@pytest.mark.parametrize(
    ("millis", "wait"), [(1, "1h"), (3_600_000, "1h"), (86_400_000, "1d"), (90_000_000, "2d")]
)
def test_calm_is_long_enough(millis, wait):
    assert plot_of(read_document(SCRIPT), longest=millis).calm == wait


def test_sizes_count_steps_then_faults_then_words():
    small = [
        Sequenced((), calm=False),
        Sequenced(({"pause": "s"},), calm=False),
        Sequenced(({"pause": "session"},), calm=False),
        Sequenced((FAULTS,), calm=False),
        Sequenced((), calm=True),
        Sequenced(({"pause": "s"},), calm=True),
    ]

    assert fault_count([FAULTS, {"pause": "s"}]) == 2
    assert [one.size[:2] for one in small] == [(0, 0), (1, 0), (1, 0), (1, 2), (1, 0), (2, 0)]
    assert small[1].size < small[2].size < small[3].size < small[5].size
    assert Sequenced(({"pause": "session"},)).size < Sequenced(({"leave": "session"},)).size
