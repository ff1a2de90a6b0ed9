"""What a platform tells of itself, so that another can begin where it ended: its facts.

Decides what there is to tell, never how it is kept or for how long. Facts are values and not what was made of them: a
webhook's time, URL and signature belong to one attempt and are made anew, so that a platform that is restored elsewhere
is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from simulator.auth import Token
from simulator.journal import Entry
from simulator.webhooks.outbox import Condition, Delivery
from simulator.webhooks.targets import Standing
from simulator.world.changes import Written

__all__ = ["Facts"]


class Facts(Protocol):
    """Who is told, in the order in which it happens; of what is told again the last word counts."""

    def wrote(self, written: Sequence[Written], /) -> None:
        """Records of the world were written by one command."""

    def entered(self, entry: Entry, /) -> None:
        """The journal has a new entry."""

    def delivery(self, delivery: Delivery, condition: Condition | None, /) -> None:
        """Where a delivery stands has changed; None when it is settled or dropped."""

    def target(self, id: str, standing: Standing | None, /) -> None:
        """How a target fares has changed; None when it is one no more."""

    def token(self, text: str, token: Token | None, /) -> None:
        """A token was given out or has changed; None when it is forgotten."""
