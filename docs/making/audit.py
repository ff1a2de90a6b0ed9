"""What the public audit of GraphQL over HTTP finds, for ``docs/fidelity.md``; ``tests/all/test_audit.py`` runs it and compares."""

from __future__ import annotations

from typing import NamedTuple

from docs.making.markdown import table

__all__ = ["AUDITS", "NOTICES", "SUITE", "Notice", "audit"]

SUITE = "graphql-http 1.23.1"
"""The npm package that holds the audits, and its version."""

AUDITS = 61
"""How many audits it runs."""


class Notice(NamedTuple):
    """An audit of what a server MAY do that this one does not, and why."""

    id: str
    name: str
    why: str


NOTICES: tuple[Notice, ...] = ()


def audit() -> str:
    """Return the section on GraphQL over HTTP."""
    head = (
        "## GraphQL over HTTP\n\n"
        f"The audit suite of the npm package {SUITE} (`serverAudits`) runs {AUDITS} audits against a served simulator in "
        "`make test-all`. Every MUST and every SHOULD passes, with `application/json` and with "
        "`application/graphql-response+json`. "
    )
    if not NOTICES:
        return head + "There are no notices either: what a server MAY do in answer to the audits is done.\n"
    return (
        head
        + "Notices, which are about what a server MAY do:\n\n"
        + table(["audit", "about", "here"], NOTICES)
    )
