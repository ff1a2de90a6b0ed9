"""Asks operations of a stage without a server; work that waits is driven without sockets."""

from __future__ import annotations

from collections.abc import Mapping

from simulator import contracts
from simulator.control import Reply, Stage, find, read_query
from simulator.control.operations import Ask
from simulator.control.table import OPERATIONS
from simulator.settings import Settings
from simulator.wire import JSON
from tests.driving import Receiver, drive

__all__ = ["HOOK", "ask", "stage_with"]

HOOK = "http://127.0.0.1:9/hook"


def stage_with(**settings: object) -> Stage:
    """Return a stage that knows its address, has one target and tries nothing twice."""
    stage = Stage(Settings().replace(**({"targets": (HOOK,), "retry": "none"} | settings)))
    stage.platform.base_url = "http://127.0.0.1:7267"
    return stage


def ask(
    stage: Stage,
    line: str,
    body: JSON = None,
    *,
    query: Mapping[str, str] | None = None,
    receiver: Receiver | None = None,
) -> tuple[int, JSON]:
    """Carry out ``GET health`` and the like as the server would; the body and the result must fit their contracts."""
    method, path = line.split()
    found = find(OPERATIONS, method, path)
    row = found.operation
    if body is not None and not row.takes_text:
        contracts.check(row.body, body)
    result = row.function(stage, Ask(found.path, read_query(row, query or {}), body))
    reply = result if isinstance(result, Reply) else drive(stage.platform, result, receiver)
    status = reply.status or row.status
    contract = row.result if status < 300 else "control/problem"
    if contract is None:
        assert reply.body is None
    else:
        contracts.check(contract, reply.body)
    return status, reply.body
