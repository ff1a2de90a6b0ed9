"""How the base is numbered: who belongs to whom and when, as arithmetic over a seed and a few sizes.

Theory. Sizes of families repeat after a fixed number of parents, sessions are dealt out to releases and people (see
``rows``), moments rise with the number through working hours of the last ninety days. Nothing here knows a record's
fields; ``populate`` makes records on top of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from simulator.clock import Moment
from simulator.seeds import Seed
from simulator.settings import Settings
from simulator.world.resources import Kind
from simulator.world.rows import Deal, Spread
from simulator.world.states import DEMO, PASSIVE, PERSISTENT

__all__ = [
    "CACHE",
    "CHECKBOX_STRIDE",
    "DAY",
    "HISTORY_DAYS",
    "HOUR",
    "MINUTE",
    "STEP_STRIDE",
    "Layout",
]

T = TypeVar("T")

STEP_STRIDE = 256
"""The most steps a release may have; a session's step ``k`` (from 0) has number ``(session - 1) * 256 + k + 1``."""
CHECKBOX_STRIDE = 16
"""The most checkboxes a step may have, numbered likewise from the session step's number."""
CACHE = 8192
"""How many records, and other things worked out, are kept."""
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
HISTORY_DAYS = 90

_CYCLE = 64
_SHIFT_BEGINS, _SHIFT_HOURS = 6 * HOUR, 14 * HOUR


class Layout:
    """Numbers, families and moments of the base."""

    def __init__(self, settings: Settings, start: Moment) -> None:
        self.seed = Seed(settings.seed)
        self.midnight = start // DAY * DAY
        users = max(settings.users, 1 + len(settings.people))
        self.people: Sequence[int] = range(2, users + 1) if users > 1 else (1,)
        self.releases = Spread(self._pattern("releases", (1, 2, 2, 3)))
        self.sequences = Spread(self._pattern("sequences", (2, 3, 3)))
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
        self.participants = Spread([min(many, users) for many in self._pattern("participants", (2, 2, 3))])

        scenarios = settings.scenarios
        releases = self.releases.before(scenarios + 1)
        sequences = self.sequences.before(releases + 1)
        sessions, calls = (settings.sessions if scenarios else 0), settings.calls
        self.counts: Mapping[Kind, int] = {
            Kind.ORGANIZATION: 1,
            Kind.USER: users,
            Kind.GROUP: max(1, settings.groups),
            Kind.LICENSE: users,
            Kind.SCENARIO: scenarios,
            Kind.RELEASE: releases,
            Kind.SEQUENCE: sequences,
            Kind.STEP: self.steps.before(sequences + 1),
            Kind.SESSION: sessions,
            Kind.PART: self.parts.before(sessions + 1),
            Kind.SESSION_STEP: sessions * STEP_STRIDE,
            Kind.EVENT: self.events.before(sessions + 1),
            Kind.CHECKBOX: sessions * STEP_STRIDE * CHECKBOX_STRIDE,
            Kind.CALL: calls,
            Kind.PARTICIPANT: self.participants.before(calls + 1),
        }
        """How many numbers of each kind the base takes; what is created later is numbered from there on."""
        latest = [self.releases.children(number)[-1] for number in range(1, scenarios + 1)]
        self.by_release = self._deal("release", range(1, releases + 1), latest, sessions)
        self.by_person = self._deal("person", self.people, self.people, sessions)

    def steps_of(self, release: int) -> range:
        """Return the numbers of a release's steps."""
        sequences = self.sequences.children(release)
        return range(self.steps.children(sequences[0]).start, self.steps.children(sequences[-1]).stop)

    def session_moment(self, number: int, count: int) -> Moment:
        """Return when number ``number`` of ``count`` begins: rising with the number, in working hours."""
        span = HISTORY_DAYS * _SHIFT_HOURS
        width = max(1, span // count)
        place = (number - 1) * span // count + self.seed.number("moment", number) % width
        day, into = divmod(place, _SHIFT_HOURS)
        return Moment(self.midnight - (HISTORY_DAYS + 1 - day) * DAY + _SHIFT_BEGINS + into)

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
