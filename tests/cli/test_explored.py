"""What explore tells at its end; what it tells of a whole search is tested with the command."""

from __future__ import annotations

import json

import pytest

from simulator.cli.explored import COMMENT, Job, Wanted, say_end, written
from simulator.cli.talk import Talk
from simulator.explore.plot import Sequenced
from simulator.explore.search import Finding, Limits
from simulator.script import load
from simulator.script.loader import read_document
from simulator.settings import Settings
from tests.explore.searching import SCRIPT, Verdict, plot, search

FIRST = Sequenced(({"pause": "session"}, {"resume": "session"}))
SHORT = Sequenced(({"pause": "session"},))


def job(config: str | None = None, **flags: object) -> Job:
    limits = Limits(examples=5, steps=3, chaos=False, draw=2)
    return Job(
        load(SCRIPT),
        plot(),
        Settings(),
        Wanted(limits),
        "out file.yaml",
        "mine.yaml",
        flags,
        config,
        ("a=1",),
    )


def test_commands_that_repeat_it_have_the_flags_that_were_typed():
    targets = ("http://a/", "http://b/")
    one = job("my.toml", targets=targets, updates=False, insecure=True, secret="s", retry=None, seed="7")

    assert one.look_again == (
        "scope-simulator explore mine.yaml --examples 5 --steps 3 --search 2 --no-chaos --var a=1 "
        "--target http://a/ --target http://b/ --no-updates --insecure --seed 7 --config my.toml"
    )
    assert one.play_again == (
        "scope-simulator replay 'out file.yaml' --target http://a/ --target http://b/ --no-updates --insecure --seed 7 --config my.toml"
    )


def test_failure_that_came_once_only_is_told_so(capsys):
    finding = Finding(SHORT, Verdict(ok=False, patient=False), FIRST, again=False)

    say_end(Talk(), job(), search(), finding, took=1.25)

    assert capsys.readouterr().out.splitlines() == [
        "FOUND: The work order is what the session is (script)",
        "  seed 1, search 2: no sequences, no steps, 1.2 s",
        "  moves: 0 of 0 that the state tables allow",
        "  shortened from 2 steps to 1, then 2h pass:",
        "    - pause: session",
        "  played once more it did not fail: what the receiver does depends on more than these steps",
        "  written to out file.yaml; again: scope-simulator replay 'out file.yaml'",
    ]


def test_programs_are_told_the_finding(capsys):
    finding = Finding(Sequenced(SHORT.steps, calm=False), Verdict(ok=False, patient=False), FIRST, again=True)

    say_end(Talk(as_json=True), job(), search(), finding, took=1.25)

    assert json.loads(capsys.readouterr().out)["finding"] == {
        "out": "out file.yaml",
        "first": [{"pause": "session"}, {"resume": "session"}],
        "steps": [{"pause": "session"}],
        "calm": None,
        "again": True,
        "reasons": [],
    }


@pytest.mark.parametrize("again", [True, False])
def test_script_that_is_written_is_the_one_that_was_played(again):
    finding = Finding(SHORT, Verdict(ok=False, patient=False), FIRST, again=again)

    text = written(job(), search(), finding)

    script = load(text)
    assert [next(iter(step.raw)) for step in script.steps] == ["create", "pause", "wait", "expect"]
    assert text.splitlines()[COMMENT] == ""
    assert read_document(text).value["title"] == "The work order is what the session is: what explore found"
