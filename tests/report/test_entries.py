"""Entries as JSON keep their contract, whatever they tell of."""

from __future__ import annotations

import pytest

from simulator import contracts
from simulator.clock import Moment
from simulator.journal import (
    AttemptMade,
    ChangeMade,
    DeliveryPlanned,
    Entry,
    FaultNoted,
    Noted,
    OutcomeSeen,
    StepPlayed,
    Undone,
)
from simulator.report.entries import show_entry
from simulator.wire import Attempt, Outcome
from tests.expect.story import NOW, request

PLANNED = DeliveryPlanned(1, "http://localhost/", "create", "Call", "id")
ATTEMPT = Attempt(1, 1, "http://localhost/", (("A", "b"),), b"\xff", 1.0)
HEAD = {"number": 1, "at": "2021-03-01T08:00:00.000Z"}
TOLD = {
    "delivery": 1,
    "target": "http://localhost/",
    "event": "create",
    "type": "Call",
    "resource": "id",
    "topic": None,
    "faults": [],
    "copy_of": None,
    "dropped": False,
}


@pytest.mark.parametrize(
    ("fact", "shown"),
    [
        (
            ChangeMade("create", "Call", "id", ("create",), "ana"),
            {
                "kind": "change",
                "about": ["id"],
                "verb": "create",
                "type": "Call",
                "events": ["create"],
                "by": "ana",
            },
        ),
        (PLANNED, {"kind": "delivery", "about": ["id"], **TOLD}),
        (
            AttemptMade(PLANNED, ATTEMPT),
            {
                "kind": "attempt",
                "about": ["id"],
                **TOLD,
                "attempt": 1,
                "url": "http://localhost/",
                "headers": [["A", "b"]],
                "body_base64": "/w==",
                "struck": [],
            },
        ),
        (
            OutcomeSeen(PLANNED, ATTEMPT, Outcome(None, "reset", took=0.5), "retry", Moment(NOW + 5000)),
            {
                "kind": "outcome",
                "about": ["id"],
                **TOLD,
                "attempt": 1,
                "verdict": "retry",
                "status": None,
                "error": "reset",
                "took": 0.5,
                "answer": {"headers": [], "body": ""},
                "again": "2021-03-01T08:00:05.000Z",
                "struck": [],
            },
        ),
        (
            request("id", operation="Q"),
            {
                "kind": "request",
                "about": ["id"],
                "route": "graphql",
                "operation": "Q",
                "asked": [{"id": "id", "fields": ["state"]}],
                "observer": False,
                "method": "POST",
                "path": "/api/v3/graphql",
                "query": {},
                "headers": [],
                "body": "",
                "status": 200,
                "answer": {"body": "{}"},
                "faults": [],
                "spoilt": False,
            },
        ),
        (
            StepPlayed("a.yaml:2", "wait: 1s", "2.1"),
            {"kind": "step", "about": [], "place": "a.yaml:2", "text": "wait: 1s", "track": "2.1"},
        ),
        (
            FaultNoted(1, "delivery.drop", "set"),
            {
                "kind": "fault",
                "about": [],
                "fault": 1,
                "line": "delivery.drop",
                "state": "set",
                "matched": 0,
                "struck": 0,
            },
        ),
        (Noted("reset"), {"kind": "note", "about": [], "text": "reset"}),
        (
            Undone(Noted("reset")),
            {"kind": "undone", "about": [], "was": HEAD | {"kind": "note", "about": [], "text": "reset"}},
        ),
    ],
    ids=lambda one: getattr(one, "kind", ""),
)
def test_entry_is_shown_with_what_its_kind_has_to_tell(fact, shown):
    entry = show_entry(Entry(1, NOW, fact))

    assert entry == HEAD | shown
    assert contracts.problems("control/entry", entry) == []
