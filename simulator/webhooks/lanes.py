"""What waits for one target, in its order, and how many places it finds. Who is moved when is decided in ``outbox``."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from simulator.webhooks.deliveries import Delivery
from simulator.webhooks.payloads import Payload

__all__ = ["Lane", "taken_from"]


class Lane:
    """What waits for one target, and how many places are free: for first attempts, and for all others."""

    __slots__ = ("again", "free", "free_again", "held", "waiting")

    def __init__(self, places: int, places_again: int, *, held: bool) -> None:
        self.free = places
        self.free_again = places_again
        self.held = held
        self.waiting: deque[Delivery] = deque()
        self.again: deque[Delivery] = deque()

    @property
    def can_send(self) -> bool:
        return not self.held and bool((self.free and self.waiting) or (self.free_again and self.again))

    def copy(self) -> Lane:
        """Return another lane in which the same waits."""
        other = Lane(self.free, self.free_again, held=self.held)
        other.waiting.extend(self.waiting)
        other.again.extend(self.again)
        return other


def taken_from(queue: deque[Delivery], which: Callable[[Payload], bool] | None) -> list[Delivery]:
    """Remove from a queue all, or ``which`` of it, and return that."""
    taken = [delivery for delivery in queue if which is None or which(delivery.payload)]
    if taken:
        gone = {delivery.number for delivery in taken}
        kept = [delivery for delivery in queue if delivery.number not in gone]
        queue.clear()
        queue.extend(kept)
    return taken
