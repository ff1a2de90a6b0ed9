"""Judging what a receiver did, from the journal as it grows.

Somebody makes a ``Watch`` over a group of expectations, a driver waits until it is ``ready`` or its time is up, and
its ``verdicts`` say what came of each. Nothing here waits, reads a clock or changes the platform.
"""

from simulator.expect.counts import QUIET
from simulator.expect.kinds import (
    SUCCESS,
    Answered,
    Delivered,
    Expectation,
    GivenUp,
    Queried,
    Statuses,
    parse_statuses,
)
from simulator.expect.verdicts import Verdict, explain
from simulator.expect.watch import Watch, excused

__all__ = [
    "QUIET",
    "SUCCESS",
    "Answered",
    "Delivered",
    "Expectation",
    "GivenUp",
    "Queried",
    "Statuses",
    "Verdict",
    "Watch",
    "excused",
    "explain",
    "parse_statuses",
]
