"""Checks JSON values against the JSON Schemas in ``schemas/`` and says in plain words what does not fit.

A contract is a JSON Schema (draft 2020-12) under its bundled name, such as ``webhook/resource``. Each is compiled on
first use and kept. A ``$ref`` reaches other files of ``schemas/`` and nothing else: there is no network here. This
module words failures; it must not know what any contract is about.

Where a schema offers alternatives (``oneOf``, ``anyOf``), only the one that was most likely meant is explained: the
one whose required keys the value has. A person with one typing mistake must read one sentence, not one for each
alternative.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from simulator import fast
from simulator.bundled import contract_names, read_contract_text
from simulator.errors import ContractError, did_you_mean
from simulator.values import dataclass
from simulator.wire import JSON

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError
    from referencing.jsonschema import SchemaRegistry

__all__ = ["Problem", "check", "check_text", "load", "problems"]

_HOME = "https://schemas.invalid/"
"""Only a base for relative references; a name under ``.invalid`` never resolves."""

_ENDING = ".schema.json"

_SHORT = 4096
"""Bytes; longer texts are not worth the memory."""

_ANY_MOMENT = b'{"time":"2021-03-01T08:00:00Z"'
_MOMENT = re.compile(
    rb'\A\{"time":"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ"'
)

_LONGEST = 60

_KINDS = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "text",
}

_LIMITS = {
    "exclusiveMaximum": ("the number is too large", "less than {}"),
    "exclusiveMinimum": ("the number is too small", "more than {}"),
    "maxItems": ("the list is too long", "at most {} items"),
    "maxLength": ("the text is too long", "at most {} characters"),
    "maxProperties": ("the object has too many keys", "at most {}"),
    "maximum": ("the number is too large", "at most {}"),
    "minItems": ("the list is too short", "at least {} items"),
    "minLength": ("the text is too short", "at least {} characters"),
    "minProperties": ("the object has too few keys", "at least {}"),
    "minimum": ("the number is too small", "at least {}"),
    "multipleOf": ("the number does not fit", "a multiple of {}"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not fit; ``path`` leads to it, key by key."""

    path: tuple[str | int, ...]
    problem: str
    expected: str | None = None
    found: str | None = None
    nearest: tuple[str, ...] = ()

    @property
    def pointer(self) -> str:
        """``path`` as a JSON pointer."""
        return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in self.path)

    @property
    def message(self) -> str:
        """The whole sentence, without the place."""
        return str(self._error(None))

    def error(self, place: str = "") -> ContractError:
        """Return the problem as an error that names ``place`` and then the pointer."""
        return self._error(": ".join(part for part in (place, self.pointer) if part) or None)

    def _error(self, place: str | None) -> ContractError:
        return ContractError(
            self.problem, place=place, expected=self.expected, found=self.found, nearest=self.nearest
        )


def load(name: str) -> dict[str, JSON]:
    """Return the contract itself; the caller owns the copy."""
    contract: dict[str, JSON] = json.loads(read_contract_text(name))
    return contract


def check(name: str, value: object, *, place: str = "") -> None:
    """Raise ``ContractError`` for the first thing in ``value`` that does not fit the contract ``name``."""
    for problem in problems(name, value):
        raise problem.error(place)


def check_text(name: str, text: bytes) -> None:
    """Do the same for a value as it is written; short texts that were found right lately are remembered.

    Texts that begin with a moment, as webhooks do, and differ in nothing else, are taken for the same: one moment that is
    written as it should be is as right as another.
    """
    if len(text) <= _SHORT:
        _check_short(name, _MOMENT.sub(_ANY_MOMENT, text, count=1))
    else:
        _check_text(name, text)


def problems(name: str, value: object) -> list[Problem]:
    """Return all that does not fit, unknown keys first, since a mistyped key also looks like a missing one."""
    return _explain_all(_validator(name).iter_errors(value))


def _check_text(name: str, text: bytes) -> None:
    value: JSON = json.loads(text)
    is_valid = _quick_validator(name)
    if is_valid is None or not is_valid(value):
        check(name, value)


_check_short = lru_cache(maxsize=1024)(_check_text)
"""The same text always has the same verdict; one that raises is not remembered."""


@cache
def _quick_validator(name: str) -> Callable[[object], bool] | None:
    """Return what says yes sooner, where there is something; only the slower one can say what is wrong."""

    def at(address: str) -> dict[str, JSON]:
        return load(address.removeprefix(_HOME).removesuffix(_ENDING))

    return fast.validator({"$ref": _uri(name)}, at)


@cache
def _validator(name: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    read_contract_text(name)  # An unknown name is the caller's mistake, and this says so.
    return Draft202012Validator({"$ref": _uri(name)}, registry=_registry())


@cache
def _registry() -> SchemaRegistry:
    """Return all our contracts under their addresses; asked for any other, a registry raises and fetches nothing."""
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    contracts = [(_uri(name), DRAFT202012.create_resource(load(name))) for name in contract_names()]
    registry: SchemaRegistry = Registry()
    return registry.with_resources(contracts)


def _uri(name: str) -> str:
    return f"{_HOME}{name}{_ENDING}"


def _explain_all(errors: Iterable[ValidationError]) -> list[Problem]:
    """Word all errors, unknown keys first; a key that an unknown one was meant for is not also missing."""
    found = list(errors)
    unknown = [problem for error in found for problem in _unknown_keys(error)]
    meant = {(*problem.path[:-1], near) for problem in unknown for near in problem.nearest}
    others = ((error, problem) for error in found for problem in _explain(error))
    return unknown + [one for error, one in others if error.validator != "required" or one.path not in meant]


def _unknown_keys(error: ValidationError) -> Iterator[Problem]:
    if error.validator == "additionalProperties":
        known = _schema(error).get("properties", {})
        yield from (_unknown(error, key, known) for key in _object(error) if key not in known)


def _unknown(error: ValidationError, key: str, known: Iterable[str]) -> Problem:
    nearest = did_you_mean(key, known, most=1)
    expected = None if nearest else _one_of(known) or "no key at all"
    return Problem((*error.absolute_path, key), f"unknown key {key!r}", expected=expected, nearest=nearest)


def _explain(error: ValidationError) -> Iterator[Problem]:
    """Word one error; unknown keys are worded elsewhere."""
    path, rule, found = tuple(error.absolute_path), str(error.validator), _show(error.instance)
    limit: Any = error.validator_value
    if rule in ("anyOf", "oneOf"):
        yield from _explain_alternatives(error)
    elif rule == "required":
        # jsonschema makes one error for each missing key and names that key in the message alone.
        key = next(key for key in limit if error.message.startswith(repr(key)))
        yield Problem((*path, key), f"the key {key!r} is missing")
    elif rule == "type":
        yield Problem(path, "the value is of the wrong kind", _either(_kinds(error)), found)
    elif rule in ("enum", "const"):
        yield _not_one_of(error, _allowed(error))
    elif rule == "pattern":
        examples = _schema(error).get("examples")
        form = f"text such as {_show(examples[0])}" if examples else f"text that matches {limit}"
        yield Problem(path, "the text has the wrong form", form, found)
    elif rule in _LIMITS:
        problem, expected = _LIMITS[rule]
        yield Problem(path, problem, expected.format(limit), found)
    elif rule == "not":
        yield Problem(path, "the value is not allowed here", found=found)
    elif rule != "additionalProperties":
        yield Problem(path, error.message)


class _Branch:
    """One alternative that a value does not fit, and how far it is from fitting."""

    def __init__(self, value: object, errors: Sequence[ValidationError]) -> None:
        at_root = [error for error in errors if not error.relative_path]
        keys = set(value) if isinstance(value, Mapping) else set()
        self.errors = errors
        self.required = list(
            dict.fromkeys(key for one in at_root for key in _schema(one).get("required", ()))
        )
        self.known = [*self.required, *(key for one in at_root for key in _schema(one).get("properties", ()))]
        self.mistyped = [error for error in at_root if error.validator == "type"]
        self.mismatched = [error for error in errors if error.validator in ("enum", "const")]
        missing = [key for key in self.required if key not in keys]
        self.foreign = bool(missing) and len(missing) == len(self.required)
        self.rank = (bool(self.mistyped), self.foreign, len(missing), len(self.mismatched), len(errors))


def _explain_alternatives(error: ValidationError) -> Iterator[Problem]:
    path = tuple(error.absolute_path)
    grouped: dict[object, list[ValidationError]] = {}
    for inner in error.context or ():
        grouped.setdefault(inner.relative_schema_path[0], []).append(inner)
    branches = sorted(
        (_Branch(error.instance, one) for one in grouped.values()), key=lambda branch: branch.rank
    )
    if not branches:
        yield Problem(path, "the value fits more than one alternative", found=_show(error.instance))
    elif (best := branches[0]).mistyped:
        kinds = [kind for branch in branches for one in branch.mistyped for kind in _kinds(one)]
        yield Problem(path, "the value is of the wrong kind", _either(kinds), _show(error.instance))
    elif best.foreign:
        yield from _explain_foreign(error, [branch for branch in branches if not branch.mistyped])
    elif len(best.mismatched) == len(best.errors):
        first = best.mismatched[0]
        same = [one for branch in branches for one in branch.mismatched if one.path == first.path]
        yield _not_one_of(first, [option for one in same for option in _allowed(one)])
    else:
        yield from _explain_all(best.errors)


def _explain_foreign(error: ValidationError, branches: Sequence[_Branch]) -> Iterator[Problem]:
    """Word an object that has no key by which any alternative could be told."""
    keys = _object(error)
    known = list(dict.fromkeys(key for branch in branches for key in branch.known))
    unknown = [_unknown(error, key, known) for key in keys if key not in known]
    yield from (problem for problem in unknown if problem.nearest)
    if not any(problem.nearest for problem in unknown):
        wanted = list(dict.fromkeys(key for branch in branches for key in branch.required))
        found = ", ".join(keys) or "no key"
        yield Problem(tuple(error.absolute_path), "a key is missing", _one_of(wanted), found)


def _schema(error: ValidationError) -> Mapping[str, Any]:
    return error.schema if isinstance(error.schema, Mapping) else {}


def _object(error: ValidationError) -> Mapping[str, object]:
    assert isinstance(error.instance, Mapping)
    return error.instance


def _allowed(error: ValidationError) -> Sequence[object]:
    limit: Any = error.validator_value
    return list(limit) if error.validator == "enum" else [limit]


def _kinds(error: ValidationError) -> list[str]:
    limit: Any = error.validator_value
    return [_KINDS[kind] for kind in ([limit] if isinstance(limit, str) else limit)]


def _not_one_of(error: ValidationError, allowed: Sequence[object]) -> Problem:
    value = error.instance
    shown = [option if isinstance(option, str) else _show(option) for option in allowed]
    nearest = did_you_mean(value, shown) if isinstance(value, str) else ()
    path = tuple(error.absolute_path)
    return Problem(path, "the value is not known here", _one_of(shown), _show(value), nearest)


def _one_of(options: Iterable[str]) -> str:
    listed = ", ".join(options)
    return f"one of {listed}" if ", " in listed else listed


def _either(options: Iterable[str]) -> str:
    return " or ".join(dict.fromkeys(options))


def _show(value: object) -> str:
    """Return a value as a person may recognise it: scalars as JSON, shortened, others by their kind."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
