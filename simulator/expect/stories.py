"""What the journal tells of posts, deliveries and requests, read once to explain why an expectation is unmet.

It must not judge: what is near and what differs is decided in ``match``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.expect.kinds import number_of
from simulator.journal import AttemptMade, DeliveryPlanned, Journal, OutcomeSeen, RequestAnswered
from simulator.wire import Attempt, Outcome

__all__ = ["QUERY_ROUTES", "Ask", "Post", "Sending", "Story", "listed", "result"]

_LISTED = 8
QUERY_ROUTES = ("graphql", "object", "unknown")
"""Where a request goes that may have been meant as a query."""


@dataclass(slots=True)
class Post:
    """An attempt with what came of it."""

    number: int
    planned: DeliveryPlanned
    attempt: Attempt
    outcome: Outcome | None = None

    def __str__(self) -> str:
        return f"entry {self.number}, {self.planned.word} to {self.attempt.url}"


@dataclass(slots=True)
class Sending:
    """A delivery with what became of it so far: ``verdict`` is that of its last outcome, None before there is one.

    ``attempts`` is how many were made, until the first success where there was one.
    """

    number: int
    planned: DeliveryPlanned
    attempt: Attempt | None = None
    attempts: int = 0
    verdict: str | None = None

    def __str__(self) -> str:
        return f"entry {self.number}, {self.planned.word} to {self.planned.target}"

    @property
    def end(self) -> str:
        """What became of it, in words."""
        match self.verdict:
            case "delivered":
                return f"delivered by attempt {self.attempts}"
            case "given_up":
                return f"given up after {number_of(self.attempts, 'attempt')}"
            case "dropped":
                return "dropped by a fault"
            case "retry":
                return f"to be tried again after {number_of(self.attempts, 'attempt')}"
            case _:
                return "in flight" if self.attempt else "waiting"


@dataclass(frozen=True, slots=True)
class Ask:
    """A request of the receiver's."""

    number: int
    fact: RequestAnswered

    def __str__(self) -> str:
        operation = f" ({self.fact.operation})" if self.fact.operation else ""
        return f"entry {self.number}, {self.fact.request.method} {self.fact.request.path}{operation}"


class Story:
    """What the journal tells of posts and requests, read once to explain a failure."""

    def __init__(self, journal: Journal, since: int) -> None:
        self._journal, self._since = journal, since
        posts: dict[tuple[int, int], Post] = {}
        self.requests: list[Ask] = []
        for entry in journal.since(since):
            fact = entry.fact
            if isinstance(fact, RequestAnswered):
                self.requests.append(Ask(entry.number, fact))
            elif isinstance(fact, AttemptMade) or (isinstance(fact, OutcomeSeen) and fact.verdict != "stale"):
                # An outcome alone is one whose attempt began before, or has left the journal.
                post = Post(entry.number, fact.planned, fact.attempt)
                post = posts.setdefault((fact.attempt.delivery, fact.attempt.number), post)
                if isinstance(fact, OutcomeSeen):
                    post.outcome = fact.outcome
        self.posts = list(posts.values())

    def about(self, node_id: str | None) -> list[Post]:
        """Return the posts about a resource, or all of them, oldest first."""
        return [post for post in self.posts if node_id in (None, post.planned.id)]

    @property
    def sendings(self) -> list[Sending]:
        """The deliveries, in the order in which the journal tells of them."""
        found: dict[int, Sending] = {}
        for entry in self._journal.since(self._since):
            fact = entry.fact
            if not isinstance(fact, DeliveryPlanned | AttemptMade | OutcomeSeen):
                continue
            planned = fact if isinstance(fact, DeliveryPlanned) else fact.planned
            one = found.setdefault(planned.delivery, Sending(entry.number, planned))
            if planned.dropped:
                one.verdict = "dropped"
            if isinstance(fact, DeliveryPlanned) or one.verdict == "delivered":
                continue
            one.attempt, one.attempts = fact.attempt, fact.attempt.number
            one.verdict = fact.verdict if isinstance(fact, OutcomeSeen) else None
        return list(found.values())


def listed(texts: Iterable[str]) -> str:
    """Return the last few texts in a row."""
    known = list(texts)
    if len(known) > _LISTED:
        known[:-_LISTED] = ["..."]
    return ", ".join(known)


def result(outcome: Outcome | None) -> str:
    """Return what came back from a post, in a word or two."""
    if outcome is None:
        return "in flight"
    return "no answer" if outcome.status is None else str(outcome.status)
