"""Hooks of Schemathesis for the control side: some ids are those of what is there, and nothing is waited for long."""

from __future__ import annotations

import os

import schemathesis

_KNOWN = {
    "resource": ["ScenarioSession", "Call", "User", *os.environ.get("SCOPE_IDS", "").split(",")],
    "id": ["1", "2", *os.environ.get("SCOPE_IDS", "").split(",")],
    "verb": ["pause", "resume", "finish", "view", "record", "check", "leave", "join", "update"],
    "run": ["1"],
}


def _one_of(known, given):
    return known[len(given) % len(known)] if len(given) % 3 else given


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    return {
        name: _one_of(_KNOWN[name], given) if name in _KNOWN and isinstance(given, str) else given
        for name, given in (path_parameters or {}).items()
    }


@schemathesis.hook
def map_body(context, body):
    waits = context.operation.path.endswith(("/wait", "/settle"))
    return {**body, "within": "10ms"} if waits and isinstance(body, dict) else body


@schemathesis.hook
def map_query(context, query):
    return {name: "10ms" if name == "within" else given for name, given in (query or {}).items()}
