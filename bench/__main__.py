"""``python -m bench [NAME...] [--fast PYTHON] [--rounds N]``: measure, and print a table of what was promised.

PYTHON is an interpreter whose environment has the extra ``[fast]`` too; without it only the lines without are measured.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path

from bench import (
    backlog,
    emit,
    idle,
    journal,
    overlap,
    querying,
    remembering,
    replay,
    reset,
    snapshot,
    start,
    testing,
    world,
)
from bench.measuring import Line, Measure, Plan

MEASURES: dict[str, Measure] = {
    "start": start.measure,
    "testing": testing.measure,
    "reset": reset.measure,
    "snapshot": snapshot.measure,
    "emit": emit.measure,
    "backlog": backlog.measure,
    "replay": replay.measure,
    "overlap": overlap.measure,
    "world": world.measure,
    "journal": journal.measure,
    "remembering": remembering.measure,
    "idle": idle.measure,
    "querying": querying.measure,
}


def main() -> None:
    given = _arguments()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, medians of {given.rounds} rounds\n")
    print(f"{'what':<66} {'is':>9} {'promised':>10}")
    failed = 0
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        plan = Plan(plain=sys.executable, fast=given.fast, rounds=given.rounds, folder=Path(folder))
        for name in given.names or MEASURES:
            for line in MEASURES[name](plan):
                _show(line)
                failed += line.holds is False
    print(f"\n{failed or 'no'} promise{'s' if failed > 1 else ''} broken in this run")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASURES))
    parser.add_argument("--fast", metavar="PYTHON", help="an interpreter with the extra [fast]")
    parser.add_argument("--rounds", type=int, default=7, metavar="N")
    given = parser.parse_args()
    if unknown := set(given.names) - set(MEASURES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(MEASURES)}")
    return given


def _show(line: Line) -> None:
    verdict = {True: "holds", False: "BROKEN", None: ""}[line.holds]
    print(f"{line.what:<66} {line.figure:>9} {line.bound:>10}  {verdict:<7} {line.seen}", flush=True)


main()
