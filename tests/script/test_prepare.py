"""From a file or a text to a script."""

from __future__ import annotations

import json

import pytest

from simulator.bundled import read_scenario
from simulator.errors import UsageError
from simulator.script import ScriptError, load, open_script


def test_a_file_is_opened_by_its_path(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("title: Mine ${env.WHO}\nsteps: [{wait: 1s}]\n")

    script = open_script(str(file), environ={"WHO": "alone"})

    assert (script.title, script.file) == ("Mine alone", str(file))


def test_a_bundled_script_is_opened_by_its_name():
    script = open_script("iot-event")

    assert script == load(read_scenario("iot-event"), name="iot-event.yaml")


def test_json_is_a_script_too():
    content = {"title": "t", "steps": [{"create": "Call", "as": "call"}, {"finish": "call"}]}

    assert [step.raw for step in load(json.dumps(content)).steps] == content["steps"]
    assert [step.raw for step in load(json.dumps(content, indent="\t").encode()).steps] == content["steps"]


def test_all_problems_of_a_file_come_at_once(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("titel: t\nsteps: [{wiat: 1s}]\n")

    with pytest.raises(ScriptError) as caught:
        open_script(str(file))

    assert str(caught.value) == (
        f"{file}:1:1: unknown key 'titel'. Did you mean title?\n"
        f"{file}:2:10: unknown verb 'wiat'. Did you mean wait?"
    )


def test_a_file_that_is_no_yaml_is_a_usage_error(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("title: [")

    with pytest.raises(UsageError, match="bracket that begins here does not end"):
        open_script(str(file))
