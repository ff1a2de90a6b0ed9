"""Deliveries, faults, targets and resources as JSON for the control side; entries of the journal look as in reports.

Decides how each looks to whoever drives the simulator over HTTP; the contracts in ``schemas/control/`` say the
same. It must not judge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.clock import Clock, iso_millis
from simulator.engine import Resource
from simulator.faults import Active
from simulator.report.deliveries import AttemptStory, DeliveryStory
from simulator.report.entries import show_entry, show_outcome, show_sent
from simulator.webhooks.targets import Standing
from simulator.wire import JSON, curl_line

if TYPE_CHECKING:
    from simulator.expect import Verdict

__all__ = [
    "show_clock",
    "show_delivery",
    "show_entry",
    "show_fault",
    "show_resource",
    "show_target",
    "show_verdict",
]


def show_delivery(story: DeliveryStory) -> dict[str, JSON]:
    """Return a delivery with its attempts, their raw bytes and the shell lines that repeat them."""
    return {
        "id": story.planned.delivery,
        "at": iso_millis(story.at),
        "target": story.planned.target,
        "event": story.planned.word,
        "type": story.planned.type,
        "resource": story.planned.id,
        "topic": story.planned.topic,
        "state": story.state,
        "faults": list(story.planned.faults),
        "copy_of": story.planned.copy_of,
        "attempts": [_show_attempt(one) for one in story.attempts],
    }


def show_clock(clock: Clock) -> dict[str, JSON]:
    return {"mode": clock.speed.name, "now": iso_millis(clock.now())}


def show_fault(active: Active) -> dict[str, JSON]:
    """Return a fault as it was set, its number, how often something matched it and it struck, and whether it is over."""
    return {
        "number": active.number,
        "fault": active.fault.shown,
        "line": active.fault.line,
        "set": iso_millis(active.since),
        "matched": active.matched,
        "struck": active.struck,
        "over": active.over,
    }


def show_resource(resource: Resource) -> dict[str, JSON]:
    """Return ``id``, ``type`` (the GraphQL type) and the fields; a field that is itself called ``type`` is ``type_``."""
    fields = {
        ("type_" if name == "type" else name): value for name, value in resource.items() if name != "id"
    }
    return {"id": resource.id, "type": resource.type, **fields}


def show_target(standing: Standing) -> dict[str, JSON]:
    return {
        "id": standing.target.id,
        "url": standing.target.url,
        "hears": "subscriptions" if standing.callback else "everything",
        "enabled": standing.disabled is None,
        "disabled": standing.disabled,
        "failures": standing.failures,
    }


def show_verdict(verdict: Verdict) -> dict[str, JSON]:
    return {
        "met": verdict.met,
        "judged": verdict.judged,
        "expected": verdict.expected,
        "seen": verdict.seen,
        "misses": list(verdict.misses),
        "curl": verdict.curl,
    }


def _show_attempt(story: AttemptStory) -> dict[str, JSON]:
    came_back = {} if story.outcome is None else show_outcome(story.outcome)
    return {
        "number": story.attempt.number,
        "at": iso_millis(story.at),
        **show_sent(story.attempt),
        "curl": curl_line(story.attempt),
        "faults": list(story.faults),
        "status": None,
        "error": None,
        **came_back,
    }
