"""One counter for each kind of expectation: looks at each entry once and says whether it is met, and whether that is final.

When it ends. An ``Answered``, and a ``Queried`` without ``times``, holds as soon as one entry fits. An exact number
(0 included) holds while the number is right, and is final after ``QUIET`` seconds without movement or once it is
exceeded. An ``Answered`` whose webhook came to nothing will not hold any more once whoever drives has nothing left to
send; a ``Queried`` may hold whenever the receiver asks. ``after`` is passed when the first attempt with that word about
the same resource begins; until then an exact number does not hold either, so that a misspelt word never passes for "nobody
asked". An outcome from before a reset never counts.

A ``GivenUp`` and a ``Delivered`` hold as soon as one delivery ends so. They are final too once such deliveries have ended, all of
them another way. A delivery that is sent again may end again; how many attempts it took is counted until its first success.
"""

from __future__ import annotations

from typing import ClassVar, Final, TypeAlias

from simulator.expect.kinds import Answered, Delivered, Expectation, GivenUp, Queried, about, number_of
from simulator.expect.match import (
    end_gaps,
    meant,
    names,
    nearest,
    plan_gaps,
    post_gaps,
    request_gaps,
    same_word,
)
from simulator.expect.stories import Story, listed, result
from simulator.expect.verdicts import Verdict
from simulator.journal import AttemptMade, DeliveryPlanned, Entry, OutcomeSeen, RequestAnswered
from simulator.wire import curl_line

__all__ = ["QUIET", "AnsweredCount", "Count", "EndCount", "QueriedCount", "count_for"]

QUIET: Final = 0.3
"""Wall seconds without movement before an exact number is final."""


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
        told = [f"{post.planned.word} {result(post.outcome)}" for post in story.about(wanted.of)]
        seen = f"{number_of(len(told), 'attempt')}{about(wanted)}"
        return Verdict(
            wanted,
            met=False,
            expected=str(wanted),
            seen=f"{seen}: {listed(told)}" if told else seen,
            misses=tuple(f"{post}: {text}" for post, text in near),
            curl=curl_line(near[0][0].attempt) if near else None,
        )


class QueriedCount:
    """Counts the requests that fit."""

    missed: ClassVar = False

    def __init__(self, wanted: Queried) -> None:
        self.wanted: Final = wanted
        self.kinds: Final = ("request",) if wanted.after is None else ("request", "attempt")
        self.decisive: Final = self.kinds
        self.lost = 0
        self.exact: Final = wanted.times is not None
        self._fitting = 0
        self._after = 0 if wanted.after is None else None

    @property
    def met(self) -> bool:
        if self.wanted.times is None:
            return self._fitting > 0
        return self._fitting == self.wanted.times and self._after is not None and not self.lost

    @property
    def exceeded(self) -> bool:
        """Whether there were more than there should be, which nothing can mend."""
        return self.wanted.times is not None and self._fitting > self.wanted.times

    @property
    def seen(self) -> str:
        return number_of(self._fitting, "fitting request")

    def see(self, entry: Entry) -> None:
        fact, wanted = entry.fact, self.wanted
        if isinstance(fact, RequestAnswered):
            if names(fact, wanted.of) and not request_gaps(wanted, fact, after=self._after is not None):
                self._fitting += 1
        elif self._after is None and isinstance(fact, AttemptMade) and self._awaits(fact.planned):
            self._after = entry.number

    def settled(self, idle: float) -> bool:
        if self.wanted.times is None:
            return self.met
        # With entries missing an exact number is never sure: waiting changes nothing.
        return self.exceeded or self.lost > 0 or (self.met and idle >= QUIET)

    def explain(self, story: Story) -> Verdict:
        wanted = self.wanted
        judged = [
            (request_gaps(wanted, ask.fact, after=self._after is not None and ask.number > self._after), ask)
            for ask in story.requests
        ]
        seen = f"{self.seen}, {number_of(sum(names(ask.fact, wanted.of) for _, ask in judged), 'request')}"
        seen += f"{about(wanted)} in all"
        if self._after is None:
            seen += f", no attempt with {wanted.after}{about(wanted)}"
        if self.exceeded:
            misses = [f"{ask}: fits" for gaps, ask in judged if not gaps][-3:]
        else:
            misses = [f"{ask}: {text}" for ask, text in nearest(judged)]
        posts = story.about(wanted.of)
        posts = [post for post in posts if self._awaits(post.planned)] or posts
        curl = curl_line(posts[-1].attempt) if posts else None
        return Verdict(wanted, met=False, expected=str(wanted), seen=seen, misses=tuple(misses), curl=curl)

    def _awaits(self, planned: DeliveryPlanned) -> bool:
        wanted = self.wanted
        same = wanted.after is not None and (
            wanted.after == planned.topic or same_word(wanted.after, planned.word)
        )
        return same and wanted.of in (None, planned.id)


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


Count: TypeAlias = AnsweredCount | QueriedCount | EndCount


def count_for(wanted: Expectation) -> Count:
    """Return what counts for an expectation."""
    if isinstance(wanted, Answered):
        return AnsweredCount(wanted)
    return QueriedCount(wanted) if isinstance(wanted, Queried) else EndCount(wanted)
