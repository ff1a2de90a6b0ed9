"""What an audit found, as lines for people."""

from __future__ import annotations

from simulator.audit.findings import Audited
from simulator.report.auditing import audit_lines, read_audit, show_audit
from tests.audit.test_findings import FINDING, LAGGED


def test_agreement_is_one_line():
    assert audit_lines(Audited(9)) == ["audit: 9 comparisons with the API: no disagreements"]
    assert audit_lines(Audited(1, invented=2)) == [
        "audit: 1 comparison with the API, 2 made up on purpose: no disagreements"
    ]


def test_disagreements_stand_with_the_line_to_ask_again():
    assert audit_lines(Audited(9, (FINDING,), more=3)) == [
        "audit: 9 comparisons with the API: 4 disagreements",
        f"  NOT SO, {FINDING.line}",
        "    again:   curl x",
        "  and 3 more",
    ]


def test_what_was_asked_for_is_listed_shortly():
    assert audit_lines(Audited(9, excused=(LAGGED,) * 11)) == [
        "audit: 9 comparisons with the API: no disagreements",
        "  asked for by faults: 11 disagreements",
        *[f"    {LAGGED.line}"] * 10,
        "    and 1 more",
    ]
    assert audit_lines(Audited(9, excused=(LAGGED,)))[1:] == [
        "  asked for by faults: 1 disagreement",
        f"    {LAGGED.line}",
    ]


def test_audit_is_read_as_it_was_shown():
    audited = Audited(9, (FINDING,), (LAGGED,), 1, 2)

    assert read_audit(show_audit(audited)) == audited
