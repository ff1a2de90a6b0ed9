"""How a session of the base went: who worked when, how far it came, and the moment of each thing in it.

Theory. A session lasts as long as the steps that were viewed usually take, faster or slower as a whole, in as many
stretches as it has parts. A moment in it is a place in its steps (step 2, three quarters through), so what happens at a
later place happens later. One look at a session's number gives all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from simulator.clock import Moment
from simulator.settings import Settings
from simulator.world.layout import CACHE, Layout
from simulator.world.plant import Plan
from simulator.world.resources import Kind
from simulator.world.shifts import HOUR, MINUTE
from simulator.world.states import DEMO, PERSISTENT

__all__ = ["TICKED_AT", "Histories", "History"]

TICKED_AT = 0.8
"""How far through its step a checkbox is ticked."""

_OVERNIGHT = 13 * HOUR


class History(NamedTuple):
    """The course of one session; ``stretches`` are begin and end of each, ``viewed`` counts steps."""

    number: int
    release: int
    plan: Plan
    type: str
    paused: bool
    viewed: int
    stretches: tuple[tuple[int, int], ...]

    @property
    def worked(self) -> int:
        return sum(end - begin for begin, end in self.stretches)

    def moment(self, place: float) -> Moment:
        """Return the moment of a place in the viewed steps: 2.75 is three quarters through the third."""
        step = int(place)
        begins = self.plan.begins
        minutes = begins[step] + (place - step) * (begins[step + 1] - begins[step])
        left = int(self.worked * minutes / begins[self.viewed])
        for begin, end in self.stretches[:-1]:
            if left <= end - begin:
                return Moment(begin + left)
            left -= end - begin
        return Moment(self.stretches[-1][0] + left)

    def stretch_at(self, moment: int) -> int:
        """Return the place of the stretch during which ``moment`` falls, or which came before it."""
        return max(place for place, (begin, _) in enumerate(self.stretches) if begin <= moment)


class Histories(Layout):
    """The layout, and how its sessions went."""

    def __init__(self, settings: Settings, start: Moment) -> None:
        super().__init__(settings, start)
        self._history = lru_cache(maxsize=CACHE)(self._make_history)

    def history(self, session: int) -> History:
        """Return how a session of the base went."""
        return self._history(session)

    def worker(self, session: int, place: int) -> int:
        """Return who worked the stretch at ``place``: the one who began, at times a colleague afterwards."""
        draw = self.seed.number("worker", session, place) if place else 1
        if draw % 2:
            return self.by_person.owner(session)
        return self.people[draw // 2 % len(self.people)]

    def ticked(self, session: int, place: int) -> tuple[bool, ...]:
        """Return for each checkbox of the step at ``place`` whether it was ticked; those of skipped steps are not."""
        history = self.history(session)
        checks = history.plan.actions[place].checks
        draw = self.seed.number("ticked", session, place)
        return tuple(place < history.viewed and draw // 8**box % 8 > 0 for box in range(len(checks)))

    def event_place(self, session: int, index: int, draw: int) -> tuple[int, float]:
        """Return at which step the event at ``index`` was recorded, and how far through it; later events stand at later
        places."""
        many, viewed = len(self.events.children(session)), self.history(session).viewed
        step, rest = divmod(index * viewed, many)
        room = min(viewed / many, 1 - rest / many)
        return step, rest / many + draw % 900 / 1000 * room

    def check_at(self, session: int, step: int) -> str | None:
        """Return the text of the first box that was ticked at a step, where that may be an event: a step that may have
        more than one could not keep their order."""
        history = self.history(session)
        ticked = self.ticked(session, step)
        if history.viewed < len(self.events.children(session)) or not any(ticked):
            return None
        return history.plan.actions[step].checks[ticked.index(True)]

    def _make_history(self, session: int) -> History:
        draw = self.seed.number("session", session)
        type_ = self.types[(session - 1) % len(self.types)]
        release = self.by_release.owner(session)
        plan = self.plan(release)
        possible = len(plan.actions)
        paused = type_ == PERSISTENT and draw % 12 == 0
        viewed = possible if draw // 16 % 10 < 8 and not paused else 1 + draw // 256 % possible
        minutes = 3 + draw // 2**20 % 6 if type_ == DEMO else plan.begins[viewed]
        worked = minutes * MINUTE * (75 + draw // 2**24 % 80) // 100 + draw // 2**32 % MINUTE
        begin: int = self.session_moment(session, self.counts[Kind.SESSION])
        shares = _shares(len(self.parts.children(session)), draw // 2**40)
        return History(
            session,
            release,
            plan,
            type_,
            paused,
            0 if type_ == DEMO else viewed,
            tuple(self._stretches(session, begin, [worked * share // 100 for share in shares])),
        )

    def _stretches(self, session: int, begin: int, lengths: Sequence[int]) -> list[tuple[int, int]]:
        """Lay the stretches out: most pauses wait for a part or a colleague, one in eight for the next morning."""
        laid = [(begin, begin + lengths[0])]
        for place, length in enumerate(lengths[1:]):
            draw = self.seed.number("pause", session, place)
            overnight = _OVERNIGHT if place == 0 and draw % 8 == 0 else 0
            begin = laid[-1][1] + overnight + 10 * MINUTE + draw // 8 % (150 * MINUTE)
            laid.append((begin, begin + length))
        return laid


def _shares(many: int, draw: int) -> tuple[int, ...]:
    """Return how much of the work, in hundredths, was done in each of one to three stretches."""
    first = 35 + draw % 30
    return ((100,), (first, 100 - first), (first, 30, 70 - first))[many - 1]
