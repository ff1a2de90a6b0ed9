"""Judging what a receiver did, from the journal as it grows and from what the receiver itself answers.

Somebody makes a ``Watch`` over a group of expectations, a driver waits until it is ``ready`` or its time is up, and
its ``verdicts`` say what came of each. ``judging`` is the work that does all this, for whoever has a driver. Nothing here waits
or changes the platform.
"""

from simulator.expect.judging import WITHIN, Within, judging
from simulator.expect.kinds import (
    QUIET,
    SUCCESS,
    Answered,
    Delivered,
    Expectation,
    GivenUp,
    Order,
    Queried,
    Receiver,
    Rest,
    SignedIn,
    Statuses,
    parse_statuses,
)
from simulator.expect.reading import EXPECTED, read_expectation, read_group, read_within
from simulator.expect.verdicts import Verdict, explain
from simulator.expect.watch import Watch, excused

__all__ = [
    "EXPECTED",
    "QUIET",
    "SUCCESS",
    "WITHIN",
    "Answered",
    "Delivered",
    "Expectation",
    "GivenUp",
    "Order",
    "Queried",
    "Receiver",
    "Rest",
    "SignedIn",
    "Statuses",
    "Verdict",
    "Watch",
    "Within",
    "excused",
    "explain",
    "judging",
    "parse_statuses",
    "read_expectation",
    "read_group",
    "read_within",
]
