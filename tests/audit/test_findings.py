"""What an audit found, as values."""

from __future__ import annotations

from dataclasses import replace

from simulator.audit.findings import Audited, Finding
from simulator.clock import Moment

FINDING = Finding(
    "a.yaml:3",
    2,
    Moment(1_614_585_600_000),
    "attempt 1",
    "Call finished",
    "the state FINISHED",
    "the state IN_PROGRESS",
    "curl x",
)
LAGGED = replace(FINDING, place=None, excuses=("fault 1 (api.lag=5s)", "fault 2 (delivery.early=3s)"))


def test_finding_is_a_line():
    assert FINDING.line == (
        "a.yaml:3: webhook 2 about Call finished tells the state FINISHED, the API answers the state IN_PROGRESS "
        "(attempt 1, 2021-03-01T08:00:00.000Z)"
    )
    assert LAGGED.line == (
        "webhook 2 about Call finished tells the state FINISHED, the API answers the state IN_PROGRESS "
        "(attempt 1, 2021-03-01T08:00:00.000Z), as fault 1 (api.lag=5s) and fault 2 (delivery.early=3s) would have it"
    )


def test_only_what_nothing_excuses_is_a_mistake():
    assert Audited(3, excused=(LAGGED,)).ok
    assert not Audited(3, findings=(FINDING,)).ok
