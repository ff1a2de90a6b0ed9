"""The shell line that repeats a run."""

from __future__ import annotations

import pytest

from simulator.cli.repeat import command_of, command_on
from simulator.settings import resolve

START = "scope-simulator replay"


@pytest.mark.parametrize(
    ("sources", "line"),
    [
        ({}, f"{START} a.yaml --seed 1"),
        ({"script": {"seed": 7}}, f"{START} a.yaml"),
        ({"defaults": {"port": 0}}, f"{START} a.yaml --seed 1"),
        (
            {"flags": {"targets": ("http://a/", "http://b/?x&y"), "seed": "7", "retry": "5s,1m"}},
            f"{START} a.yaml --seed 7 --target http://a/ --target 'http://b/?x&y' --retry 5s,1m",
        ),
        (
            {"flags": {"updates": False, "types": "Call,ScenarioSession", "seed": "7"}},
            f"{START} a.yaml --seed 7 --no-updates --types Call,ScenarioSession",
        ),
        ({"flags": {"insecure": True}}, f"{START} a.yaml --seed 1 --insecure"),
        (
            {"flags": {"secret": "s3cret", "generation": "2", "seed": "7"}},
            f'{START} a.yaml --seed 7 --generation 2 --secret "$SCOPE_SIMULATOR_SECRET"',
        ),
        (
            {"environ": {"SCOPE_SIMULATOR_SEED": "7", "SCOPE_SIMULATOR_TYPES": "Call,ScenarioSession"}},
            f"SCOPE_SIMULATOR_SEED=7 SCOPE_SIMULATOR_TYPES=Call,ScenarioSession {START} a.yaml",
        ),
    ],
    ids=["nothing", "the script's seed", "a default", "many", "lists", "a switch", "a secret", "environment"],
)  # fmt: skip
def test_what_was_given_stands_in_the_line(sources, line):
    assert command_of("a.yaml", resolve(**sources)) == line


def test_files_and_what_is_no_setting_stand_in_the_line(tmp_path):
    config = tmp_path / "my scope.toml"
    config.write_text("seed = 7")

    line = command_of("my a.yaml", resolve(config=config), config=str(config), drain=False)

    assert line == f"{START} 'my a.yaml' --config '{config}' --no-drain"


def test_run_on_a_simulator_that_runs_already_names_it():
    flags = {"targets": ("http://a/",), "control_token": "t0ken"}

    assert (
        command_on("http://b/", "a.yaml", resolve(), drain=False)
        == f"{START} a.yaml --api http://b/ --no-drain"
    )
    assert command_on("http://b/", "a.yaml", resolve(flags=flags)) == (
        f'{START} a.yaml --api http://b/ --target http://a/ --control-token "$SCOPE_SIMULATOR_CONTROL_TOKEN"'
    )


def test_values_of_variables_stand_in_the_line_as_they_are_read():
    variables = {"a": "WO 7", "b": 7, "c": "7", "d": None, "e": True, "f": [1], "g": "${x}"}

    line = command_of("a.yaml", resolve(script={"seed": 7}), variables=variables)

    assert command_on("http://x", "a.yaml", resolve(), variables={"b": 7}) == (
        f"{START} a.yaml --api http://x --var b=7"
    )
    assert line == (
        f"{START} a.yaml --var 'a=WO 7' --var b=7 --var 'c=\"7\"' --var d=null --var e=true --var 'g=${{x}}'"
    )
