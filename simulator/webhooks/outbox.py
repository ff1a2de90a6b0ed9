"""The order of the post: which delivery may go out now, and what becomes of each. Sans-IO.

Theory of operation. Every target has a *lane*: a queue of the deliveries that have not been attempted, oldest
first, and a number of *places*, one for each post that may be in flight. ``take`` moves deliveries from queue to
places; ``report`` ends an attempt. What the three orderings differ in is only how many places a lane has and when
a delivery gives its place back:

    ordering   places   given back when
    first      1        its first attempt has ended: the next first attempt starts then, a retry holds nothing back
    strict     1        it is settled (delivered or given up): nothing ever overtakes
    none       16       its first attempt has ended

Today a delivery has one attempt, so that its end settles it and ``first`` and ``strict`` act alike; ``report``
passes through both stages all the same. Retries will need no other design: a heap of (moment, delivery) beside the
lanes, which ``take`` reads before them, and a ``report`` that passes the stage ``settled`` only for the last attempt.

Nothing is searched. A lane that could send is in ``_ready``, one that could not is not, and one with nothing to do
does not exist; so a post costs the same whatever waits behind it and however many targets there are. Lanes share
nothing: a dead target delays only itself. Every delivery is in exactly one of these conditions: waiting, in
flight, delivered, given up, dropped with its target.

The outbox knows nothing of bytes, sockets, statuses or the vendor's rules, and asks nobody for the time.
"""

from __future__ import annotations

from collections import deque
from typing import Literal, TypeAlias

from simulator.values import dataclass
from simulator.webhooks.payloads import Payload
from simulator.webhooks.targets import Target

__all__ = ["Counts", "Delivery", "Fate", "Outbox"]

Fate: TypeAlias = Literal["delivered", "given_up", "stale"]
_Stage: TypeAlias = Literal["ended", "settled"]

_GIVEN_BACK: dict[str, _Stage] = {"first": "ended", "strict": "settled", "none": "ended"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One payload for one target; ``number`` counts from 1."""

    number: int
    target: Target
    payload: Payload


@dataclass(frozen=True, slots=True)
class Counts:
    """How many deliveries there are in each condition; ``planned`` is the sum of the others."""

    planned: int
    waiting: int
    in_flight: int
    delivered: int
    given_up: int
    dropped: int


class _Lane:
    """What waits for one target, and how many places are free."""

    __slots__ = ("free", "waiting")

    def __init__(self, places: int) -> None:
        self.free = places
        self.waiting: deque[Delivery] = deque()


class Outbox:
    """All deliveries of one platform; ``ordering`` is ``first``, ``strict`` or ``none``."""

    def __init__(self, ordering: str = "first", *, in_flight_limit: int = 16) -> None:
        self._places = in_flight_limit if ordering == "none" else 1
        self._given_back = _GIVEN_BACK[ordering]
        self._lanes: dict[str, _Lane] = {}
        self._ready: dict[str, _Lane] = {}
        self._in_flight: dict[int, Delivery] = {}
        self._planned = self._waiting = self._delivered = self._given_up = self._dropped = 0

    @property
    def ready(self) -> bool:
        """Whether ``take`` would return anything."""
        return bool(self._ready)

    @property
    def in_flight(self) -> int:
        return len(self._in_flight)

    @property
    def waiting(self) -> int:
        return self._waiting

    @property
    def counts(self) -> Counts:
        return Counts(
            self._planned, self._waiting, self.in_flight, self._delivered, self._given_up, self._dropped
        )

    def put(self, target: Target, payload: Payload) -> Delivery:
        """Plan a delivery behind all others for its target."""
        self._planned += 1
        self._waiting += 1
        delivery = Delivery(self._planned, target, payload)
        lane = self._lanes.get(target.id)
        if lane is None:
            lane = self._lanes[target.id] = _Lane(self._places)
        lane.waiting.append(delivery)
        if lane.free:
            self._ready[target.id] = lane
        return delivery

    def take(self) -> list[Delivery]:
        """Return every delivery that may go out now, in the order to begin them; they are in flight from now on."""
        taken = []
        for lane in self._ready.values():
            count = min(lane.free, len(lane.waiting))
            lane.free -= count
            taken += [lane.waiting.popleft() for _ in range(count)]
        self._ready.clear()
        self._waiting -= len(taken)
        self._in_flight.update((delivery.number, delivery) for delivery in taken)
        return taken

    def report(self, number: int, ok: bool) -> Fate:
        """End the attempt of delivery ``number`` and return what becomes of the delivery.

        ``stale``: it is not in flight (it ended already, or was never ours), and nothing has changed.
        """
        delivery = self._in_flight.pop(number, None)
        if delivery is None:
            return "stale"
        self._pass(delivery.target.id, "ended")
        self._pass(delivery.target.id, "settled")
        if ok:
            self._delivered += 1
            return "delivered"
        self._given_up += 1
        return "given_up"

    def drop_target(self, target_id: str) -> int:
        """Drop what waits for a target and return how many deliveries that were; what is in flight ends as it will."""
        lane = self._lanes.get(target_id)
        if lane is None:
            return 0
        count = len(lane.waiting)
        lane.waiting.clear()
        self._ready.pop(target_id, None)
        if lane.free == self._places:
            del self._lanes[target_id]
        self._waiting -= count
        self._dropped += count
        return count

    def _pass(self, target_id: str, stage: _Stage) -> None:
        """Note that a delivery to a target has passed ``stage``: its place may be free now, its lane idle."""
        if stage != self._given_back:
            return
        lane = self._lanes[target_id]
        lane.free += 1
        if lane.waiting:
            self._ready[target_id] = lane
        elif lane.free == self._places:
            del self._lanes[target_id]
