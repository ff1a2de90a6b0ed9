"""What the references of one run stand for.

A scope knows the script's variables, the names given so far, the round of the innermost repeat, the first target and,
through the platform, the world. Fields are read when a reference is used, not when its name was given: ``${session.state}``
is the state of that moment. A reference that is a whole value keeps its type, a resource becomes its id; inside a text
everything becomes text. The scope changes nothing in the world; it must not know what a step does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from simulator.clock import parse_duration
from simulator.engine import Platform
from simulator.errors import NotFoundError, UsageError, did_you_mean
from simulator.script.document import Document, Path, show
from simulator.script.fakes import fake
from simulator.script.references import API, RESERVED, Reference, is_template, parse_template
from simulator.wire import JSON, dump
from simulator.world.graph import ATTRIBUTES, MANY, ONE, organization
from simulator.world.resources import Kind, Record, Ref
from simulator.world.rows import Rows

__all__ = ["WORLD", "Scope", "fields_of"]

WORLD: Final[Mapping[str, Kind]] = {
    "organization": Kind.ORGANIZATION,
    "users": Kind.USER,
    "groups": Kind.GROUP,
    "catalogs": Kind.CATALOG,
    "scenarios": Kind.SCENARIO,
    "sessions": Kind.SESSION,
    "calls": Kind.CALL,
}
"""What may stand after ``world.``; all but the organisation take a number in brackets, from 0."""

_Thing: TypeAlias = JSON | Record | Rows


def fields_of(kind: Kind) -> tuple[str, ...]:
    """Return what may stand after a resource of this kind: attributes and relations."""
    return (*ATTRIBUTES[kind], *ONE[kind], *MANY[kind])


class Scope:
    """Fills in references; all errors name the place of the text in which the reference stands."""

    def __init__(self, platform: Platform, document: Document, *, targets: Sequence[str]) -> None:
        self._platform = platform
        self._document = document
        self._targets = targets
        self._vars: dict[str, JSON] = {}
        self._names: dict[str, Ref] = {}
        self._rounds: list[int] = []
        self._fakes: Counter[str] = Counter()

    @property
    def names(self) -> Sequence[str]:
        """The names given so far."""
        return tuple(self._names)

    def fork(self) -> Scope:
        """Return a scope for what overlaps with the rest: it knows what this one knows, and what it learns is its own."""
        other = Scope(self._platform, self._document, targets=self._targets)
        other._vars, other._fakes = self._vars, self._fakes
        other._names, other._rounds = dict(self._names), list(self._rounds)
        return other

    def on(self, platform: Platform) -> Scope:
        """Return this scope as it is now, for a platform that stands where this one's does."""
        other = Scope(platform, self._document, targets=self._targets)
        other._vars, other._fakes = self._vars, self._fakes.copy()
        other._names, other._rounds = dict(self._names), list(self._rounds)
        return other

    def learn(self, other: Scope) -> None:
        """Take over the names that ``other``, a fork of this one, has learnt."""
        self._names.update(other._names)

    def set_vars(self, written: Mapping[str, JSON], given: Mapping[str, JSON] | None = None) -> None:
        """Work out the script's variables, in their order; those that are ``given`` have these values as they are."""
        self._vars.update(given or {})
        for name, value in written.items():
            if not given or name not in given:
                self._vars[name] = self.fill(value, ("vars", name))

    def inside(self, document: Document) -> Scope:
        """Return the scope of a script that is played here: it knows no name of this one, and invents on from it."""
        other = Scope(self._platform, document, targets=self._targets)
        other._fakes = self._fakes
        return other

    def give(self, name: str, ref: Ref) -> None:
        """Let ``name`` stand for a resource from now on."""
        self._names[name] = ref

    def enter_round(self, index: int) -> None:
        """Begin a round of a repeat: ``${index}`` is ``index``."""
        self._rounds.append(index)

    def leave_round(self) -> None:
        """End a round: ``${index}`` is that of the repeat around it again."""
        self._rounds.pop()

    def id_of(self, name: str) -> str | None:
        """Return the id of what ``name`` stands for, or None when it is no name."""
        ref = self._names.get(name)
        return None if ref is None else self._platform.ids.encode(ref)

    def fill(self, value: JSON, path: Path) -> JSON:
        """Return ``value`` with all references filled in."""
        if isinstance(value, dict):
            return {key: self.fill(one, (*path, key)) for key, one in value.items()}
        if isinstance(value, list):
            return [self.fill(one, (*path, place)) for place, one in enumerate(value)]
        if not isinstance(value, str) or "${" not in value:
            return value
        parts = parse_template(value)
        if len(parts) == 1 and isinstance(parts[0], Reference):
            return self._plain(parts[0], self._value(parts[0], path), path)
        return "".join(
            part if isinstance(part, str) else _text(self._plain(part, self._value(part, path), path))
            for part in parts
        )

    def text(self, value: str, path: Path) -> str:
        """Return text with all references filled in, as text."""
        return _text(self.fill(value, path))

    def milliseconds(self, duration: int | str, path: Path) -> int:
        """Return the milliseconds of a duration that may be a reference."""
        if isinstance(duration, int):
            return duration
        try:
            return parse_duration(self.text(duration, path))
        except UsageError as error:
            error.place = error.place or self._document.place(path)
            raise

    def whole(self, value: JSON, path: Path, *, low: int) -> int:
        """Return a number that may be a reference, from ``low`` to a million."""
        filled = self.fill(value, path)
        if not isinstance(filled, int) or isinstance(filled, bool) or not low <= filled <= 1_000_000:
            raise UsageError(
                "the number does not fit",
                place=self._document.place(path),
                expected=f"a whole number from {low} to 1000000",
                found=show(filled),
            )
        return filled

    def about(self, text: str, path: Path) -> str:
        """Return the id of the resource that a name or a reference stands for."""
        return self._platform.ids.encode(self.record(text, path).ref)

    def record(self, text: str, path: Path) -> Record:
        """Return the resource that a name or a reference stands for."""
        ref = self._names.get(text)
        if ref is not None:
            return self._present(ref, text, path)
        if not is_template(text):
            raise self._wrong(
                path,
                f"no name {text!r} has been given",
                nearest=did_you_mean(text, self._names),
                remedy="Give a name with as: beside create.",
            )
        part = parse_template(text)[0]
        if isinstance(part, Reference) and part.text == text:
            value = self._value(part, path)
        else:
            value = self.fill(text, path)
        if isinstance(value, Record):
            return value
        if isinstance(value, str) and (record := self._platform.view().by_id(value)) is not None:
            return record
        found = "a list" if isinstance(value, Rows) else show(value)
        raise self._wrong(path, f"{text} is no resource", expected="a resource or its id", found=found)

    def _value(self, reference: Reference, path: Path) -> _Thing:
        root, steps = reference.root, list(reference.steps)
        if root in self._names:
            value: _Thing = self._present(self._names[root], root, path)
        elif root in self._vars:
            value = self._vars[root]
        elif root == "world":
            value = self._world(reference)
            del steps[:1]
        elif root == "fake":
            value = self._fake(reference)
            del steps[:1]
        elif root == "target":
            value = self._target(reference, path)
            del steps[:1]
        elif root == "api":
            value = self._api()
        elif root == "index":
            value = self._rounds[-1]
        else:
            raise self._wrong(
                path,
                f"{reference.text} stands for nothing",
                nearest=did_you_mean(root, [*self._names, *self._vars, *RESERVED]),
                remedy=None if self._names or self._vars else "No name has been given yet.",
            )
        walked = root if root not in ("world", "fake") else f"{root}.{reference.steps[0]}"
        for step in steps:
            value = self._step(value, step, walked, path)
            walked += f"[{step}]" if isinstance(step, int) else f".{step}"
        return value

    def _step(self, value: _Thing, step: str | int, walked: str, path: Path) -> _Thing:
        if isinstance(value, Rows):
            if not isinstance(step, int):
                raise self._wrong(
                    path, f"{walked} is a list", found=show(step), remedy=f"Say which: {walked}[0]."
                )
            return self._of_rows(value, step, walked, path)
        if isinstance(value, Record):
            return self._of_record(value, step, walked, path)
        if isinstance(value, dict):
            if step in value:
                return value[str(step)]
            raise self._wrong(
                path,
                f"{walked} has no {step!r}",
                nearest=did_you_mean(str(step), value),
                remedy=f"It has: {', '.join(value) or 'nothing'}.",
            )
        if isinstance(value, list) and isinstance(step, int):
            if step < len(value):
                return value[step]
            raise self._wrong(path, f"{walked} has no [{step}]", found=_counted(len(value)))
        what = "nothing" if value is None else show(value)
        raise self._wrong(path, f"{walked} has no parts", expected=f"a value with {step!r}", found=what)

    def _of_rows(self, rows: Rows, step: int, walked: str, path: Path) -> Record:
        if step >= len(rows):
            raise self._wrong(path, f"{walked} has no [{step}]", found=_counted(len(rows)))
        record = self._platform.view().get(Ref(rows.kind, rows[step]))
        assert record is not None
        return record

    def _of_record(self, record: Record, step: str | int, walked: str, path: Path) -> _Thing:
        view = self._platform.view()
        for table in (ATTRIBUTES, ONE, MANY):
            read = table[record.KIND].get(str(step))
            if read is not None:
                value: _Thing = read(view, record)
                return value
        known = fields_of(record.KIND)
        nearest = did_you_mean(str(step), known)
        raise self._wrong(
            path,
            f"{walked}, a {record.KIND}, has no field {step!r}",
            nearest=nearest,
            remedy=None if nearest else f"It has: {', '.join(known)}.",
        )

    def _present(self, ref: Ref, name: str, path: Path) -> Record:
        record = self._platform.view().get(ref)
        if record is None:
            raise NotFoundError(f"{name}, a {ref.kind}, has been deleted", place=self._document.place(path))
        return record

    def _world(self, reference: Reference) -> _Thing:
        view = self._platform.view()
        kind = WORLD[str(reference.steps[0])]
        if kind is Kind.ORGANIZATION:
            return organization(view)
        rows = view.world.all(kind)
        # The integration's own account is nobody of the story.
        return Rows(kind, rows.numbers[1:]) if kind is Kind.USER else rows

    def _fake(self, reference: Reference) -> JSON:
        name = str(reference.steps[0])
        use = self._fakes[name]
        self._fakes[name] += 1
        return fake(self._platform.seed, name, use)

    def _api(self) -> dict[str, JSON]:
        # Before it listens it has no address, and nobody asks.
        base_url = self._platform.base_url or "http://127.0.0.1"
        found = (base_url, f"{base_url}/api/v3/graphql", self._platform.token)
        return dict(zip(API, found, strict=True))

    def _target(self, reference: Reference, path: Path) -> str:
        place = reference.steps[0] if reference.steps else 0
        assert isinstance(place, int)
        if place < len(self._targets):
            return self._targets[place]
        known = (
            f"there are only {len(self._targets)} targets"
            if len(self._targets) > 1
            else "there is only 1 target"
        )
        raise self._wrong(
            path,
            f"{reference.text} stands for nothing: {known if self._targets else 'there is no target'}",
            remedy=f"Name {'one more' if self._targets else 'one'} with --target URL.",
        )

    def _plain(self, reference: Reference, value: _Thing, path: Path) -> JSON:
        if isinstance(value, Rows):
            name = reference.text[2:-1].strip()
            raise self._wrong(path, f"{name} is a list", remedy=f"Say which: {name}[0].")
        return self._platform.ids.encode(value.ref) if isinstance(value, Record) else value

    def _wrong(
        self,
        path: Path,
        problem: str,
        *,
        expected: str | None = None,
        found: str | None = None,
        nearest: Sequence[str] = (),
        remedy: str | None = None,
    ) -> UsageError:
        return UsageError(
            problem,
            place=self._document.place(path),
            expected=expected,
            found=found,
            nearest=nearest,
            remedy=remedy,
        )


def _text(value: JSON) -> str:
    return value if isinstance(value, str) else dump(value).decode()


def _counted(many: int) -> str:
    return f"{many} of them" if many != 1 else "1 of them"
