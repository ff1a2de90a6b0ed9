"""A large world: how soon it is there, and what a session costs that nobody has looked at."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bench.measuring import Line, Plan, at_most, child, medians, told
from bench.start import until_it_answers

__all__ = ["measure"]

_MANY = 1_000_000


def measure(plan: Plan) -> Iterator[Line]:
    small, large = medians(plan.rounds, lambda: _start(plan, 10), lambda: _start(plan, 100_000))
    seen = f"{large * 1000:.0f} ms to {small * 1000:.0f} ms"
    yield at_most("serve with 100,000 sessions, to one with 10", large / small, bound=1.2, seen=seen)
    none, many = medians(1, lambda: _megabytes(plan, 0), lambda: _megabytes(plan, _MANY))
    each = (many - none) * 1024 * 1024 / _MANY
    seen = f"{none:.1f} MB with none, {many:.1f} MB with {_MANY:,}"
    yield told("memory of a session nobody has touched", f"{each:.1f} B", seen=seen)


def _start(plan: Plan, sessions: int) -> float:
    return until_it_answers(
        plan, plan.plain, "-m", "simulator", "serve", "--sessions", str(sessions), "--port"
    )


def _megabytes(plan: Plan, sessions: int) -> float:
    """Return what a simulator that listens, and has answered, has in memory."""
    with child(
        plan, plan.plain, "-m", "simulator", "serve", "--port", "0", "--json", "--sessions", str(sessions)
    ) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["control_url"]
        urllib.request.urlopen(f"{url}health").read()
        status = Path(f"/proc/{process.pid}/status").read_text()
    (kilobytes,) = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(kilobytes) / 1024
