"""The table keeps what the interface promises."""

from __future__ import annotations

import pytest

from simulator.bundled import contract_names
from simulator.control import OPERATIONS, operation
from simulator.errors import NotFoundError

PROMISED = {
    ("GET", "health"),
    ("POST", "reset"),
    ("GET", "journal"),
    ("GET", "journal/tree"),
    ("GET", "journal/stream"),
    ("GET", "requests"),
    ("GET", "deliveries"),
    ("GET", "deliveries/{id}"),
    ("POST", "deliveries/wait"),
    ("POST", "expectations/wait"),
    ("POST", "deliveries/resend"),
    ("POST", "deliveries/{id}/resend"),
    ("POST", "requests/wait"),
    ("GET", "targets"),
    ("POST", "targets"),
    ("DELETE", "targets/{id}"),
    ("PATCH", "targets/{id}"),
    ("GET", "subscriptions"),
    ("POST", "subscriptions"),
    ("GET", "subscriptions/{id}"),
    ("PATCH", "subscriptions/{id}"),
    ("DELETE", "subscriptions/{id}"),
    ("GET", "resources/{resource}"),
    ("POST", "resources/{resource}"),
    ("PATCH", "resources/{resource}"),
    ("DELETE", "resources/{resource}"),
    ("POST", "resources/{resource}/{verb}"),
    ("POST", "events"),
    ("POST", "scripts"),
    ("GET", "scripts/{run}"),
    ("GET", "scripts/{run}/journal"),
    ("GET", "clock"),
    ("PUT", "clock"),
    ("POST", "clock/advance"),
    ("POST", "settle"),
    ("POST", "signatures/explain"),
    ("GET", "snapshots"),
    ("POST", "snapshots"),
    ("POST", "snapshots/{id}/restore"),
    ("DELETE", "snapshots/{id}"),
    ("GET", "faults"),
    ("PUT", "faults"),
    ("DELETE", "faults"),
    ("GET", "openapi.json"),
}


def test_every_promised_route_is_there_and_no_other():
    assert {(one.method, one.path) for one in OPERATIONS} == PROMISED


def test_every_contract_is_shipped():
    named = {name for one in OPERATIONS for name in (one.body, one.result) if name}

    assert named <= set(contract_names())


def test_operation_is_found_by_name():
    assert operation("health").path == "health"
    with pytest.raises(NotFoundError, match="Did you mean health"):
        operation("helth")
