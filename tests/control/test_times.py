"""Time as whoever drives the simulator sees it."""

from __future__ import annotations

import pytest

from simulator.errors import ContractError, UsageError
from simulator.wire import Outcome
from tests.control.asking import ask, stage_with


def test_clock_is_read_and_changed_while_it_runs():
    stage = stage_with()

    assert ask(stage, "GET clock") == (200, {"mode": "max", "now": "2021-03-01T08:00:00.000Z"})
    status, clock = ask(stage, "PUT clock", {"mode": 60})
    assert (status, clock["mode"], clock["now"][:19]) == (200, "60", "2021-03-01T08:00:00")
    assert ask(stage, "PUT clock", {"mode": "real"})[1]["mode"] == "real"
    assert ask(stage, "PUT clock", {"mode": "max"})[1]["mode"] == "max"
    assert stage.platform.now >= 1_614_585_600_000
    with pytest.raises(UsageError, match="the speed cannot be used"):
        ask(stage, "PUT clock", {"mode": "fast"})


def test_clock_is_moved_by_a_duration_and_to_a_moment():
    stage = stage_with()

    assert ask(stage, "POST clock/advance", {"by": "1h30m"})[1]["now"] == "2021-03-01T09:30:00.000Z"
    assert (
        ask(stage, "POST clock/advance", {"to": "2021-03-02T00:00:00Z"})[1]["now"]
        == "2021-03-02T00:00:00.000Z"
    )
    with pytest.raises(UsageError, match="the clock cannot go back"):
        ask(stage, "POST clock/advance", {"to": "2021-03-01T00:00:00Z"})
    for body in ({}, {"by": "1s", "to": "2021-03-03"}):
        with pytest.raises(ContractError):
            ask(stage, "POST clock/advance", body)


def test_manual_clock_moves_when_it_is_moved_and_not_before():
    stage = stage_with(speed="manual", retry="5s")
    stage.platform.apply("create", "ScenarioSession")

    status, problem = ask(stage, "POST settle", {"within": 0.1}, receiver=lambda _: Outcome(500))
    clock = ask(stage, "POST clock/advance", {"by": "5s"}, receiver=lambda _: Outcome(200))

    assert (status, problem["detail"]) == (
        408,
        "1 deliveries were still pending after 0.1 s; time stands still at speed manual until the clock is moved",
    )
    assert clock == (200, {"mode": "manual", "now": "2021-03-01T08:00:05.000Z"})
    assert stage.platform.tally().delivered == 1


def test_all_is_quiet_when_nothing_is_due_and_nobody_asks():
    stage = stage_with()
    stage.platform.apply("create", "ScenarioSession")

    status, verdict = ask(stage, "POST settle", receiver=lambda _: Outcome(200))

    assert (status, verdict["seen"], stage.platform.tally().delivered) == (200, "nothing due", 1)


def test_that_all_is_quiet_is_waited_for_in_wall_time():
    with pytest.raises(UsageError, match="that all is quiet is waited for in wall time"):
        ask(stage_with(), "POST settle", {"within": "1d simulated"})
