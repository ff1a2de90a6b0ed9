"""The how-tos' code passes as it stands there, and what they say about other pages is so."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

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
from tests.projects import unmeasured

HOW_TO = DOCS / "how-to"


def text(name: str) -> str:
    return (HOW_TO / f"{name}.md").read_text("utf-8")


def copied(name: str, folder: Path) -> Path:
    """Copy the files of a page and return where they are."""
    return shutil.copytree(HOW_TO / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))


def test_pytest_examples_pass(tmp_path):
    done = own_pytest(copied("pytest", tmp_path), plugins=("asyncio", "aiohttp"))

    assert re.search(r"= 9 passed in ", done.stdout), done.stdout + done.stderr


def test_examples_that_need_no_other_plugin_pass(tmp_path):
    """In one process: each page brings what it needs in its own folder, and starting costs more than they all."""
    pages = [copied(name, tmp_path) for name in ("chaos", "delivery", "roles", "snapshots")]

    done = own_pytest(tmp_path, *map(str, pages))

    assert re.search(r"= 13 passed in ", done.stdout), done.stdout + done.stderr


def test_program_without_pytest_prints_what_is_shown():
    done = subprocess.run(
        [sys.executable, HOW_TO / "pytest" / "without_pytest.py"],
        env=unmeasured(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout.splitlines(), done.stderr) == (shown_outputs(text("pytest"))["without_pytest.py"], "")


def test_every_pytest_example_is_shown():
    files = {path.relative_to(ROOT).as_posix() for path in HOW_TO.glob("pytest/*.*")}

    assert set(included(text("pytest"))) == files


def test_program_that_drives_a_snapshot_prints_what_is_shown():
    with Simulator() as scope:
        done = subprocess.run(
            [sys.executable, HOW_TO / "snapshots" / "drive.py", scope.base_url],
            env=unmeasured(),
            capture_output=True,
            text=True,
            check=False,
        )

    assert (done.stdout.splitlines(), done.stderr) == (shown_outputs(text("snapshots"))["drive.py"], "")


def test_every_example_of_roles_is_shown():
    assert included(text("roles")) == ["docs/how-to/roles/test_roles.py"]


def test_every_example_of_snapshots_is_shown():
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
