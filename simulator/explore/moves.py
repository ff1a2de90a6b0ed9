"""Which steps are worth trying: moves, waits and faults of deliveries, each read from a handful of small numbers.

A *code* says what to do in terms that fit any world: the n-th resource, the n-th person, the n-th of some values. What it
comes to depends on the world it meets, and one that is not legal there is passed over. So each step of a sequence stands
by itself: taking one away changes no other, which is what makes sequences easy to shrink. Values are listed with the
simplest first. This module must not draw codes nor play steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from simulator.explore.plot import ORDER, StepJSON
from simulator.explore.sketch import Sketch
from simulator.values import dataclass
from simulator.wire import JSON
from simulator.world.resources import Kind

__all__ = ["FAULTS", "WAITS", "WORDS", "Code", "Moves", "fits"]

WORDS: Final = ("turn", "add", "create", "wait")
"""What a code can say: to change the state of something, to change only what is in it, to create, to wait."""

WAITS: Final = ("1m", "15m", "2h")

FAULTS: Final[tuple[tuple[str, tuple[JSON, ...]], ...]] = (
    ("reorder", (8, 5, 4, 3, 2, 1)),
    ("delay", ("1m", "10m", "1h")),
    ("duplicate", (1, 2)),
    ("answer_lost", (True,)),
    ("unreachable", (True,)),
)
"""The faults that a delivery survives, and the values that are tried."""

_WORDS: Final[Mapping[str, str]] = {
    "create": "create",
    "pause": "paused",
    "resume": "resumed",
    "finish": "finished",
}
"""What moves are told as; all others as an update. What a leave is told as depends on the state it meets."""
_MOST: Final = 3
"""How many resources are varied at a time at most."""
_TYPES: Final = ("PERSISTENT", "PASSIVE", "DEMO")


class Code(NamedTuple):
    """What to do, to the which-th resource, by the which-th person (0 is nobody in particular), with which value; and
    which fault befalls what is told of it, and how (0 is none)."""

    what: str
    whom: int = 0
    by: int = 0
    value: int = 0
    fault: int = 0
    much: int = 0


@dataclass(frozen=True, slots=True)
class Moves:
    """The steps that the codes of one search stand for. ``templates`` are what is created: the fields by type."""

    templates: Mapping[str, Mapping[str, Any]]
    taken: frozenset[str]
    """Names that mean something already."""
    retried: bool
    """Whether an attempt that failed is made again."""

    @classmethod
    def of(cls, before: Iterable[StepJSON], *, taken: Iterable[str], retried: bool) -> Moves:
        """Return those of a script, which is varied by what its own steps create."""
        found: dict[str, Mapping[str, Any]] = {}
        for step in before:
            kind = step.get("create")
            if kind in (Kind.SESSION, Kind.CALL):
                found.setdefault(str(kind), step.get("with", {}))
        return cls(found or {Kind.SESSION: {}}, frozenset(taken), retried)

    def play(self, codes: Iterable[Code], sketch: Sketch, *, most: int) -> tuple[StepJSON, ...]:
        """Return the steps that codes come to in a world that they change: at most so many, faults not counted."""
        steps: list[StepJSON] = []
        for code in codes:
            step = self._step(code, sketch)
            idle = step is not None and "wait" in step and bool(steps) and "wait" in steps[-1]
            if step is None or idle or not sketch.take(step):
                continue
            fault = self._fault(code, step, sketch)
            steps += [step] if fault is None else [fault, step]
            most -= 1
            if not most:
                break
        return _trimmed(steps)

    def _step(self, code: Code, sketch: Sketch) -> StepJSON | None:
        if code.what == "wait":
            return {"wait": WAITS[code.value % len(WAITS)]}
        if code.what == "create":
            return self._create(code, sketch)
        turning = code.what == "turn"
        subjects = sketch.subjects
        for place in range(len(subjects)):
            name = subjects[(code.whom + place) % len(subjects)]
            verbs = sorted((verb for verb, turns in sketch.legal(name) if turns is turning), key=ORDER.index)
            if verbs:
                return self._move(verbs[code.value % len(verbs)], name, code, sketch)
        # There is nothing left of which the state could change.
        return self._create(code, sketch) if turning else None

    def _move(self, verb: str, name: str, code: Code, sketch: Sketch) -> StepJSON:
        step: dict[str, Any] = {verb: name}
        if verb == "view" and code.much % 3:
            step["steps"] = 1 + code.much % 3
        elif verb == "check":
            step["with"] = {"checkbox": 1 + code.much % 3}
        elif verb == "record" and (ago := sketch.since_end(name)):
            # A device that was offline hands it in after the end.
            step["at"] = f"-{ago}s"
        return step | self._by(code, sketch)

    def _create(self, code: Code, sketch: Sketch) -> StepJSON | None:
        subjects = sketch.subjects
        if len(subjects) >= _MOST:
            return None
        kind = list(self.templates)[code.whom % len(self.templates)]
        fields = dict(self.templates[kind])
        if subjects and "externalData" in fields:
            fields["externalData"] = _told_apart(fields["externalData"], len(subjects) + 1)
        type_ = _TYPES[code.value % len(_TYPES)]
        if kind == Kind.SESSION and "sessionType" not in fields and type_ != _TYPES[0]:
            fields["sessionType"] = type_
        name = ("session" if kind == Kind.SESSION else "call") + (f"{len(subjects) + 1}" if subjects else "")
        while name in self.taken:
            name += "_"
        step: dict[str, Any] = {"create": kind, "as": name}
        return step | ({"with": fields} if fields else {}) | self._by(code, sketch)

    def _by(self, code: Code, sketch: Sketch) -> dict[str, Any]:
        who = code.by % (len(sketch.people) + 1)
        return {"by": sketch.people[who - 1]} if who else {}

    def _fault(self, code: Code, step: StepJSON, sketch: Sketch) -> StepJSON | None:
        """Return what has a fault befall the first webhook that tells of a step."""
        if not code.fault or "wait" in step:
            return None
        fault, values = FAULTS[(code.fault - 1) % len(FAULTS)]
        if fault == "unreachable" and not self.retried:
            return None
        match = {"event": _word(step, sketch)} | ({} if "create" in step else {"of": step[next(iter(step))]})
        given = {fault: values[code.much % len(values)], "times": 1, "match": match}
        return {"faults": {"delivery": [given]}}


def fits(steps: Iterable[StepJSON], sketch: Sketch) -> tuple[StepJSON, ...]:
    """Return those steps that are legal one after the other in a world that they change."""
    return _trimmed([step for step in steps if sketch.take(step)])


def _trimmed(steps: list[StepJSON]) -> tuple[StepJSON, ...]:
    """Return the steps without those at the end that change nothing any more."""
    while steps and ("faults" in steps[-1] or "wait" in steps[-1]):
        del steps[-1]
    return tuple(steps)


def _word(step: StepJSON, sketch: Sketch) -> str:
    """Return the first event word that a step which was just taken is told as."""
    if "leave" in step:
        return sketch.leaving_word(step["leave"])
    return next((word for verb, word in _WORDS.items() if verb in step), "update")


def _told_apart(value: JSON, number: int) -> JSON:
    """Return external data whose texts differ from those of the first of its kind."""
    if isinstance(value, dict):
        return {key: _told_apart(one, number) for key, one in value.items()}
    if isinstance(value, list):
        return [_told_apart(one, number) for one in value]
    return f"{value}-{number}" if isinstance(value, str) else value
