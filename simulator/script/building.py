"""From a document to a script: what ``checks`` found sound becomes values.

Durations and moments are read once, here. This module must not judge: what it is given fits the contract.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

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
from simulator.wire import JSON
from simulator.world.resources import Kind

__all__ = ["build"]

_PERSON: Final = {"jobTitle": "job_title", "tokenGroups": "token_groups"}
"""Where a setting is spelt otherwise than the API's field."""


def build(document: Document) -> Script:
    """Return the script of a document that was found sound."""
    root: Any = document.value
    start = root.get("start")
    steps = _steps(root["steps"], ("steps",))
    description = root.get("description")
    return Script(
        title=literal(root["title"]),
        description=None if description is None else literal(description),
        seed=root.get("seed"),
        start=None if start is None else parse_moment(start),
        vars=root.get("vars", {}),
        world=_world(root.get("world", {})),
        steps=steps,
        endings=tuple(_endings(root.get("endings", ()), steps)),
        document=document,
        tags=tuple(root.get("tags", ())),
        reset=root.get("receiver", {}).get("reset"),
    )


def _world(given: dict[str, Any]) -> World:
    organization = given.get("organization", {})
    name = organization.get("name")
    users = given.get("users")
    people = users if isinstance(users, list) else []
    return World(
        organization=None if name is None else literal(name),
        permalink=organization.get("permalink"),
        people=tuple(
            {
                _PERSON.get(key, key): [*map(literal, value)] if isinstance(value, list) else literal(value)
                for key, value in one.items()
                if key != "as"
            }
            for one in people
        ),
        names=tuple(one.get("as") for one in people),
        users=users if isinstance(users, int) else None,
        history_days=given.get("historyDays"),
        **{name: given.get(name) for name in ("groups", "catalogs", "scenarios", "sessions", "calls")},
    )


def _steps(given: list[dict[str, Any]], path: Path) -> tuple[Step, ...]:
    return tuple(_step(one, (*path, place)) for place, one in enumerate(given))


def _endings(given: Sequence[dict[str, Any]], steps: Sequence[Step]) -> Iterator[Ending]:
    points = [step.name for step in steps if isinstance(step, Checkpoint)]
    for place, one in enumerate(given):
        path = ("endings", place)
        inner = _steps(one["steps"], (*path, "steps"))
        yield Ending(literal(one["title"]), path, one.get("from", points[-1]), inner)


def _step(given: dict[str, Any], path: Path) -> Step:
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
            return Repeat(path, given, value["times"], _steps(value["steps"], (*path, "repeat", "steps")))
        case "together":
            inner = (*path, "together")
            tracks = tuple(_steps(track, (*inner, place)) for place, track in enumerate(value))
            return Together(path, given, tracks)
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
