"""Scripts that a script plays: found, put in their places, and what can be wrong with that."""

from __future__ import annotations

import pytest

from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.script import including, load, open_script, rehearse
from simulator.script.document import ScriptError
from simulator.script.including import MOST_PLAYS_DEEP
from simulator.script.player import play
from simulator.settings import resolve
from tests.driving import drive, hook_of

OUTER = """\
title: Outer
seed: 3
world: {users: [{as: ana, name: Ana Silva}]}
vars: {order: WO-1}
steps:
  - create: ScenarioSession
    as: session
  - play: parts/inner.yaml
    vars: {what: "${session}", n: 2}
  - together:
    - - repeat: {times: 2, steps: [{play: parts/inner, vars: {what: "${session}", n: 3}}]}
    - - play: {title: Inline, vars: {x: 1}, steps: [{emit: {type: iot, event: odd, data: {x: "${x}"}}}]}
        vars: {x: "${order}"}
  - finish: session
"""
INNER = """\
title: Inner
seed: 9
for: {n: [1, 2, 3]}
vars: {what: none, told: "n ${n}", name: "${fake.name}"}
world: {users: [{as: ana, name: Somebody Else}, {as: bob, name: Bob Bale}]}
steps:
  - emit: {type: iot, event: seen, data: {told: "${told}", of: "${what}", who: ["${ana.name}", "${bob.name}"]}}
  - play: innermost.yaml
  - checkpoint: middle
"""


@pytest.fixture
def folder(tmp_path):
    def write(**files: str):
        for name, text in files.items():
            path = tmp_path / f"{name.replace('__', '/')}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


def complaints(source) -> list[str]:
    with pytest.raises(UsageError) as caught:
        open_script(str(source), environ={})
    return str(caught.value).splitlines()


def test_scripts_are_played_in_their_places(folder):
    here = folder(
        outer=OUTER.replace("parts/inner,", "parts/inner.yaml,"),
        parts__inner=INNER,
        parts__innermost="title: Innermost\nsteps: [{wait: 5m}, {expect: {answered: {event: seen}}}]\n",
    )
    script = open_script(str(here / "outer.yaml"), environ={})
    settings = resolve(script=script.settings()).settings
    platform = Platform(settings, base_url="http://scope", targets=["http://127.0.0.1:9/"])
    hooks = []

    def receive(attempt):
        from simulator.wire import Outcome

        hooks.append(hook_of(attempt))
        return Outcome(200)

    rehearse(platform, script)
    report = drive(platform, play(platform, script), receive)

    session = hooks[0]["data"]["resource-id"]
    who = ["Ana Silva", "Bob Bale"]
    assert [one["data"] for one in hooks if one["type"] == "iot"] == [
        {"told": "n 2", "of": session, "who": who},
        {"told": "n 3", "of": session, "who": who},
        {"x": "WO-1"},
        {"told": "n 3", "of": session, "who": who},
    ]
    assert report.ok
    assert report.seed == 3
    assert [ruling.place for ruling in report.rulings] == [f"{here}/parts/innermost.yaml:2:41"] * 3
    assert [one["name"] for one in script.world.people] == ["Ana Silva", "Bob Bale"]


def test_steps_of_a_script_that_is_played_are_told_with_their_lines_and_track(folder):
    here = folder(
        outer="title: t\nsteps:\n  - together: [[{wait: 1s}], [{play: inner.yaml}]]\n",
        inner="title: Inner\nsteps: [{wait: 5m}]\n",
    )
    script = open_script(str(here / "outer.yaml"), environ={})
    platform = Platform(resolve(script=script.settings()).settings)

    drive(platform, play(platform, script))

    assert [
        (one.fact.place, one.fact.text, one.fact.track) for one in platform.journal.select(kinds=["step"])
    ] == [
        (f"{here}/outer.yaml:3", "together: 2 tracks", None),
        (f"{here}/outer.yaml:3", "wait: 1s", "1"),
        (f"{here}/outer.yaml:3", "play: Inner", "2"),
        (f"{here}/inner.yaml:2", "wait: 5m", "2"),
    ]


def test_a_bundled_script_is_played_by_its_name(folder):
    here = folder(outer="title: t\nsteps: [{play: iot-event}]\n")

    script = open_script(str(here / "outer.yaml"), environ={})

    assert script.steps[0].script.file == "iot-event.yaml"


def test_a_file_outranks_a_bundled_script(folder):
    here = folder(outer="title: t\nsteps: [{play: iot-event.yaml}]\n")
    (here / "iot-event.yaml").write_text("title: Mine\nsteps: [{wait: 1s}]\n")

    assert open_script(str(here / "outer.yaml"), environ={}).steps[0].script.title == "Mine"


def test_the_environment_is_put_in_everywhere(folder):
    here = folder(
        outer="title: t\nsteps: [{play: inner.yaml}, {play: inner.yaml}]\n",
        inner="title: '${env.A}'\nsteps: [{wait: '${env.B}'}]\n",
    )

    script = open_script(str(here / "outer.yaml"), environ={"A": "x", "B": "1s"})
    assert script.steps[1].script.title == "x"
    assert complaints(here / "outer.yaml")[0].startswith(
        f"{here}/inner.yaml:1:8: the environment variable A is not set"
    )


def test_what_is_wrong_in_a_script_that_is_played_is_told_with_its_own_lines(folder):
    here = folder(
        outer="title: t\nsteps:\n  - wiat: 1s\n  - play: inner.yaml\n  - play: nosuch.yaml\n  - play: inner.yaml\n",
        inner="title: t\nsteps:\n  - pauze: x\n  - finish: x\n",
    )

    assert [line.partition(". ")[0] for line in complaints(here / "outer.yaml")] == [
        f"{here}/outer.yaml:5:11: there is no file and no bundled script 'nosuch.yaml'",
        f"{here}/outer.yaml:3:5: unknown verb 'wiat'",
        f"{here}/inner.yaml:3:5: unknown verb 'pauze'",
        f"{here}/inner.yaml:4:13: no name 'x' has been given",
    ]


def test_what_only_a_world_can_tell_is_told_with_its_own_lines_too(folder):
    here = folder(
        outer="title: t\nsteps:\n  - play: inner.yaml\n  - create: Call\n    by: nobody\n  - play: inner.yaml\n"
        "    vars: {who: '${world.users[999].name}'}\n",
        inner="title: t\nvars: {who: x}\nsteps:\n  - create: Call\n    by: Nobody\n    as: call\n",
    )

    with pytest.raises(ScriptError) as caught:
        rehearse(Platform(resolve().settings), open_script(str(here / "outer.yaml"), environ={}))

    assert [str(one).partition(": ")[0] for one in caught.value.problems] == [
        f"{here}/inner.yaml:5:9",
        f"{here}/outer.yaml:5:9",
        f"{here}/outer.yaml:7:17",
    ]


def test_scripts_that_play_each_other_in_a_circle_are_told(folder):
    here = folder(
        a="title: t\nsteps: [{wait: 1s}, {play: ../x/b.yaml}]\n".replace("../x/", ""),
        b="title: t\nsteps: [{repeat: {times: 2, steps: [{play: a.yaml}]}}]\n",
        self="title: t\nsteps: [{play: ./self.yaml}]\n",
    )

    assert complaints(here / "a.yaml") == [
        f"{here}/b.yaml:2:44: scripts play each other in a circle; "
        f"found {here}/a.yaml plays {here}/b.yaml plays {here}/a.yaml."
    ]
    assert complaints(here / "self.yaml") == [
        f"{here}/self.yaml:2:16: scripts play each other in a circle; "
        f"found {here}/self.yaml plays {here}/self.yaml."
    ]


def test_scripts_that_play_each_other_too_deeply_are_told(folder):
    deep = {f"s{n}": f"title: t\nsteps: [{{play: s{n + 1}.yaml}}]\n" for n in range(MOST_PLAYS_DEEP + 1)}
    here = folder(**deep, **{f"s{MOST_PLAYS_DEEP + 1}": "title: t\nsteps: [{wait: 1s}]\n"})

    assert open_script(str(here / "s1.yaml"), environ={}).title == "t"
    (line,) = complaints(here / "s0.yaml")
    assert line.startswith(
        f"{here}/s{MOST_PLAYS_DEEP}.yaml:2:16: scripts play each other too deeply; expected at most 8"
    )


def test_what_multiplies_beyond_measure_is_told(folder, monkeypatch):
    monkeypatch.setattr(including, "MAX_VALUES", 20)
    here = folder(
        outer="title: t\nsteps: [{play: inner.yaml}, {play: inner.yaml}]\n",
        inner="title: t\nsteps: [{wait: 1s}, {wait: 1s}, {wait: 1s}, {wait: 1s}]\n",
    )

    assert complaints(here / "outer.yaml") == [
        f"{here}/outer.yaml:2:36: what is played is too much; expected at most 20 values, each play counted. "
        "Say what repeats with repeat."
    ]


def test_a_script_of_the_network_plays_no_files():
    text = "title: t\nsteps: [{play: iot-event}, {play: {title: Mine, steps: [{wait: 1s}]}}]\n"

    with pytest.raises(UsageError) as caught:
        load(text, name="a.yaml")

    assert str(caught.value) == (
        "a.yaml:2:16: a file cannot be played here: this script did not come from a command line; "
        "found 'iot-event'. Send it in its place, as play: {title: ..., steps: [...]}, or play it with: "
        "scope-simulator replay --api"
    )
    assert load(text.replace("{play: iot-event}, ", "")).steps[0].script.title == "Mine"


def test_what_is_no_script_is_left_to_the_checks(folder):
    here = folder(outer="title: t\nsteps: [{play: list.yaml}, 5]\nendings: [5]\n", list="- 1\n")

    assert [line.partition(": ")[0] for line in complaints(here / "outer.yaml")] == [
        f"{here}/list.yaml:1:1",
        f"{here}/outer.yaml:2:28",
        f"{here}/outer.yaml:3:11",
    ]


def test_endings_play_too(folder):
    here = folder(
        outer="title: t\nsteps: [{checkpoint: m}]\nendings: [{title: e, steps: [{play: inner.yaml}]}]\n",
        inner="title: Inner\nsteps: [{wait: 1s}]\n",
    )

    (ending,) = open_script(str(here / "outer.yaml"), environ={}).endings
    assert ending.steps[0].script.title == "Inner"


def test_what_a_script_that_is_played_cannot_cause_is_told_with_its_line(folder):
    here = folder(
        outer="title: t\nsteps:\n  - create: Call\n    as: call\n  - play: inner.yaml\n    vars: {call: '${call}'}\n",
        inner="title: t\nvars: {call: x}\nsteps:\n  - expect:\n      answered: {event: finished, of: '${call}'}\n",
    )

    with pytest.raises(ScriptError) as caught:
        rehearse(Platform(resolve().settings), open_script(str(here / "outer.yaml"), environ={}))

    assert str(caught.value).startswith(
        f"{here}/inner.yaml:5:25: nothing before this makes a webhook 'finished' about"
    )
