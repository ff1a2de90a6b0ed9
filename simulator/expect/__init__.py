"""Judging what a receiver did, from the journal as it grows.

Somebody makes a ``Watch`` over a group of expectations, a driver waits until it is ``ready`` or its time is up, and
its ``verdicts`` say what came of each. Nothing here waits, reads a clock or changes the platform.
"""

from simulator.expect.kinds import (
    SUCCESS,
    Answered,
    Expectation,
    Queried,
    Statuses,
    parse_statuses,
)
from simulator.expect.watch import QUIET, Verdict, Watch, explain

__all__ = [
    "QUIET",
    "SUCCESS",
    "Answered",
    "Expectation",
    "Queried",
    "Statuses",
    "Verdict",
    "Watch",
    "explain",
    "parse_statuses",
]
