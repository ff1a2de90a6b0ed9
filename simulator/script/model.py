"""A script as values: what it is called, the world it wants and the steps it takes.

Text that may hold references stays as written; it is filled in when its step is played, see ``steps``. Each step knows
the path it stands at and what was written there, so that whatever goes wrong with it can be said with its line. This
module must not judge, nor read a document: ``building`` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Final, TypeAlias

from simulator.clock import Moment, parse_duration, parse_moment
from simulator.errors import UsageError
from simulator.expect import EXPECTED
from simulator.script.document import Document, Path
from simulator.values import dataclass
from simulator.wire import JSON, dump

__all__ = [
    "EXPECTED",
    "RUN_VERBS",
    "SIDE_KEYS",
    "VERBS",
    "WORLD_VERBS",
    "Act",
    "Checkpoint",
    "Device",
    "Duration",
    "Emit",
    "Ending",
    "Expect",
    "Need",
    "Pass",
    "Play",
    "Repeat",
    "Script",
    "SetFaults",
    "Step",
    "Together",
    "World",
    "label_of",
    "parse_device_time",
    "text_of",
    "verb_of",
]

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
RUN_VERBS: Final = (
    "emit",
    "subscribe",
    "wait",
    "expect",
    "repeat",
    "together",
    "play",
    "checkpoint",
    "faults",
)
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
    "play": ("vars",),
}
"""The keys that may stand beside each verb."""

_LONGEST: Final = 400
"""So many characters of a step are shown."""

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


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A point at which endings begin."""

    path: Path
    raw: Mapping[str, JSON]
    name: str


@dataclass(frozen=True, slots=True)
class Play:
    """Another script in this place, with other values of its variables."""

    path: Path
    raw: Mapping[str, JSON]
    script: Script
    vars: Mapping[str, JSON]


Step: TypeAlias = Act | Emit | Pass | Expect | Repeat | SetFaults | Together | Checkpoint | Play


@dataclass(frozen=True, slots=True)
class Ending:
    """Another way to go on from the checkpoint called ``start``."""

    title: str
    path: Path
    start: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class World:
    """The world a script wants; None means that it does not care.

    ``people`` are those it lists, then those that the scripts list which it plays.
    """

    organization: str | None = None
    permalink: str | None = None
    people: tuple[Mapping[str, JSON], ...] = ()
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
    crew: Mapping[str, int] = field(default_factory=dict)
    """The names of people, and which of the world's listed people each stands for."""
    endings: tuple[Ending, ...] = ()
    """Each is a run of its own, after the first, whose steps are the script's own."""
    tags: tuple[str, ...] = ()
    reset: str | None = None
    """The URL at which the receiver is reset before each run, text that may hold references."""
    combination: Mapping[str, JSON] = field(default_factory=dict)
    """Which combination of a matrix this is: the value of each of its variables."""
    trusted: bool = True
    """Whether it came from whoever runs the simulator, and not over the network."""

    def before(self, ending: Ending) -> tuple[Step, ...]:
        """Return the steps of the script itself up to the checkpoint at which an ending begins."""
        names = [step.name if isinstance(step, Checkpoint) else None for step in self.steps]
        return self.steps[: names.index(ending.start) + 1]

    @property
    def file(self) -> str:
        """The file as messages name it."""
        return self.document.name

    @property
    def label(self) -> str:
        """Which combination of a matrix this is, as people are told, such as ``sessionType=PERSISTENT, n=1``."""
        return label_of(self.combination)

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


def label_of(combination: Mapping[str, JSON]) -> str:
    """Return a combination of a matrix in words."""
    return ", ".join(f"{name}={_brief(value)}" for name, value in combination.items())


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
    """Return a step in one line of bounded length, its verb first, as it is shown while it is played."""
    shown = {key: step[key] for key in sorted(step, key=lambda key: key not in VERBS)}
    if isinstance(repeat := shown.get("repeat"), dict):
        shown["repeat"] = {"times": repeat["times"]}
    if isinstance(tracks := shown.get("together"), list):
        shown["together"] = f"{len(tracks)} tracks"
    if isinstance(played := shown.get("play"), dict):
        shown["play"] = played["title"]
    text = ", ".join(f"{key}: {_brief(value)}" for key, value in shown.items())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _brief(value: JSON) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_brief(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_brief(one) for one in value) + "]"
    return value if isinstance(value, str) else dump(value).decode()
