"""check, scenarios and scenarios show."""

from __future__ import annotations

import pytest

from simulator.bundled import read_scenario, scenario_names
from simulator.cli import main
from simulator.script import open_script

GOOD = "title: A good one\nsteps:\n  - create: ScenarioSession\n    as: session\n  - finish: session\n"


@pytest.fixture
def file(tmp_path):
    def write(text: str, name: str = "mine.yaml") -> str:
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write


def test_sound_scripts_are_told_so(file, capsys):
    mine = file(GOOD)

    assert main(["check", mine, "iot-event"]) == 0
    assert capsys.readouterr() == (
        f"ok {mine}: A good one\nok iot-event: A device reports, an event about no resource\n",
        "",
    )


def test_all_that_is_wrong_is_told_for_every_file(file, capsys):
    good = file(GOOD)
    bad = file(GOOD.replace("finish", "finsh").replace("title", "titel"), "bad.yaml")
    illegal = file(GOOD + "  - pause: session\n", "illegal.yaml")

    assert main(["check", bad, good, illegal, "nosuch"]) == 2

    out, err = capsys.readouterr()
    assert out == f"ok {good}: A good one\n"
    lines = err.splitlines()
    assert [line.partition(": ")[0] for line in lines] == [
        f"{bad}:1:1",
        f"{bad}:5:5",
        f"{illegal}:6:12",
        "there is no file and no bundled script 'nosuch'. List the bundled scripts with",
    ]
    assert "title" in lines[0]
    assert "Did you mean finish?" in lines[1]


def test_environment_fills_in_a_script(file, monkeypatch, capsys):
    monkeypatch.setenv("ORDER", "WO-7")
    mine = file(GOOD.replace("A good one", "Order ${env.ORDER}"))

    assert main(["check", mine]) == 0
    assert capsys.readouterr().out == f"ok {mine}: Order WO-7\n"


def test_what_cannot_be_read_is_told(tmp_path, capsys):
    assert main(["check", str(tmp_path)]) == 2
    assert capsys.readouterr() == (
        "",
        f"{tmp_path}: the script is a directory. Name one file in it.\n",
    )


def test_bundled_scripts_are_listed_with_their_titles(capsys):
    assert main(["scenarios"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split(maxsplit=1) for line in lines] == [
        [name, open_script(name, environ={}).title] for name in scenario_names()
    ]
    assert (
        len(
            {
                line.index(open_script(name, environ={}).title)
                for line, name in zip(lines, scenario_names(), strict=True)
            }
        )
        == 1
    )


def test_bundled_script_is_shown_as_it_is(capsys):
    assert main(["scenarios", "show", "iot-event"]) == 0
    assert capsys.readouterr() == (read_scenario("iot-event"), "")


def test_unknown_name_is_told_with_the_nearest(capsys):
    assert main(["scenarios", "show", "iot-events"]) == 2

    assert capsys.readouterr().err == (
        "there is no bundled script 'iot-events'. Did you mean iot-event? "
        f"There are: {', '.join(scenario_names())}.\n"
    )


MATRIX = """\
title: A matrix
tags: [smoke]
for: {kind: [PERSISTENT, PASSIVE]}
vars: {order: 1}
steps:
  - create: ScenarioSession
    as: session
    with: {sessionType: "${kind}", externalData: "${order}"}
  - finish: session
"""


def test_every_combination_of_a_matrix_is_checked(file, capsys):
    mine, illegal = file(MATRIX), file(MATRIX.replace("finish", "pause"), "illegal.yaml")

    assert main(["check", mine]) == 0
    assert main(["check", illegal, "--var", "kind=PERSISTENT"]) == 0
    assert main(["check", illegal]) == 2

    out, err = capsys.readouterr()
    assert out == f"ok {mine}: A matrix (2 runs)\nok {illegal}: A matrix\n"
    assert err == (
        f"{illegal}:9:12: a passive ScenarioSession that is IN_PROGRESS cannot pause, with kind=PASSIVE. "
        "Legal now: check, finish, leave, record, update, view.\n"
    )


def test_what_is_wrong_in_every_combination_is_told_once(file, capsys):
    wrong = file(MATRIX.replace('"${order}"}', '"${order}", colour: red}'))

    assert main(["check", wrong]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_tags_choose_what_is_checked(file, capsys):
    mine, other = file(MATRIX), file(GOOD, "good.yaml")

    assert main(["check", mine, other, "--tag", "smoke"]) == 0
    assert main(["check", other, "--tag", "smoke"]) == 2
    assert capsys.readouterr() == (
        f"ok {mine}: A matrix (2 runs)\nleft out, not tagged so: {other}: A good one\n"
        f"left out, not tagged so: {other}: A good one\n",
        "--tag: no script has the tag smoke. None of them has any tags.\n",
    )


def test_a_tag_that_no_bundled_script_has_is_told(capsys):
    assert main(["scenarios", "--tag", "nosuch"]) == 2
    assert capsys.readouterr().err.startswith("--tag: no script has the tag nosuch.")
