"""A copy of the platform on which steps are tried before they are played: which are legal is asked of the world itself.

So the state tables have one reader, the commands, and what they allow here is what they allow when it is played. Nobody
is told of anything. This module decides nothing about which steps are worth trying.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from simulator.clock import Moment, parse_duration
from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.explore.plot import StepJSON
from simulator.script.model import WORLD_VERBS, verb_of
from simulator.script.scope import Scope
from simulator.script.steps import Run
from simulator.wire import JSON
from simulator.world.resources import Call, Kind, ScenarioSession
from simulator.world.states import CALL, FINISHED, PAUSED, SESSION

__all__ = ["KINDS", "Sketch"]

KINDS: Final = (Kind.SESSION, Kind.CALL)
"""What is told about, and so what is varied."""


class Sketch:
    """The world as it is after some steps of a script: its names, and what stands behind them."""

    def __init__(self, platform: Platform, scope: Scope, ids: Mapping[str, str]) -> None:
        self._platform = platform
        self._scope = scope
        self._ids = dict(ids)
        self.made: set[tuple[str, str, str]] = set()
        """The moves that were made: of what, in which state, by which verb."""

    @classmethod
    def after(cls, run: Run) -> Sketch:
        """Return the world at the end of a rehearsal."""
        ids = {name: run.scope.id_of(name) or "" for name in run.scope.names}
        return cls(run.platform.fork(), run.scope, ids)

    def copy(self) -> Sketch:
        """Return another that goes its own way."""
        return Sketch(self._platform.fork(), self._scope, self._ids)

    @property
    def names(self) -> list[str]:
        """All names that were given."""
        return list(self._ids)

    @property
    def subjects(self) -> list[str]:
        """The names of all that can be varied, oldest first."""
        return [name for name in self._ids if self.kind_of(name) in KINDS]

    @property
    def people(self) -> list[str]:
        """The names of people."""
        return [name for name in self._ids if self.kind_of(name) is Kind.USER]

    def kind_of(self, name: str) -> Kind | None:
        record = self._platform.view().by_id(self._ids[name])
        return None if record is None else record.KIND

    def legal(self, name: str) -> list[tuple[str, bool]]:
        """Return the verbs that the state tables allow for a resource now, each with whether it changes who is at work."""
        record = self._platform.view().by_id(self._ids[name])
        if isinstance(record, ScenarioSession):
            table = SESSION[record.session_type]
        else:
            assert isinstance(record, Call)
            table = CALL
        turning = ("join", "leave")
        return [
            (verb, move.state != state or verb in turning)
            for (state, verb), move in table.items()
            if state == record.state
        ]

    def leaving_word(self, name: str) -> str:
        """Return what a leave was told as that led to where a resource stands now."""
        record = self._platform.view().by_id(self._ids[name])
        state = getattr(record, "state", None)
        return {PAUSED: "paused", FINISHED: "finished"}.get(str(state), "update")

    def since_end(self, name: str) -> int:
        """Return how many seconds ago a session ended, rounded up."""
        record = self._platform.view().by_id(self._ids[name])
        ended = record.ended_at if isinstance(record, ScenarioSession) else None
        return 0 if ended is None else -(-(self._platform.now - ended) // 1000)

    def take(self, step: StepJSON) -> bool:
        """Carry out a step; False, and nothing has changed, when it is not legal now."""
        verb = verb_of(step)
        assert verb is not None
        if verb == "wait":
            self._platform.advance(Moment(self._platform.now + parse_duration(step["wait"])))
            return True
        if verb not in WORLD_VERBS:
            return all(one.get("match", {}).get("of") in (None, *self._ids) for one in _faults(step))
        return self._act(verb, step)

    def _act(self, verb: str, step: StepJSON) -> bool:
        subject = step[verb] if verb == "create" else self._ids.get(step[verb])
        if subject is None:
            return False
        fields: Any = step.get("with", {}) if "steps" not in step else {"steps": step["steps"]}
        at = step.get("at")
        moment = None if at is None else Moment(self._platform.now - parse_duration(at[1:]))
        by = None if "by" not in step else self._ids.get(step["by"], step["by"])
        move = (*self._state(subject), verb)
        try:
            made = self._platform.carry_out(verb, subject, self._filled(fields), by=by, at=moment)
        except UsageError:
            return False
        self.made.add(move)
        if "as" in step:
            self._ids[step["as"]] = made
        return True

    def _filled(self, fields: Mapping[str, JSON]) -> dict[str, JSON]:
        """Return fields with what references and names stood for after the steps that are not varied."""
        filled = {key: self._scope.fill(value, ("steps",)) for key, value in fields.items()}
        return {key: self._named(value) for key, value in filled.items()}

    def _named(self, value: JSON) -> JSON:
        if isinstance(value, list):
            return [self._named(one) for one in value]
        return self._ids.get(value, value) if isinstance(value, str) else value

    def _state(self, subject: str) -> tuple[str, str]:
        """Return what the state tables know of a resource: its kind of life, and where in it it stands."""
        record = self._platform.view().by_id(subject)
        if isinstance(record, ScenarioSession):
            return f"{record.session_type} ScenarioSession", record.state
        if isinstance(record, Call):
            return Kind.CALL, record.state
        return subject, "-"


def _faults(step: StepJSON) -> list[Mapping[str, Any]]:
    faults: list[Mapping[str, Any]] = step["faults"]["delivery"]
    return faults
