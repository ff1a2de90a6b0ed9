"""A reset: a new world in place of one that was worked with."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from bench.measuring import Line, Plan, at_most
from simulator import Simulator

__all__ = ["measure"]


def measure(plan: Plan) -> Iterator[Line]:
    took = []
    with Simulator() as scope:
        for _ in range(20 * plan.rounds):
            scope.finish(scope.create("ScenarioSession"))
            began = time.perf_counter()
            scope.reset()
            took.append((time.perf_counter() - began) * 1000)
    yield at_most("a reset", statistics.median(took), bound=5, seen="", unit="ms")
