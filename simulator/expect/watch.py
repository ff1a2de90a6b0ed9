"""Counts what fits while the journal grows, says when waiting is needless, and judges.

What each kind of expectation takes is decided in ``counts``. Each entry is looked at once. The journal is read again only to
explain a failure.

What cannot be judged. The journal is bounded, and entries that should count may have left it before the watch began. One
that holds without them is met all the same, and an exact number that is exceeded is unmet; anything else says that it
cannot be judged, which is not met, for a reason of its own. Nothing is missing where none of the kinds that count has
left, or where the journal still tells how the resource was created. What arrives while the watch lasts is counted at once,
so that it may leave the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from simulator.expect.counts import Count, count_for
from simulator.expect.kinds import QUIET, Expectation, GivenUp, number_of
from simulator.expect.match import plan_gaps
from simulator.expect.oracles import OracleCount
from simulator.expect.stories import Story
from simulator.expect.verdicts import Verdict
from simulator.journal import ChangeMade, Entry, Journal, OutcomeSeen

__all__ = ["Watch", "excused"]


class Watch:
    """Counts a group of expectations: first what the journal holds after ``since``, then each entry as it comes."""

    def __init__(self, journal: Journal, expectations: Iterable[Expectation], *, since: int = 0) -> None:
        self._journal = journal
        self._since = since
        self._counts: list[Count] = [count_for(one) for one in expectations]
        self._by_kind: dict[str, list[Count]] = {}
        for count in self._counts:
            count.lost = _lost(journal, count, since)
            for kind in count.kinds:
                self._by_kind.setdefault(kind, []).append(count)
            of = count.wanted.of
            for entry in journal.since(since) if of is None else journal.about(of, after=since):
                count.see(entry)
        self.close: Final[Callable[[], None]] = journal.follow(self._see)
        """End the counting; harmless when it has ended."""

    @property
    def oracles(self) -> list[OracleCount]:
        """Those that need somebody who asks the receiver's own URL for them."""
        return [count for count in self._counts if isinstance(count, OracleCount)]

    @property
    def quiet(self) -> float | None:
        """The idle seconds that an exact number waits for; None when no expectation has one."""
        return QUIET if any(count.exact for count in self._counts) else None

    def ready(self, idle: float, *, drained: bool = False) -> bool:
        """Return whether waiting longer is needless.

        ``idle`` is the wall seconds since anything moved; ``drained`` says that nothing is left to be sent.
        """
        return all(count.settled(idle) or (drained and count.missed) for count in self._counts)

    def verdicts(self, *, drained: bool = False) -> list[Verdict]:
        """Judge each expectation by what has come so far, in the order they were given."""
        story = None if all(count.met for count in self._counts) else Story(self._journal, self._since)
        return [self._verdict(count, story, drained=drained) for count in self._counts]

    def _see(self, entry: Entry) -> None:
        for count in self._by_kind.get(entry.fact.kind, ()):
            count.see(entry)

    def _verdict(self, count: Count, story: Story | None, *, drained: bool) -> Verdict:
        if story is None or count.met:
            return Verdict(count.wanted, met=True, expected=str(count.wanted), seen=count.seen)
        verdict = count.explain(story)
        if drained and count.missed:
            verdict = replace(verdict, seen=f"{verdict.seen}; nothing more is due")
        if not count.lost or count.exceeded:
            return verdict
        gone = number_of(count.lost, "entry", "entries")
        since = f" after number {self._since}" if self._since else ""
        why = f"the journal no longer holds {gone}{since} that may count, raise the setting journal_bound"
        return replace(verdict, seen=f"{verdict.seen}; cannot be judged: {why}", judged=False)


def excused(
    journal: Journal, expectations: Sequence[GivenUp], *, since: int = 0, before: Iterable[int] = ()
) -> frozenset[int]:
    """Return the deliveries that are given up and that one of the expectations names, or a fault.

    ``before`` are those that were found when the journal may have held more. One that has arrived since then is left out.
    """
    found = set(before)
    for entry in journal.since(since):
        fact = entry.fact
        if isinstance(fact, OutcomeSeen):
            if fact.verdict == "delivered":
                found.discard(fact.planned.delivery)
            elif fact.verdict == "given_up" and (
                fact.faults or not all(plan_gaps(one, fact.planned) for one in expectations)
            ):
                found.add(fact.planned.delivery)
    return frozenset(found)


def _lost(journal: Journal, count: Count, since: int) -> int:
    """Return how many entries that may count have left the journal already."""
    of = count.wanted.of
    lost = max(0, journal.evicted - since)
    if lost and of is not None:
        first = next(iter(journal.about(of)), None)
        if first is not None and isinstance(first.fact, ChangeMade) and first.fact.verb == "create":
            return 0
    return lost and min(lost, journal.dropped(count.decisive))
