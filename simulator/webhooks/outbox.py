"""The order of the post: which delivery may go out now, which later, and what becomes of each. Sans-IO.

Theory of operation. Every target has a *lane*: a queue of the deliveries that have not been attempted, oldest
first, a queue of those that are due again, and *places*, one for each post that may be in flight. ``take`` moves
deliveries from queues to places; ``report`` ends an attempt. What the three orderings differ in is only how many places
a first attempt finds and when it gives its place back:

    ordering   places   given back when
    first      1        its first attempt has ended: the next first attempt starts then, a retry holds nothing back
    strict     1        it is settled (delivered or given up): nothing ever overtakes
    none       16       its first attempt has ended

Whatever is due at a moment to come stands in ``_later``, a heap of (moment, number): a retry, or a first attempt that
somebody put off. ``take`` brings what has come due into its lane, where it goes out ahead of those that were never
attempted and needs no place of theirs; it has places of its own, so that a receiver that comes back is not flooded: as
many as may be in flight, or one, ``in_turn``, where time stands still meanwhile and a stable order is worth more.

A lane can be *held* (its target is disabled): it takes everything in and lets nothing out, and what is in it is neither
due nor lost. ``release`` lets the backlog go. The moments of held retries are not kept: they are due when released.

Nothing is searched on the way of a post. A lane that could send is in ``_ready``, one that could not is not, and one
with nothing to do does not exist; so a post costs the same whatever waits behind it and however many targets there
are. Lanes share nothing: a dead target delays only itself. Every delivery is in exactly one of these conditions:
waiting (never attempted), retrying, in flight, delivered, given up, dropped.

The outbox knows nothing of bytes, sockets, statuses, schedules or the vendor's rules, and asks nobody for the time.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Container, Iterable, Iterator
from typing import TypeAlias

from simulator.clock import Moment
from simulator.webhooks.deliveries import Condition, Counts, Delivery, Fate, Settled
from simulator.webhooks.lanes import Lane, taken_from
from simulator.webhooks.payloads import Payload
from simulator.webhooks.targets import Target

__all__ = ["Condition", "Counts", "Delivery", "Fate", "Outbox", "Settled"]

_LONG_DUE = Moment(0)
"""When what goes out ahead of all others is due."""

_Later: TypeAlias = tuple[Moment, int, Delivery]


class Outbox:
    """All deliveries of one platform; ``ordering`` is ``first``, ``strict`` or ``none``, which knows no turns."""

    def __init__(self, ordering: str = "first", *, in_flight_limit: int = 16, in_turn: bool = False) -> None:
        self._places = in_flight_limit if ordering == "none" else 1
        self._places_again = 1 if in_turn and ordering != "none" else in_flight_limit
        self._strict = ordering == "strict"
        self._lanes: dict[str, Lane] = {}
        self._ready: dict[str, Lane] = {}
        self._held: set[str] = set()
        self._later: list[_Later] = []
        self._in_flight: dict[int, Delivery] = {}
        self._in_place: set[int] = set()
        """Those that hold a place for first attempts."""
        self._tries: dict[int, int] = {}
        """How many attempts were begun, of those that are not settled and are, or were, put off, retried or sent again."""
        self._resent: dict[int, Settled] = {}
        """What those were that somebody had sent again."""
        self.watcher: Callable[[Delivery, Condition | None], None] | None = None
        """Who is told where a delivery stands whenever that changes; None when it is settled or dropped."""
        self._planned = self._waiting = self._retrying = self._delivered = self._given_up = self._dropped = 0

    def could_send(self, now: Moment) -> bool:
        """Whether ``take`` would return anything; a disabled target's retries are never among what is to come."""
        return bool(self._ready) or (bool(self._later) and self._later[0][0] <= now)

    def busy(self, now: Moment) -> bool:
        """Whether anything is in flight or could be sent now."""
        return bool(self._in_flight) or self.could_send(now)

    @property
    def next_due(self) -> Moment | None:
        """The soonest moment at which something comes due that is not due yet."""
        return self._later[0][0] if self._later else None

    @property
    def in_flight(self) -> int:
        return len(self._in_flight)

    @property
    def flying(self) -> Iterable[Delivery]:
        """What is in flight."""
        return self._in_flight.values()

    @property
    def idle(self) -> bool:
        """Whether nothing is in flight, due or to come; what is held for a disabled target does not count."""
        return not self._in_flight and self._waiting + self._retrying == self._held_count()

    @property
    def counts(self) -> Counts:
        return Counts(
            planned=self._planned,
            waiting=self._waiting,
            retrying=self._retrying,
            in_flight=self.in_flight,
            delivered=self._delivered,
            given_up=self._given_up,
            dropped=self._dropped,
            held=self._held_count(),
        )

    @property
    def upcoming(self) -> int:
        """The number that the next delivery will have."""
        return self._planned + 1

    def put(
        self,
        target: Target,
        payload: Payload,
        *,
        due: Moment | None = None,
        copy_of: int | None = None,
    ) -> Delivery:
        """Plan a delivery behind all others for its target, or, with ``due``, for that moment and past all others."""
        self._planned += 1
        self._waiting += 1
        delivery = Delivery(self._planned, target, payload, copy_of)
        if due is None:
            lane = self._lane(target.id)
            lane.waiting.append(delivery)
            if lane.free and not lane.held:
                self._ready[target.id] = lane
        else:
            self._put_off(delivery, due)
        self._told(delivery, due)
        return delivery

    def put_dropped(self, target: Target, payload: Payload) -> Delivery:
        """Plan a delivery that is dropped at once and never goes out."""
        self._planned += 1
        self._dropped += 1
        return Delivery(self._planned, target, payload)

    def take(self, now: Moment) -> list[tuple[Delivery, int]]:
        """Return every delivery that may go out now with the number of its attempt, in the order to begin them.

        They are in flight from now on. Attempts count from 1.
        """
        if self._later and self._later[0][0] <= now:
            self._bring_due(now)
        taken: list[tuple[Delivery, int]] = []
        for lane in self._ready.values():
            if lane.again:
                count = min(lane.free_again, len(lane.again))
                lane.free_again -= count
                taken += [self._again(lane.again.popleft()) for _ in range(count)]
            count = min(lane.free, len(lane.waiting))
            if count:
                lane.free -= count
                self._waiting -= count
                for _ in range(count):
                    delivery = lane.waiting.popleft()
                    self._in_place.add(delivery.number)
                    self._in_flight[delivery.number] = delivery
                    taken.append((delivery, 1))
        self._ready.clear()
        if self.watcher is not None:
            for delivery, _ in taken:
                self._told(delivery)
        return taken

    def report(self, number: int, ok: bool, *, retry: Moment | None = None) -> Fate:
        """End the attempt of delivery ``number`` and return what becomes of the delivery.

        ``retry`` is when a failed one is to be tried again, None never. ``stale``: it is not in flight (it ended already, or
        was never ours), and nothing has changed. A failed attempt of one that was sent again leaves it what it was.
        """
        delivery = self._in_flight.pop(number, None)
        if delivery is None:
            return "stale"
        target_id = delivery.target.id
        lane = self._lanes[target_id]
        before = self._resent.pop(number, None)
        again = not ok and before is None and retry is not None
        if number in self._tries:
            lane.free_again += 1
        if number in self._in_place and not (self._strict and again):
            self._in_place.remove(number)
            lane.free += 1
        fate: Fate
        if again:
            assert retry is not None
            fate = "retry"
            self._tries.setdefault(number, 1)
            self._retrying += 1
            self._put_off(delivery, retry)
            self._told(delivery, retry)
        else:
            fate = "delivered" if ok else before or "given_up"
            self._settle(delivery, fate)
        if lane.can_send:
            self._ready[target_id] = lane
        else:
            self._forget_if_idle(target_id, lane)
        return fate

    def attempts(self, number: int) -> int:
        """Return how many attempts of an unsettled delivery were begun, as far as it is not waiting for its first."""
        return self._tries.get(number, 1 if number in self._in_flight else 0)

    def resend(self, delivery: Delivery, *, attempts: int, was: Settled) -> None:
        """Have a settled delivery, which was attempted ``attempts`` times, go out once more, ahead of first attempts."""
        if was == "delivered":
            self._delivered -= 1
        else:
            self._given_up -= 1
        self._resent[delivery.number] = was
        self._tries[delivery.number] = attempts
        if attempts:
            self._retrying += 1
        else:
            self._waiting += 1
        self._due_again(delivery)
        self._told(delivery, _LONG_DUE)

    def hasten(self, numbers: Container[int]) -> list[int]:
        """Have those of these deliveries go out now that wait for a moment, soonest first; return their numbers."""
        hastened = sorted(entry for entry in self._later if entry[1] in numbers)
        if hastened:
            self._later = [entry for entry in self._later if entry[1] not in numbers]
            heapq.heapify(self._later)
        for _, _, delivery in hastened:
            self._due_again(delivery)
            self._told(delivery, _LONG_DUE)
        return [number for _, number, _ in hastened]

    def hold(self, target_id: str) -> None:
        """Let nothing more out to a target; what is in flight ends as it will."""
        self._held.add(target_id)
        lane = self._lane(target_id)
        lane.held = True
        self._ready.pop(target_id, None)
        lane.again.extend(self._take_later(target_id))

    def release(self, target_id: str) -> None:
        """Let what was held for a target out again."""
        self._held.discard(target_id)
        lane = self._lane(target_id)
        lane.held = False
        if lane.can_send:
            self._ready[target_id] = lane
        else:
            self._forget_if_idle(target_id, lane)

    def drop(self, target_id: str, which: Callable[[Payload], bool] | None = None) -> list[Delivery]:
        """Drop what waits or is retried for a target, or ``which`` of it, and return it; what is in flight ends as it will."""
        lane = self._lanes.get(target_id)
        later = self._take_later(target_id, which)
        if lane is None and not later:
            return []
        lane = self._lane(target_id)
        dropped = [
            *taken_from(lane.waiting, which),
            *taken_from(lane.again, which),
            *later,
        ]
        for delivery in dropped:
            self._drop_one(delivery, lane)
        if lane.can_send:
            self._ready[target_id] = lane
        else:
            self._ready.pop(target_id, None)
            self._forget_if_idle(target_id, lane)
        return sorted(dropped, key=lambda delivery: delivery.number)

    def restore(self, counts: Counts, standing: Iterable[tuple[Delivery, Condition]]) -> None:
        """Begin with what another outbox left: its ``counts`` and, rising, where its unsettled deliveries stood.

        Targets that are held are so already. What was in flight is so again, and must be reported.
        """
        self._planned, self._dropped = counts.planned, counts.dropped
        self._delivered, self._given_up = counts.delivered, counts.given_up
        for delivery, condition in standing:
            number, tries = delivery.number, condition.tries
            lane = self._lane(delivery.target.id)
            if condition.in_place:
                self._in_place.add(number)
                lane.free -= 1
            if condition.was is not None:
                self._resent[number] = condition.was
            # All are counted but what is in flight for the first time, and was never put off.
            if tries > 1 or (tries and not (condition.in_place and condition.in_flight)):
                self._tries[number] = tries
                lane.free_again -= condition.in_flight
            if condition.in_flight:
                self._in_flight[number] = delivery
                continue
            if tries:
                self._retrying += 1
            else:
                self._waiting += 1
            if condition.due == _LONG_DUE:
                self._due_again(delivery)
            elif condition.due is not None:
                self._put_off(delivery, condition.due)
            else:
                lane.waiting.append(delivery)
        self._ready = {target_id: lane for target_id, lane in self._lanes.items() if lane.can_send}

    def take_over(self, other: Outbox, later: int = 0) -> None:
        """Begin where another outbox of the same ordering stands, with all that is to come ``later`` by so many milliseconds.

        The other goes on by itself.
        """
        self._places_again = other._places_again
        self._lanes = {target_id: lane.copy() for target_id, lane in other._lanes.items()}
        self._ready = {target_id: self._lanes[target_id] for target_id in other._ready}
        self._held = set(other._held)
        # The same order, so that the heap stays one.
        self._later = [(Moment(due + later), number, one) for due, number, one in other._later]
        self._in_flight = dict(other._in_flight)
        self._in_place = set(other._in_place)
        self._tries = dict(other._tries)
        self._resent = dict(other._resent)
        self._planned, self._waiting, self._retrying = other._planned, other._waiting, other._retrying
        self._delivered, self._given_up, self._dropped = other._delivered, other._given_up, other._dropped

    def standing(self) -> Iterator[tuple[Delivery, Condition]]:
        """Yield where each unsettled delivery stands."""
        for lane in self._lanes.values():
            yield from ((one, self._condition(one.number)) for one in lane.waiting)
            yield from ((one, self._condition(one.number, _LONG_DUE)) for one in lane.again)
        yield from ((one, self._condition(one.number, due)) for due, _, one in self._later)
        yield from ((one, self._condition(one.number)) for one in self._in_flight.values())

    # ------------------------------------------------------------------------------------------- inside

    def _told(self, delivery: Delivery, due: Moment | None = None) -> None:
        """Tell whoever watches where an unsettled delivery stands."""
        if self.watcher is not None:
            self.watcher(delivery, self._condition(delivery.number, due))

    def _condition(self, number: int, due: Moment | None = None) -> Condition:
        return Condition(
            tries=self.attempts(number),
            due=due,
            in_flight=number in self._in_flight,
            in_place=number in self._in_place,
            was=self._resent.get(number),
        )

    def _lane(self, target_id: str) -> Lane:
        lane = self._lanes.get(target_id)
        if lane is None:
            held = target_id in self._held
            lane = self._lanes[target_id] = Lane(self._places, self._places_again, held=held)
        return lane

    def _put_off(self, delivery: Delivery, due: Moment) -> None:
        if delivery.target.id in self._held:
            self._due_again(delivery)
        else:
            heapq.heappush(self._later, (due, delivery.number, delivery))

    def _bring_due(self, now: Moment) -> None:
        while self._later and self._later[0][0] <= now:
            self._due_again(heapq.heappop(self._later)[2])

    def _due_again(self, delivery: Delivery) -> None:
        target_id = delivery.target.id
        lane = self._lane(target_id)
        lane.again.append(delivery)
        if lane.free_again and not lane.held:
            self._ready[target_id] = lane

    def _again(self, delivery: Delivery) -> tuple[Delivery, int]:
        """Begin an attempt of one that was put off, retried or sent again."""
        number = delivery.number
        tried = self._tries.get(number, 0)
        if tried:
            self._retrying -= 1
        else:
            self._waiting -= 1
        self._tries[number] = tried + 1
        self._in_flight[number] = delivery
        return delivery, tried + 1

    def _settle(self, delivery: Delivery, fate: Settled) -> None:
        self._tries.pop(delivery.number, None)
        if self.watcher is not None:
            self.watcher(delivery, None)
        if fate == "delivered":
            self._delivered += 1
        else:
            self._given_up += 1

    def _drop_one(self, delivery: Delivery, lane: Lane) -> None:
        if self._tries.pop(delivery.number, 0):
            self._retrying -= 1
        else:
            self._waiting -= 1
        was = self._resent.pop(delivery.number, None)
        if was == "delivered":
            self._delivered += 1
        else:
            self._dropped += 1
        if delivery.number in self._in_place:
            self._in_place.remove(delivery.number)
            lane.free += 1
        if self.watcher is not None:
            self.watcher(delivery, None)

    def _take_later(self, target_id: str, which: Callable[[Payload], bool] | None = None) -> list[Delivery]:
        """Remove from what is to come what is for a target, and return it, soonest first."""
        taken: list[_Later] = []
        kept: list[_Later] = []
        for entry in self._later:
            ours = entry[2].target.id == target_id and (which is None or which(entry[2].payload))
            (taken if ours else kept).append(entry)
        if taken:
            self._later = kept
            heapq.heapify(kept)
        return [delivery for _, _, delivery in sorted(taken, key=lambda entry: entry[:2])]

    def _forget_if_idle(self, target_id: str, lane: Lane) -> None:
        if not (lane.waiting or lane.again or lane.held) and (lane.free, lane.free_again) == (
            self._places,
            self._places_again,
        ):
            del self._lanes[target_id]

    def _held_count(self) -> int:
        lanes = (self._lanes[target_id] for target_id in self._held if target_id in self._lanes)
        return sum(len(lane.waiting) + len(lane.again) for lane in lanes)
