"""Counts what fits while the journal grows, says when waiting is needless, and explains what is unmet.

When it ends. An ``Answered``, and a ``Queried`` without ``times``, holds as soon as one entry fits. An exact number
(0 included) holds while the number is right, and is final after ``QUIET`` seconds without movement or once it is
exceeded. An ``Answered`` whose webhook came to nothing will not hold any more once whoever drives has nothing left to
send; a ``Queried`` may hold whenever the receiver asks. ``after`` is passed when the first attempt with that word about
the same resource begins; until then an exact number does not hold either, so that a misspelt word never passes for "nobody
asked". An outcome from before a reset never counts.

What cannot be judged. The journal is bounded, and entries that should count may have left it before the watch began. One
that holds without them is met all the same, and an exact number that is exceeded is unmet; anything else says that it
cannot be judged, which is not met, for a reason of its own. Nothing is missing where none of the kinds that count has
left, or where the journal still tells how the resource was created. What arrives while the watch lasts is counted at once,
so that it may leave the journal.

Each entry is looked at once. The journal is read again only to explain a failure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final, TypeAlias

from simulator.expect.kinds import Answered, Expectation, Queried, about, number_of
from simulator.expect.match import meant, names, nearest, post_gaps, request_gaps, same_word
from simulator.journal import (
    AttemptMade,
    ChangeMade,
    DeliveryPlanned,
    Entry,
    Journal,
    OutcomeSeen,
    RequestAnswered,
)
from simulator.wire import Attempt, Outcome, curl_line

__all__ = ["QUIET", "Verdict", "Watch", "explain"]

QUIET: Final = 0.3
"""Wall seconds without movement before an exact number is final."""

_LISTED = 8
_REQUEST_ROUTES = ("graphql", "object", "unknown")


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


class Watch:
    """Counts a group of expectations: first what the journal holds after ``since``, then each entry as it comes."""

    def __init__(self, journal: Journal, expectations: Iterable[Expectation], *, since: int = 0) -> None:
        self._journal = journal
        self._since = since
        self._counts: list[_Count] = [
            _AnsweredCount(one) if isinstance(one, Answered) else _QueriedCount(one) for one in expectations
        ]
        self._by_kind: dict[str, list[_Count]] = {}
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
        story = None if all(count.met for count in self._counts) else _Story(self._journal, self._since)
        return [self._verdict(count, story, drained=drained) for count in self._counts]

    def _see(self, entry: Entry) -> None:
        for count in self._by_kind.get(entry.fact.kind, ()):
            count.see(entry)

    def _verdict(self, count: _Count, story: _Story | None, *, drained: bool) -> Verdict:
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


def _lost(journal: Journal, count: _Count, since: int) -> int:
    """Return how many entries that may count have left the journal already."""
    of = count.wanted.of
    lost = max(0, journal.evicted - since)
    if lost and of is not None:
        first = next(iter(journal.about(of)), None)
        if first is not None and isinstance(first.fact, ChangeMade) and first.fact.verb == "create":
            return 0
    return lost and min(lost, journal.dropped(count.kinds))


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


class _AnsweredCount:
    """Looks for the first outcome that fits."""

    kinds: ClassVar = ("outcome",)
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
            self.seen = f"{fact.planned.word} {_result(fact.outcome)} in {fact.outcome.took:.3f} s"

    def settled(self, idle: float) -> bool:  # noqa: ARG002 (only an exact number waits for quiet)
        return self.met

    def explain(self, story: _Story) -> Verdict:
        wanted = self.wanted
        near = nearest((post_gaps(wanted, post.planned, post.outcome), post) for post in story.posts)
        listed = [f"{post.planned.word} {_result(post.outcome)}" for post in story.about(wanted.of)]
        seen = f"{number_of(len(listed), 'attempt')}{about(wanted)}"
        if len(listed) > _LISTED:
            listed[:-_LISTED] = ["..."]
        return Verdict(
            wanted,
            met=False,
            expected=str(wanted),
            seen=f"{seen}: {', '.join(listed)}" if listed else seen,
            misses=tuple(f"{post}: {text}" for post, text in near),
            curl=curl_line(near[0][0].attempt) if near else None,
        )


class _QueriedCount:
    """Counts the requests that fit."""

    missed: ClassVar = False

    def __init__(self, wanted: Queried) -> None:
        self.wanted: Final = wanted
        self.kinds: Final = ("request",) if wanted.after is None else ("request", "attempt")
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

    def explain(self, story: _Story) -> Verdict:
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
        same = wanted.after is not None and same_word(wanted.after, planned.word)
        return same and wanted.of in (None, planned.id)


_Count: TypeAlias = _AnsweredCount | _QueriedCount


@dataclass(slots=True)
class _Post:
    """An attempt with what came of it."""

    number: int
    planned: DeliveryPlanned
    attempt: Attempt
    outcome: Outcome | None = None

    def __str__(self) -> str:
        return f"entry {self.number}, {self.planned.word} to {self.attempt.url}"


@dataclass(frozen=True, slots=True)
class _Ask:
    """A request that a receiver may have meant as a query."""

    number: int
    fact: RequestAnswered

    def __str__(self) -> str:
        operation = f" ({self.fact.operation})" if self.fact.operation else ""
        return f"entry {self.number}, {self.fact.request.method} {self.fact.request.path}{operation}"


class _Story:
    """What the journal tells of posts and requests, read once to explain a failure."""

    def __init__(self, journal: Journal, since: int) -> None:
        posts: dict[tuple[int, int], _Post] = {}
        self.requests: list[_Ask] = []
        for entry in journal.since(since):
            fact = entry.fact
            if isinstance(fact, RequestAnswered) and fact.route in _REQUEST_ROUTES:
                self.requests.append(_Ask(entry.number, fact))
            elif isinstance(fact, AttemptMade) or (isinstance(fact, OutcomeSeen) and fact.verdict != "stale"):
                # An outcome alone is one whose attempt began before, or has left the journal.
                post = _Post(entry.number, fact.planned, fact.attempt)
                post = posts.setdefault((fact.attempt.delivery, fact.attempt.number), post)
                if isinstance(fact, OutcomeSeen):
                    post.outcome = fact.outcome
        self.posts = list(posts.values())

    def about(self, node_id: str | None) -> list[_Post]:
        """Return the posts about a resource, or all of them, oldest first."""
        return [post for post in self.posts if node_id in (None, post.planned.id)]


def _result(outcome: Outcome | None) -> str:
    if outcome is None:
        return "in flight"
    return "no answer" if outcome.status is None else str(outcome.status)
