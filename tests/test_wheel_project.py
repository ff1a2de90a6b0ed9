"""The built wheel where there is nothing else of ours: its data, its demo, a project of somebody else's. No network is used."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.bundled import contract_names, read_sdl
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


def run(command: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
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
    return done


def test_it_reads_its_own_data(installed, tmp_path):
    code = (
        "import json, simulator; from simulator import bundled;"
        "print(json.dumps([simulator.__file__, bundled.contract_names(), bundled.scenario_names(), bundled.read_sdl()]))"
    )

    done = run([sys.executable, "-c", code], tmp_path, PYTHONPATH=str(installed))

    assert done.stderr == ""
    file, names, scenarios, sdl = json.loads(done.stdout)
    assert Path(file).is_relative_to(installed)
    assert names == list(contract_names())
    assert scenarios == sorted(path.stem for path in ROOT.glob("scenarios/*.yaml"))
    assert sdl == read_sdl()


def test_it_plays_the_demo(installed, tmp_path):
    command = [sys.executable, "-m", "simulator", "demo", "--speed", "max"]

    done = run(command, tmp_path, PYTHONPATH=str(installed))

    assert done.stderr == ""
    assert "  receiver | work order WO-1042 is closed: " in done.stdout


def test_project_uses_the_four_fixtures_in_several_workers(installed, tmp_path):
    """Without workers the same project is run in ``test_pytest_plugin.py``."""
    folder = write(USING | {"test_where.py": WHERE.format(installed=str(installed))}, tmp_path / "project")

    done = run([sys.executable, "-m", "pytest", *BARE, "-n", "2"], folder, PYTHONPATH=str(installed))

    assert re.search(r"= 18 passed in [\d.]+s =", done.stdout), done.stdout
