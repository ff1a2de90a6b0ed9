"""Which faults there are, and how each says itself again."""

from __future__ import annotations

import pytest

from simulator.contracts import load, problems
from simulator.settings.fault_kinds import BESIDE, DAMAGES, FAULTS, MATCHES, SIDES, Fault, FaultKind, Rate
from simulator.settings.faults import read_fault, read_line

KINDS = [(side, kind) for side in SIDES for kind in FAULTS[side].values()]


@pytest.mark.parametrize(("side", "kind"), KINDS, ids=lambda one: getattr(one, "name", one))
def test_fault_says_itself_again_as_a_mapping_and_in_one_line(side: str, kind: FaultKind):
    fault = read_fault(side, {kind.name: kind.example})

    assert fault.shown == {kind.name: kind.example}
    assert read_fault(side, fault.shown) == fault
    assert read_fault(*read_line(fault.line)) == fault


@pytest.mark.parametrize("side", SIDES)
def test_all_that_stands_beside_a_fault_is_said_again(side: str):
    match = {"of": "x", "event": "finished", "attempt": 2} if side == "delivery" else {"operation": "A,B"}
    name = "unreachable" if side == "delivery" else "status"
    retry = {"retry_after": "1m"} if side == "api" else {}
    given = {
        name: FAULTS[side][name].example,
        **retry,
        "times": 2,
        "chance": 0.3,
        "for": "2h",
        "match": match,
    }

    fault = read_fault(side, given)

    assert fault.shown == given
    assert read_fault(*read_line(fault.line)) == fault


def test_line_quotes_what_holds_a_comma():
    fault = Fault("api", "graphql_error", "sorry, later", match=(("operation", "Q"),))

    assert fault.line == 'api.graphql_error="sorry, later",operation=Q'


def test_contract_of_scripts_holds_the_same_names_and_conditions():
    contract = load("script")["$defs"]
    for side, name in (("delivery", "deliveryFault"), ("api", "apiFault")):
        properties = contract[name]["properties"]
        beside = [key for key in BESIDE if side == "api" or key != "retry_after"]
        assert [one["required"] for one in contract[name]["oneOf"]] == [[kind] for kind in FAULTS[side]]
        assert set(properties) == {*FAULTS[side], *beside, "match"}
        assert set(properties["match"]["properties"]) == set(MATCHES[side])
        assert {kind: properties[kind]["description"] for kind in FAULTS[side]} == {
            kind.name: kind.summary for kind in FAULTS[side].values()
        }


@pytest.mark.parametrize(("side", "kind"), KINDS, ids=lambda one: getattr(one, "name", one))
def test_contract_of_scripts_takes_every_example(side: str, kind: FaultKind):
    script = {"title": "t", "steps": [{"faults": {side: [{kind.name: kind.example}]}}]}

    assert problems("script", script) == []


def test_every_damage_is_told_of():
    assert all(damage in FAULTS["delivery"]["damage"].summary for damage in DAMAGES)


@pytest.mark.parametrize(
    ("written", "rate"),
    [("10/s", Rate(10, 1000)), ("100/m", Rate(100, 60_000)), ("1000/h", Rate(1000, 3_600_000))],
)
def test_rate_is_so_many_in_a_unit(written: str, rate: Rate):
    assert read_fault("api", {"rate_limit": written}).value == rate
