"""How a fault is written, as a mapping or in one line, and what it then says: which one, how often, how long, of what.

Scripts, the control side, tests, files and flags all write the same: one key that names the fault, with its value, and
beside it ``times``, ``chance``, ``for`` and ``match``. One line says it as ``delivery.delay=30s,times=2,event=finished``.
This module finds what cannot be read; whether such a match can ever be, and what a fault does, is decided in ``faults``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from simulator.errors import UsageError, did_you_mean
from simulator.settings.fault_kinds import BESIDE, FAULTS, MATCHES, SIDES, Fault, FaultKind, Rate
from simulator.settings.forms import Form
from simulator.wire import JSON

__all__ = [
    "Finding",
    "faults",
    "find_problems",
    "read_fault",
    "read_faults",
    "read_line",
]

Finding: TypeAlias = tuple[tuple[str | int, ...], UsageError]
"""What is wrong, and the keys that lead to it."""


# --------------------------------------------------------------------------------------------------------- reading


def read_fault(side: str, given: object) -> Fault:
    """Return the fault that a mapping says; UsageError, whose place is a JSON pointer, for the first thing wrong."""
    reader = _Reader(side, templates=False)
    fault = reader.read(given)
    for path, error in reader.found:
        error.place = "".join(f"/{step}" for step in path) or None
        raise error
    assert fault is not None
    return fault


def find_problems(side: str, given: object) -> tuple[Fault | None, list[Finding]]:
    """Return the fault that a script says, as far as it can be read, and all that is wrong with it.

    A text that holds references is taken as it is; a value that is one is read as the example of its kind.
    """
    reader = _Reader(side, templates=True)
    fault = reader.read(given)
    return fault, reader.found


def read_faults(given: object) -> tuple[Fault, ...]:
    """Return the faults that lists by side, or one list of lines and of mappings with a side, say."""
    if isinstance(given, str):
        given = [line for line in given.splitlines() if line.strip()]
    if isinstance(given, Mapping):
        return tuple(_of_sides(given))
    if not isinstance(given, list | tuple):
        raise _wrong("a list of faults", given)
    return tuple(_of_item(one) for one in given)


def _of_sides(given: Mapping[object, object]) -> Iterator[Fault]:
    for side, faults_of in given.items():
        known = _side(str(side))
        for place, one in enumerate(faults_of if isinstance(faults_of, list | tuple) else [faults_of]):
            try:
                yield read_fault(known, one)
            except UsageError as error:
                error.place = f"/{known}/{place}{error.place or ''}"
                raise


def _of_item(given: object) -> Fault:
    if isinstance(given, Fault):
        return given
    if isinstance(given, str):
        return read_fault(*read_line(given))
    if not isinstance(given, Mapping) or len(given) != 1:
        raise _wrong(
            "a fault such as delivery.drop,times=2, or a mapping such as {delivery: {drop: true}}", given
        )
    ((side, fault),) = given.items()
    return read_fault(_side(str(side)), fault)


def read_line(line: str) -> tuple[str, dict[str, JSON]]:
    """Return the side and the mapping that one line says; a value with a comma stands in double quotes."""
    parts = [part.strip() for part in re.findall(r'(?:[^,"]|"[^"]*")+', line)]
    head, _, value = parts[0].partition("=") if parts else ("", "", "")
    side, _, name = head.strip().partition(".")
    if not name:
        raise _wrong("side.name=value, such as delivery.drop or api.status=503", line)
    given: dict[str, JSON] = {name: _unquoted(value) if value else True}
    match: dict[str, JSON] = {}
    for part in parts[1:]:
        key, equals, value = part.partition("=")
        key = key.strip()
        if not equals or not key:
            raise UsageError(
                f"{part!r} says nothing", expected="key=value, such as times=2", found=repr(line)
            )
        if key in given or key in match:
            raise UsageError(f"{key} stands twice", found=repr(line), remedy="Leave one of them out.")
        (given if key in BESIDE else match)[key] = _unquoted(value)
    return _side(side), given | ({"match": match} if match else {})


def _unquoted(written: str) -> str:
    written = written.strip()
    return written[1:-1] if len(written) > 1 and written[0] == written[-1] == '"' else written


def _side(name: str) -> str:
    if name not in SIDES:
        raise UsageError(
            f"faults have no side {name!r}",
            expected=" or ".join(SIDES),
            nearest=did_you_mean(name, SIDES),
        )
    return name


class _Reader:
    """Reads one mapping and finds all that is wrong with it."""

    def __init__(self, side: str, *, templates: bool) -> None:
        self._side = side
        self._kinds = FAULTS[side]
        self._templates = templates
        self.found: list[Finding] = []

    def read(self, given: object) -> Fault | None:
        if not isinstance(given, Mapping):
            example = "{drop: true, times: 2}" if self._side == "delivery" else "{status: 503, times: 2}"
            self._note(
                (), UsageError("a fault is not a mapping", expected=f"such as {example}", found=_brief(given))
            )
            return None
        kind = self._kind(given)
        if kind is None:
            return None
        value = self._value(kind.form, given[kind.name], (kind.name,), example=kind.example)
        beside = {key: self._value(form, given[key], (key,)) for key, form in BESIDE.items() if key in given}
        if "retry_after" in beside and kind.name != "status":
            self._note(
                ("retry_after",),
                UsageError(f"retry_after does not go with {kind.name}", remedy="It goes with status."),
            )
        match = self._match(given["match"]) if "match" in given else ()
        times, chance, lasts = beside.get("times"), beside.get("chance"), beside.get("for")
        retry_after = beside.get("retry_after")
        assert isinstance(value, bool | int | str | Rate | None)
        if value is None:
            return None
        return Fault(
            self._side,
            kind.name,
            value,
            times if isinstance(times, int) else None,
            chance if isinstance(chance, float) else 1.0,
            lasts if isinstance(lasts, int) else None,
            retry_after if isinstance(retry_after, int) else None,
            match,
        )

    def _kind(self, given: Mapping[object, object]) -> FaultKind | None:
        """Return which fault is meant, and note every key that means nothing."""
        named = [str(key) for key in given if key in self._kinds]
        strange = [str(key) for key in given if key not in self._kinds and key not in (*BESIDE, "match")]
        if len(named) > 1:
            error = UsageError(
                f"a fault has {len(named)} names",
                expected="one",
                found=" and ".join(named),
                remedy="Make each an entry of its own in the list.",
            )
            self._note((named[1],), error)
            return None
        if not named:
            self._note((strange[0],) if strange else (), self._unknown(strange[0] if strange else None))
            return None
        for key in strange:
            known = [*(key for key in BESIDE if key != "retry_after" or named == ["status"]), "match"]
            nearest = did_you_mean(key, known, most=1)
            hint = f"Write it below match: {{{key}: ...}}." if key in MATCHES[self._side] else None
            listed = None if nearest or hint else f"Beside {named[0]} may stand: {', '.join(known)}."
            self._note((key,), UsageError(f"unknown key {key!r}", nearest=nearest, remedy=hint or listed))
        return self._kinds[named[0]]

    def _unknown(self, name: str | None) -> UsageError:
        listed = f"one of {', '.join(self._kinds)}"
        if name is None:
            return UsageError("a fault has no name", expected=listed)
        other = next(side for side in SIDES if side != self._side)
        if name in FAULTS[other]:
            return UsageError(
                f"{name} is no fault of the {self._side} side", remedy=f"Write it below {other}."
            )
        nearest = did_you_mean(name, self._kinds)
        return UsageError(f"unknown fault {name!r}", expected=None if nearest else listed, nearest=nearest)

    def _match(self, given: object) -> tuple[tuple[str, str | int], ...]:
        forms = MATCHES[self._side]
        if not isinstance(given, Mapping) or not given:
            expected = f"a mapping with some of {', '.join(forms)}"
            error = UsageError("the value of match does not fit", expected=expected, found=_brief(given))
            self._note(("match",), error)
            return ()
        read: list[tuple[str, str | int]] = []
        for key, one in given.items():
            path = ("match", str(key))
            if key not in forms:
                nearest = did_you_mean(str(key), forms)
                remedy = None if nearest else f"There are: {', '.join(forms)}."
                error = UsageError(
                    f"nothing of the {self._side} side is matched by {key!r}", nearest=nearest, remedy=remedy
                )
                self._note(path, error)
                continue
            value = one if self._is_template(one) else self._value(forms[str(key)], one, path)
            if isinstance(value, str | int):
                read.append((str(key), value))
        return tuple(read)

    def _value(self, form: Form, given: object, path: Sequence[str], *, example: JSON = None) -> object:
        """Return the value, or None when it does not fit."""
        if self._is_template(given):
            return None if example is None else form.read(example)
        try:
            return form.read(given)
        except UsageError as error:
            what = f"the value of {path[-1]} does not fit"
            expected, found = error.expected or error.problem, error.found or _brief(given)
            self._note(tuple(path), UsageError(what, expected=expected, found=found, nearest=error.nearest))
            return None

    def _is_template(self, value: object) -> bool:
        return self._templates and isinstance(value, str) and "${" in value

    def _note(self, path: Sequence[str | int], error: UsageError) -> None:
        self.found.append((tuple(path), error))


def _wrong(expected: str, value: object) -> UsageError:
    return UsageError("the value does not fit", expected=expected, found=repr(value))


def _brief(value: object) -> str:
    return "nothing" if value is None else repr(value)


# --------------------------------------------------------------------------------------------------------- setting


def faults() -> Form:
    """Faults from the start on, as lines or mappings; as text, one stands in each line."""

    def write(value: object) -> JSON:
        assert isinstance(value, tuple)
        return [one.line for one in value]

    sides: dict[str, JSON] = {
        side: {
            "title": side.capitalize(),
            "description": "One fault of this side, as a script writes it.",
            "type": "object",
        }
        for side in SIDES
    }
    mapping: JSON = {"type": "object", "properties": sides, "additionalProperties": False, "maxProperties": 1}
    line: JSON = {"type": "string", "pattern": r"^\s*(delivery|api)\.[a-z_]+"}
    return Form(read_faults, {"type": "array", "items": {"anyOf": [line, mapping]}, "minItems": 0}, write)
