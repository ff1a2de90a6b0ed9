"""Cause and effect: which change was told in which webhooks, and which webhook made the receiver ask what.

Decides from journal entries alone, oldest first, each looked at once. A delivery belongs to the change that it was
planned right after, about the same resource. A request belongs to an attempt that had begun before it: the one whose
``traceparent`` it passed on (the trace's id; a receiver that traces makes a span of its own), else the newest about a
resource that it names by id. An attempt that nobody answered is only taken when no other fits. A request that
fits none, such as a sign-in, is nobody's effect. A test's own requests are no part of this.

It must not format anything, nor keep more than the journal holds: whoever wants to know reads the journal again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from simulator.clock import Moment
from simulator.journal import (
    AttemptMade,
    ChangeMade,
    DeliveryPlanned,
    Entry,
    FaultNoted,
    Journal,
    RequestAnswered,
)
from simulator.report.deliveries import AttemptStory, Deliveries, DeliveryStory, RequestStory

__all__ = ["Cause", "Causes", "causes_of"]

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")


@dataclass(slots=True)
class Cause:
    """A change and the deliveries that tell of it. ``entry`` is where the journal begins to tell of them.

    Without a ``change`` it is something else that every target was told of, or, when it is ``torn``, a delivery whose
    beginning has left the journal.
    """

    entry: int
    at: Moment
    change: ChangeMade | None
    deliveries: list[DeliveryStory] = field(default_factory=list)
    torn: bool = False

    @property
    def about(self) -> str | None:
        """The id of the resource that this is about."""
        return self.change.id if self.change else self.deliveries[0].planned.id


class Causes:
    """Ties entries together as they are seen. ``written`` gives the wall seconds at which an entry was written."""

    def __init__(self, written: Callable[[int], float | None] = lambda _number: None) -> None:
        self._written = written
        self._deliveries = Deliveries()
        self._of_delivery: dict[int, Cause] = {}
        self._newest: dict[str, dict[str, AttemptStory]] = {}
        """By resource and target: the newest attempt."""
        self._traces: dict[str, AttemptStory] = {}
        self._open: Cause | None = None
        """What happened just now: what is planned about it without anything in between tells of it."""
        self.causes: list[Cause] = []
        self.uncaused: list[RequestStory] = []

    def see(self, entry: Entry) -> None:
        """Take in the next entry."""
        fact = entry.fact
        if isinstance(fact, RequestAnswered):
            self._open = None
            if not fact.observer:
                self._tie(entry, fact)
            return
        story = self._deliveries.see(entry)
        if story is not None:
            self._plan(entry, story)
            if isinstance(fact, AttemptMade):
                self._begin(story, story.attempts[-1])
        if isinstance(fact, ChangeMade):
            self._open = Cause(entry.number, entry.at, fact)
            self.causes.append(self._open)
        elif not isinstance(fact, DeliveryPlanned | FaultNoted):
            self._open = None

    def _plan(self, entry: Entry, story: DeliveryStory) -> None:
        """Find the cause of a delivery that is heard of for the first time."""
        number = story.planned.delivery
        if number in self._of_delivery:
            return
        planned = isinstance(entry.fact, DeliveryPlanned)
        cause = self._open
        if not planned or cause is None or not _tells(story.planned, cause):
            cause = Cause(entry.number, entry.at, None, torn=not planned)
            self.causes.append(cause)
            self._open = cause
        cause.deliveries.append(story)
        self._of_delivery[number] = cause

    def _begin(self, story: DeliveryStory, attempt: AttemptStory) -> None:
        planned = story.planned
        if planned.id is not None:
            self._newest.setdefault(planned.id, {})[planned.target] = attempt
        for name, value in attempt.attempt.headers:
            if name.lower() == "traceparent" and (trace := _trace(value)):
                self._traces[trace] = attempt

    def _tie(self, entry: Entry, fact: RequestAnswered) -> None:
        asked = RequestStory(entry.number, entry.at, fact)
        attempt = self._traces.get(_trace(fact.request.headers.get("traceparent", "")))
        if attempt is not None:
            asked.tie = "traceparent"
        else:
            told = [one for about in fact.about for one in self._newest.get(about, {}).values()]
            if not told:
                self.uncaused.append(asked)
                return
            attempt = max(told, key=_likely)
            asked.tie = "id"
            cause = self._cause(attempt)
            rivals = (one for one in told if one is not attempt and _heard(one))
            asked.rivals = sum(self._cause(one) is cause for one in rivals)
        asked.after = self._between(attempt, entry)
        attempt.requests.append(asked)

    def _cause(self, attempt: AttemptStory) -> Cause:
        return self._of_delivery[attempt.attempt.delivery]

    def _between(self, attempt: AttemptStory, entry: Entry) -> float:
        """Return the seconds from an attempt to an entry: on the wall, else on the simulator's clock."""
        began, asked = self._written(attempt.entry), self._written(entry.number)
        if began is None or asked is None:
            return (entry.at - attempt.at) / 1000
        return asked - began


def causes_of(journal: Journal) -> Causes:
    """Return all that the journal still tells."""
    causes = Causes(journal.written)
    for entry in journal.since(0):
        causes.see(entry)
    return causes


def _tells(planned: DeliveryPlanned, cause: Cause) -> bool:
    """Return whether a delivery that was planned right after others of a cause belongs to it too."""
    if cause.change is not None:
        return cause.change.id == planned.id
    first = cause.deliveries[0].planned
    same = (planned.word, planned.type, planned.id) == (first.word, first.type, first.id)
    others = planned.copy_of is not None or all(
        planned.target != one.planned.target for one in cause.deliveries
    )
    return same and others


def _heard(attempt: AttemptStory) -> bool:
    """Return whether anybody may have received an attempt, as far as is known."""
    return attempt.outcome is None or attempt.outcome.status is not None


def _likely(attempt: AttemptStory) -> tuple[bool, int]:
    """Order attempts by how likely it is that a request follows from them."""
    return (_heard(attempt), attempt.entry)


def _trace(traceparent: str) -> str:
    """Return the trace's id in a ``traceparent`` header as the W3C writes it, or nothing."""
    match = _TRACEPARENT.fullmatch(traceparent.strip())
    return match[1] if match else ""
