"""The world as a value, and how a command makes the next one.

``World`` is a root: persistent maps of touched records over the derived base. Changing a record makes a new root that
shares all else with the old, so that a snapshot, or a view of an earlier moment, is just a root that somebody kept. An
``Edit`` gathers what one command does; until ``done`` nothing outside has changed, so a command that raises half-way has
done nothing.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from enum import Enum
from typing import Any, NamedTuple, TypeAlias, TypeVar

from immutables import Map

from simulator.clock import Moment
from simulator.values import dataclass
from simulator.world.layout import CHECKBOX_STRIDE, STEP_STRIDE
from simulator.world.marks import INDEXED, Mark, marks_of, topic_mark
from simulator.world.populate import Base
from simulator.world.resources import (
    Attachment,
    Kind,
    Record,
    Ref,
    ScenarioSession,
    ScenarioSessionCheckbox,
    ScenarioSessionEvent,
    ScenarioSessionStep,
    ScenarioStep,
    WebhookSubscription,
)
from simulator.world.rows import Chain, Rows, Without, Woven

__all__ = ["FOLLOWING", "Change", "Edit", "Link", "World", "Written"]

R = TypeVar("R", bound=Record)
_Marks: TypeAlias = Map[Mark, tuple[int, ...]]

_NOTHING: Map[Any, Any] = Map()
FOLLOWING = frozenset((Kind.SESSION_STEP, Kind.CHECKBOX, Kind.ATTACHMENT))
"""Kinds whose records follow from others, and are kept at most when they were touched."""


class Change(NamedTuple):
    """What a command did to one record: the verb that tells of it."""

    ref: Ref
    verb: str


class Link(Enum):
    """Which children of which parent; the value is the children's kind and a name."""

    USER_LICENSES = (Kind.LICENSE, "User")
    USER_SESSIONS = (Kind.SESSION, "User")
    SCENARIO_RELEASES = (Kind.RELEASE, "Scenario")
    SCENARIO_SESSIONS = (Kind.SESSION, "Scenario")
    RELEASE_SESSIONS = (Kind.SESSION, "ScenarioRelease")
    RELEASE_SEQUENCES = (Kind.SEQUENCE, "ScenarioRelease")
    RELEASE_STEPS = (Kind.STEP, "ScenarioRelease")
    SEQUENCE_STEPS = (Kind.STEP, "ScenarioSequence")
    SESSION_PARTS = (Kind.PART, "ScenarioSession")
    SESSION_EVENTS = (Kind.EVENT, "ScenarioSession")
    CALL_PARTICIPANTS = (Kind.PARTICIPANT, "Call")

    @property
    def kind(self) -> Kind:
        return self.value[0]


class Written(NamedTuple):
    """What a command did to one record: what it is now, None when it was deleted, and under whom a new one was entered."""

    ref: Ref
    record: Record | None
    links: tuple[tuple[Link, int], ...] = ()


@dataclass(frozen=True, slots=True)
class World:
    """One state of everything. ``touched`` holds changed and created records, ``made`` how many of a kind were
    created, ``links`` the created children by parent, ``gone`` the deleted numbers by kind, rising.

    ``marks`` holds who bears a mark, as far as that does not follow from the base: created records, and those of the
    base whose marks have changed, which are listed in ``remarked`` by kind. All numbers rise.
    """

    base: Base
    touched: Map[Ref, Record] = _NOTHING
    made: Map[Kind, int] = _NOTHING
    links: Map[tuple[Link, int], tuple[int, ...]] = _NOTHING
    gone: Map[Kind, tuple[int, ...]] = _NOTHING
    marks: Map[Mark, tuple[int, ...]] = _NOTHING
    remarked: Map[Kind, tuple[int, ...]] = _NOTHING

    def get(self, ref: Ref) -> Record | None:
        """Return the record, or None when there never was one or it was deleted."""
        if self.gone and ref.number in self.gone.get(ref.kind, ()):
            return None
        if ref.kind in FOLLOWING:
            return self._attachment(ref) if ref.kind is Kind.ATTACHMENT else self._of_session(ref)
        return self.touched.get(ref) or self.base.derive(ref)

    def several(self, kind: Kind, numbers: Sequence[int]) -> list[Record | None]:
        """Return what ``get`` gives for each number."""
        if kind in FOLLOWING or kind in self.gone:
            return [self.get(Ref(kind, number)) for number in numbers]
        # A reference equals the plain tuple, which is made sooner.
        touched: Map[Any, Record] = self.touched
        derive = self.base.derive
        return [touched.get((kind, number)) or derive(Ref(kind, number)) for number in numbers]

    def need(self, kind: type[R], number: int) -> R:
        """Return a record that is known to exist."""
        record = self.get(Ref(kind.KIND, number))
        assert isinstance(record, kind), (kind, number)
        return record

    def all(self, kind: Kind) -> Rows:
        """Return all records of a kind that is numbered without gaps."""
        return self._rows(kind, range(1, self.count(kind) + 1))

    def after(self, kind: Kind, number: int) -> Iterator[int]:
        """Yield the numbers of this kind above ``number``, rising; of any kind, also one that is numbered with gaps."""
        if kind is Kind.ATTACHMENT:
            yield from (one for one in self.after(Kind.EVENT, number) if self.get(Ref(kind, one)))
            return
        stride = {Kind.SESSION_STEP: STEP_STRIDE, Kind.CHECKBOX: STEP_STRIDE * CHECKBOX_STRIDE}.get(kind)
        if stride is None:
            rows = self.all(kind)
            yield from (rows[at] for at in range(rows.rank(number + 1), len(rows)))
            return
        for session in self.after(Kind.SESSION, max(0, number) // stride):
            record = self.need(ScenarioSession, session)
            rows = self.session_steps(record) if kind is Kind.SESSION_STEP else self.checkboxes(record)
            yield from (one for one in rows if one > number)

    def count(self, kind: Kind) -> int:
        """Return the highest number given to this kind so far."""
        return self.base.counts[kind] + self.made.get(kind, 0)

    def children(self, link: Link, parent: int) -> Rows:
        """Return the children of ``parent`` by ``link``, rising by creation."""
        inborn = _INBORN[link](self.base, parent)
        made = self.links.get((link, parent))
        if made is None:
            return self._rows(link.kind, inborn)
        return self._rows(link.kind, Chain(inborn, made) if len(inborn) else made)

    def marked(self, mark: Mark) -> Rows:
        """Return the records that bear a mark, without looking at any of them."""
        numbers = self.base.marked(mark)
        if remarked := self.remarked.get(mark.kind):
            numbers = Without(numbers, remarked)
        if others := self.marks.get(mark):
            numbers = Woven(numbers, others)
        return self._rows(mark.kind, numbers)

    def hearing(self, key: str) -> tuple[WebhookSubscription, ...]:
        """Return the subscriptions to a topic, of whatever version, in the order of their creation."""
        if Kind.SUBSCRIPTION not in self.made:
            return ()
        topics = [topic.number for topic in self.base.topics if topic.key == key]
        # The base has no subscription, so that these marks are all there are.
        numbers = sorted(number for topic in topics for number in self.marks.get(topic_mark(topic), ()))
        found = (self.get(Ref(Kind.SUBSCRIPTION, number)) for number in numbers)
        return tuple(record for record in found if isinstance(record, WebhookSubscription))

    def session_steps(self, session: ScenarioSession, *, viewed: bool = False) -> Rows:
        """Return the steps of a session, or those that were viewed."""
        first = (session.number - 1) * STEP_STRIDE + 1
        many = session.steps_viewed if viewed else session.steps_possible
        return Rows(Kind.SESSION_STEP, range(first, first + many))

    def checkboxes(self, session: ScenarioSession) -> Rows:
        """Return the checkboxes of a session, in the order of its steps."""
        steps = self.session_steps(session).numbers
        return Rows(Kind.CHECKBOX, [box for step in steps for box in self.step_checkboxes(step).numbers])

    def step_checkboxes(self, session_step: int) -> Rows:
        """Return the checkboxes of one step of a session."""
        session, place = divmod(session_step - 1, STEP_STRIDE)
        step = self._step(self.need(ScenarioSession, session + 1), place)
        first = (session_step - 1) * CHECKBOX_STRIDE + 1
        return Rows(Kind.CHECKBOX, range(first, first + (len(step.checkboxes) if step else 0)))

    def _rows(self, kind: Kind, numbers: Sequence[int]) -> Rows:
        gone = self.gone.get(kind)
        return Rows(kind, Without(numbers, gone) if gone else numbers)

    def _step(self, session: ScenarioSession, place: int) -> ScenarioStep | None:
        steps = self.children(Link.RELEASE_STEPS, session.release)
        return self.need(ScenarioStep, steps[place]) if place < len(steps) else None

    def _attachment(self, ref: Ref) -> Attachment | None:
        """Only photos have a file. [chosen]"""
        event = self.get(Ref(Kind.EVENT, ref.number))
        if not isinstance(event, ScenarioSessionEvent) or event.type != "PHOTO":
            return None
        return Attachment(
            number=ref.number, author=event.created_by, type=event.type, updated_at=event.received_at
        )

    def _of_session(self, ref: Ref) -> Record | None:
        """Return a step or checkbox of a session; those of a created session exist without a record."""
        box, within = ref.kind is Kind.CHECKBOX, 0
        session_step = ref.number
        if box:
            session_step, within = divmod(ref.number - 1, CHECKBOX_STRIDE)
            session_step += 1
        number, place = divmod(session_step - 1, STEP_STRIDE)
        session = self.get(Ref(Kind.SESSION, number + 1)) if number >= 0 else None
        if not isinstance(session, ScenarioSession):
            return None
        if (touched := self.touched.get(ref)) is not None:
            return touched
        if ref.number <= self.base.counts[ref.kind]:
            return self.base.derive(ref)
        step = self._step(session, place)
        if step is None:
            return None
        if not box:
            return ScenarioSessionStep(number=ref.number, session=session.number, step=step.number)
        if within >= len(step.checkboxes):
            return None
        return ScenarioSessionCheckbox(
            number=ref.number, session=session.number, session_step=session_step, name=step.checkboxes[within]
        )


class Edit:
    """What one command does, gathered; ``now`` is the server's moment. ``written`` gets each record that is written."""

    def __init__(self, world: World, now: Moment, written: list[Written] | None = None) -> None:
        self.world = world
        self.now = now
        self._changes: list[Change] = []
        self._written = [] if written is None else written

    def make(self, kind: Kind, build: Callable[[int], R], *links: tuple[Link, int]) -> R:
        """Create a record of the next free number, and enter it under its parents."""
        number = self.world.count(kind) + 1
        record = build(number)
        world = self.world
        linked = world.links
        for link in links:
            linked = linked.set(link, (*linked.get(link, ()), number))
        made = world.made.set(kind, world.made.get(kind, 0) + 1)
        marks = _marked(world.marks, number, marks_of(record)) if kind in INDEXED else world.marks
        touched = world.touched.set(record.ref, record)
        self.world = replace(world, touched=touched, made=made, links=linked, marks=marks)
        self._written.append(Written(record.ref, record, links))
        return record

    def put(self, record: Record) -> None:
        """Replace a record by its next version."""
        world = self.world
        marks, remarked = self._marks_with(record)
        touched = world.touched.set(record.ref, record)
        self.world = replace(world, touched=touched, marks=marks, remarked=remarked)
        self._written.append(Written(record.ref, record))

    def drop(self, kind: Kind, numbers: Sequence[int]) -> None:
        """Delete records."""
        world = self.world
        gone = list(world.gone.get(kind, ()))
        for number in numbers:
            insort(gone, number)
            self._written.append(Written(Ref(kind, number), None))
        self.world = replace(world, gone=world.gone.set(kind, tuple(gone)))

    def _marks_with(self, record: Record) -> tuple[_Marks, Map[Kind, tuple[int, ...]]]:
        """Return the world's ``marks`` and ``remarked`` with what a record is found by now, and without what it was found by."""
        world, number, kind = self.world, record.number, record.KIND
        same = world.marks, world.remarked
        if kind not in INDEXED:
            return same
        old = world.get(record.ref)
        # Most changes of a session leave its external data alone: then nothing need be worked out.
        if getattr(old, "external_data", old) is getattr(record, "external_data", record):
            return same
        before, after = marks_of(old), marks_of(record)
        remarked = world.remarked.get(kind, ())
        at = bisect_left(remarked, number)
        if number <= world.base.counts[kind] and remarked[at : at + 1] != (number,):
            if before == after:
                return same
            return _marked(world.marks, number, after), world.remarked.set(kind, _with(remarked, number))
        return _marked(world.marks, number, after - before, before - after), world.remarked

    def tell(self, ref: Ref, verb: str) -> None:
        """Note that ``ref`` changed, and by which verb the world hears of it."""
        self._changes.append(Change(ref, verb))

    def done(self) -> tuple[World, tuple[Change, ...]]:
        """Return the next world and what is to be told, in order."""
        return self.world, tuple(self._changes)


def _marked(marks: _Marks, number: int, added: Iterable[Mark], struck: Iterable[Mark] = ()) -> _Marks:
    """Return who bears which mark, once a record has some more and others no more."""
    for mark in added:
        marks = marks.set(mark, _with(marks.get(mark, ()), number))
    for mark in struck:
        others = tuple(one for one in marks[mark] if one != number)
        marks = marks.set(mark, others) if others else marks.delete(mark)
    return marks


def _with(numbers: tuple[int, ...], number: int) -> tuple[int, ...]:
    """Return rising numbers with one more."""
    at = bisect_left(numbers, number)
    return (*numbers[:at], number, *numbers[at:])


def _within(base: Base, kind: Kind, parent: int) -> bool:
    return parent <= base.counts[kind]


_INBORN: dict[Link, Callable[[Base, int], Sequence[int]]] = {
    Link.USER_LICENSES: lambda base, n: base.licences.children(n) if _within(base, Kind.USER, n) else (),
    Link.USER_SESSIONS: lambda base, user: base.by_person.owned((user,)),
    Link.SCENARIO_RELEASES: lambda base, n: (
        base.releases.children(n) if _within(base, Kind.SCENARIO, n) else ()
    ),
    Link.SCENARIO_SESSIONS: lambda base, n: (
        base.by_release.owned(base.releases.children(n)) if _within(base, Kind.SCENARIO, n) else ()
    ),
    Link.RELEASE_SESSIONS: lambda base, release: base.by_release.owned((release,)),
    Link.RELEASE_SEQUENCES: lambda base, n: (
        base.sequences.children(n) if _within(base, Kind.RELEASE, n) else ()
    ),
    Link.RELEASE_STEPS: lambda base, n: base.steps_of(n) if _within(base, Kind.RELEASE, n) else (),
    Link.SEQUENCE_STEPS: lambda base, n: base.steps.children(n) if _within(base, Kind.SEQUENCE, n) else (),
    Link.SESSION_PARTS: lambda base, n: base.parts.children(n) if _within(base, Kind.SESSION, n) else (),
    Link.SESSION_EVENTS: lambda base, n: base.events.children(n) if _within(base, Kind.SESSION, n) else (),
    Link.CALL_PARTICIPANTS: lambda base, n: (
        base.participants.children(n) if _within(base, Kind.CALL, n) else ()
    ),
}
