"""From the journal's entries to deliveries: each payload for a target, with its attempts and what came back.

Decides which entries belong together and in which state a delivery is. It must not format anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from simulator.clock import Moment
from simulator.journal import AttemptMade, DeliveryPlanned, Entry, Journal, OutcomeSeen
from simulator.wire import Attempt, Outcome

__all__ = ["DELIVERY_KINDS", "AttemptStory", "DeliveryStory", "deliveries_of", "undelivered"]

DELIVERY_KINDS = (DeliveryPlanned.kind, AttemptMade.kind, OutcomeSeen.kind)
"""The kinds of entry that tell of deliveries; the others are passed over."""


@dataclass(slots=True)
class AttemptStory:
    """One post: when it began, what was sent, and what came back, None while it is in flight."""

    at: Moment
    attempt: Attempt
    outcome: Outcome | None = None


@dataclass(slots=True)
class DeliveryStory:
    """One payload to one target and all its attempts so far.

    ``state`` is ``waiting``, ``in_flight``, ``delivered`` or ``given_up``.
    """

    planned: DeliveryPlanned
    at: Moment
    state: str = "waiting"
    attempts: list[AttemptStory] = field(default_factory=list)


def deliveries_of(entries: Iterable[Entry]) -> list[DeliveryStory]:
    """Return the deliveries that ``entries``, oldest first, tell of, in the order they were planned.

    A delivery whose plan the journal no longer holds is told from its first attempt on.
    """
    stories: dict[int, DeliveryStory] = {}
    for entry in entries:
        match entry.fact:
            case DeliveryPlanned() as planned:
                stories[planned.delivery] = DeliveryStory(planned, entry.at)
            case AttemptMade(planned=planned, attempt=attempt):
                story = stories.setdefault(planned.delivery, DeliveryStory(planned, entry.at))
                story.state = "in_flight"
                story.attempts.append(AttemptStory(entry.at, attempt))
            case OutcomeSeen(planned=planned, outcome=outcome, verdict=verdict) if verdict != "stale":
                story = stories.setdefault(planned.delivery, DeliveryStory(planned, entry.at))
                story.state = verdict
                if not story.attempts:
                    story.attempts.append(AttemptStory(entry.at, entry.fact.attempt))
                story.attempts[-1].outcome = outcome
            case _:
                pass
    return list(stories.values())


def undelivered(journal: Journal) -> list[DeliveryStory]:
    """Return the deliveries that were given up or have not ended, in the order they were planned."""
    return [one for one in deliveries_of(journal.select(kinds=DELIVERY_KINDS)) if one.state != "delivered"]
