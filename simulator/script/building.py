"""From a document to a script: what ``checks`` found sound becomes values.

Durations and moments are read once, here. This module must not judge: what it is given fits the contract.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from simulator.clock import parse_duration, parse_moment
from simulator.script.document import Document, Path
from simulator.script.model import (
    EXPECTED,
    Act,
    Checkpoint,
    Duration,
    Emit,
    Ending,
    Expect,
    Need,
    Pass,
    Play,
    Repeat,
    Script,
    SetFaults,
    Step,
    Together,
    World,
    parse_device_time,
    verb_of,
)
from simulator.script.references import is_template, literal
from simulator.settings.fault_kinds import SIDES
from simulator.wire import JSON, dump
from simulator.world.resources import Kind

__all__ = ["build"]

_PERSON: Final = {"jobTitle": "job_title", "tokenGroups": "token_groups"}
"""Where a setting is spelt otherwise than the API's field."""


def build(document: Document) -> Script:
    """Return the script of a document that was found sound."""
    crew = _Crew()
    script = _script(document, crew)
    return replace(script, world=replace(script.world, people=tuple(crew.people)))


class _Crew:
    """The people of a script, then those of the scripts it plays that are not among them already."""

    def __init__(self) -> None:
        self.people: list[Mapping[str, JSON]] = []
        self._named: dict[str, int] = {}
        self._told: dict[str, int] = {}
        self._first = True

    def places(self, users: JSON) -> dict[str, int]:
        """Take up listed people; return which of all each name stands for.

        A name of the script itself stands for its person in every script that it plays; else who is told alike is one.
        """
        places: dict[str, int] = {}
        listed: Any = users if isinstance(users, list) else []
        for one in listed:
            name, told = one.get("as"), dump(one).decode()
            place = None if self._first else self._named.get(name, self._told.get(told))
            if place is None:
                place = self._told[told] = len(self.people)
                self.people.append(_person(one))
            if name is not None:
                places[name] = place
        if self._first:
            self._first, self._named = False, dict(places)
        return places


class _Plan(NamedTuple):
    """What is being built: the document, and the people of all that is played."""

    document: Document
    crew: _Crew


def _script(document: Document, crew: _Crew) -> Script:
    root: Any = document.value
    start = root.get("start")
    places = crew.places(root.get("world", {}).get("users"))
    plan = _Plan(document, crew)
    steps = _steps(root["steps"], ("steps",), plan)
    description = root.get("description")
    return Script(
        title=literal(root["title"]),
        description=None if description is None else literal(description),
        seed=root.get("seed"),
        start=None if start is None else parse_moment(start),
        vars=root.get("vars", {}),
        world=_world(root.get("world", {})),
        steps=steps,
        crew=places,
        endings=tuple(_endings(root.get("endings", ()), steps, plan)),
        document=document,
        tags=tuple(root.get("tags", ())),
        reset=root.get("receiver", {}).get("reset"),
    )


def _person(given: dict[str, Any]) -> Mapping[str, JSON]:
    return {
        _PERSON.get(key, key): [*map(literal, value)] if isinstance(value, list) else literal(value)
        for key, value in given.items()
        if key != "as"
    }


def _world(given: dict[str, Any]) -> World:
    organization = given.get("organization", {})
    name = organization.get("name")
    users = given.get("users")
    return World(
        organization=None if name is None else literal(name),
        permalink=organization.get("permalink"),
        users=users if isinstance(users, int) else None,
        history_days=given.get("historyDays"),
        groups=given.get("groups"),
        catalogs=given.get("catalogs"),
        scenarios=given.get("scenarios"),
        sessions=given.get("sessions"),
        calls=given.get("calls"),
    )


def _steps(given: list[dict[str, Any]], path: Path, plan: _Plan) -> tuple[Step, ...]:
    return tuple(_step(one, (*path, place), plan) for place, one in enumerate(given))


def _endings(given: Sequence[dict[str, Any]], steps: Sequence[Step], plan: _Plan) -> Iterator[Ending]:
    points = [step.name for step in steps if isinstance(step, Checkpoint)]
    for place, one in enumerate(given):
        path = ("endings", place)
        inner = _steps(one["steps"], (*path, "steps"), plan)
        yield Ending(literal(one["title"]), path, one.get("from", points[-1]), inner)


def _step(given: dict[str, Any], path: Path, plan: _Plan) -> Step:
    verb = verb_of(given)
    assert verb is not None
    value = given[verb]
    match verb:
        case "emit":
            return Emit(path, given, value["type"], value["event"], value.get("data", {}))
        case "subscribe":
            return Act(path, given, verb, Kind.SUBSCRIPTION, value, verb, name=given.get("as"))
        case "wait":
            return Pass(path, given, _duration(value))
        case "expect":
            return _expect(given, path)
        case "repeat":
            return Repeat(
                path, given, value["times"], _steps(value["steps"], (*path, "repeat", "steps"), plan)
            )
        case "together":
            inner = (*path, "together")
            tracks = tuple(_steps(track, (*inner, place), plan) for place, track in enumerate(value))
            return Together(path, given, tracks)
        case "play":
            played = plan.document.plays[(*path, "play")]
            return Play(path, given, _script(played, plan.crew), given.get("vars", {}))
        case "checkpoint":
            return Checkpoint(path, given, value)
        case "faults":
            return _faults(given, path)
    key = "set" if verb == "update" else "with"
    fields = {"steps": given["steps"]} if "steps" in given else given.get(key, {})
    at = given.get("at")
    return Act(
        path,
        given,
        verb,
        value,
        fields,
        key,
        given.get("by"),
        at if at is None or is_template(at) else parse_device_time(at),
        given.get("as"),
    )


def _expect(step: dict[str, Any], path: Path) -> Expect:
    given = step["expect"]
    needs = []
    for kind in EXPECTED:
        wanted = given.get(kind, [])
        if isinstance(wanted, dict):
            needs.append(Need((*path, "expect", kind), kind, wanted))
        else:
            needs += [Need((*path, "expect", kind, i), kind, one) for i, one in enumerate(wanted)]
    within = given.get("within", "5s")
    simulated = within.endswith(" simulated")
    return Expect(path, step, tuple(needs), _duration(within.removesuffix(" simulated")), simulated)


def _faults(step: dict[str, Any], path: Path) -> SetFaults:
    # A list is the empty one, which ends the faults of every side.
    given: dict[str, list[dict[str, JSON]]] = step["faults"] or {side: [] for side in SIDES}
    listed = tuple(
        (side, (*path, "faults", side, place), one)
        for side, faults in given.items()
        for place, one in enumerate(faults)
    )
    return SetFaults(path, step, tuple(given), listed)


def _duration(text: str) -> Duration:
    return text if is_template(text) else parse_duration(text)
