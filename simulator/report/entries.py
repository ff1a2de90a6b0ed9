"""Entries of the journal as JSON, for whoever reads them elsewhere: over HTTP, as lines, or in a report.

Decides how a fact looks; ``schemas/control/entry`` says the same. Bytes are shown as text where they are UTF-8, else in base64
under a name of their own. It must not judge.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.clock import iso_millis
from simulator.journal import (
    AttemptMade,
    ChangeMade,
    DeliveryPlanned,
    Entry,
    FaultNoted,
    OutcomeSeen,
    RequestAnswered,
    StepPlayed,
    Undone,
)
from simulator.wire import JSON, Attempt, Outcome, show_body

__all__ = ["show_entry", "show_outcome", "show_sent"]


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
            shown |= _planned(planned) | {"attempt": attempt.number} | show_sent(attempt)
            shown["struck"] = list(faults)
        case OutcomeSeen(planned=planned, attempt=attempt, outcome=outcome, verdict=verdict):
            shown |= (
                _planned(planned) | {"attempt": attempt.number, "verdict": verdict} | show_outcome(outcome)
            )
            shown["again"] = None if fact.again is None else iso_millis(fact.again)
            shown["struck"] = list(fact.faults)
        case RequestAnswered():
            shown |= _asked(fact)
        case StepPlayed(place=place, text=text, track=track):
            shown |= {"place": place, "text": text, "track": track}
        case FaultNoted(fault=number, line=line, state=state):
            shown |= {"fault": number, "line": line, "state": state}
            shown |= {"matched": fact.matched, "struck": fact.struck}
        case Undone(was=was):
            shown |= {"was": show_entry(Entry(entry.number, entry.at, was))}
        case _:
            shown |= {"text": fact.text}
    return shown


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


def show_sent(attempt: Attempt) -> dict[str, JSON]:
    """Return what an attempt posts, and where."""
    return {"url": attempt.url, "headers": _pairs(attempt.headers), **show_body(attempt.body)}


def show_outcome(outcome: Outcome) -> dict[str, JSON]:
    """Return what came back from an attempt."""
    return {
        "status": outcome.status,
        "error": outcome.error,
        "took": round(outcome.took, 6),
        "answer": {"headers": _pairs(outcome.headers.items()), **show_body(outcome.body)},
    }


def _pairs(headers: Iterable[tuple[str, str]]) -> list[JSON]:
    return [[name, value] for name, value in headers]
