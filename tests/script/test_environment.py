"""The environment comes from who loads a script, and only as text."""

from __future__ import annotations

import pytest

from simulator.script.document import ScriptError
from simulator.script.environment import variables_in, with_environment
from simulator.script.loader import read_document
from simulator.script.prepare import load
from simulator.script.references import parse_template

SCRIPT = (
    "title: About ${env.ORDER}\nsteps:\n  - emit: {type: iot, event: a, data: {o: ['${env.ORDER}', 1]}}\n"
)


def told(text: str, **environ: str) -> str:
    with pytest.raises(ScriptError) as caught:
        load(text, name="a.yaml", environ=environ)
    return str(caught.value)


def test_variables_are_put_in_everywhere():
    script = load(SCRIPT, environ={"ORDER": "WO-1"})

    assert script.title == "About WO-1"
    assert script.steps[0].data == {"o": ["WO-1", 1]}


def test_a_script_of_unknown_origin_reads_no_environment():
    with pytest.raises(ScriptError) as caught:
        load(SCRIPT, name="a.yaml")

    assert str(caught.value) == (
        "a.yaml:1:8: ${env.ORDER} cannot be read here: this script did not come from a command line. "
        "Send the script with its value, or play it with: scope-simulator replay\n"
        "a.yaml:3:44: ${env.ORDER} cannot be read here: this script did not come from a command line. "
        "Send the script with its value, or play it with: scope-simulator replay"
    )


def test_a_variable_that_is_not_set_is_told_with_the_nearest():
    text = "title: t\nvars: {a: '${env.ORDR}'}\nsteps: [{wait: 1s}]"

    assert told(text, ORDER="1", HOME="/") == (
        "a.yaml:2:11: the environment variable ORDR is not set. Did you mean ORDER? Set it: export ORDR=..."
    )


@pytest.mark.parametrize("reference", ["${env}", "${env.A.B}", "${env[0]}"])
def test_a_reference_that_names_no_variable(reference):
    text = f"title: t\nvars: {{a: '{reference}'}}\nsteps: [{{wait: 1s}}]"

    assert (
        told(text)
        == f"a.yaml:2:11: {reference} stands for nothing; expected a variable, such as ${{env.ORDER}}."
    )


def test_what_a_variable_contains_is_never_a_reference():
    document = read_document("a: 'x ${env.A} ${b} $${c}'\n")

    filled, problems = with_environment(document, {"A": "${world.users[0].id}"})

    assert problems == []
    assert filled.value == {"a": "x $${world.users[0].id} ${b} $${c}"}
    assert [str(getattr(part, "text", part)) for part in parse_template(filled.value["a"])] == [
        *("x ", "${", "world.users[0].id} ", "${b}", " ", "${", "c}")
    ]


def test_a_reference_that_cannot_be_read_is_left_to_the_checks():
    assert told("title: t\nsteps: [{wait: '${a'}]") == (
        "a.yaml:2:16: a reference does not end; found '${a'. Close it with }, or write $${ for the signs."
    )


def test_names_of_variables_are_found_wherever_they_stand():
    value = {
        "a": ["${env.B} and ${env.A}", {"c": "${env.B}${vars.x}"}],
        "d": 7,
        "e": "${broken",
        "f": "${env}",
    }

    assert variables_in(value) == ["B", "A"]
