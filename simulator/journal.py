"""The numbered, bounded record of all that happened; commands, scripts, tests and reports read it.

An entry is a number, a moment on the simulator's clock and one fact. Facts are values; the journal neither judges
nor formats them for people. Those who must know at once (``expect``) follow it and see each entry as it arrives,
so that nothing is ever counted by reading the whole record again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice, repeat
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

from simulator.clock import Moment
from simulator.values import dataclass
from simulator.wire import Answer, Attempt, Outcome, Request

__all__ = [
    "OBSERVER",
    "Asked",
    "AttemptMade",
    "ChangeMade",
    "DeliveryPlanned",
    "Entry",
    "Fact",
    "FaultNoted",
    "Journal",
    "Noted",
    "OutcomeSeen",
    "RequestAnswered",
    "StepPlayed",
    "Undone",
    "delivery_of",
]


K = TypeVar("K")

OBSERVER = "x-scope-simulator-observer"
"""A request with this header is a test's own and never counts as the receiver's."""


@dataclass(frozen=True, slots=True)
class ChangeMade:
    """A command changed the world. ``words`` are the event words that tell of it, in order; may be empty."""

    kind: ClassVar[str] = "change"
    verb: str
    type: str
    id: str
    words: tuple[str, ...]
    by: str | None

    @property
    def about(self) -> tuple[str, ...]:
        return (self.id,)


@dataclass(frozen=True, slots=True)
class DeliveryPlanned:
    """A payload is to go to a target. ``type`` and ``id`` are those of the resource it is about; for a payload
    about no resource ``type`` is its own (``iot``) and ``id`` is None. ``topic`` is that of a webhook of generation 2.

    ``faults`` names those that struck it as a whole; ``copy_of`` is the delivery that it repeats because of one, and
    ``dropped`` says that because of one it never goes out. ``invented``: somebody had it told, whatever the world is like.
    """

    kind: ClassVar[str] = "delivery"
    delivery: int
    target: str
    word: str
    type: str
    id: str | None
    topic: str | None = None
    faults: tuple[str, ...] = ()
    copy_of: int | None = None
    dropped: bool = False
    invented: bool = False

    @property
    def about(self) -> tuple[str, ...]:
        return (self.id,) if self.id else ()


@dataclass(frozen=True, slots=True)
class AttemptMade:
    """A post began. ``faults`` names those that strike this attempt."""

    kind: ClassVar[str] = "attempt"
    planned: DeliveryPlanned
    attempt: Attempt
    faults: tuple[str, ...] = ()

    @property
    def about(self) -> tuple[str, ...]:
        return self.planned.about


@dataclass(frozen=True, slots=True)
class OutcomeSeen:
    """A post ended. ``verdict`` says what becomes of the delivery: ``delivered``, ``given_up``, ``retry`` (``again`` is
    when) or ``stale`` (the attempt is from before a reset and changes nothing). ``faults`` names
    those that struck the attempt; when it failed, that is theirs."""

    kind: ClassVar[str] = "outcome"
    planned: DeliveryPlanned
    attempt: Attempt
    outcome: Outcome
    verdict: str
    again: Moment | None = None
    faults: tuple[str, ...] = ()

    @property
    def about(self) -> tuple[str, ...]:
        return self.planned.about


@dataclass(frozen=True, slots=True)
class Asked:
    """One resource that a request named, with the field names it used beneath that id."""

    id: str
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class RequestAnswered:
    """A client asked the vendor's API. ``route`` names what it reached: ``graphql``, ``object``, ``sign_in``,
    ``sessions`` or ``unknown``; ``observer`` marks a test's own request, which never counts as the receiver's.

    ``faults`` names those that struck; ``spoilt``: because of them the client did not get what it asked for.
    """

    kind: ClassVar[str] = "request"
    request: Request
    answer: Answer
    route: str
    operation: str | None
    asked: tuple[Asked, ...]
    observer: bool
    faults: tuple[str, ...] = ()
    spoilt: bool = False

    @property
    def about(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.id for one in self.asked))


@dataclass(frozen=True, slots=True)
class StepPlayed:
    """A script began a step. ``place`` is ``file:line``, ``text`` the step in one line, ``track`` which of those that
    overlap it belongs to: ``2``, or ``2.1`` inside of that; None outside."""

    kind: ClassVar[str] = "step"
    place: str
    text: str
    track: str | None = None

    @property
    def about(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class FaultNoted:
    """A fault was ``set``, has ``ended``, or is ``idle``: something came to its end and the fault had matched nothing.

    ``line`` says the fault in one line, ``fault`` is its number; of what ``matched`` it, it ``struck`` so many.
    """

    kind: ClassVar[str] = "fault"
    fault: int
    line: str
    state: str
    matched: int = 0
    struck: int = 0

    @property
    def about(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Noted:
    """Anything else worth a line: a reset, a target added, the clock moved."""

    kind: ClassVar[str] = "note"
    text: str

    @property
    def about(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Undone:
    """What once happened and has not any more, since a snapshot was restored from before it."""

    kind: ClassVar[str] = "undone"
    was: Fact

    @property
    def about(self) -> tuple[str, ...]:
        return ()


Fact: TypeAlias = (
    ChangeMade
    | DeliveryPlanned
    | AttemptMade
    | OutcomeSeen
    | RequestAnswered
    | StepPlayed
    | FaultNoted
    | Noted
    | Undone
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal; ``number`` counts from 1 and never repeats."""

    number: int
    at: Moment
    fact: Fact


def delivery_of(fact: Fact) -> int | None:
    """Return the number of the delivery that a fact tells of, None when it tells of none."""
    match fact:
        case DeliveryPlanned(delivery=number):
            return number
        case AttemptMade(planned=planned) | OutcomeSeen(planned=planned):
            return planned.delivery
        case _:
            return None


class Journal:
    """The record, oldest first, holding the newest ``bound`` entries.

    ``timer`` gives wall seconds: then it is known how far apart two entries were written, on whatever clock they
    happened.
    """

    def __init__(self, bound: int = 100_000, *, timer: Callable[[], float] | None = None) -> None:
        self._bound = bound
        self._entries: deque[Entry] = deque(maxlen=bound)
        self._timer = timer
        self._written: deque[float | None] = deque(maxlen=bound)
        self._last = 0
        self._followers: dict[int, Callable[[Entry], None]] = {}
        self._followed = 0
        self._telling: tuple[Callable[[Entry], None], ...] = ()
        """The followers as they are told: who comes or goes meanwhile does so for the entries after this one."""
        self._line = object()
        """What copies have in common."""
        self._about: _Index[str] | None = None
        """By resource, the entries about it; None until somebody asks."""
        self._of_delivery: _Index[int] | None = None
        """By delivery, the entries that tell of it; None until somebody asks."""
        self.counts: Counter[str] = Counter()
        """How many entries of each kind were ever written, evicted ones included."""

    @property
    def last(self) -> int:
        """The number of the newest entry, 0 when there is none."""
        return self._last

    @property
    def evicted(self) -> int:
        """How many entries the bound has pushed out."""
        return self._last - len(self._entries)

    def append(self, at: Moment, fact: Fact) -> Entry:
        """Write one entry and tell the followers, in the order they came."""
        self._last += 1
        entry = Entry(self._last, at, fact)
        if self._about is not None:
            self._enter(self._about, entry)
        if self._of_delivery is not None:
            self._enter(self._of_delivery, entry)
        self._entries.append(entry)
        if self._timer is not None:
            self._written.append(self._timer())
        self.counts[fact.kind] += 1
        for follower in self._telling:
            follower(entry)
        return entry

    def restore(self, entries: Iterable[Entry], *, last: int, counts: Mapping[str, int]) -> None:
        """Begin with another's entries, which end with number ``last``; when they were written is not known any more."""
        self._entries.extend(entries)
        self._last = last
        self.counts.update(counts)
        if self._timer is not None:
            self._written.extend(None for _ in self._entries)

    def copy(self) -> Journal:
        """Return a journal with the same entries, which nobody follows."""
        other = Journal(self._bound, timer=self._timer)
        other._line = self._line
        other._entries.extend(self._entries)
        other._written.extend(self._written)
        other._last = self._last
        other.counts.update(self.counts)
        return other

    def continues(self, other: Journal) -> bool:
        """Whether this journal holds all that ``other`` does, as it is or as undone: numbers mean the same in both."""
        return self._line is other._line and self._last >= other._last

    def undo(self, later: Journal) -> int:
        """Take up what ``later`` holds since this one was copied from it, as undone; return how many entries it has had since.

        A journal that this one is no copy of has no part in it.
        """
        if later._line is not self._line or later._last <= self._last:
            return 0
        many = later._last - self._last
        if later.evicted > self._last:
            self._entries.clear()
            self._written.clear()
        self._entries.extend(map(_undone, later.since(self._last)))
        self._written.extend(list(later._written)[-many:])
        self._last = later._last
        self.counts[Undone.kind] += many
        self._about = self._of_delivery = None
        return many

    def follow(self, follower: Callable[[Entry], None]) -> Callable[[], None]:
        """Have ``follower`` called with each new entry; return a function that ends it."""
        self._followed += 1
        key = self._followed
        self._followers[key] = follower
        self._telling = tuple(self._followers.values())

        def end() -> None:
            self._followers.pop(key, None)
            self._telling = tuple(self._followers.values())

        return end

    def since(self, number: int) -> Iterator[Entry]:
        """Return the entries after ``number``, oldest first; use them before the next one is written."""
        skip = max(0, number - self.evicted)
        rest = max(0, len(self._entries) - skip)
        if rest >= skip:
            return islice(self._entries, skip, None)
        return reversed(tuple(islice(reversed(self._entries), rest)))

    def all_written(self) -> Iterator[float | None]:
        """Return for each entry that is held what ``written`` does, oldest first."""
        return iter(self._written) if self._timer is not None else repeat(None, len(self._entries))

    def written(self, number: int) -> float | None:
        """Return the wall seconds at which an entry was written; None when that is not known, or it is not held."""
        place = number - self.evicted - 1
        return self._written[place] if 0 <= place < len(self._written) else None

    def about(self, resource: str, *, after: int = 0) -> list[Entry]:
        """Return the entries after ``after`` about one resource, oldest first, without reading the others."""
        if self._about is None:
            self._about = _Index(lambda fact: fact.about, self._entries)
        return self._held(self._about.numbers.get(resource, []), after)

    def of_delivery(self, number: int) -> list[Entry]:
        """Return the entries that tell of one delivery, oldest first, without reading the others."""
        return self._held(self._deliveries().get(number, []))

    def deliveries(self, *, after: int = 0) -> list[int]:
        """Return the numbers above ``after`` of the deliveries that some entry still tells of, rising."""
        return sorted(number for number in self._deliveries() if number > after)

    def dropped(self, kinds: Iterable[str]) -> int:
        """Return how many entries of these kinds the bound has pushed out; it reads all that are held."""
        wanted = frozenset(kinds)
        held = sum(entry.fact.kind in wanted for entry in self._entries)
        return sum(self.counts[kind] for kind in wanted) - held

    def select(
        self,
        *,
        after: int = 0,
        kinds: Iterable[str] = (),
        about: str | None = None,
        limit: int | None = None,
    ) -> list[Entry]:
        """Return the entries after ``after`` that match, oldest first, at most ``limit``."""
        wanted = frozenset(kinds)
        if wanted and self.counts.keys().isdisjoint(wanted):
            return []
        entries = self.since(after) if about is None else self.about(about, after=after)
        matching = (entry for entry in entries if not wanted or entry.fact.kind in wanted)
        return list(islice(matching, limit))

    def _deliveries(self) -> dict[int, list[int]]:
        if self._of_delivery is None:
            self._of_delivery = _Index(_deliveries_of, self._entries)
        return self._of_delivery.numbers

    def _enter(self, index: _Index[Any], entry: Entry) -> None:
        """Enter the next entry in an index, in the place of the one that it will push out."""
        if len(self._entries) == self._bound:
            index.drop(self._entries[0])
        index.add(entry)

    def _held(self, numbers: list[int], after: int = 0) -> list[Entry]:
        """Return the entries with these rising numbers above ``after`` that have not been pushed out."""
        gone = self.evicted
        held = numbers[bisect_right(numbers, max(after, gone)) :]
        return [self._entries[number - gone - 1] for number in held]


class _Index(Generic[K]):
    """The numbers of the entries by what they name, rising. What is dropped may stay in a list for a while, but never
    more than what is held, and what nothing names any more is gone."""

    def __init__(self, names: Callable[[Fact], Iterable[K]], entries: Iterable[Entry]) -> None:
        self._names = names
        self.numbers: dict[K, list[int]] = {}
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        for name in self._names(entry.fact):
            self.numbers.setdefault(name, []).append(entry.number)

    def drop(self, oldest: Entry) -> None:
        """Forget the oldest entry."""
        for name in self._names(oldest.fact):
            numbers = self.numbers[name]
            if numbers[-1] == oldest.number:
                del self.numbers[name]
            elif numbers[len(numbers) // 2] <= oldest.number:
                del numbers[: bisect_right(numbers, oldest.number)]


def _undone(entry: Entry) -> Entry:
    fact = entry.fact
    return entry if isinstance(fact, Undone) else Entry(entry.number, entry.at, Undone(fact))


def _deliveries_of(fact: Fact) -> tuple[int, ...]:
    number = delivery_of(fact)
    return () if number is None else (number,)
