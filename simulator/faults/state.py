"""What goes wrong on purpose, on either side: which fault strikes what, how often, and by what chance.

Theory of operation. A fault that was set has a number, counted from 1 since the platform began, and two plain counters:
how often something *matched* it and how often it *struck*. Whoever plans a delivery, begins an attempt or answers a
request asks here first and gets a value that says what is to go wrong; nothing is done here. Faults are asked in the
order they were given, and of several that would do the same kind of thing to the same post or request the first one that
strikes decides, so that the others are not used up.

Chance has no memory: the seed, the number of the fault and the numbers of the delivery and the attempt (or of the request)
decide it and nothing else. So the same seed repeats every failure, and a fault more or less changes no other.

``times`` counts strikes: after so many the fault is over. ``for`` counts on the simulator's clock from when it was set. When
a fault ends, by itself or because others are set in its place, and nothing ever matched it, that is said, since such a
fault is most likely a mistake. [chosen]
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import ceil
from types import MappingProxyType
from typing import Final

from simulator.clock import Moment
from simulator.errors import NotFoundError
from simulator.faults.matching import Aimed, find_impossible, matches_post, matches_request
from simulator.journal import DeliveryPlanned, FaultNoted
from simulator.seeds import Seed
from simulator.settings.fault_kinds import FAULTS, SIDES, Fault, Rate
from simulator.values import dataclass

__all__ = ["Active", "AttemptTrouble", "Faults", "PlanTrouble", "RequestTrouble"]

_ALWAYS: Final = 1 << 64

_SLOTS: Final[Mapping[str, Sequence[str]]] = MappingProxyType(
    {
        "reply": ("status", "graphql_error", "unauthorized_node", "expired_token", "rate_limit"),
        "view": ("lag",),
        "delay": ("latency",),
        "manner": ("hang_up", "slow_body"),
    }
)
"""What can be done to a request: of the faults in one row at most one strikes."""


@dataclass(frozen=True, slots=True)
class PlanTrouble:
    """What is to go wrong with a delivery as a whole. ``delay`` and ``early`` are milliseconds of the simulator's clock,
    ``behind`` is how many later posts overtake it; ``faults`` names those that struck."""

    drop: bool = False
    copies: int = 0
    behind: int = 0
    delay: int = 0
    early: int = 0
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AttemptTrouble:
    """What is to go wrong with one attempt; ``damage`` is the kind of damage."""

    unreachable: bool = False
    answer_lost: bool = False
    damage: str | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestTrouble:
    """What is to go wrong with a request. ``reply`` decides the answer, ``wait`` is what its Retry-After says.

    ``lag`` is milliseconds of the simulator's clock, ``latency`` and ``drip`` are wall seconds.
    """

    reply: Fault | None = None
    wait: int | None = None
    lag: int = 0
    latency: float = 0.0
    drip: float = 0.0
    hang_up: bool = False
    faults: tuple[str, ...] = ()


class Active:
    """A fault that was set, and how far it has come; ``matched`` and ``struck`` are all that it remembers for long."""

    __slots__ = ("fault", "matched", "number", "over", "recent", "since", "struck")

    def __init__(self, number: int, fault: Fault, since: Moment) -> None:
        self.number = number
        self.fault = fault
        self.since = since
        self.matched = 0
        self.struck = 0
        self.over = False
        self.recent: deque[float] = deque()
        """When, in wall seconds, requests were let pass by a rate limit."""

    @property
    def label(self) -> str:
        """The fault as texts name it."""
        return f"fault {self.number} ({self.fault.head})"

    @property
    def until(self) -> Moment | None:
        """When its time is over, None when it has none."""
        return None if self.fault.lasts is None else Moment(self.since + self.fault.lasts)

    def copy(self, later: int = 0) -> Active:
        """Return the same, which goes on by itself, as if it had been set so many milliseconds ``later``."""
        other = Active(self.number, self.fault, Moment(self.since + later))
        other.matched, other.struck, other.over = self.matched, self.struck, self.over
        other.recent.extend(self.recent)
        return other

    def noted(self, state: str) -> FaultNoted:
        """Return what the journal is to hold of it."""
        return FaultNoted(self.number, self.fault.line, state, self.matched, self.struck)


class Faults:
    """The faults of one platform. ``tell`` gets what the journal is to hold when one is set and when one ends."""

    def __init__(self, seed: Seed, tell: Callable[[FaultNoted], object]) -> None:
        self._seed = seed
        self._tell = tell
        self._numbered = 0
        self._set: dict[str, list[Active]] = {side: [] for side in SIDES}
        self._live: dict[str, list[Active]] = {side: [] for side in SIDES}

    @property
    def delivery(self) -> bool:
        """Whether any fault of deliveries may still strike."""
        return bool(self._live["delivery"])

    @property
    def api(self) -> bool:
        """Whether any fault of the API may still strike."""
        return bool(self._live["api"])

    def put(
        self,
        faults: Sequence[Fault],
        now: Moment,
        *,
        exists: Callable[[str], bool],
        topics: Sequence[str] | None = None,
        sides: Iterable[str] = SIDES,
    ) -> None:
        """Set faults in place of all before on these sides; ``exists`` says whether an id is one, ``topics`` are the keys of
        the catalogue.

        Raises UsageError for one that could never strike, and has then changed nothing.
        """
        for fault in faults:
            for _, error in find_impossible(fault, topics):
                raise error.at(fault.line)
            of = dict(fault.match).get("of")
            if of is not None and not exists(str(of)):
                raise NotFoundError(f"there is no resource with the id {of!r}", place=fault.line)
        for side in sides:
            for active in tuple(self._live[side]):
                self._end(active)
            self._set[side] = []
        for fault in faults:
            self._numbered += 1
            active = Active(self._numbered, fault, now)
            self._set[fault.side].append(active)
            self._live[fault.side].append(active)
            self._tell(active.noted("set"))

    def all(self, side: str, now: Moment) -> list[Active]:
        """Return the faults of a side as they were last set, those that are over too."""
        self._expire(side, now)
        return list(self._set[side])

    @property
    def given(self) -> list[Active]:
        """The faults of both sides as they were last set, whether their time is over or not."""
        return [active for side in SIDES for active in self._set[side]]

    @property
    def numbered(self) -> int:
        """How many faults were ever set."""
        return self._numbered

    def restore(self, numbered: int, given: Iterable[Active]) -> None:
        """Begin with the faults of another, as far as they had come."""
        self._numbered = numbered
        for active in given:
            self._set[active.fault.side].append(active)
            if not active.over:
                self._live[active.fault.side].append(active)

    def tell_idle(self, now: Moment) -> None:
        """Tell of each fault that could strike still and never matched anything: something has come to its end."""
        for side in SIDES:
            self._expire(side, now)
            for active in self._live[side]:
                if not active.matched:
                    self._tell(active.noted("idle"))

    # asking

    def on_plan(
        self, planned: DeliveryPlanned, now: Moment, *, change: bool = True, copy: bool = False
    ) -> PlanTrouble:
        """Say what is to go wrong with a delivery; a ``copy`` is neither dropped nor copied again, and only what tells of a
        ``change`` can be early."""
        kinds = ["reorder", "delay"] if copy else ["drop", "duplicate", "reorder", "delay"]
        kinds += ["early"] if change and not copy else []
        struck: dict[str, Active] = {}
        for kind in kinds:
            active = self._first(
                "delivery",
                (kind,),
                now,
                matches=lambda match: matches_post(match, planned, None),
                numbers=(planned.delivery, 0),
            )
            if active is not None:
                struck[kind] = active
            if kind == "drop" and active is not None:
                break
        if not struck:
            return PlanTrouble()
        behind = struck.get("reorder")
        return PlanTrouble(
            drop="drop" in struck,
            copies=_whole(struck.get("duplicate")),
            behind=0 if behind is None else self._draw(behind, planned.delivery),
            delay=_whole(struck.get("delay")),
            early=_whole(struck.get("early")),
            faults=tuple(active.label for active in struck.values()),
        )

    def on_attempt(
        self,
        planned: DeliveryPlanned,
        attempt: int,
        now: Moment,
        *,
        signed: bool = False,
    ) -> AttemptTrouble:
        """Say what is to go wrong with an attempt; only a signed post can lose its signature, only one with a time be stale."""
        lost: tuple[str, ...] = () if signed else ("missign", "unsigned")
        lost += ("stale",) if planned.topic is not None else ()
        struck: dict[str, Active] = {}
        for slot in (("unreachable", "answer_lost"), ("damage",)):
            active = self._first(
                "delivery",
                slot,
                now,
                matches=lambda match: matches_post(match, planned, attempt),
                numbers=(planned.delivery, attempt),
                fits=lambda fault: fault.value not in lost,
            )
            if active is not None:
                struck[active.fault.name] = active
            if "unreachable" in struck:
                break
        damage = struck.get("damage")
        return AttemptTrouble(
            unreachable="unreachable" in struck,
            answer_lost="answer_lost" in struck,
            damage=None if damage is None else str(damage.fault.value),
            faults=tuple(active.label for active in struck.values()),
        )

    def on_request(self, aimed: Aimed, number: int, now: Moment, received: float) -> RequestTrouble:
        """Say what is to go wrong with request ``number``, which came at ``received``, in wall seconds."""
        struck: dict[str, Active] = {}
        for slot, kinds in _SLOTS.items():
            replied = struck.get("reply")
            if slot == "view" and replied is not None and replied.fault.name != "unauthorized_node":
                continue
            active = self._first(
                "api",
                kinds,
                now,
                matches=lambda match: matches_request(match, aimed),
                numbers=(number,),
                fits=lambda fault: _on_route(fault, aimed),
                received=received,
            )
            if active is not None:
                struck[slot] = active
        reply, manner = struck.get("reply"), struck.get("manner")
        slow = manner is not None and manner.fault.name == "slow_body"
        return RequestTrouble(
            reply=None if reply is None else reply.fault,
            wait=None if reply is None else _retry_after(reply, received),
            lag=_whole(struck.get("view")),
            latency=_whole(struck.get("delay")) / 1000,
            drip=_whole(manner) / 1000 if slow else 0.0,
            hang_up=manner is not None and not slow,
            faults=tuple(active.label for active in struck.values()),
        )

    def behind(self, aimed: Aimed, number: int, now: Moment) -> tuple[int, tuple[str, ...]]:
        """Say how many milliseconds behind request ``number`` would see the world, and which fault has it so.

        Nothing is counted and no fault is used up: this is for somebody who only looks on.
        """
        for active in self._live["api"]:
            fault = active.fault
            if (
                fault.name == "lag"
                and not _expired(active, now)
                and _reaches(fault, aimed)
                and self._by_chance(active, (number,))
            ):
                return _whole(active), (active.label,)
        return 0, ()

    # inside

    def _first(
        self,
        side: str,
        kinds: Sequence[str],
        now: Moment,
        *,
        matches: Callable[[Mapping[str, str | int]], bool],
        numbers: tuple[int, ...],
        fits: Callable[[Fault], bool] = lambda _fault: True,
        received: float = 0.0,
    ) -> Active | None:
        """Return the first fault of these kinds that strikes, and count it."""
        for active in tuple(self._live[side]):
            fault = active.fault
            if fault.name not in kinds:
                continue
            if _expired(active, now):
                self._end(active)
            elif fits(fault) and matches(dict(fault.match)):
                active.matched += 1
                if not self._by_chance(active, numbers) or not _beyond(active, received):
                    continue
                active.struck += 1
                if active.struck == fault.times:
                    self._end(active)
                return active
        return None

    def _by_chance(self, active: Active, numbers: tuple[int, ...]) -> bool:
        chance = active.fault.chance
        if chance >= 1:
            return True
        return self._seed.number(f"fault of {active.fault.side}", active.number, *numbers) < chance * _ALWAYS

    def _draw(self, active: Active, delivery: int) -> int:
        """Return how many later posts overtake a delivery."""
        return 1 + self._seed.number("fault window", active.number, delivery) % _whole(active)

    def _expire(self, side: str, now: Moment) -> None:
        for active in tuple(self._live[side]):
            if _expired(active, now):
                self._end(active)

    def _end(self, active: Active) -> None:
        active.over = True
        self._live[active.fault.side].remove(active)
        self._tell(active.noted("ended"))


def _expired(active: Active, now: Moment) -> bool:
    until = active.until
    return until is not None and now >= until


def _on_route(fault: Fault, aimed: Aimed) -> bool:
    return aimed.route in (FAULTS["api"][fault.name].routes or (aimed.route,))


def _reaches(fault: Fault, aimed: Aimed) -> bool:
    return _on_route(fault, aimed) and matches_request(dict(fault.match), aimed)


def _whole(active: Active | None) -> int:
    if active is None:
        return 0
    assert isinstance(active.fault.value, int)
    return active.fault.value


def _beyond(active: Active, received: float) -> bool:
    """Return whether a request is one too many for a rate limit; anything else is."""
    rate = active.fault.value
    if not isinstance(rate, Rate):
        return True
    while active.recent and active.recent[0] <= received - rate.millis / 1000:
        active.recent.popleft()
    if len(active.recent) >= rate.requests:
        return True
    active.recent.append(received)
    return False


def _retry_after(active: Active, received: float) -> int | None:
    """Return the seconds that the header Retry-After says, None for no header."""
    fault = active.fault
    if isinstance(fault.value, Rate):
        oldest = active.recent[0] if active.recent else received
        return max(1, ceil(round(oldest + fault.value.millis / 1000 - received, 3)))
    return None if fault.retry_after is None else ceil(fault.retry_after / 1000)
