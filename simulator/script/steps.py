"""What each step does to a platform.

A ``Run`` carries out one step at a time: it fills in references, turns names into ids, calls the platform, and puts the
file, line and column of the value at fault before whatever the platform objects to. It neither waits nor judges a
receiver: letting time pass and watching is for whoever plays the steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any, Final
from urllib.parse import urlsplit

from simulator.clock import LAST_MOMENT, Moment
from simulator.engine import Platform
from simulator.errors import NotFoundError, UsageError, did_you_mean
from simulator.expect import Expectation, Within
from simulator.faults import find_impossible
from simulator.journal import StepPlayed
from simulator.script.document import Path
from simulator.script.model import (
    Act,
    Device,
    Emit,
    Expect,
    Pass,
    Play,
    Repeat,
    Script,
    SetFaults,
    Step,
    parse_device_time,
    text_of,
)
from simulator.script.needs import read_needs
from simulator.script.resetting import reset_url
from simulator.script.scope import Scope
from simulator.settings.faults import find_problems
from simulator.wire import JSON
from simulator.world.graph import MANY
from simulator.world.resources import Kind, Ref
from simulator.world.subscribing import check_callback, short_name, spelt_out

__all__ = ["Run"]

_PEOPLE: Final = ("participants", "user")
"""Fields that name people."""
_REFERRING: Final = (*_PEOPLE, "scenario", "scenarios", "scenarioRelease", "groups")
"""Fields in which a name of the script stands for a resource."""
_CREATING: Final = {"subscribe": "create"}
"""Verbs that are called otherwise in a script."""
_RESULTS: Final = {"record": "events", "join": "participants"}
"""What a verb makes besides changing its subject: the newest of this relation."""


class Run:
    """One script on one platform, as far as it has come. The first of ``targets`` is what ``${target}`` stands for."""

    def __init__(self, platform: Platform, script: Script, *, targets: Sequence[str]) -> None:
        self._platform = platform
        self.track: str | None = None
        """Which track this is, among those that overlap; None outside of them."""
        hosts = (urlsplit(one).hostname for one in dict.fromkeys((*targets, platform.base_url)))
        self._hosts = (*platform.settings.allow_targets, *(host for host in hosts if host))
        self.scope = Scope(platform, script.document, targets=targets)
        self.prefix: Path = ()
        """Where the script stands in the outermost of those that play it."""
        self._begin(script, {})

    def inside(self, step: Play) -> Run:
        """Return what carries out the script that a step plays."""
        path = (*step.path, "vars")
        given = {name: self.scope.fill(value, (*path, name)) for name, value in step.vars.items()}
        other = copy(self)
        other.scope = self.scope.inside(step.script.document)
        other.prefix = (*self.prefix, *step.path, "play")
        other._begin(step.script, given)  # noqa: SLF001 - it is a Run too
        return other

    def _begin(self, script: Script, given: Mapping[str, JSON]) -> None:
        self._script = script
        self._document = script.document
        self._played: dict[Path, StepPlayed] = {}
        people = self._platform.view().world.all(Kind.USER)
        for name, place in script.crew.items():
            self.scope.give(name, Ref(Kind.USER, people[1 + place]))
        self.scope.set_vars(script.vars, given)

    @property
    def file(self) -> str:
        """The file whose steps these are, as messages name it."""
        return self._document.name

    def place(self, path: Path) -> str:
        """Return ``file:line:column`` of a value."""
        return self._document.place(path)

    def on(self, platform: Platform) -> Run:
        """Return this run as it is now, on a platform that stands where this one's does."""
        other = copy(self)
        other._platform = platform  # noqa: SLF001 - it is a Run too
        other.scope = self.scope.on(platform)
        return other

    def held(self) -> tuple[Run, Platform]:
        """Return this run as it is now on a copy of its platform, and that copy."""
        platform = self._platform.fork()
        return self.on(platform), platform

    @property
    def now(self) -> Moment:
        return self._platform.now

    def fork(self, track: int) -> Run:
        """Return what carries out a track of steps that overlap with others; ``track`` counts from 1."""
        other = copy(self)
        other.track = str(track) if self.track is None else f"{self.track}.{track}"
        other.scope = self.scope.fork()
        return other

    def reset_url(self) -> str | None:
        """Return where the receiver is reset before the first step, None when the script does not say so."""
        return reset_url(self._script, self.scope, allowed=self._hosts)

    @property
    def platform(self) -> Platform:
        """The platform it runs on."""
        return self._platform

    def note(self, step: Step) -> None:
        """Write in the journal that a step begins."""
        played = self._played.get(step.path)
        if played is None:
            line = self._document.line(step.path)
            played = self._played[step.path] = StepPlayed(line, text_of(step.raw), self.track)
        self._platform.journal.append(self._platform.now, played)

    def carry_out(self, step: Act | Emit | SetFaults) -> None:
        """Do what a step says that takes no time."""
        if isinstance(step, Act):
            self.act(step)
        elif isinstance(step, Emit):
            self.emit(step)
        else:
            self.set_faults(step)

    def act(self, step: Act) -> None:
        """Carry out a world verb; when it raises, nothing has changed."""
        path = step.path
        verb, kind = _CREATING.get(step.verb, step.verb), None
        subject: str | Ref = step.subject
        if verb != "create":
            record = self.scope.record(step.subject, (*path, step.verb))
            subject, kind = record.ref, record.KIND
        fields = self._fields(step)
        by = None if step.by is None else self._person(step.by, (*path, "by"))
        at = None if step.at is None else self._device_time(step.at, (*path, "at"))
        try:
            check_callback(fields, allowed=self._hosts)
            made = self._platform.carry_out(verb, subject, fields, by=by, at=at)
        except UsageError as error:
            error.place = self._place_of(error, step)
            raise
        if step.name is not None:
            self.scope.give(step.name, self._result(step.verb, kind, made))

    def emit(self, step: Emit) -> None:
        """Tell the targets of something that is no change here."""
        path = (*step.path, "emit")
        said = {
            "type": self.scope.text(step.type, (*path, "type")),
            "event": self.scope.text(step.event, (*path, "event")),
        }
        data: Any = self.scope.fill(dict(step.data), (*path, "data"))
        try:
            self._platform.emit(**said, data=data)
        except UsageError as error:
            key = (error.place or "").lstrip("/").partition("/")[0]
            error.place = self._document.place((*path, key) if key in said else path)
            raise

    def set_faults(self, step: SetFaults) -> None:
        """Have things go wrong from now on."""
        given = []
        for side, path, written in step.faults:
            match = written.get("match", {})
            assert isinstance(match, dict)
            of = match.get("of")
            if isinstance(of, str):
                match = match | {"of": self.scope.about(of, (*path, "match", "of"))}
            rest = {key: one for key, one in written.items() if key != "match"}
            filled = self.scope.fill(rest | ({"match": match} if match else {}), path)
            fault, problems = find_problems(side, filled)
            for where, error in problems or (find_impossible(fault) if fault else ()):
                error.place = self._document.place((*path, *where))
                raise error
            assert fault is not None
            given.append(fault)
        self._platform.set_faults(given, sides=step.sides)

    def end_of(self, step: Pass) -> Moment:
        """Return the moment at which a wait that begins now is over."""
        path = (*step.path, "wait")
        end = self._platform.now + self.scope.milliseconds(step.duration, path)
        return self._not_too_late(end, path)

    def within(self, step: Expect) -> Within:
        """Return how long an expectation waits."""
        path = (*step.path, "expect", "within")
        millis = self.scope.milliseconds(step.within, path)
        if not step.simulated:
            return Within(seconds=millis / 1000)
        self._not_too_late(self._platform.now + millis, path)
        return Within(simulated=millis)

    def times(self, step: Repeat) -> int:
        """Return how many rounds a repeat has."""
        return self.scope.whole(step.times, (*step.path, "repeat", "times"), low=1)

    def expectations(self, step: Expect) -> list[Expectation]:
        """Return what a step expects, references filled in."""
        hosts = None if self._script.trusted else self._hosts
        return read_needs(step.needs, self.scope, self._document, person=self._person, hosts=hosts)

    def _fields(self, step: Act) -> dict[str, JSON]:
        base = step.path if step.verb == "view" else (*step.path, step.fields_key)
        filled: dict[str, JSON] = {}
        for key, value in step.fields.items():
            path = (*base, key)
            filled[key] = self.scope.fill(value, path)
            if key in _REFERRING:
                filled[key] = self._referring(key, filled[key], path)
        if step.verb == "subscribe":
            if "target" not in filled:
                filled["target"] = self.scope.fill("${target}", base)
            return spelt_out(filled)
        return filled

    def _referring(self, key: str, value: JSON, path: Path) -> JSON:
        """Turn names of the script into ids, and say at once when nobody is called so."""
        if isinstance(value, list):
            return [self._referring(key, one, (*path, place)) for place, one in enumerate(value)]
        if not isinstance(value, str):
            return value
        named = self.scope.id_of(value)
        if named is None and key in _PEOPLE:
            return self._person(value, path)
        return value if named is None else named

    def _person(self, text: str, path: Path) -> str:
        """Return the id of the person whom a name, a reference or what users are called by stands for."""
        text = self.scope.text(text, path)
        named = self.scope.id_of(text)
        if named is not None:
            text = named
        try:
            return self._platform.user(text).id
        except NotFoundError as error:
            place = self._document.place(path)
            if named is not None:
                kind = self._platform.resource(named).type
                raise UsageError(
                    "nobody can be meant here", place=place, expected="a person", found=f"a {kind}"
                ) from None
            raise NotFoundError(
                f"nobody is called {text!r}",
                place=place,
                nearest=did_you_mean(text, self.scope.names) or error.nearest,
                remedy="Name a person as world.users does with as:, or by user name, e-mail address or full name.",
            ) from None

    def _device_time(self, at: Device | str, path: Path) -> Moment:
        if isinstance(at, str):
            try:
                at = parse_device_time(self.scope.text(at, path))
            except UsageError as error:
                error.place = error.place or self._document.place(path)
                raise
        return Moment(self._platform.now + at.shift) if at.moment is None else at.moment

    def _not_too_late(self, moment: int, path: Path) -> Moment:
        if moment > LAST_MOMENT:
            raise UsageError(
                "time would run beyond the year 9999",
                place=self._document.place(path),
                remedy="Wait less, or start earlier.",
            )
        return Moment(moment)

    def _result(self, verb: str, kind: Kind | None, node_id: str) -> Ref:
        view = self._platform.view()
        record = view.by_id(node_id)
        assert record is not None
        relation = _RESULTS.get(verb)
        if kind is None or relation is None:
            return record.ref
        rows = MANY[kind][relation](view, record)
        return Ref(rows.kind, rows[-1])

    def _place_of(self, error: UsageError, step: Act) -> str:
        """Return the place of the value at fault; the platform names a field at most."""
        field = short_name(error.place) if step.verb == "subscribe" else error.place
        if field is not None and field in step.fields:
            path = (*step.path, field) if field in step.raw else (*step.path, step.fields_key, field)
            unknown = ": unknown field " in error.problem
            return self._document.key_place(path) if unknown else self._document.place(path)
        key = field if field is not None and field in step.raw else step.verb
        return self._document.place((*step.path, key))
