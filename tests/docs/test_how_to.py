"""The how-tos' code passes as it stands there, and what they say about other pages is so."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest
import yaml

from docs.making.includes import included
from simulator import Simulator
from simulator.cli import main
from simulator.settings.fault_kinds import BESIDE, DAMAGES, FAULTS, MATCHES
from simulator.settings.faults import read_fault, read_line
from tests.docs.documents import DOCS, ROOT, own_pytest, shown_outputs
from tests.docs.signatures import SIGNED, verifies
from tests.docs.test_reference import section

HOW_TO = DOCS / "how-to"


def text(name: str) -> str:
    return (HOW_TO / f"{name}.md").read_text("utf-8")


def test_pytest_examples_pass(tmp_path):
    folder = shutil.copytree(
        HOW_TO / "pytest", tmp_path / "pytest", ignore=shutil.ignore_patterns("__pycache__")
    )

    done = own_pytest(folder, plugins=("asyncio", "aiohttp"))

    assert re.search(r"= 9 passed in ", done.stdout), done.stdout + done.stderr


def test_program_without_pytest_prints_what_is_shown():
    done = subprocess.run(
        [sys.executable, HOW_TO / "pytest" / "without_pytest.py"], capture_output=True, text=True, check=False
    )

    assert (done.stdout.splitlines(), done.stderr) == (shown_outputs(text("pytest"))["without_pytest.py"], "")


def test_every_pytest_example_is_shown():
    files = {path.relative_to(ROOT).as_posix() for path in HOW_TO.glob("pytest/*.*")}

    assert set(included(text("pytest"))) == files


def test_examples_of_delivery_pass(tmp_path):
    folder = shutil.copytree(
        HOW_TO / "delivery", tmp_path / "delivery", ignore=shutil.ignore_patterns("__pycache__")
    )

    done = own_pytest(folder)

    assert re.search(r"= 5 passed in ", done.stdout), done.stdout + done.stderr


def test_examples_of_roles_pass_and_are_shown(tmp_path):
    folder = shutil.copytree(
        HOW_TO / "roles", tmp_path / "roles", ignore=shutil.ignore_patterns("__pycache__")
    )

    done = own_pytest(folder)

    assert re.search(r"= 2 passed in ", done.stdout), done.stdout + done.stderr
    assert included(text("roles")) == ["docs/how-to/roles/test_roles.py"]


def test_examples_of_snapshots_pass_and_are_shown(tmp_path):
    folder = shutil.copytree(
        HOW_TO / "snapshots", tmp_path / "snapshots", ignore=shutil.ignore_patterns("__pycache__")
    )

    done = own_pytest(folder)
    with Simulator() as scope:
        driven = subprocess.run(
            [sys.executable, folder / "drive.py", scope.base_url], capture_output=True, text=True, check=False
        )

    assert re.search(r"= 2 passed in ", done.stdout), done.stdout + done.stderr
    assert (driven.stdout.splitlines(), driven.stderr) == (shown_outputs(text("snapshots"))["drive.py"], "")
    files = {path.relative_to(ROOT).as_posix() for path in HOW_TO.glob("snapshots/*.py")}
    assert set(included(text("snapshots"))) == files


def test_every_example_of_delivery_is_shown():
    files = {path.relative_to(ROOT).as_posix() for path in HOW_TO.glob("delivery/*.py")}

    assert {*included(text("retries")), *included(text("subscriptions"))} == files


def test_every_program_that_verifies_is_shown():
    files = {
        path.relative_to(ROOT).as_posix() for path in HOW_TO.glob("signatures/*") if path.suffix != ".json"
    }

    assert set(included(text("signatures"))) == files


def test_commands_about_signatures_print_what_is_shown(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    for command, lines in shown_outputs(text("signatures")).items():
        main(command.split())
        assert capsys.readouterr() == ("\n".join(lines) + "\n", "")


@pytest.mark.parametrize(("header", "secrets", "signed"), SIGNED)
def test_python_verifies(header, secrets, signed):
    assert verifies([sys.executable, HOW_TO / "signatures" / "verify.py"], header, secrets) == signed


# ----------------------------------------------------------------------------------------------------------------- chaos


def test_chaos_examples_pass(tmp_path):
    folder = shutil.copytree(
        HOW_TO / "chaos", tmp_path / "chaos", ignore=shutil.ignore_patterns("__pycache__")
    )

    done = own_pytest(folder)

    assert re.search(r"= 4 passed in ", done.stdout), done.stdout + done.stderr


def test_every_chaos_example_is_shown():
    files = {path.relative_to(ROOT).as_posix() for path in HOW_TO.glob("chaos/*.*")}

    assert set(included(text("chaos"))) == files


def test_every_fault_is_told_of_with_an_example_that_can_be_read():
    told = {
        side: [
            read_fault(side, yaml.safe_load(example))
            for example in re.findall(r"^\| `(\{.*?\})` \|", section(text("chaos"), heading), re.MULTILINE)
        ]
        for side, heading in (("delivery", "## Faults of deliveries"), ("api", "## Faults of the API"))
    }

    assert {side: list(dict.fromkeys(fault.name for fault in faults)) for side, faults in told.items()} == {
        side: list(kinds) for side, kinds in FAULTS.items()
    }
    assert [fault.value for fault in told["delivery"] if fault.name == "damage"] == list(DAMAGES)


def test_every_condition_is_told_of():
    told = section(text("chaos"), "## How often, how likely, how long, of what")

    keys = {*BESIDE, "match", *(key for keys in MATCHES.values() for key in keys)} - {"retry_after"}
    assert sorted(key for key in keys if f"`{key}`" not in told) == []
    lines = [one for one in re.findall(r"--fault (\S+)", text("chaos")) if one != "SPEC"]
    assert [read_fault(*read_line(line)).line for line in lines] == lines
