"""Which scripts a command is about, and with which values."""

from __future__ import annotations

import pytest

from simulator.cli.choosing import Choice, Chosen, Refusal, read_vars
from simulator.cli.talk import Talk
from simulator.errors import UsageError

ONE = "title: One\ntags: [smoke, calls]\nvars: {n: 1}\nsteps: [{wait: 1s}]\n"


@pytest.fixture
def file(tmp_path):
    def write(text: str, name: str = "one.yaml") -> str:
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write


def test_values_are_what_they_would_be_in_yaml():
    given = ["a=1", "b=1.5", "c=true", "d=", "e=WO-7", "f='7'", 'g="x=y"', "h=0042", "i=a: b", "j=12m"]

    assert read_vars(given) == {
        "a": 1,
        "b": 1.5,
        "c": True,
        "d": None,
        "e": "WO-7",
        "f": "7",
        "g": "x=y",
        "h": "0042",
        "i": "a: b",
        "j": "12m",
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["a"], "--var: a variable has no value; expected NAME=VALUE, such as order=WO-7, found 'a'."),
        (["=1"], "--var: a variable has no value; expected NAME=VALUE, such as order=WO-7, found '=1'."),
        (["a=1", "a=2"], "--var: the variable 'a' is given twice. Give it once; several values: for."),
        (["a='x"], "--var a: value:1:1: the quoted text that begins here does not end. Close it."),
    ],
)
def test_what_is_no_value_is_told(given, message):
    with pytest.raises(UsageError) as caught:
        read_vars(given)

    assert str(caught.value) == message


def test_scripts_are_opened_with_the_values(file):
    mine, refusals = file(ONE), []

    (chosen,) = Choice([mine], ["n=5"]).opened(Talk(), refusals)

    assert (chosen.source, chosen.vars, refusals) == (mine, {"n": 5}, [])
    assert chosen.script.vars == {"n": 5}
    assert isinstance(chosen, Chosen)


def test_scripts_without_any_of_the_tags_are_left_out_and_told(file, capsys):
    mine, other = file(ONE), file("title: Two\nsteps: [{wait: 1s}]\n", "two.yaml")
    refusals: list[Refusal] = []

    chosen = list(Choice([mine, other], tags=["nosuch", "calls"]).opened(Talk(), refusals))

    assert [one.source for one in chosen] == [mine]
    assert refusals == []
    assert capsys.readouterr().out == f"left out, not tagged so: {other}: Two\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ONE, "--tag: no script has the tag smok. Did you mean smoke? There are: calls, smoke."),
        ("title: t\nsteps: [{wait: 1s}]\n", "--tag: no script has the tag smok. None of them has any tags."),
    ],
)
def test_a_tag_that_no_script_has_is_told(text, message, file):
    refusals: list[Refusal] = []

    assert list(Choice([file(text)], tags=["smok"]).opened(Talk(), refusals)) == []
    assert [str(one.error) for one in refusals] == [message]


def test_what_cannot_be_read_is_told_and_nothing_of_tags(file):
    refusals: list[Refusal] = []

    assert list(Choice(["nosuch", file(ONE)], tags=["smok"]).opened(Talk(), refusals)) == []
    assert [one.error.problem for one in refusals] == ["there is no file and no bundled script 'nosuch'"]
