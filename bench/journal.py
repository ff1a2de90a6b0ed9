"""A journal at its bound: how much more memory it takes over a million entries, and how long one delivery takes to find.

``python -m bench.journal`` fills a journal of 100,000 with entries as a platform writes them, then writes a million more, while
an exact expectation counts and somebody asks about a resource and a delivery now and then. It prints how many MB the
process grew after the bound was reached, and the seconds a delivery took to find.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from bench.measuring import Line, Plan, at_most, last_line_of, told
from simulator.clock import Moment
from simulator.expect import Queried, Watch
from simulator.journal import (
    Asked,
    AttemptMade,
    ChangeMade,
    DeliveryPlanned,
    Fact,
    Journal,
    OutcomeSeen,
    RequestAnswered,
)
from simulator.wire import Answer, Attempt, Outcome, Request

__all__ = ["measure"]

_BOUND = 100_000
_ENTRIES = 1_000_000
_URL = "http://127.0.0.1:8000/hooks"


def measure(plan: Plan) -> Iterator[Line]:
    grown, found = map(float, last_line_of(plan, plan.plain, "-m", "bench.journal").split())
    seen = f"{_ENTRIES:,} entries after its {_BOUND:,}"
    yield at_most("a journal at its bound, growth of the process", grown, bound=8, seen=seen, unit="MB")
    yield told("one delivery in a full journal, found", f"{found * 1e6:.0f} us", seen="once it was indexed")


def main() -> None:
    journal = Journal(_BOUND, timer=time.monotonic)
    watch = Watch(journal, [Queried(of=_id(0), times=0)])
    _write(journal, _BOUND)
    journal.about(_id(0))
    journal.of_delivery(1)
    before = _resident()
    peak = before
    while journal.last < _BOUND + _ENTRIES:
        _write(journal, _BOUND // 4)
        journal.about(_id(journal.last))
        journal.of_delivery(journal.last // 5)
        peak = max(peak, _resident())
    began = time.perf_counter()
    assert journal.of_delivery(journal.last // 5)
    print(f"{(peak - before) / 1e6:.1f} {time.perf_counter() - began:.9f}")
    watch.close()


def _write(journal: Journal, count: int) -> None:
    for _ in range(count // 5):
        number = journal.last // 5 + 1
        for fact in _facts(number):
            journal.append(Moment(number), fact)


def _facts(number: int) -> tuple[Fact, ...]:
    about, body = _id(number), b'{"event":"update","data":{"resource-id":"%064d"}}' % number
    planned = DeliveryPlanned(number, _URL, "update", "ScenarioSession", about)
    attempt = Attempt(number, 1, _URL, (("Content-Type", "application/json"),), body, 10.0)
    asked = (Asked(about, frozenset(("state", "duration"))),)
    headers = {"authorization": f"Bearer {number:040}", "content-type": "application/json"}
    return (
        ChangeMade("update", "ScenarioSession", about, ("update",), None),
        planned,
        AttemptMade(planned, attempt),
        RequestAnswered(
            Request("POST", "/api/v3/graphql", {}, headers, body),
            Answer(200, body),
            "graphql",
            "Q",
            asked,
            observer=False,
        ),
        OutcomeSeen(
            planned, attempt, Outcome(200, headers={"server": f"bench {number}"}, took=0.001), "delivered"
        ),
    )


def _id(number: int) -> str:
    return f"{number:064}"


def _resident() -> int:
    """Return the bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
