"""Each attempt is written anew: its own time, the headers of the settings, and what somebody put in on purpose."""

from __future__ import annotations

import json

import pytest

from simulator.clock import Moment
from simulator.engine import Platform
from simulator.seeds import Seed
from simulator.settings import Settings
from simulator.webhooks.outbox import Delivery
from simulator.webhooks.payloads import Payload, Replacement
from simulator.webhooks.targets import Target
from simulator.webhooks.writing import Writer, Written, body_of
from simulator.world.view import View

TARGET = Target("1", "http://127.0.0.1:9/hooks")
SCOPE = "http://scope"


def view(second: int = 0) -> View:
    one = Platform(Settings())
    return View(one.world, Moment(one.now + second * 1000), one.ids, 1, SCOPE)


def written(payload: Payload, *, second: int = 0, **settings: object) -> Written:
    return Writer(Settings().replace(**settings), Seed(1))(Delivery(1, TARGET, payload), view(second))


def test_post_bears_the_time_of_its_attempt():
    payload = Payload("update", "ScenarioSession", "A=")

    times = [json.loads(written(payload, second=second).body)["time"] for second in (0, 1, 86_400)]

    assert times == ["2021-03-01T08:00:00Z", "2021-03-01T08:00:01Z", "2021-03-02T08:00:00Z"]


@pytest.mark.parametrize(
    ("payload", "contract"),
    [
        (Payload("update", "ScenarioSession", "A="), "webhook/resource"),
        (Payload.raw("connected", "iot", data={"device_id": "5c4b"}), "webhook/non_resource"),
    ],
)
def test_contract_follows_the_kind_of_payload(payload, contract):
    one = written(payload)

    assert (one.contract, one.checked) == (contract, one.body)
    assert (one.contract, one.body) == body_of(payload, view().now, SCOPE)


def test_what_is_put_in_on_purpose_is_not_what_the_contract_is_held_against():
    plain = Payload("update", "ScenarioSession", "A=")
    payload = Payload("update", "ScenarioSession", "A=", replacements=(Replacement(("time",), None),))

    one = written(payload)

    assert one.checked == written(plain).body
    assert json.loads(one.body) == json.loads(one.checked) | {"time": None}


def test_headers_of_the_settings_stand_beside_ours_and_may_replace_them():
    one = written(Payload("update", "Call", "A="), headers=["X-Tenant: acme", "user-agent: Mine"])

    assert one.headers == (("Content-Type", "application/json"), ("X-Tenant", "acme"), ("user-agent", "Mine"))
