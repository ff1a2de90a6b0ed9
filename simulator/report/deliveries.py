"""From the journal's entries to deliveries: each payload for a target, with its attempts and what came back.

Decides which entries belong together and in which state a delivery is. It must not format anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from simulator.clock import Moment
from simulator.journal import (
    AttemptMade,
    DeliveryPlanned,
    Entry,
    Journal,
    OutcomeSeen,
    RequestAnswered,
    delivery_of,
)
from simulator.wire import Attempt, Outcome

__all__ = [
    "DELIVERY_KINDS",
    "AttemptStory",
    "Deliveries",
    "DeliveryStory",
    "STATES",
    "RequestStory",
    "Tie",
    "deliveries_of",
    "undelivered",
]

STATES = ("waiting", "in_flight", "retrying", "delivered", "given_up", "dropped")
"""What may have become of a delivery."""

DELIVERY_KINDS = (DeliveryPlanned.kind, AttemptMade.kind, OutcomeSeen.kind)
"""The kinds of entry that tell of deliveries; the others are passed over."""


Tie: TypeAlias = Literal["traceparent", "id"]
"""By what a request is known to follow from an attempt: it passed the attempt's header on, or it names the resource."""


@dataclass(slots=True)
class RequestStory:
    """What a client asked, in journal entry ``entry``; ``tie`` is None for what no webhook caused.

    ``after`` is the wall seconds from the attempt's beginning until it was answered. ``rivals`` is how many other targets had been told of the same change
    by then: with a tie by id it may have been one of these that asked.
    """

    entry: int
    at: Moment
    request: RequestAnswered
    tie: Tie | None = None
    after: float | None = None
    rivals: int = 0


@dataclass(slots=True)
class AttemptStory:
    """One post: when it began, what was sent, and what came back, None while it is in flight.

    ``entry`` is where the journal tells of it first, ``faults`` are those that struck it. ``requests`` are those that it caused; only ``causes`` knows them.
    ``why`` it was refused, as far as the answer shows it; only ``signatures`` looks.
    """

    at: Moment
    attempt: Attempt
    outcome: Outcome | None = None
    entry: int = 0
    requests: list[RequestStory] = field(default_factory=list)
    why: Sequence[str] = ()
    faults: tuple[str, ...] = ()


@dataclass(slots=True)
class DeliveryStory:
    """One payload to one target and all its attempts so far.

    ``state`` is ``waiting``, ``in_flight``, ``retrying``, ``delivered``, ``given_up`` or ``dropped`` (by a fault).
    """

    planned: DeliveryPlanned
    at: Moment
    state: str = "waiting"
    attempts: list[AttemptStory] = field(default_factory=list)

    @property
    def faults(self) -> tuple[str, ...]:
        """Those that struck it as a whole, and those that struck its last attempt."""
        return (*self.planned.faults, *(one for last in self.attempts[-1:] for one in last.faults))


class Deliveries:
    """The deliveries that the entries seen so far tell of, by number, in the order they were planned.

    A delivery whose plan the journal no longer holds is told from its first attempt on.
    """

    def __init__(self) -> None:
        self.stories: dict[int, DeliveryStory] = {}

    def see(self, entry: Entry) -> DeliveryStory | None:
        """Take an entry in, and return the delivery that it tells of."""
        match entry.fact:
            case DeliveryPlanned() as planned:
                story = self.stories[planned.delivery] = DeliveryStory(planned, entry.at)
                story.state = "dropped" if planned.dropped else "waiting"
            case AttemptMade(planned=planned, attempt=attempt, faults=faults):
                story = self._of(planned, entry)
                story.state = "in_flight"
                story.attempts.append(AttemptStory(entry.at, attempt, entry=entry.number, faults=faults))
            case OutcomeSeen(planned=planned, attempt=attempt, outcome=outcome, verdict=verdict) if (
                verdict != "stale"
            ):
                story = self._of(planned, entry)
                story.state = "retrying" if verdict == "retry" else verdict
                if not story.attempts:
                    story.attempts.append(AttemptStory(entry.at, attempt, entry=entry.number))
                story.attempts[-1].outcome = outcome
            case _:
                return None
        return story

    def _of(self, planned: DeliveryPlanned, entry: Entry) -> DeliveryStory:
        story = self.stories.get(planned.delivery)
        if story is None:
            story = self.stories[planned.delivery] = DeliveryStory(planned, entry.at)
        return story


def deliveries_of(entries: Iterable[Entry]) -> list[DeliveryStory]:
    """Return the deliveries that ``entries``, oldest first, tell of, in the order they were planned."""
    deliveries = Deliveries()
    for entry in entries:
        deliveries.see(entry)
    return list(deliveries.stories.values())


def undelivered(journal: Journal, excused: Collection[int] = ()) -> list[DeliveryStory]:
    """Return the deliveries that were given up or have not ended, in the order they were planned, but not those excused."""
    entries = journal.select(kinds=DELIVERY_KINDS)
    # Nearly all arrive, and need no story.
    arrived: set[int] = set()
    for entry in entries:
        match entry.fact:
            case OutcomeSeen(planned=planned, verdict="delivered"):
                arrived.add(planned.delivery)
            case AttemptMade(planned=planned):
                arrived.discard(planned.delivery)
    stories = deliveries_of(entry for entry in entries if delivery_of(entry.fact) not in arrived)
    return [one for one in stories if one.state != "dropped" and one.planned.delivery not in excused]
