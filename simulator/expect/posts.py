"""Counters that look at posts: what a webhook was answered, and how a delivery ended.

An ``Answered`` holds as soon as one outcome fits. One whose webhook came to nothing will not hold any more once whoever drives
has nothing left to send. A ``GivenUp`` and a ``Delivered`` hold as soon as one delivery ends so, and are final too once such
deliveries have ended, all of them another way. A delivery that is sent again may end again; how many attempts it took is
counted until its first success. An outcome from before a reset never counts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Final

from simulator.expect.kinds import Answered, Delivered, GivenUp, about, number_of
from simulator.expect.match import end_gaps, meant, nearest, plan_gaps, post_gaps
from simulator.expect.stories import Post, Story, listed, result
from simulator.expect.verdicts import Verdict
from simulator.journal import AttemptMade, DeliveryPlanned, Entry, OutcomeSeen
from simulator.wire import curl_line

__all__ = ["AnsweredCount", "EndCount"]


class AnsweredCount:
    """Looks for the first outcome that fits. ``kinds`` is what it looks at, ``decisive`` what it must not miss."""

    kinds: ClassVar = ("outcome",)
    decisive: ClassVar = ("outcome",)
    exact: ClassVar = False
    exceeded: ClassVar = False

    def __init__(self, wanted: Answered) -> None:
        self.wanted: Final = wanted
        self.lost = 0
        self.met = False
        self.missed = False
        """Whether such a webhook has ended, and not as it should."""
        self.seen = ""

    def see(self, entry: Entry) -> None:
        fact = entry.fact
        if self.met or not isinstance(fact, OutcomeSeen) or self.wanted.of not in (None, fact.planned.id):
            return
        gaps = post_gaps(self.wanted, fact.planned, fact.outcome)
        if fact.verdict == "stale":
            return
        if gaps:
            self.missed |= meant(gaps)
        else:
            self.met = True
            self.seen = f"{fact.planned.word} {result(fact.outcome)} in {fact.outcome.took:.3f} s"

    def settled(self, idle: float) -> bool:  # noqa: ARG002 (only an exact number waits for quiet)
        return self.met

    def explain(self, story: Story) -> Verdict:
        wanted = self.wanted
        near = nearest((post_gaps(wanted, post.planned, post.outcome), post) for post in story.posts)
        told = [
            f"{post.planned.word} {result(post.outcome)}{self._slow(post)}" for post in story.about(wanted.of)
        ]
        seen = f"{number_of(len(told), 'attempt')}{about(wanted)}"
        return Verdict(
            wanted,
            met=False,
            expected=str(wanted),
            seen=f"{seen}: {listed(told)}" if told else seen,
            misses=tuple(f"{post}: {text}" for post, text in near),
            curl=curl_line(near[0][0].attempt) if near else None,
        )

    def _slow(self, post: Post) -> str:
        """Say how long a post took where that alone is what is wrong with it."""
        wanted, outcome = self.wanted, post.outcome
        if outcome is None or wanted.took is None or outcome.took <= wanted.took:
            return ""
        gaps = post_gaps(replace(wanted, took=None), post.planned, outcome)
        return "" if gaps else f" after {outcome.took:.3g} s"


class EndCount:
    """Looks for the first delivery that ends as it should: given up, or delivered."""

    kinds: ClassVar = ("delivery", "attempt", "outcome")
    decisive: ClassVar = ("outcome",)
    exact: ClassVar = False
    exceeded: ClassVar = False

    def __init__(self, wanted: GivenUp | Delivered) -> None:
        self.wanted: Final = wanted
        self.lost = 0
        self.met = False
        self.missed = False
        """Whether such a delivery has ended, and not as it should."""
        self.seen = ""
        self._open: set[int] = set()
        """The deliveries that are meant and have not ended."""
        self._arrived: set[int] = set()

    def see(self, entry: Entry) -> None:
        fact = entry.fact
        if not isinstance(fact, DeliveryPlanned | AttemptMade | OutcomeSeen):
            return
        planned = fact if isinstance(fact, DeliveryPlanned) else fact.planned
        if plan_gaps(self.wanted, planned):
            return
        if planned.dropped:
            self.missed = True
        elif not isinstance(fact, OutcomeSeen) or fact.verdict == "retry":
            self._open.add(planned.delivery)
        elif fact.verdict != "stale":
            self._open.discard(planned.delivery)
            self._end(fact)

    def _end(self, fact: OutcomeSeen) -> None:
        number, attempts = fact.planned.delivery, fact.attempt.number
        if self.met or number in self._arrived:
            return
        if fact.verdict == "delivered":
            self._arrived.add(number)
        if end_gaps(self.wanted, fact.verdict, attempts):
            self.missed = True
        else:
            self.met = True
            how = f"given up after {number_of(attempts, 'attempt')}, the last got"
            how = how if fact.verdict == "given_up" else f"delivered by attempt {attempts}, which got"
            self.seen = f"{fact.planned.word} {how} {result(fact.outcome)}"

    def settled(self, idle: float) -> bool:  # noqa: ARG002 (only an exact number waits for quiet)
        return self.met or (self.missed and not self._open)

    def explain(self, story: Story) -> Verdict:
        wanted = self.wanted
        sendings = story.sendings
        near = nearest(
            ([*plan_gaps(wanted, one.planned), *end_gaps(wanted, one.verdict, one.attempts)], one)
            for one in sendings
        )
        told = [f"{one.planned.word} {one.end}" for one in sendings if wanted.of in (None, one.planned.id)]
        seen = f"{number_of(len(told), 'delivery', 'deliveries')}{about(wanted)}"
        attempt = near[0][0].attempt if near else None
        return Verdict(
            wanted,
            met=False,
            expected=str(wanted),
            seen=f"{seen}: {listed(told)}" if told else seen,
            misses=tuple(f"{one}: {text}" for one, text in near),
            curl=None if attempt is None else curl_line(attempt),
        )
