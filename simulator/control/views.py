"""The journal, its deliveries and the resources as JSON for the control side.

Decides how a fact looks to whoever drives the simulator over HTTP; the contracts in ``schemas/control/`` say the
same. Bytes are shown as text where they are UTF-8, else in base64 under a name of their own. It must not judge.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from simulator.clock import iso_millis
from simulator.engine import Resource
from simulator.faults import Active
from simulator.journal import (
    AttemptMade,
    ChangeMade,
    DeliveryPlanned,
    Entry,
    FaultNoted,
    OutcomeSeen,
    RequestAnswered,
    StepPlayed,
)
from simulator.report.deliveries import AttemptStory, DeliveryStory
from simulator.webhooks.targets import Standing
from simulator.wire import JSON, Attempt, Outcome, curl_line, show_body

if TYPE_CHECKING:
    from simulator.expect import Verdict

__all__ = [
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


def show_entry(entry: Entry) -> dict[str, JSON]:
    """Return an entry: ``number``, ``at``, ``kind``, ``about`` and what its kind has to tell."""
    fact = entry.fact
    shown: dict[str, JSON] = {
        "number": entry.number,
        "at": iso_millis(entry.at),
        "kind": fact.kind,
        "about": list(fact.about),
    }
    match fact:
        case ChangeMade(verb=verb, type=kind, words=words, by=by):
            shown |= {"verb": verb, "type": kind, "events": list(words), "by": by}
        case DeliveryPlanned():
            shown |= _planned(fact)
        case AttemptMade(planned=planned, attempt=attempt, faults=faults):
            shown |= _planned(planned) | {"attempt": attempt.number} | _sent(attempt)
            shown["struck"] = list(faults)
        case OutcomeSeen(planned=planned, attempt=attempt, outcome=outcome, verdict=verdict):
            shown |= _planned(planned) | {"attempt": attempt.number, "verdict": verdict} | _came_back(outcome)
            shown["again"] = None if fact.again is None else iso_millis(fact.again)
            shown["struck"] = list(fact.faults)
        case RequestAnswered():
            shown |= _asked(fact)
        case StepPlayed(place=place, text=text, track=track):
            shown |= {"place": place, "text": text, "track": track}
        case FaultNoted(fault=number, line=line, state=state):
            shown |= {"fault": number, "line": line, "state": state}
            shown |= {"matched": fact.matched, "struck": fact.struck}
        case _:
            shown |= {"text": fact.text}
    return shown


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


def _planned(planned: DeliveryPlanned) -> dict[str, JSON]:
    return {
        "delivery": planned.delivery,
        "target": planned.target,
        "event": planned.word,
        "type": planned.type,
        "resource": planned.id,
        "topic": planned.topic,
        "faults": list(planned.faults),
        "copy_of": planned.copy_of,
        "dropped": planned.dropped,
    }


def _asked(fact: RequestAnswered) -> dict[str, JSON]:
    request = fact.request
    return {
        "route": fact.route,
        "operation": fact.operation,
        "asked": [{"id": one.id, "fields": [*sorted(one.fields)]} for one in fact.asked],
        "observer": fact.observer,
        "method": request.method,
        "path": request.path,
        "query": dict(request.query),
        "headers": _pairs(request.headers.items()),
        **show_body(request.body),
        "status": fact.answer.status,
        "answer": show_body(fact.answer.body),
        "faults": list(fact.faults),
        "spoilt": fact.spoilt,
    }


def _show_attempt(story: AttemptStory) -> dict[str, JSON]:
    came_back = {} if story.outcome is None else _came_back(story.outcome)
    return {
        "number": story.attempt.number,
        "at": iso_millis(story.at),
        **_sent(story.attempt),
        "curl": curl_line(story.attempt),
        "faults": list(story.faults),
        "status": None,
        "error": None,
        **came_back,
    }


def _sent(attempt: Attempt) -> dict[str, JSON]:
    return {"url": attempt.url, "headers": _pairs(attempt.headers), **show_body(attempt.body)}


def _came_back(outcome: Outcome) -> dict[str, JSON]:
    return {
        "status": outcome.status,
        "error": outcome.error,
        "took": round(outcome.took, 6),
        "answer": {"headers": _pairs(outcome.headers.items()), **show_body(outcome.body)},
    }


def _pairs(headers: Iterable[tuple[str, str]]) -> list[JSON]:
    return [[name, value] for name, value in headers]
