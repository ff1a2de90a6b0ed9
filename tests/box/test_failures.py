"""What was wrong with a run, one by one."""

from __future__ import annotations

from dataclasses import replace

from simulator.audit.findings import Audited
from simulator.box.failures import failed_call, failures_of
from simulator.box.file import Failure
from simulator.engine import Tally
from tests.audit.test_findings import FINDING
from tests.report.test_summary import GIVEN_UP, GOOD, MET, UNMET


def test_good_run_has_none():
    assert list(failures_of(GOOD)) == []


def test_each_thing_that_was_wrong_is_one():
    bad = replace(
        GIVEN_UP,
        stopped="it broke",
        judgements=(MET, UNMET),
        tally=Tally(2, 1, 0, 1, 0, 1, 0, 1),
        audit=Audited(9, (FINDING, replace(FINDING, place=None))),
    )

    assert list(failures_of(bad)) == [
        Failure("stopped", "", "it broke"),
        Failure("expectation", "a.yaml:10:7", "finished answered 2xx", "1 attempt: finished 500"),
        Failure("webhook", "delivery 1", "create ScenarioSession A is delivered", "answered 500 (10 ms)"),
        Failure("webhook", "", "no webhook is held for a disabled target", "1"),
        Failure(
            "audit", "a.yaml:3 delivery 2", "Call finished tells the state FINISHED", "the state IN_PROGRESS"
        ),
        Failure("audit", "delivery 2", "Call finished tells the state FINISHED", "the state IN_PROGRESS"),
    ]


def test_failed_call_is_told_by_its_place_and_what_was_wanted():
    call = {"call": "expect_queried"}

    assert failed_call(4, call, "expectation not met: a request; seen: none\n\nmore") == Failure(
        "call", "call 5, expect_queried", "expectation not met: a request", "none"
    )
    assert failed_call(0, call, "2 expectations not met:\n  a request") == Failure(
        "call", "call 1, expect_queried", "2 expectations not met:", "a request"
    )
