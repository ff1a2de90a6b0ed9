"""What the README shows runs as it stands there, and what it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulator.cli.commands import scope_simulator
from simulator.engine import Platform
from simulator.script import load, play, rehearse
from simulator.settings import Settings, resolve
from tests.driving import asks, drive
from tests.projects import BARE, USING

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def test_the_script_plays_and_its_expectations_are_met_by_a_receiver_that_asks() -> None:
    (text,) = blocks("yaml")
    script = load(text, name="README.md")
    platform = Platform(resolve(flags={}, environ={}, script=script.settings()).settings, base_url="http://x")
    platform.add_target("http://127.0.0.1:9/hooks")
    rehearse(platform, script)

    report = drive(
        platform,
        play(platform, script),
        asks(platform, "query($id: ID!) { node(id: $id) { ... on ScenarioSession { state } } }"),
    )

    assert report.ok
    assert len(report.verdicts) == 2


def test_the_pytest_example_passes_in_a_project_of_its_own(pytester: pytest.Pytester) -> None:
    (text,) = blocks("python")
    (pytester.path / "conftest.py").write_text(USING["conftest.py"], "utf-8")
    (pytester.path / "test_it.py").write_text(text, "utf-8")

    result = pytester.runpytest_subprocess(*BARE)

    result.assert_outcomes(passed=1)


def test_every_command_and_flag_that_is_shown_exists() -> None:
    shown = re.findall(r"scope-simulator ([a-z]+)((?: [^\s`]+)*)", README)
    assert {name for name, _ in shown} >= {"serve", "replay", "check", "scenarios"}
    for name, rest in shown:
        flags = {flag for parameter in scope_simulator.commands[name].params for flag in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= flags


def test_every_make_target_that_is_shown_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")

    for target in re.findall(r"^ +make ([a-z-]+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)

    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_credentials_shown_are_those_of_the_default_seed() -> None:
    platform = Platform(Settings())

    assert platform.password in README
    assert platform.token in README


def test_it_stays_short() -> None:
    assert len(README.splitlines()) < 150
