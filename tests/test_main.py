"""The package runs as a module."""

from __future__ import annotations

import subprocess
import sys


def test_module_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "simulator", "scenarios"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
