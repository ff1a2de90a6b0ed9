"""How the base is numbered: who belongs to whom and when, as arithmetic over a seed and a few sizes.

Theory. Sizes of families repeat after a fixed number of parents, sessions are dealt out to releases and people, people to
groups (see ``rows``), moments rise with the number through the shifts of the days before the present. A machine has the
scenarios whose numbers leave the same rest. Nothing here knows a record's fields; ``populate`` makes records on top of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from simulator.clock import Moment
from simulator.seeds import Seed
from simulator.settings import Settings, spelling
from simulator.world import labels
from simulator.world.equipment import EQUIPMENT, LETTERS
from simulator.world.fakes import ROLES, TECHNICIAN, Role
from simulator.world.marks import LISTING, MATCH, Mark
from simulator.world.plant import Plan, Procedure, plan_of
from simulator.world.resources import Kind
from simulator.world.rows import Deal, Spread
from simulator.world.shifts import DAY, HEAVIEST, Calendar
from simulator.world.states import DEMO, PASSIVE, PERSISTENT

__all__ = ["CACHE", "CHECKBOX_STRIDE", "STEP_STRIDE", "Layout"]

T = TypeVar("T")

STEP_STRIDE = 256
"""The most steps a release may have; a session's step ``k`` (from 0) has number ``(session - 1) * 256 + k + 1``."""
CHECKBOX_STRIDE = 16
"""The most checkboxes a step may have, numbered likewise from the session step's number."""
CACHE = 8192
"""How many records, and other things worked out, are kept."""

_CYCLE = 64
_HANDS = 1024
"""So many owners at most are dealt to, spread over all, so that a world of many starts as fast as one of few."""


class Layout:
    """Numbers, families and moments of the base."""

    def __init__(self, settings: Settings, start: Moment) -> None:
        self.seed = Seed(settings.seed)
        self.spelling = spelling(settings.enum_names)
        self.file_lifetime = settings.file_lifetime
        self.midnight = start // DAY * DAY
        self.begin = Moment(self.midnight - (settings.history_days + 1) * DAY)
        self._calendar = Calendar(self.begin, settings.history_days)
        users = max(settings.users, 1 + len(settings.people))
        self.people: Sequence[int] = range(2, users + 1) if users > 1 else (1,)
        self._roles: tuple[Role, ...] = (TECHNICIAN, *self._pattern("roles", ROLES)[1:])
        self.licences = Spread([len(role.licences) for role in self._roles])
        writers = [n for n in self.people[:_CYCLE] if "AUTHOR" in self.role(n).licences]
        self.authors: Sequence[int] = writers or self.people
        self.releases = Spread(self._pattern("releases", (1, 2, 2, 3)))
        self.sequences = Spread(self._pattern("sequences", (3, 3, 4)))
        self.steps = Spread(self._pattern("steps", (2, 3, 3, 4)))
        # The last slot is fixed, so that a world of any seed has passive sessions and events.
        self.types: tuple[str, ...] = (
            *self._pattern("types", (PERSISTENT,) * 6 + (PASSIVE,) * 3 + (DEMO,))[1:],
            PASSIVE,
        )
        parts = self._pattern("parts", (1, 1, 2, 3))
        events = (*self._pattern("events", (0, 1, 2, 3, 5))[1:], 2)
        self.parts = Spread([n if t == PERSISTENT else 1 for t, n in zip(self.types, parts, strict=True)])
        self.events = Spread([0 if t == DEMO else n for t, n in zip(self.types, events, strict=True)])
        self.participants = Spread(
            [min(many, len(self.people)) for many in self._pattern("participants", (2, 2, 3))]
        )

        scenarios = settings.scenarios
        releases = self.releases.before(scenarios + 1)
        sequences = self.sequences.before(releases + 1)
        sessions, calls = (settings.sessions if scenarios else 0), settings.calls
        events_in_all = self.events.before(sessions + 1)
        self.counts: Mapping[Kind, int] = {
            Kind.ORGANIZATION: 1,
            Kind.USER: users,
            Kind.GROUP: settings.groups,
            Kind.LICENSE: self.licences.before(users + 1),
            Kind.CATALOG: settings.catalogs,
            Kind.SCENARIO: scenarios,
            Kind.RELEASE: releases,
            Kind.SEQUENCE: sequences,
            Kind.STEP: self.steps.before(sequences + 1),
            Kind.SESSION: sessions,
            Kind.PART: self.parts.before(sessions + 1),
            Kind.SESSION_STEP: sessions * STEP_STRIDE,
            Kind.EVENT: events_in_all,
            Kind.ATTACHMENT: events_in_all,
            Kind.CHECKBOX: sessions * STEP_STRIDE * CHECKBOX_STRIDE,
            Kind.CALL: calls,
            Kind.PARTICIPANT: self.participants.before(calls + 1),
            Kind.TOPIC: len(settings.topics),
            Kind.SUBSCRIPTION: 0,
        }
        """How many numbers of each kind the base takes; what is created later is numbered from there on."""
        self._machines = settings.catalogs or max(1, scenarios)
        self._first_tag = 101 + 100 * (self.seed.number("tags") % 8)
        families = [self.releases.children(number) for number in _some(range(1, scenarios + 1))]
        owners = [release for family in families for release in family]
        self.by_release = self._deal("release", owners, [family[-1] for family in families], sessions)
        workers = _some(self.people)
        self.by_person = self._deal("person", workers, workers, sessions)
        groups = _some(range(2, settings.groups + 1))
        unequal = [group for place, group in enumerate(groups) for _ in range(max(1, 4 - place))]
        self.by_group = self._deal("group", unequal or (1,), unequal, users)
        self._plan = lru_cache(maxsize=CACHE)(self._make_plan)

    def role(self, user: int) -> Role:
        """Return what a user is at the plant."""
        return self._roles[(user - 1) % _CYCLE]

    def steps_of(self, release: int) -> range:
        """Return the numbers of a release's steps."""
        sequences = self.sequences.children(release)
        return range(self.steps.children(sequences[0]).start, self.steps.children(sequences[-1]).stop)

    def session_moment(self, number: int, count: int) -> Moment:
        """Return when number ``number`` of ``count`` begins: rising with the number, in the shifts of the plant."""
        span = self._calendar.span
        # Two begin at least so many places apart as one millisecond may have.
        width = max(1, span // count - HEAVIEST)
        return self._calendar.moment(
            (number - 1) * span // count + self.seed.number("moment", number) % width
        )

    def tag(self, machine: int) -> str:
        """Return the tag of a machine, by which the customer's system knows it."""
        return labels.tag(LETTERS, self._first_tag, machine)

    def procedure(self, scenario: int) -> Procedure:
        """Return what a scenario is about, also one that is created later."""
        place, machine = divmod(scenario - 1, self._machines)
        equipment = EQUIPMENT[machine % len(EQUIPMENT)]
        tag = self.tag(machine + 1)
        tasks = equipment.tasks
        round_, turn = divmod(place, len(tasks))
        task = tasks[(self._first_task(machine) + turn) % len(tasks)]
        return Procedure(equipment, tag, task, labels.procedure(task.title, tag, round_ + 1))

    def plan(self, release: int) -> Plan:
        """Return what a release of the base has the technician do."""
        return self._plan(release)

    def on_machine(self, machine: int) -> range:
        """Return the numbers of the scenarios of the base that are about a machine."""
        return range(machine, self.counts[Kind.SCENARIO] + 1, self._machines)

    def marked(self, mark: Mark) -> Sequence[int]:
        """Return the numbers, rising, of the records that bear a mark in the base."""
        if mark.kind is Kind.USER:
            return self.by_group.owned((int(mark.text),)) if self.counts[Kind.GROUP] > 1 else ()
        if mark.kind is Kind.SCENARIO:
            return self._within(Kind.SCENARIO, self._scenario_called(mark.text))
        if mark.way == LISTING:
            return self._within(Kind.CATALOG, self._machine_of(int(mark.text)))
        if mark.kind is Kind.CATALOG:
            return self._within(Kind.CATALOG, labels.read_tag(LETTERS, self._first_tag, mark.text))
        if mark.kind is Kind.CALL:
            fits = (mark.way, mark.name) == (MATCH, "case_id")
            return self._within(Kind.CALL, labels.read_case(mark.text)) if fits else ()
        if mark.way == MATCH:
            fits = mark.name == "work_order_id"
            return self._within(Kind.SESSION, labels.read_work_order(mark.text)) if fits else ()
        return self._using(mark.text) if mark.name == "partNumbers" else ()

    def _machine_of(self, scenario: int) -> int | None:
        """Return the number of the machine that a scenario of the base is about."""
        return (scenario - 1) % self._machines + 1 if scenario <= self.counts[Kind.SCENARIO] else None

    def _first_task(self, machine: int) -> int:
        return self.seed.number("task", machine)

    def _scenario_called(self, text: str) -> int | None:
        """Return the number of the scenario with this name."""
        title, tag, variant = labels.read_procedure(text) or ("", "", 0)
        machine = labels.read_tag(LETTERS, self._first_tag, tag)
        if machine is None or machine > self._machines:
            return None
        tasks = EQUIPMENT[(machine - 1) % len(EQUIPMENT)].tasks
        for place, task in enumerate(tasks):
            if task.title == title:
                turn = (place - self._first_task(machine - 1)) % len(tasks)
                number = ((variant - 1) * len(tasks) + turn) * self._machines + machine
                return number if self.procedure(number).name == text else None
        return None

    def _using(self, text: str) -> Sequence[int]:
        """Return the sessions for which a spare part is needed."""
        scenario, code = labels.read_part(text) or (0, "")
        if not 1 <= scenario <= self.counts[Kind.SCENARIO] or code not in self.procedure(scenario).task.parts:
            return ()
        return self.by_release.owned(self.releases.children(scenario))

    def _within(self, kind: Kind, number: int | None) -> Sequence[int]:
        return (number,) if number is not None and number <= self.counts[kind] else ()

    def _make_plan(self, release: int) -> Plan:
        scenario, _ = self.releases.parent(release)
        sequences = self.sequences.children(release)
        return plan_of(self.procedure(scenario), [len(self.steps.children(one)) for one in sequences])

    def _pattern(self, purpose: str, choices: Sequence[T]) -> tuple[T, ...]:
        stream = self.seed.stream(f"pattern {purpose}")
        return tuple(stream.choice(choices) for _ in range(_CYCLE))

    def _deal(self, purpose: str, owners: Sequence[int], favoured: Sequence[int], total: int) -> Deal:
        deck = list(owners)
        while favoured and len(deck) < _CYCLE:
            deck.extend(favoured)
        self.seed.stream(f"deck {purpose}").shuffle(deck)
        size = max(1, len(deck))
        turn = lru_cache(maxsize=CACHE)(lambda block: self.seed.number(f"turn {purpose}", block) % size)
        return Deal(deck, total, turn)


def _some(numbers: Sequence[int]) -> Sequence[int]:
    """Return all of them, or so many as are dealt to."""
    stride = -(-len(numbers) // _HANDS) or 1
    return numbers[::stride]
