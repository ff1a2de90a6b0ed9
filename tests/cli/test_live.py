"""What happens, told as it happens; how far a script is; how it ended."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from simulator.cli.live import Live, say_summary, steps_in, tell_live
from simulator.cli.talk import Talk
from simulator.journal import Entry, Noted, StepPlayed
from simulator.script import load
from tests.cli.terminals import terminal
from tests.expect.story import NOW, Story, request
from tests.report.test_summary import GOOD, UNMET

SCRIPT = """\
title: A story
steps:
  - create: Call
    as: call
  - repeat:
      times: 3
      steps:
        - update: call
          set: {externalData: "${index}"}
        - wait: 1s
"""


def test_steps_are_counted_round_by_round_when_the_rounds_are_known():
    known = load(SCRIPT, name="a.yaml")
    unknown = load("vars: {rounds: 3}\n" + SCRIPT.replace("times: 3", 'times: "${rounds}"'), name="a.yaml")
    nested = load(
        SCRIPT.replace("- wait: 1s", '- repeat: {times: "${index}", steps: [{wait: 1s}]}'), name="a.yaml"
    )

    assert [steps_in(one.steps) for one in (known, unknown, nested)] == [8, None, None]


def test_steps_of_all_tracks_are_counted():
    tracks = "- together: [[{wait: 1s}], [{wait: 1s}, {wait: 2s}]]"
    known = load(SCRIPT.replace("- wait: 1s", tracks), name="a.yaml")
    unknown = load(
        SCRIPT.replace("- wait: 1s", "- together: [[{repeat: {times: '${index}', steps: [{wait: 1s}]}}]]"),
        name="a.yaml",
    )

    assert [steps_in(one.steps) for one in (known, unknown)] == [17, None]


def test_steps_of_scripts_that_are_played_are_counted():
    played = "- play: {title: t, steps: [{wait: 1s}, {wait: 2s}]}"

    assert steps_in(load(SCRIPT.replace("- wait: 1s", played), name="a.yaml").steps) == 14


def story() -> list[Entry]:
    pen = Story()
    pen.journal.append(NOW, StepPlayed("a.yaml:3", "create: Call"))
    pen.post("create", "A", 200)
    pen.post("update", "A", 500)
    pen.journal.append(NOW, request("A"))
    pen.journal.append(NOW, request(route="unknown", status=404))
    pen.journal.append(NOW, Noted("nothing to tell"))
    return list(pen.journal.since(0))


async def test_each_entry_that_is_worth_it_is_a_line(capsys):
    talk = Talk()
    for entry in story():
        tell_live(talk, entry)
    talk.say()

    out = capsys.readouterr().out
    assert [line.split()[1] for line in out.splitlines()] == ["step", "webhook", "webhook", "asked", "asked"]
    assert "\x1b" not in out


def test_requests_that_come_too_many_at_a_time_are_not_all_told(capsys, monkeypatch):
    monkeypatch.setattr("simulator.cli.talk._MOST_MENTIONED", 0)
    talk = Talk()

    tell_live(talk, Entry(1, NOW, request("id")), patient=False)

    assert (capsys.readouterr().out, talk.lost) == ("", 1)


def test_who_is_not_patient_is_told_at_once_or_not_at_all(capsys):
    tell_live(Talk(), story()[0], patient=False)

    assert capsys.readouterr().out == "2021-03-01T08:00:00Z  step     create: Call\n"


async def test_on_a_terminal_colours_say_what_went_well_and_a_line_how_far_it_is(monkeypatch):
    with terminal(monkeypatch) as shown:
        talk = Talk()
        live = Live(talk, load(SCRIPT, name="a.yaml").steps)
        for entry in story():
            live.tell(entry)
            talk.say()

    text = shown.text
    colours = re.findall(r"(\x1b\[\d+m)2021", text)
    assert colours == ["\x1b[1m", "\x1b[32m", "\x1b[31m", "\x1b[36m", "\x1b[31m"]
    assert (
        "\n[##..................] step 1 of 8, 2021-03-01T08:00:00Z, webhooks: 0 delivered, 0 given up"
        in text
    )
    assert text.endswith("step 1 of 8, 2021-03-01T08:00:00Z, webhooks: 1 delivered, 1 given up")


async def test_where_the_end_is_not_known_there_is_no_bar(monkeypatch):
    unknown = load("vars: {rounds: 3}\n" + SCRIPT.replace("times: 3", 'times: "${rounds}"'), name="a.yaml")
    with terminal(monkeypatch) as shown:
        talk = Talk()
        Live(talk, unknown.steps).tell(story()[0])
        talk.say()

    assert shown.text.endswith("\nstep 1, 2021-03-01T08:00:00Z, webhooks: 0 delivered, 0 given up")


@pytest.mark.parametrize(
    ("summary", "first", "unmet"),
    [(GOOD, "\x1b[32mpassed: ", 0), (replace(GOOD, judgements=(UNMET, UNMET)), "\x1b[31mFAILED: ", 2)],
)
def test_end_is_green_or_red(summary, first, unmet, monkeypatch):
    with terminal(monkeypatch) as shown:
        say_summary(Talk(), summary)

    assert shown.text.startswith(first)
    assert shown.text.count("\x1b[31m    NOT MET, ") == unmet


def test_programs_are_told_the_end_too(capsys):
    say_summary(Talk(as_json=True), GOOD)

    out, err = capsys.readouterr()
    assert out.startswith('{"kind":"summary","ok":true,')
    assert err.startswith("passed: ")


async def test_each_track_has_a_line_until_the_steps_go_on_together(monkeypatch):
    pen = Story()
    for text, track in (
        ("wait: 1s", "10"),
        ("together: 2 tracks", "2"),
        ("wait: 2s", "2.1"),
        ("wait: 3s", "2.2"),
    ):
        pen.journal.append(NOW, StepPlayed("a.yaml:3", text, track))
    pen.journal.append(NOW, StepPlayed("a.yaml:3", "finish: a", "2"))
    pen.journal.append(NOW, StepPlayed("a.yaml:3", "finish: b"))
    rows = []
    with terminal(monkeypatch) as shown:
        talk = Talk()
        live = Live(talk, load(SCRIPT, name="a.yaml").steps)
        for entry in pen.journal.since(0):
            live.tell(entry)
            talk.say()
            rows.append([row.split("Z  ")[-1] for row in live._status(entry).split("\n")[1:]])

    assert "[2.2] " in shown.text
    assert rows == [
        ["wait: 1s"],
        ["together: 2 tracks", "wait: 1s"],
        ["together: 2 tracks", "wait: 2s", "wait: 1s"],
        ["together: 2 tracks", "wait: 2s", "wait: 3s", "wait: 1s"],
        ["finish: a", "wait: 1s"],
        [],
    ]
