"""A ``serve`` that nobody asks anything: the share of a core that it uses."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from bench.measuring import Line, Plan, at_most, child

__all__ = ["measure"]

_SECONDS = 10


def measure(plan: Plan) -> Iterator[Line]:
    with child(plan, plan.plain, "-m", "simulator", "serve", "--port", "0", "--json") as process:
        assert process.stdout is not None
        process.stdout.readline()
        # What it does right after its start is no idling.
        time.sleep(1)
        before = _used(process.pid)
        time.sleep(_SECONDS)
        share = 100 * (_used(process.pid) - before) / _SECONDS
    yield at_most("an idle serve, of one core", share, bound=1, seen=f"over {_SECONDS} s", unit="%")


def _used(process: int) -> float:
    """Return the processor seconds that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
