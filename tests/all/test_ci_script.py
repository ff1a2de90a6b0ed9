"""The script for build servers ends with the verdict on the receiver."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.all.conftest import ROOT, free_port, run
from tests.docs.documents import missing_lines, shown_outputs

PAGE = (ROOT / "docs" / "how-to" / "ci.md").read_text("utf-8")
SCRIPT = ROOT / "examples" / "ci" / "replay.sh"
ON_PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
"""So that `python` and `scope-simulator` are those that the tests run with."""

pytestmark = pytest.mark.needs_curl


def test_receiver_that_does_its_work_passes(tmp_path):
    done = run("sh", SCRIPT, folder=tmp_path, PATH=ON_PATH, RECEIVER_PORT=str(free_port()))

    assert done.returncode == 0, done.stdout + done.stderr
    assert missing_lines(shown_outputs(PAGE)["sh examples/ci/replay.sh"], done.stdout) == []
    report = (tmp_path / "report.xml").read_text("utf-8")
    assert missing_lines(shown_outputs(PAGE)["cat report.xml"], report) == []


def test_simulator_that_cannot_start_ends_with_2(tmp_path):
    done = run("sh", SCRIPT, folder=tmp_path, PATH=ON_PATH, RECEIVER_PORT="none")

    assert done.returncode == 2
    assert "--target" in done.stdout
