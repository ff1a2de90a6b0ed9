"""The next delivery out of a backlog: it costs the same however long that is, in turn and among retries."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial

from bench.measuring import Line, Plan, at_most, medians
from simulator.clock import Moment
from simulator.webhooks.outbox import Outbox
from simulator.webhooks.payloads import Payload
from simulator.webhooks.targets import Target

__all__ = ["measure"]

_BACKLOGS = (1_000, 10_000, 100_000)
_POSTS = 500
_TARGET = Target("1", "http://127.0.0.1:9/hooks")
_PAYLOAD = Payload("update", "ScenarioSession", "x" * 64)


def measure(plan: Plan) -> Iterator[Line]:
    small, *larger = medians(plan.rounds, *(partial(_took, backlog) for backlog in _BACKLOGS))
    for backlog, took in zip(_BACKLOGS[1:], larger, strict=True):
        seen = f"{took / _POSTS * 1e6:.2f} us to {small / _POSTS * 1e6:.2f}"
        yield at_most(
            f"the next delivery out of {backlog:,}, to out of 1,000", took / small, bound=1.25, seen=seen
        )


def _took(backlog: int) -> float:
    """Return the seconds that some posts take out of a backlog, which never shrinks: whatever ends is followed by another."""
    outbox = Outbox()
    for number in range(backlog):
        outbox.put(_TARGET, _PAYLOAD, due=Moment(10_000 + number) if number % 2 else None)
    began = time.perf_counter()
    for number in range(_POSTS):
        ((delivery, _), *_) = outbox.take(Moment(0))
        outbox.report(delivery.number, number % 2 == 0, retry=Moment(10_000 + number))
        outbox.put(_TARGET, _PAYLOAD)
    return time.perf_counter() - began
