"""What an audit found, as lines for people and as JSON for programs. It must not judge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.audit.findings import Audited, Finding
from simulator.clock import iso_millis, parse_moment
from simulator.expect.kinds import number_of
from simulator.wire import JSON

__all__ = ["MOST_EXCUSED", "audit_lines", "read_audit", "show_audit"]

MOST_EXCUSED = 10
"""How many disagreements that were asked for are told one by one."""


def audit_lines(audit: Audited) -> list[str]:
    """Return what was compared, each disagreement with the line to ask the API again, and what faults had asked for."""
    invented = f", {audit.invented} made up on purpose" if audit.invented else ""
    many = len(audit.findings) + audit.more
    lines = [
        f"audit: {number_of(audit.compared, 'comparison')} with the API{invented}: {number_of(many, 'disagreement')}"
    ]
    for finding in audit.findings:
        lines += [f"  NOT SO, {finding.line}", f"    again:   {finding.curl}"]
    if audit.more:
        lines.append(f"  and {audit.more} more")
    if audit.excused:
        lines.append(f"  asked for by faults: {number_of(len(audit.excused), 'disagreement')}")
        lines += [f"    {finding.line}" for finding in audit.excused[:MOST_EXCUSED]]
        left = len(audit.excused) - MOST_EXCUSED
        lines += [f"    and {left} more"] if left > 0 else []
    return lines


def show_audit(audit: Audited) -> dict[str, JSON]:
    """Return what was found as the contract ``report/audit`` describes it."""
    return {
        "compared": audit.compared,
        "invented": audit.invented,
        "findings": [_finding(one) for one in audit.findings],
        "more": audit.more,
        "excused": [_finding(one) for one in audit.excused],
    }


def _finding(one: Finding) -> dict[str, JSON]:
    return {
        "place": one.place,
        "delivery": one.delivery,
        "at": iso_millis(one.at),
        "when": one.when,
        "about": one.about,
        "told": one.told,
        "answered": one.api,
        "faults": list(one.excuses),
        "curl": one.curl,
    }


def read_audit(shown: Mapping[str, Any]) -> Audited:
    """Return what ``show_audit`` showed."""
    return Audited(
        shown["compared"],
        tuple(map(_read, shown["findings"])),
        tuple(map(_read, shown["excused"])),
        shown["invented"],
        shown["more"],
    )


def _read(shown: Mapping[str, Any]) -> Finding:
    return Finding(
        shown["place"],
        shown["delivery"],
        parse_moment(shown["at"]),
        shown["when"],
        shown["about"],
        shown["told"],
        shown["answered"],
        shown["curl"],
        tuple(shown["faults"]),
    )
