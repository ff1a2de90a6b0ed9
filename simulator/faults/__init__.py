"""Mistakes on purpose, on either side: which fault strikes what, how often, and by what chance."""

from __future__ import annotations

from simulator.faults.matching import Aimed, find_impossible
from simulator.faults.state import Active, AttemptTrouble, Faults, PlanTrouble, RequestTrouble

__all__ = [
    "Active",
    "Aimed",
    "AttemptTrouble",
    "Faults",
    "PlanTrouble",
    "RequestTrouble",
    "find_impossible",
]
