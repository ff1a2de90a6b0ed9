"""A project of somebody else's that has the built wheel and nothing else of ours. No network is used."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.projects import BARE, USING, unmeasured, write

ROOT = Path(__file__).parent.parent

WHERE = """\
from importlib.metadata import distribution
from pathlib import Path

import simulator


def test_simulator_is_the_installed_one(request):
    installed = Path({installed!r})
    assert Path(simulator.__file__).is_relative_to(installed)
    assert Path(str(distribution("scope-simulator").locate_file(""))) == installed
    assert request.config.pluginmanager.get_plugin("scope_simulator").__file__.startswith(str(installed))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder into which the wheel is installed. Its dependencies are those that the tests run with."""
    built, installed = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("installed")
    run([sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(built)], ROOT)
    [wheel] = built.iterdir()
    offline = ["--no-deps", "--no-index", "--disable-pip-version-check", "--no-compile"]
    run([sys.executable, "-m", "pip", "install", *offline, "--target", str(installed), str(wheel)], built)
    return installed


def run(command: list[str], folder: Path, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env=unmeasured(**environment),
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_project_uses_the_four_fixtures_of_the_wheel(installed, tmp_path, workers):
    folder = write(USING | {"test_where.py": WHERE.format(installed=str(installed))}, tmp_path / "project")

    said = run([sys.executable, "-m", "pytest", *BARE, *workers], folder, PYTHONPATH=str(installed))

    assert re.search(r"= 18 passed in [\d.]+s =", said), said
