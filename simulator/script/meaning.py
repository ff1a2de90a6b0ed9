"""What a script's words mean, checked in the order in which its steps are played.

Looks only at what fits the contract; a step with a fault elsewhere is passed over, but the name it gives counts as given,
so that one mistake makes one message. This module finds problems and changes nothing; it must not know a world.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from simulator.clock import parse_duration, parse_moment
from simulator.errors import UsageError, did_you_mean
from simulator.faults import find_impossible
from simulator.script.contradictions import contradictions
from simulator.script.document import Document, Mark, Path
from simulator.script.model import EXPECTED, WORLD_VERBS, parse_device_time, verb_of
from simulator.script.names import Given, Names
from simulator.script.references import Reference, is_template, parse_template, templates
from simulator.script.vocabulary import Vocabulary, judge_field
from simulator.script.walking import all_steps, mappings, names_in, parts_of, root_of
from simulator.settings.faults import find_problems
from simulator.wire import JSON
from simulator.world.commands import verbs_of
from simulator.world.resources import Kind

__all__ = ["Finding", "Meaning"]

Finding = tuple[Path, UsageError]

_MADE: Final = {"record": Kind.EVENT, "join": Kind.PARTICIPANT, "subscribe": Kind.SUBSCRIPTION}


class Meaning:
    """One look at a document; ``faulty`` are the paths at which something is wrong already."""

    def __init__(self, document: Document, faulty: Sequence[Path]) -> None:
        root: Any = document.value
        self._document = document
        self._root: Mapping[str, Any] = root
        self._faulty = faulty
        self._found: list[Finding] = []
        self._vocabulary = Vocabulary(document)
        self._repeats = 0
        later: dict[str, Mark] = {}
        self._points: dict[str, tuple[Mark, Given]] = {}
        for step, path in (one for part in parts_of(root) for one in all_steps(*part)):
            if isinstance(name := step.get("as"), str):
                later.setdefault(name, document.mark((*path, "as")))
        variables = root.get("vars")
        self._variables: Mapping[str, JSON] = variables if isinstance(variables, dict) else {}
        matrix = root.get("for")
        self._matrix: Mapping[str, JSON] = matrix if isinstance(matrix, dict) else {}
        self._names = Names(later=later, variables=self._variables)

    def problems(self) -> list[Finding]:
        """Return what is wrong, with the path of each."""
        for key in ("title", "description", "seed", "start", "world", "tags", "for"):
            self._no_references(self._root.get(key), (key,))
        if self._sound(("start",)) and "start" in self._root:
            with self._judging(("start",)):
                parse_moment(self._root["start"])
        self._world_names()
        for name in self._matrix:
            path = ("for", name)
            with self._judging(path, at_key=True):
                self._names.give_variable(name, self._document.key_mark(path))
        for name, value in self._variables.items():
            path = ("vars", name)
            self._references(value, path)
            with self._judging(path, at_key=True):
                self._names.give_variable(name, self._document.key_mark(path))
        self._references(self._root.get("receiver"), ("receiver",))
        self._steps(self._root.get("steps"), ("steps",))
        self._endings(self._root.get("endings"), ("endings",))
        return self._found

    def _world_names(self) -> None:
        world = self._root.get("world")
        users = world.get("users") if isinstance(world, dict) else None
        for person, here in mappings(users, ("world", "users")):
            path = (*here, "as")
            if "as" in person and self._sound(path):
                with self._judging(path):
                    self._names.give(person["as"], Kind.USER, self._document.mark(path))

    def _no_references(self, value: JSON, path: Path) -> None:
        for text, place in templates(value, path):
            with self._judging(place):
                for part in parse_template(text) if self._sound(place) else ():
                    if isinstance(part, Reference) and part.root != "env":
                        raise UsageError(
                            f"{part.text} cannot stand here: this is read before the world is made",
                            remedy="Only ${env.NAME} can, or the value itself.",
                        )

    # the steps

    def _steps(self, steps: JSON, path: Path) -> None:
        for step, here in mappings(steps, path):
            verb = verb_of(step)
            if verb == "repeat" and isinstance(step["repeat"], dict):
                self._repeat(step["repeat"], (*here, "repeat"))
            elif verb == "together" and isinstance(step["together"], list):
                self._together(step["together"], (*here, "together"))
            elif verb is not None and self._sound(here):
                self._step(verb, step, here)
            if isinstance(name := step.get("as"), str):
                self._give_result(verb, step, name, (*here, "as"))

    def _repeat(self, repeat: Mapping[str, Any], path: Path) -> None:
        self._references(repeat.get("times"), (*path, "times"))
        self._repeats += 1
        self._steps(repeat.get("steps"), (*path, "steps"))
        self._repeats -= 1

    def _together(self, tracks: Sequence[JSON], path: Path) -> None:
        given = [names_in(track, (*path, place), self._document) for place, track in enumerate(tracks)]
        with self._names.together():
            for place, track in enumerate(tracks):
                others = [names for other, names in enumerate(given) if other != place]
                with self._names.track({name: mark for names in others for name, mark in names.items()}):
                    self._steps(track, (*path, place))

    def _step(self, verb: str, step: Mapping[str, Any], path: Path) -> None:
        if verb in WORLD_VERBS:
            self._world_step(verb, step, path)
        elif verb == "wait":
            self._lasting(step["wait"], (*path, "wait"))
        elif verb == "subscribe":
            self._references(step["subscribe"], (*path, "subscribe"))
        elif verb == "emit":
            self._emit(step["emit"], (*path, "emit"))
        elif verb == "faults":
            self._faults(step["faults"], (*path, "faults"))
        elif verb == "play":
            self._play(step, path)
        elif verb == "checkpoint":
            self._checkpoint(step["checkpoint"], (*path, "checkpoint"))
        else:
            self._expect(step["expect"], (*path, "expect"))

    def _play(self, step: Mapping[str, Any], path: Path) -> None:
        given = step.get("vars", {})
        self._references(given, (*path, "vars"))
        inner = self._document.plays.get((*path, "play"))
        if inner is None:
            # It could not be read, which is told.
            return
        root = root_of(inner)
        variables, matrix = (
            one if isinstance(one, dict) else {} for one in (root.get("vars"), root.get("for"))
        )
        for name in given:
            with self._judging((*path, "vars", name), at_key=True):
                if name not in variables and name not in matrix:
                    known = [*variables, *matrix]
                    raise UsageError(
                        f"{inner.name} has no variable {name!r}",
                        nearest=did_you_mean(name, known),
                        remedy=f"It has: {', '.join(known)}." if known else "Give it under vars: there.",
                    )
        left = [name for name in matrix if name not in given]
        if left:
            with self._judging((*path, "play")):
                raise UsageError(
                    f"{inner.name} has a matrix, which makes several runs",
                    remedy=f"Give one value for {' and '.join(left)}, with vars: beside play.",
                )

    def _checkpoint(self, name: str, path: Path) -> None:
        with self._judging(path):
            if len(path) != len(("steps", 0, "checkpoint")) or path[0] != "steps":
                raise UsageError(
                    "a checkpoint cannot stand inside of something else",
                    expected="it among the steps of the script itself",
                    remedy="Move it before or after what it stands in.",
                )
            if name in self._points:
                line = self._points[name][0].line
                raise UsageError(
                    f"the checkpoint {name!r} has been set before, in line {line}",
                    remedy="Choose another name.",
                )
        self._points.setdefault(name, (self._document.mark(path), self._names.given))

    def _endings(self, endings: JSON, path: Path) -> None:
        titles: dict[str, Mark] = {}
        for ending, here in mappings(endings, path):
            self._no_references(ending.get("title"), (*here, "title"))
            start = ending.get("from", next(reversed(self._points), None))
            with self._judging((*here, "from") if "from" in ending else here):
                if start not in self._points and self._sound((*here, "from")):
                    raise UsageError(
                        "no checkpoint stands in the steps"
                        if start is None
                        else f"no checkpoint is called {start!r}",
                        nearest=did_you_mean(str(start), self._points),
                        remedy="Add a step such as checkpoint: before-the-end." if not self._points else None,
                    )
            title = ending.get("title")
            with self._judging((*here, "title")):
                if title in titles:
                    raise UsageError(
                        "two endings have one title",
                        found=f"the first in line {titles[title].line}",
                        remedy="Give each its own: reports tell them apart by it.",
                    )
            if isinstance(title, str):
                titles[title] = self._document.mark((*here, "title"))
            if start in self._points:
                self._names.given = self._points[start][1]
            self._steps(ending.get("steps"), (*here, "steps"))

    def _world_step(self, verb: str, step: Mapping[str, Any], path: Path) -> None:
        if verb != "create":
            kind = self._subject(step[verb], (*path, verb))
            if kind is not None and verb not in verbs_of(kind):
                with self._judging((*path, verb)):
                    raise _cannot(verb, step[verb], kind)
        for key in ("with", "set", "steps", "by", "at"):
            self._references(step.get(key), (*path, key))
        if "at" in step and not is_template(step["at"]):
            with self._judging((*path, "at")):
                parse_device_time(step["at"])

    def _emit(self, emit: Mapping[str, Any], path: Path) -> None:
        self._references(dict(emit), path)
        with self._judging((*path, "type")):
            if emit["type"] == "resource":
                raise UsageError(
                    "emit tells of nothing in the world, so its type cannot be resource",
                    remedy="Change the resource with a verb such as update; the webhook follows.",
                )

    def _faults(self, given: JSON, path: Path) -> None:
        for side, faults in given.items() if isinstance(given, dict) else ():
            for fault, here in mappings(faults, (*path, side)):
                match = fault.get("match", {})
                if "of" in match:
                    self._subject(match["of"], (*here, "match", "of"))
                rest = {key: one for key, one in match.items() if key != "of"}
                self._references({**fault, "match": rest}, here)
                read, _ = find_problems(side, fault)
                for where, error in find_impossible(read) if read else ():
                    with self._judging((*here, *where)):
                        raise error

    def _expect(self, expect: Mapping[str, Any], path: Path) -> None:
        self._lasting(expect.get("within", "5s").removesuffix(" simulated"), (*path, "within"))
        for kind in EXPECTED:
            given = expect.get(kind, [])
            if isinstance(given, dict):
                self._need(given, (*path, kind))
            else:
                for need, here in mappings(given, (*path, kind)):
                    self._need(need, here)
        for where, error in contradictions(expect):
            with self._judging((*path, *where), at_key=where[-2:-1] == ("path",)):
                raise error

    def _need(self, need: Mapping[str, Any], path: Path) -> None:
        kind = self._subject(need["of"], (*path, "of")) if "of" in need else None
        self._references({key: value for key, value in need.items() if key not in ("of", "in")}, path)
        self._lasting(need.get("in", "1s"), (*path, "in"))
        if "of" in need and "event" in need:
            self._word(need["event"], (*path, "event"))
        for place, word in enumerate(need.get("events", ())):
            self._word(word, (*path, "events", place))
        if "after" in need:
            self._word(need["after"]["event"], (*path, "after", "event"))
        for place, field in enumerate(need.get("fields", ())):
            with self._judging((*path, "fields", place)):
                judge_field(field, kind)

    def _word(self, word: str, path: Path) -> None:
        with self._judging(path):
            self._vocabulary.judge_event(word)

    # names, references, durations

    def _give_result(self, verb: str | None, step: Mapping[str, Any], name: str, path: Path) -> None:
        mark = self._document.mark(path)
        if not self._sound(path[:-1]):
            self._names.assume(name, mark)
            return
        with self._judging(path):
            self._names.give(name, Kind(step["create"]) if verb == "create" else _MADE[str(verb)], mark)

    def _subject(self, text: str, path: Path) -> Kind | None:
        """Check a name or a reference to a resource; return its kind where it is known."""
        kind = None
        self._references(text, path)
        if not is_template(text):
            with self._judging(path):
                kind = self._names.kind_of(text)
        return kind

    def _references(self, value: JSON, path: Path) -> None:
        for text, place in templates(value, path):
            with self._judging(place):
                parts = parse_template(text)
                for part in parts:
                    if isinstance(part, Reference):
                        self._names.follow(part, in_repeat=self._repeats > 0)

    def _lasting(self, text: str, path: Path) -> None:
        self._references(text, path)
        if not is_template(text):
            with self._judging(path):
                parse_duration(text)

    def _sound(self, path: Path) -> bool:
        return not any(path[: len(bad)] == bad or bad[: len(path)] == path for bad in self._faulty)

    @contextmanager
    def _judging(self, path: Path, *, at_key: bool = False) -> Iterator[None]:
        """Note what is raised inside as a problem at ``path``."""
        try:
            yield
        except UsageError as error:
            error.place = self._document.key_place(path) if at_key else self._document.place(path)
            self._found.append((path, error))


def _cannot(verb: str, name: str, kind: Kind) -> UsageError:
    known = [one for one in verbs_of(kind) if one in WORLD_VERBS]
    return UsageError(
        f"{name} is a {kind}, which cannot {verb}",
        remedy=f"It can: {', '.join(known)}." if known else "Nothing can be done to it.",
    )
