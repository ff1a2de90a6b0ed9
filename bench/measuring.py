"""How things are measured: in turn, several times, as medians; and commands as a user would run them.

Byte code is cached as it is for an installed package, in a folder of this run's own.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

__all__ = [
    "ROOT",
    "Line",
    "Measure",
    "Plan",
    "at_least",
    "at_most",
    "child",
    "free_port",
    "last_line_of",
    "medians",
    "receiver",
    "seconds_of",
    "told",
]

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Plan:
    """How to measure: the interpreter ``plain``, and ``fast``, one with the extra, or None; how many ``rounds``."""

    plain: str
    fast: str | None
    rounds: int
    folder: Path


@dataclass(frozen=True, slots=True)
class Line:
    """One promise: what was measured, the figure, the bound, whether it holds (None: nothing was promised), and
    what the figure comes from."""

    what: str
    figure: str
    bound: str
    holds: bool | None
    seen: str


class Measure(Protocol):
    """What each of the modules offers."""

    def __call__(self, plan: Plan) -> Iterator[Line]:
        """Yield what was measured."""


def at_most(what: str, figure: float, *, bound: float, seen: str, unit: str = "x") -> Line:
    return Line(what, f"{figure:.2f} {unit}", f"<= {bound:g} {unit}", figure <= bound, seen)


def at_least(what: str, figure: float, *, bound: float, seen: str, unit: str = "x") -> Line:
    return Line(what, f"{figure:.2f} {unit}", f">= {bound:g} {unit}", figure >= bound, seen)


def told(what: str, figure: str, *, seen: str) -> Line:
    """Return a line that nothing was promised about."""
    return Line(what, figure, "", None, seen)


def medians(rounds: int, *measured: Callable[[], float]) -> list[float]:
    """Return the median of each, all measured in turn, after a round that only warms up."""
    figures: list[list[float]] = [[] for _ in measured]
    for turn in range(rounds + 1):
        for figure, measure in zip(figures, measured, strict=True):
            value = measure()
            if turn:
                figure.append(value)
    return [statistics.median(figure) for figure in figures]


def seconds_of(plan: Plan, *command: str) -> float:
    """Run a command to its end and return the wall seconds that it took, start included."""
    began = time.perf_counter()
    last_line_of(plan, *command)
    return time.perf_counter() - began


def last_line_of(plan: Plan, *command: str) -> str:
    """Run a command to its end and return the last line of its output."""
    done = subprocess.run(
        command, cwd=ROOT, env=_environment(plan), capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return done.stdout.rpartition("\n")[0].rpartition("\n")[2]


@contextmanager
def child(plan: Plan, *command: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command while the context lasts; its output is there to read."""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=_environment(plan),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


@contextmanager
def receiver(plan: Plan) -> Iterator[str]:
    """Run a receiver in a process of its own and give its URL."""
    with child(plan, plan.plain, "-m", "bench.receiver") as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/hooks"


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _environment(plan: Plan) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(plan.folder / "bytecode"), "NO_COLOR": "1"}
