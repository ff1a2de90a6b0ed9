"""What differs between a JSON document and what it should hold, and paths into one.

Decides what *part of* means. An object holds another when it has each of its keys with a value that holds the other's; a list
holds another of the same length, place by place; of anything else only the same is the same (1 and 1.0 are, 1 and true are
not).

A path is a small part of JSONPath (RFC 9535): ``$`` is the document, ``.name`` and ``['any name']`` lead to a key, ``[2]`` to
a place of a list, ``[-1]`` to its last one, ``[*]`` to each, and what stands at a path with ``[*]`` is the list of all that was
found. There are no filters, no slices and no ``..``: nothing in a path is worked out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from simulator.errors import UsageError
from simulator.expect.kinds import brief
from simulator.values import dataclass
from simulator.wire import JSON

__all__ = ["Path", "differences", "parse_path"]

_STEP: Final = re.compile(
    r"\.([A-Za-z_\u0080-\U0010ffff][\w\u0080-\U0010ffff-]*)"
    r"|\[\s*(-?(?:0|[1-9][0-9]{0,8}))\s*\]"
    r"|(\[\s*\*\s*\]|\.\*)"
    r"|\[\s*'((?:[^'\\]|\\.)*)'\s*\]"
    r'|\[\s*"((?:[^"\\]|\\.)*)"\s*\]'
)
_ESCAPED: Final = re.compile(r"\\(.)")
_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_MOST: Final = 3
"""How many differences of one document are told."""

_EACH: Final = object()
_Step = str | int | object


class _MissingError(Exception):
    """A path leads nowhere; the text says where it ended."""


@dataclass(frozen=True, slots=True)
class Path:
    """A path as written and as the steps it consists of."""

    text: str
    steps: tuple[_Step, ...]

    def differences(self, document: JSON, wanted: JSON) -> list[str]:
        """Say what differs at this path, at most a few times; nothing when what stands there holds ``wanted``."""
        try:
            found = _at(document, self.steps, "$")
        except _MissingError as end:
            return [f"{self.text} leads nowhere: {end}"]
        return differences(found, wanted, place=self.text)


@lru_cache(maxsize=256)
def parse_path(text: str) -> Path:
    """Read a path; UsageError says where it cannot be read."""
    steps: list[_Step] = []
    at = 1 if text.startswith("$") else 0
    while at and at < len(text):
        step = _STEP.match(text, at)
        if step is None:
            break
        name, place, each, *quoted = step.groups()
        if name is not None:
            steps.append(name)
        elif place is not None:
            steps.append(int(place))
        elif each is not None:
            steps.append(_EACH)
        else:
            steps.append(_ESCAPED.sub(r"\1", next(one for one in quoted if one is not None)))
        at = step.end()
    if at and at == len(text):
        return Path(text, tuple(steps))
    rest = "" if at in (0, len(text)) else f", which cannot be read from {text[at:]!r} on"
    raise UsageError(
        "the path into the answer cannot be read",
        expected="$, then .name, ['name'], [0], [-1] or [*], such as $.orders[0].state",
        found=f"{text!r}{rest}",
    )


def differences(found: JSON, wanted: JSON, *, place: str = "$") -> list[str]:
    """Say where ``found`` does not hold ``wanted``, at most a few times; nothing when it does."""
    told: list[str] = []
    for text in _differences(found, wanted, place):
        if len(told) == _MOST:
            told.append("and more")
            break
        told.append(text)
    return told


def _differences(found: JSON, wanted: JSON, place: str) -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, value in wanted.items():
            here = place + (f".{key}" if _PLAIN.fullmatch(key) else f"[{brief(key)}]")
            if key in found:
                yield from _differences(found[key], value, here)
            else:
                yield f"{here} is missing, not {brief(value)}"
    elif isinstance(wanted, list) and isinstance(found, list) and len(found) == len(wanted):
        for number, (one, other) in enumerate(zip(found, wanted, strict=True)):
            yield from _differences(one, other, f"{place}[{number}]")
    elif isinstance(wanted, list) and isinstance(found, list):
        yield f"{place} has length {len(found)}, not {len(wanted)}: {brief(found)}"
    elif isinstance(wanted, bool) is not isinstance(found, bool) or found != wanted:
        yield f"{place} is {brief(found)}, not {brief(wanted)}"


def _at(document: JSON, steps: tuple[_Step, ...], place: str) -> JSON:
    """Return what stands where the steps lead."""
    for number, step in enumerate(steps):
        if step is _EACH:
            values = document if isinstance(document, list) else None
            values = [*document.values()] if isinstance(document, dict) else values
            if values is None:
                raise _MissingError(f"{place} is {brief(document)}, which has no parts")
            rest = steps[number + 1 :]
            found = [_at(one, rest, f"{place}[{index}]") for index, one in enumerate(values)]
            # What each of them found is one list, however often the path says [*].
            deep = _EACH in rest
            return [one for part in found for one in (part if deep and isinstance(part, list) else [part])]
        if isinstance(step, str):
            if not isinstance(document, dict) or step not in document:
                kind = (
                    f"has no key {step!r}"
                    if isinstance(document, dict)
                    else f"is {brief(document)}, no object"
                )
                raise _MissingError(f"{place} {kind}")
            document = document[step]
            place += f".{step}"
        else:
            assert isinstance(step, int)
            if not isinstance(document, list):
                raise _MissingError(f"{place} is {brief(document)}, no list")
            if not -len(document) <= step < len(document):
                raise _MissingError(f"{place} has length {len(document)}")
            document = document[step]
            place += f"[{step}]"
    return document
