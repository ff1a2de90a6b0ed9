"""A stranger's path: the built wheel in an environment that has nothing else, dependencies from the package index."""

from __future__ import annotations

import sys
import venv
from pathlib import Path

import pytest

from tests.all.conftest import ROOT, receiving, run, serving

OWN_STORY = """\
title: A session of our own
seed: 1
steps:
  - create: ScenarioSession
    as: session
    with: {externalData: {work_order_id: WO-9}}
  - wait: 12m
  - finish: session
  - expect:
      answered: {event: finished, of: session}
      queried: {of: session, fields: [state]}
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The folder with the programs of a fresh environment into which the wheel is installed."""
    built, fresh = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("fresh")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", built]
    assert run(*build, folder=ROOT).returncode == 0
    [wheel] = built.iterdir()
    venv.create(fresh, with_pip=True)
    programs = fresh / "bin"
    done = run(
        programs / "python",
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        wheel,
        folder=built,
        PYTHONPATH="",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return programs


@pytest.fixture
def stranger(installed, tmp_path):
    """Run the installed command in an empty folder."""

    def command(*arguments: object):
        return run(installed / "scope-simulator", *arguments, folder=tmp_path, PYTHONPATH="")

    return command


BOXED = """\
def test_it_is_asked_about(scope_simulator):
    scope_simulator.add_target("http://127.0.0.1:9/hooks")
    session = scope_simulator.create("ScenarioSession")
    scope_simulator.finish(session)
    scope_simulator.expect_queried(of=session, within=0.2)
"""


def test_box_of_a_failed_test_is_repeated_where_nothing_else_is(stranger, tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    (project / "test_boxed.py").write_text(BOXED)
    options = [
        "-p",
        "no:cacheprovider",
        "-c",
        "/dev/null",
        "--rootdir",
        project,
        "--scope-simulator-box",
        tmp_path,
    ]
    failed = run(sys.executable, "-m", "pytest", *options, folder=project)
    [box] = tmp_path.glob("*.box.json")

    again = stranger("replay", "--box", box)

    assert (failed.returncode, again.returncode, again.stderr) == (1, 1, "")
    lines = again.stdout.splitlines()
    assert lines[-3] == "the same failure happened again:"
    assert lines[-2].startswith("    again: call 4, expect_queried: ")
    assert lines[-1].startswith("  the journal is the recorded one, entry by entry (")


def test_demo_works(stranger):
    done = stranger("demo", "--speed", "max")

    assert (done.returncode, done.stderr) == (0, "")
    assert "\npassed: " in done.stdout


def test_bundled_script_is_printed_edited_checked_and_played(stranger, installed, tmp_path):
    shown = stranger("scenarios", "show", "created-and-finished")
    mine = tmp_path / "mine.yaml"
    mine.write_text(shown.stdout.replace("title:", "titel:", 1), "utf-8")
    refused = stranger("check", mine)
    mine.write_text(OWN_STORY, "utf-8")
    checked = stranger("check", mine)

    assert shown.returncode == 0
    assert refused.returncode == 2
    assert "Did you mean title?" in refused.stderr
    assert checked.returncode == 0
    command = (str(installed / "scope-simulator"),)
    with serving(tmp_path, "--speed", "max", command=command) as served:
        scope = {"SCOPE_URL": served.base_url, "SCOPE_TOKEN": served.ready["token"], "PYTHONPATH": ""}
        with receiving(tmp_path, scope, python=str(installed / "python")) as target:
            added = stranger("replay", mine, "--api", served.base_url)
            # Nobody was told; over the control side the receiver becomes a target.
            told = run("curl", "-s", "-f", "-d", f'{{"url": "{target}"}}', "-H", "Content-Type: application/json",
                       f"{served.base_url}/_simulator/targets", folder=tmp_path)  # fmt: skip
            played = stranger("replay", mine, "--api", served.base_url)

    assert (added.returncode, told.returncode, played.returncode) == (1, 0, 0), played.stdout + played.stderr
