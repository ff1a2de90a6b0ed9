"""What became of an expectation, and the text that tells of those that are unmet.

Decides wording and order alone: what is met was decided in ``counts``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.expect.kinds import Expectation

__all__ = ["Verdict", "explain"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an expectation. An unmet one has its nearest misses, best first, each with what differs in
    it, and the shell line that repeats the nearest delivery when there is one. ``judged`` is false for one that is not met
    because entries that may decide it have left the journal."""

    expectation: Expectation
    met: bool
    expected: str
    seen: str
    misses: tuple[str, ...] = ()
    curl: str | None = None
    judged: bool = True


def explain(verdicts: Sequence[Verdict]) -> str:
    """Return the text of an ExpectationError: all that is unmet, the first reason in the first line."""
    unmet = [verdict for verdict in verdicts if not verdict.met]
    if not unmet:
        return "every expectation was met"
    head = f"{len(unmet)} of {len(verdicts)} expectations not met" if verdicts[1:] else "expectation not met"
    lines = [f"{head}: {unmet[0].expected}; seen: {unmet[0].seen}"]
    for verdict in unmet:
        lines += ["", f"expected: {verdict.expected}", f"seen:     {verdict.seen}"]
        lines += [f"nearest:  {miss}" for miss in verdict.misses]
        lines += [f"again:    {verdict.curl}"] if verdict.curl else []
    return "\n".join(lines)
