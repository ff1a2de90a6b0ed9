"""The words of a plant: what a machine, a task and a step are, and the steps that every task begins and ends with.

A step has the minutes that it usually takes, so that sessions last as long as their steps do. The machines themselves
stand in ``equipment``; what is chosen from them is decided in ``layout``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

__all__ = ["COMMON", "Action", "Equipment", "Plan", "Procedure", "Reading", "Task", "plan_of"]


class Action(NamedTuple):
    """What is done at a step: its name, the minutes it usually takes, and what is ticked at it."""

    name: str
    minutes: int
    checks: tuple[str, ...] = ()


class Reading(NamedTuple):
    """Something measured: its name, unit, the limits it ought to keep, and its decimal places."""

    name: str
    unit: str
    low: float
    high: float
    places: int = 1


class Task(NamedTuple):
    """A piece of work: its title, the sentence that orders it, its steps, and the codes of the spare parts it takes."""

    title: str
    order: str
    work: tuple[Action, ...]
    parts: tuple[str, ...] = ()


class Equipment(NamedTuple):
    """A class of machines: what it is called, the letters of its tags, and what is measured, done and tried on it."""

    name: str
    letters: str
    readings: tuple[Reading, ...]
    tasks: tuple[Task, ...]
    trial: tuple[Action, ...]


class Procedure(NamedTuple):
    """What a scenario is about: one task on one machine."""

    equipment: Equipment
    tag: str
    task: Task
    name: str

    @property
    def description(self) -> str:
        return f"{self.task.order} the {self.equipment.name} {self.tag}, step by step."


class Plan(NamedTuple):
    """What a release has the technician do: its phases by name, all its actions, and when each begins (in minutes of
    work; the last entry is the end)."""

    procedure: Procedure
    phases: tuple[str, ...]
    actions: tuple[Action, ...]
    begins: tuple[int, ...]


_PERMIT = Action("Read the work permit", 3, ("Permit is valid today",))
_TOOLS = Action("Check tools and parts", 5)
_PROTECT = Action("Put on protective equipment", 3, ("Gloves and goggles worn",))
_ISOLATE = Action("Isolate and lock out", 8, ("Lock fitted", "Tag attached"))
_VERIFY = Action("Verify zero energy", 4, ("Start button tried",))
_NAME_PLATE = Action("Photograph the name plate", 1)
_GUARDS = Action("Refit the guards", 6, ("All bolts in place",))
_UNLOCK = Action("Remove locks and tags", 4, ("My lock removed",))
_READINGS = Action("Record the readings", 4)
_CLEAN = Action("Clean the work area", 5, ("Area clean",))
_FINISHED = Action("Photograph the finished work", 1)
_HAND_OVER = Action("Hand over to operations", 4, ("Operations informed",))

COMMON = (
    *(_PERMIT, _TOOLS, _PROTECT, _ISOLATE, _VERIFY, _NAME_PLATE),
    *(_GUARDS, _UNLOCK, _READINGS, _CLEAN, _FINISHED, _HAND_OVER),
)
"""What is done whatever the task."""

_PREPARE = {
    2: (_PERMIT, _ISOLATE),
    3: (_PERMIT, _ISOLATE, _VERIFY),
    4: (_PERMIT, _ISOLATE, _VERIFY, _NAME_PLATE),
}
_CLOSE_OUT = {
    2: (_UNLOCK, _HAND_OVER),
    3: (_GUARDS, _UNLOCK, _HAND_OVER),
    4: (_GUARDS, _UNLOCK, _FINISHED, _HAND_OVER),
}
_AFTER_TEST = {
    2: (_READINGS, _HAND_OVER),
    3: (_READINGS, _FINISHED, _HAND_OVER),
    4: (_READINGS, _CLEAN, _FINISHED, _HAND_OVER),
}


def plan_of(procedure: Procedure, sizes: Sequence[int]) -> Plan:
    """Return the plan of a release whose three or four phases have so many steps each, two to four."""
    phases = [("Prepare", _PREPARE[sizes[0]]), ("Carry out", _some(procedure.task.work, sizes[1]))]
    if len(sizes) > 3:
        trial = _some(procedure.equipment.trial, sizes[2] - 1)
        phases += [("Test", (_UNLOCK, *trial)), ("Close out", _AFTER_TEST[sizes[3]])]
    else:
        phases += [("Close out", _CLOSE_OUT[sizes[2]])]
    actions = [action for _, phase in phases for action in phase]
    begins = accumulate((action.minutes for action in actions), initial=0)
    return Plan(procedure, tuple(name for name, _ in phases), tuple(actions), tuple(begins))


def _some(actions: Sequence[Action], many: int) -> Sequence[Action]:
    """Return so many of the actions, spread over them and in their order."""
    return [actions[place * len(actions) // many] for place in range(many)]
