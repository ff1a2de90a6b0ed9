"""schema: what is described for machines, printed as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from graphql import build_client_schema, build_schema

from simulator.bundled import contract_names, read_contract_text, read_sdl
from simulator.cli import main
from simulator.contracts import load
from simulator.control import OPERATIONS

MINE = Path(__file__).parent.parent / "graphql" / "own" / "mine.graphql"


@pytest.mark.parametrize("argv", [["schema"], ["schema", "sdl"]])
def test_sdl_is_printed_as_it_is(argv, capsys):
    assert main(argv) == 0
    assert capsys.readouterr() == (read_sdl(), "")


def test_introspection_makes_the_same_schema(capsys):
    assert main(["schema", "introspection"]) == 0

    made = build_client_schema(json.loads(capsys.readouterr().out)["data"])
    assert set(made.type_map) == set(build_schema(read_sdl()).type_map)


def test_values_are_spelt_as_the_environment_or_a_file_says(tmp_path, monkeypatch, capsys):
    config = tmp_path / "scope.toml"
    config.write_text('[enum_names]\nPAUSED = "ON_HOLD"\n')

    assert main(["schema", "--config", str(config)]) == 0
    schema = build_schema(capsys.readouterr().out)
    monkeypatch.setenv("SCOPE_SIMULATOR_ENUM_NAMES", "PAUSED=WAITING")
    assert main(["schema", "introspection"]) == 0
    introspected = build_client_schema(json.loads(capsys.readouterr().out)["data"])

    spelt = [set(one.type_map["ScenarioSessionStateEnum"].values) for one in (schema, introspected)]
    assert spelt == [{"IN_PROGRESS", "ON_HOLD", "FINISHED"}, {"IN_PROGRESS", "WAITING", "FINISHED"}]


@pytest.mark.parametrize("name", ["webhook/resource", "script"])
def test_contract_is_printed_as_it_is(name, capsys):
    assert main(["schema", name]) == 0
    assert capsys.readouterr() == (read_contract_text(name), "")


def test_control_api_is_printed(capsys):
    assert main(["schema", "openapi"]) == 0

    described = json.loads(capsys.readouterr().out)
    assert described["openapi"] == "3.1.0"
    assert {f"/_simulator/{one.path}" for one in OPERATIONS} == set(described["paths"])


def test_all_are_listed_with_what_they_are(capsys):
    assert main(["schema", "--list"]) == 0

    lines = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()]
    assert [name for name, _ in lines] == ["sdl", "introspection", "openapi", *contract_names()]
    assert dict(lines)["webhook/resource"] == f"JSON Schema: {load('webhook/resource')['title']}"


def test_unknown_name_is_told_with_the_nearest(capsys):
    assert main(["schema", "webhook/resurce"]) == 2
    assert capsys.readouterr() == (
        "",
        "there is no schema 'webhook/resurce'. Did you mean webhook/resource or webhook/non_resource or webhook/stored_query? "
        "List them with: scope-simulator schema --list\n",
    )


def test_name_together_with_the_list_is_told(capsys):
    assert main(["schema", "sdl", "--list"]) == 2
    assert capsys.readouterr() == ("", "--list: the flag lists them all. Leave --list or sdl out.\n")


def test_another_schema_is_compared_line_by_line(capsys):
    assert main(["schema", "--diff", str(MINE)]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("+")] == [
        "+ ScenarioSession.reviewedBy: User!",
        "+ ScenarioSession.vehicles: [Vehicle!]!",
        "+ ScenarioSession.weather: Weather",
        "+ User.badgeNumber: Int!",
        "+ User.vehicle: Vehicle",
        "+ type Vehicle",
        "+ enum Weather",
    ]
    assert "- type Call" in lines
    assert "~ ScenarioSessionConnection.totalCount: Int, Int! here" in lines


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (["missing.graphql"], "--diff: the file missing.graphql cannot be read: No such file or directory."),
        (["a.graphql", "--list"], "--diff: the flag compares and prints nothing else. Give it alone."),
        (["a.graphql", "sdl"], "--diff: the flag compares and prints nothing else. Give it alone."),
        (["bad.graphql"], "bad.graphql:1:1: the SDL cannot be read: Syntax Error"),
    ],
)
def test_what_cannot_be_compared_is_told(argv, expected, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.graphql").write_text("typ Query { a: Int }")

    assert main(["schema", "--diff", *argv]) == 2
    assert capsys.readouterr().err.startswith(expected)


def test_own_schema_is_printed_as_it_is_served(monkeypatch, capsys):
    monkeypatch.setenv("SCOPE_SIMULATOR_SDL", str(MINE))

    assert main(["schema"]) == 0
    assert set(build_schema(capsys.readouterr().out).type_map) == set(build_schema(MINE.read_text()).type_map)
