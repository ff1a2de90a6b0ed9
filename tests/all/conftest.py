"""What `make test-all` runs beyond `make test`: other languages, the installed wheel, a container's steps.

A test that needs a tool says so with a marker. On a machine without the tool it is skipped, and the reason says how to get
it; `.ci/run` installs what it can.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent.parent
CLIENTS = Path(__file__).parent / "clients"
"""The programs that use the npm packages of others, and the pinned versions of these."""

NEEDS = {
    "needs_node": ("node", "apt-get install nodejs"),
    "needs_ruby": ("ruby", "apt-get install ruby"),
    "needs_curl": ("curl", "apt-get install curl"),
    "needs_openssl": ("openssl", "apt-get install openssl"),
    "needs_chromium": ("chromium", "apt-get install chromium"),
}
"""The tool that each marker stands for, and how to get it."""


def pytest_configure(config):
    for marker, (tool, _) in NEEDS.items():
        config.addinivalue_line("markers", f"{marker}: runs {tool}")


def pytest_runtest_setup(item):
    for marker, (tool, how) in NEEDS.items():
        if item.get_closest_marker(marker) and shutil.which(tool) is None:
            pytest.skip(f"{tool} is not on this machine; get it with: {how}")


@pytest.fixture(scope="session")
def node_clients(tmp_path_factory) -> Path:
    """Give a folder with the programs of ``clients/`` and the npm packages that they need."""
    folder = tmp_path_factory.mktemp("clients")
    shutil.copytree(CLIENTS, folder, dirs_exist_ok=True)
    done = run("npm", "ci", "--no-fund", "--no-audit", "--ignore-scripts", folder=folder)
    if done.returncode != 0:
        pytest.skip(f"npm cannot install the clients here: {done.stderr.strip()[-300:]}")
    return folder


class Served(NamedTuple):
    """A simulator in a process of its own."""

    base_url: str
    ready: dict


@contextmanager
def serving(
    folder: Path,
    *arguments: str,
    port: int = 0,
    command: tuple[str, ...] = (sys.executable, "-m", "simulator"),
) -> Iterator[Served]:
    """Run `serve` until the end of the block; it is ready when the block begins."""
    file = folder / "ready.json"
    process = subprocess.Popen(
        [*command, "serve", "--port", str(port), "--ready-file", str(file), *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        # Its last line before it serves; by then the file is written.
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("Ctrl-C"):
                break
        assert file.exists(), "".join(said)
        ready = json.loads(file.read_text("utf-8"))
        yield Served(ready["base_url"], ready)
    finally:
        process.terminate()
        process.communicate()


@contextmanager
def receiving(
    folder: Path,
    environ: dict[str, str],
    *flags: str,
    python: str = sys.executable,
    file: Path = ROOT / "examples" / "receiver" / "receiver.py",
) -> Iterator[str]:
    """Run the example receiver until the end of the block and give its URL for webhooks."""
    process = subprocess.Popen(
        [python, file, *(flags or ("--port", "0"))],
        cwd=folder,
        env=os.environ | environ,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.communicate()


def free_port() -> int:
    """Return a port that was free just now, for programs that must be told one."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def run(*command: object, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=os.environ | environ,
        capture_output=True,
        text=True,
        check=False,
    )
