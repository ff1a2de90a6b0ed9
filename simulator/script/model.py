"""A script as values: what it is called, the world it wants and the steps it takes.

``build`` turns a document that ``checks`` found sound into these values and reads durations and moments once, here.
Text that may hold references stays as written; it is filled in when its step is played, see ``steps``. Each step knows
the path it stands at and what was written there, so that whatever goes wrong with it can be said with its line. This module must not judge: what it
is given fits the contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from simulator.clock import Moment, parse_duration, parse_moment
from simulator.errors import UsageError
from simulator.script.document import Document, Path
from simulator.script.references import is_template, literal
from simulator.settings.fault_kinds import SIDES
from simulator.values import dataclass
from simulator.wire import JSON, dump
from simulator.world.resources import Kind

__all__ = [
    "EXPECTED",
    "RUN_VERBS",
    "SIDE_KEYS",
    "VERBS",
    "WORLD_VERBS",
    "Act",
    "Device",
    "Duration",
    "Emit",
    "Expect",
    "Need",
    "Pass",
    "Repeat",
    "Script",
    "SetFaults",
    "Step",
    "Together",
    "World",
    "build",
    "parse_device_time",
    "text_of",
    "verb_of",
]

EXPECTED: Final = ("answered", "queried", "delivered", "given_up")
"""What can be expected, in the order in which it is judged."""

WORLD_VERBS: Final = (
    "create",
    "update",
    "pause",
    "resume",
    "finish",
    "leave",
    "join",
    "view",
    "record",
    "check",
)
RUN_VERBS: Final = ("emit", "subscribe", "wait", "expect", "repeat", "together", "faults")
VERBS: Final = (*WORLD_VERBS, *RUN_VERBS)

SIDE_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(WORLD_VERBS, ("by", "at")),
    "create": ("with", "by", "at", "as"),
    "update": ("set", "by", "at"),
    "join": ("by", "at", "as"),
    "view": ("steps", "by", "at"),
    "record": ("with", "by", "at", "as"),
    "check": ("with", "by", "at"),
    **dict.fromkeys(RUN_VERBS, ()),
    "subscribe": ("as",),
}
"""The keys that may stand beside each verb."""

_PERSON: Final = {"jobTitle": "job_title"}
"""Where a setting is spelt otherwise than the API's field."""

Duration: TypeAlias = int | str
"""Milliseconds, or text with references that gives them when it is played."""


@dataclass(frozen=True, slots=True)
class Device:
    """The device's time: a ``moment``, or ``shift`` milliseconds from now."""

    moment: Moment | None = None
    shift: int = 0


@dataclass(frozen=True, slots=True)
class Act:
    """A world verb, or ``subscribe``. ``subject`` is a type for what is made, else a name or a reference."""

    path: Path
    raw: Mapping[str, JSON]
    verb: str
    subject: str
    fields: Mapping[str, JSON]
    fields_key: str
    by: str | None = None
    at: Device | str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Emit:
    """A webhook as the script says it."""

    path: Path
    raw: Mapping[str, JSON]
    type: str
    event: str
    data: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Pass:
    """Let time pass."""

    path: Path
    raw: Mapping[str, JSON]
    duration: Duration


@dataclass(frozen=True, slots=True)
class Need:
    """One thing a receiver must do: ``kind`` is one of ``EXPECTED``, ``fields`` as in the file."""

    path: Path
    kind: str
    fields: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Expect:
    """What the receiver must have done ``within`` so many milliseconds of wall time, or of simulated time."""

    path: Path
    raw: Mapping[str, JSON]
    needs: tuple[Need, ...]
    within: Duration
    simulated: bool


@dataclass(frozen=True, slots=True)
class Repeat:
    path: Path
    raw: Mapping[str, JSON]
    times: int | str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class SetFaults:
    """What is to go wrong from now on, in place of what did on the same ``sides``; each with its side and its place."""

    path: Path
    raw: Mapping[str, JSON]
    sides: tuple[str, ...]
    faults: tuple[tuple[str, Path, Mapping[str, JSON]], ...]


@dataclass(frozen=True, slots=True)
class Together:
    """Tracks of steps that overlap in time."""

    path: Path
    raw: Mapping[str, JSON]
    tracks: tuple[tuple[Step, ...], ...]


Step: TypeAlias = Act | Emit | Pass | Expect | Repeat | SetFaults | Together


@dataclass(frozen=True, slots=True)
class World:
    """The world a script wants; None means that it does not care. ``names`` are those of the listed people."""

    organization: str | None = None
    permalink: str | None = None
    people: tuple[Mapping[str, JSON], ...] = ()
    names: tuple[str | None, ...] = ()
    users: int | None = None
    groups: int | None = None
    catalogs: int | None = None
    scenarios: int | None = None
    sessions: int | None = None
    calls: int | None = None
    history_days: int | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """One script, sound as far as it can be known without a world."""

    title: str
    description: str | None
    seed: int | None
    start: Moment | None
    vars: Mapping[str, JSON]
    world: World
    steps: tuple[Step, ...]
    document: Document

    @property
    def file(self) -> str:
        """The file as messages name it."""
        return self.document.name

    @property
    def wants_world(self) -> bool:
        """Whether the script asks for a world, a seed or a start of its own: on a running platform that means a reset."""
        return self.seed is not None or self.start is not None or self.world != World()

    def settings(self) -> dict[str, JSON]:
        """Return what the script asks of the settings, by their names; what it does not mention is left out."""
        world = self.world
        asked: dict[str, JSON] = {
            "seed": self.seed,
            "start": self.start,
            "organization": world.organization,
            "permalink": world.permalink,
            "people": [dict(one) for one in world.people] or None,
            "users": world.users,
            "groups": world.groups,
            "catalogs": world.catalogs,
            "scenarios": world.scenarios,
            "sessions": world.sessions,
            "calls": world.calls,
            "history_days": world.history_days,
        }
        return {name: value for name, value in asked.items() if value is not None}


def build(document: Document) -> Script:
    """Return the script of a document that was found sound."""
    root: Any = document.value
    start = root.get("start")
    description = root.get("description")
    return Script(
        title=literal(root["title"]),
        description=None if description is None else literal(description),
        seed=root.get("seed"),
        start=None if start is None else parse_moment(start),
        vars=root.get("vars", {}),
        world=_world(root.get("world", {})),
        steps=_steps(root["steps"], ("steps",)),
        document=document,
    )


def parse_device_time(text: str) -> Device:
    """Read ``at``: an ISO 8601 moment, or ``-20m`` for twenty minutes ago."""
    try:
        if text.startswith("-"):
            return Device(shift=-parse_duration(text[1:]))
        return Device(moment=parse_moment(text))
    except UsageError:
        raise UsageError(
            "the device's time cannot be read",
            expected="-20m for twenty minutes ago, or ISO 8601, such as 2021-03-01T07:40:00Z",
            found=repr(text),
        ) from None


def verb_of(step: Mapping[str, JSON]) -> str | None:
    """Return the verb of a step as it was written."""
    return next((key for key in step if key in VERBS), None)


def text_of(step: Mapping[str, JSON]) -> str:
    """Return a step in one line, its verb first, as it is shown while it is played."""
    shown = {key: step[key] for key in sorted(step, key=lambda key: key not in VERBS)}
    if isinstance(repeat := shown.get("repeat"), dict):
        shown["repeat"] = {"times": repeat["times"]}
    if isinstance(tracks := shown.get("together"), list):
        shown["together"] = f"{len(tracks)} tracks"
    return ", ".join(f"{key}: {_brief(value)}" for key, value in shown.items())


def _brief(value: JSON) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_brief(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_brief(one) for one in value) + "]"
    return value if isinstance(value, str) else dump(value).decode()


def _world(given: dict[str, Any]) -> World:
    organization = given.get("organization", {})
    name = organization.get("name")
    users = given.get("users")
    people = users if isinstance(users, list) else []
    return World(
        organization=None if name is None else literal(name),
        permalink=organization.get("permalink"),
        people=tuple(
            {_PERSON.get(key, key): literal(value) for key, value in one.items() if key != "as"}
            for one in people
        ),
        names=tuple(one.get("as") for one in people),
        users=users if isinstance(users, int) else None,
        history_days=given.get("historyDays"),
        **{name: given.get(name) for name in ("groups", "catalogs", "scenarios", "sessions", "calls")},
    )


def _steps(given: list[dict[str, Any]], path: Path) -> tuple[Step, ...]:
    return tuple(_step(one, (*path, place)) for place, one in enumerate(given))


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
