"""Whatever is asked of the control side, it is done or refused in words; nothing is a mistake of ours."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import contracts
from simulator.control import OPERATIONS, Operation, problem_of
from simulator.errors import UsageError
from simulator.wire import dump
from tests.control.asking import ask, stage_with

WORDS = [
    "create",
    "finished",
    "2xx",
    "1ms",
    "1ms simulated",
    "-20m",
    "2021-03-01T09:00:00Z",
    "max",
    "PHOTO",
    "user/created",
    "{ viewer { id } }",
    "both",
    "http://localhost/",
    "ana",
    "",
]
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(WORDS) | st.text(max_size=5)  # fmt: skip
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2), max_leaves=5
)  # fmt: skip


def bodies(row: Operation) -> st.SearchStrategy:
    """Objects with keys of the contract and others, and now and then something else."""
    contract = contracts.load("settings" if row.name == "reset" else row.body)
    known = [*contract.get("properties", {}), "externalData", "steps", "checkbox", "x"]
    keys = st.sampled_from([key for key in known if key != "within"])
    some = st.dictionaries(keys, VALUES, max_size=4)
    return some.map(lambda body: {**body, "within": 0} if "wait" in row.path else body) | VALUES.filter(
        lambda body: body is not None
    )


@pytest.mark.parametrize("row", [row for row in OPERATIONS if row.body], ids=lambda row: row.name)
def test_any_body_is_taken_or_refused_in_words(row):
    stage = stage_with()
    session = stage.platform.apply("create", "ScenarioSession")
    subscription = {"topic": "user/created", "callbackUrl": "http://localhost/"}
    stage.platform.apply("create", "WebhookSubscription", subscription)

    @settings(max_examples=60)
    @given(bodies(row), st.sampled_from(["view", "record", "check", "update", "pause", "finish"]))
    def one(body, verb):
        path = row.path.replace("{id}", "1").replace(
            "{resource}", "ScenarioSession" if row.method == "POST" and "verb" not in row.path else session.id
        )
        try:
            status, _ = ask(
                stage,
                f"{row.method} {path.replace('{verb}', verb)}",
                dump(body).decode() if row.takes_text else body,
            )
        except UsageError as error:
            described = problem_of(error)
            contracts.check("control/problem", described)
            status = described["status"]
        assert status in (200, 201, 202, 204, 400, 404, 408, 409, 422)

    one()
