"""The files for build servers and containers say what the rest of the repository says."""

from __future__ import annotations

import json
import re
import shlex
import tomllib

import yaml

from simulator.engine import Platform
from simulator.settings import Settings
from tests.docs.documents import ROOT
from tests.docs.test_reference import commands, flags

WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def made(script: str) -> list[str]:
    """Return the make targets that a script calls."""
    return re.findall(r"^\s*make ([a-z-]+)", script, re.MULTILINE)


def instruction(name: str) -> list[str]:
    return re.findall(rf"^{name} +(.*)$", DOCKERFILE, re.MULTILINE)


def test_workflow_makes_what_ci_run_makes():
    steps = [step["run"] for step in WORKFLOW["jobs"]["test"]["steps"] if "run" in step]
    ours = made((ROOT / ".ci" / "run").read_text("utf-8"))

    assert ours == ["check", "test", "test-all"]
    assert [target for step in steps for target in made(step)] == ours


def test_workflow_runs_on_every_python_that_is_promised():
    versions = WORKFLOW["jobs"]["test"]["strategy"]["matrix"]["python"]
    promised = [one.rpartition(" ")[2] for one in PROJECT["project"]["classifiers"] if "Python :: 3." in one]

    assert versions == promised
    assert versions[0] == PROJECT["project"]["requires-python"].removeprefix(">=")


def test_image_holds_what_the_wheel_is_made_of():
    copied = {source for line in instruction("COPY") for source in line.split()[:-1]}
    needed = {*PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"], "pyproject.toml"}
    needed |= {PROJECT["project"]["readme"], *PROJECT["project"]["license-files"]}
    let_in = {
        line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")
    }

    assert copied == needed
    assert let_in == copied
    assert [one for one in copied if not (ROOT / one).exists()] == []


def test_commands_of_image_and_compose_file_exist():
    known = flags(dict(commands())["scope-simulator serve"])
    simulator = COMPOSE["services"]["simulator"]

    for first, *arguments in (json.loads(instruction("CMD")[0]), simulator["command"]):
        assert first == "serve"
        assert {one.partition("=")[0] for one in arguments if one.startswith("--")} <= known
    assert json.loads(instruction("ENTRYPOINT")[0]) == ["scope-simulator"]


def test_compose_file_agrees_with_itself():
    simulator, receiver = COMPOSE["services"]["simulator"], COMPOSE["services"]["receiver"]
    given = dict(one[2:].split("=", 1) for one in simulator["command"] if "=" in one)
    port = str(Settings().port)

    assert given["public-url"] == receiver["environment"]["SCOPE_URL"] == f"http://simulator:{port}"
    assert given["target"].startswith("http://receiver:8000/")
    assert (simulator["ports"], receiver["ports"]) == ([f"127.0.0.1:{port}:{port}"], ["127.0.0.1:8000:8000"])
    assert instruction("EXPOSE") == [port]
    assert f"'127.0.0.1', {port}" in instruction("HEALTHCHECK")[0]
    assert receiver["environment"]["SCOPE_TOKEN"] == Platform(Settings(seed=int(given["seed"]))).token


def test_every_run_instruction_is_one_that_the_tests_carry_out_or_that_adds_the_user():
    assert [shlex.split(line)[0] for line in instruction("RUN")] == ["pip", "useradd"]
