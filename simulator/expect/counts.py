"""One counter for each expectation: it looks at each entry once and says whether what is expected is met, and whether that is
final.

What the counters have in common. ``kinds`` are the kinds of entry that one looks at, ``decisive`` those that it must not miss;
``lost`` is how many of these have left the journal. ``met`` says whether it holds now, ``settled`` whether waiting longer
changes nothing, ``exceeded`` that it can hold no more whatever comes, ``missed`` that it can hold no more once nothing is left
to be sent; ``exact`` ones wait for quiet. ``seen`` is what was seen, in words; ``explain`` tells of one that is not met.
"""

from __future__ import annotations

from typing import TypeAlias

from simulator.expect.asks import QueriedCount, RestCount, SignedInCount
from simulator.expect.kinds import (
    Answered,
    Delivered,
    Expectation,
    GivenUp,
    Order,
    Queried,
    Rest,
    SignedIn,
)
from simulator.expect.oracles import OracleCount
from simulator.expect.orders import OrderCount
from simulator.expect.posts import AnsweredCount, EndCount

__all__ = ["Count", "count_for"]

Count: TypeAlias = (
    AnsweredCount | QueriedCount | RestCount | SignedInCount | EndCount | OrderCount | OracleCount
)


def count_for(wanted: Expectation) -> Count:
    """Return what counts for an expectation."""
    match wanted:
        case Answered():
            return AnsweredCount(wanted)
        case Queried():
            return QueriedCount(wanted)
        case Rest():
            return RestCount(wanted)
        case SignedIn():
            return SignedInCount(wanted)
        case Order():
            return OrderCount(wanted)
        case GivenUp() | Delivered():
            return EndCount(wanted)
        case _:
            return OracleCount(wanted)
