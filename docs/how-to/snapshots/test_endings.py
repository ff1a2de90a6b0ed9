"""Three endings of one story, each from the same point."""

import pytest


@pytest.fixture
def at_work(scope_simulator):
    session = scope_simulator.create("ScenarioSession", sessionType="PERSISTENT")
    scope_simulator.view(session, steps=3)
    scope_simulator.advance("2h")
    return session


def test_endings(scope_simulator, at_work):
    before = scope_simulator.snapshot()
    states = []
    for ending in ("pause", "finish", "view"):
        scope_simulator.restore(before)
        getattr(scope_simulator, ending)(at_work)
        states.append(scope_simulator.resource(at_work)["state"])
        assert scope_simulator.now == "2021-03-01T10:00:00.000Z"

    assert states == ["PAUSED", "FINISHED", "IN_PROGRESS"]


def test_receiver_goes_by_simulated_time(scope_simulator):
    scope_simulator.reset(clock_header=True, targets=["http://127.0.0.1:9/hooks"], retry="1h")
    scope_simulator.create("Call")
    scope_simulator.advance("90m")

    told = [dict(one.attempt.headers) for one in scope_simulator.deliveries()[0].attempts]
    assert [headers["X-Scope-Simulator-Now"] for headers in told] == [
        "2021-03-01T08:00:00.000Z",
        "2021-03-01T09:00:00.000Z",
    ]
