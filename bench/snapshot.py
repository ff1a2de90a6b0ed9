"""Snapshots of a world in which much was touched, taken and gone back to."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

from bench.measuring import Line, Plan, at_most
from simulator.engine import Platform
from simulator.settings import Settings
from simulator.wire import Outcome

__all__ = ["measure"]

_SESSIONS = 10_000


def measure(plan: Plan) -> Iterator[Line]:
    platform = _touched()
    seen = f"{platform.journal.last:,} entries, {platform.tally().delivered:,} delivered"
    snapshot = platform.snapshot()
    yield at_most(
        f"a snapshot with {_SESSIONS:,} touched sessions, processor time",
        _median(platform.snapshot, plan.rounds),
        bound=20,
        seen=seen,
        unit="ms",
    )
    yield at_most(
        "and going back to it, processor time",
        _median(lambda: platform.restored(snapshot), plan.rounds),
        bound=20,
        seen=seen,
        unit="ms",
    )


def _touched() -> Platform:
    """Return a platform with so many sessions of a day's work, each told to a target and answered."""
    platform = Platform(Settings(), base_url="http://127.0.0.1:7267", targets=("http://127.0.0.1:9/hooks",))
    for number in range(_SESSIONS):
        platform.apply("create", "ScenarioSession", {"externalData": {"order": number}})
        while attempts := platform.due():
            for attempt in attempts:
                platform.report(attempt, Outcome(200))
    return platform


def _median(work: Callable[[], object], rounds: int) -> float:
    took = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        took.append((time.process_time() - began) * 1000)
    return statistics.median(took)
