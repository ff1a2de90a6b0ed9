"""What was wrong with a run, one by one, so that two runs can be compared in it.

Decides what counts as the same failure: by its kind, its place and what was wanted, never by what was seen instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.box.file import Failure
from simulator.report.summary import Summary
from simulator.report.text import answer_line

__all__ = ["failed_call", "failures_of"]


def failures_of(summary: Summary) -> Iterator[Failure]:
    """Yield all that was wrong with the run of a script."""
    if summary.stopped is not None:
        yield Failure("stopped", "", summary.stopped)
    for one in summary.judgements:
        if not one.met:
            yield Failure("expectation", one.place, one.expected, one.seen)
    for story in summary.undelivered:
        if story.state == "given_up":
            planned, last = story.planned, story.attempts[-1].outcome if story.attempts else None
            about = " ".join(filter(None, (planned.word, planned.type, planned.id)))
            seen = "" if last is None else answer_line(last)
            yield Failure("webhook", f"delivery {planned.delivery}", f"{about} is delivered", seen)
    if summary.tally.held:
        yield Failure("webhook", "", "no webhook is held for a disabled target", str(summary.tally.held))
    for finding in () if summary.audit is None else summary.audit.findings:
        place = f"{finding.place or ''} delivery {finding.delivery}".lstrip()
        yield Failure("audit", place, f"{finding.about} tells {finding.told}", finding.api)


def failed_call(place: int, call: Mapping[str, Any], error: str) -> Failure:
    """Return the failure of the call at a place, from 0; ``error`` is what it said."""
    first, _, rest = error.partition("\n")
    wanted, _, seen = first.partition("; seen: ")
    return Failure(
        "call", f"call {place + 1}, {call['call']}", wanted, seen or rest.partition("\n")[0].strip()
    )
