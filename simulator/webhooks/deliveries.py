"""A delivery, where it stands, and how many stand where, as values.

What brings a delivery from one condition to the next is decided in ``outbox``.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from simulator.clock import Moment
from simulator.values import dataclass
from simulator.webhooks.payloads import Payload
from simulator.webhooks.targets import Target

__all__ = ["Condition", "Counts", "Delivery", "Fate", "Settled"]

Settled: TypeAlias = Literal["delivered", "given_up"]
Fate: TypeAlias = Literal["delivered", "given_up", "retry", "stale"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One payload for one target; ``number`` counts from 1. ``copy_of`` is the number of the delivery it repeats."""

    number: int
    target: Target
    payload: Payload
    copy_of: int | None = None

    @property
    def original(self) -> int:
        """The number by which a receiver can tell that a copy is one."""
        return self.number if self.copy_of is None else self.copy_of


@dataclass(frozen=True, slots=True)
class Counts:
    """How many deliveries there are in each condition; ``planned`` is the sum of the others but ``held``.

    ``held`` of those that wait or are retried do so because their target is disabled.
    """

    planned: int
    waiting: int
    retrying: int
    in_flight: int
    delivered: int
    given_up: int
    dropped: int
    held: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """Where a delivery stands that is not settled: all that the outbox knows of it besides its place in a queue.

    ``tries`` is how many attempts were begun. ``due`` is when it is to go out that waits for a moment, ``in_place`` whether it
    holds a place for first attempts, ``was`` what it was before somebody had it sent again.
    """

    tries: int = 0
    due: Moment | None = None
    in_flight: bool = False
    in_place: bool = False
    was: Settled | None = None
