"""References: what ``${...}`` in a text may look like, and how a text splits into words and references.

A reference is a name, then fields after dots and numbers in brackets: ``${session.scenario.name}``,
``${world.users[1].id}``. ``$${`` stands for ``${`` itself. This module reads; it must not know what a name stands for,
see ``scope``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from simulator.errors import UsageError
from simulator.script.document import Path, show
from simulator.values import dataclass
from simulator.wire import JSON

__all__ = [
    "API",
    "NAME",
    "RESERVED",
    "Reference",
    "escape",
    "is_template",
    "literal",
    "parse_template",
    "templates",
]

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
RESERVED = ("world", "fake", "target", "api", "index", "env")
"""Names that mean something of their own and cannot be given."""

API = ("base_url", "graphql_url", "token")
"""What ``api`` leads to: where the simulated platform is, and the integration's token."""

_PART = re.compile(r"\$\$\{|\$\{([^}]*)(\}?)")
_STEP = re.compile(rf"\.({NAME.pattern})|\[([0-9]+)\]")


@dataclass(frozen=True, slots=True)
class Reference:
    """One ``${...}``: its first name, the steps after it, and the text as written."""

    root: str
    steps: tuple[str | int, ...]
    text: str


def is_template(value: object) -> bool:
    """Return whether a value is text with something to put in."""
    return isinstance(value, str) and "${" in value


def escape(text: str) -> str:
    """Return text that reads as ``text`` itself, whatever it contains."""
    return text.replace("${", "$${")


def literal(text: str) -> str:
    """Return what ``escape`` was given: text that holds no reference, as it is meant."""
    return text.replace("$${", "${")


@lru_cache(maxsize=256)
def parse_template(text: str) -> tuple[str | Reference, ...]:
    """Split a text into plain words and references."""
    parts: list[str | Reference] = []
    at = 0
    for found in _PART.finditer(text):
        if found.start() > at:
            parts.append(text[at : found.start()])
        at = found.end()
        if found.group(1) is None:
            parts.append("${")
        else:
            parts.append(_reference(found))
    if at < len(text):
        parts.append(text[at:])
    return tuple(parts)


def templates(value: JSON, path: Path = ()) -> Iterator[tuple[str, Path]]:
    """Yield each text in a value that has something to put in, with the path it stands at."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from templates(one, (*path, key))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from templates(one, (*path, place))
    elif isinstance(value, str) and is_template(value):
        yield value, path


def _reference(found: re.Match[str]) -> Reference:
    text, inner = found.group(), found.group(1).strip()
    if not found.group(2):
        raise UsageError(
            "a reference does not end",
            found=show(text),
            remedy="Close it with }, or write $${ for the signs.",
        )
    first = NAME.match(inner)
    steps: list[str | int] = []
    at = first.end() if first else -1
    while 0 <= at < len(inner):
        step = _STEP.match(inner, at)
        if step is None:
            break
        steps.append(step.group(1) or int(step.group(2)))
        at = step.end()
    if first is None or at < len(inner):
        raise UsageError(
            "a reference cannot be read",
            expected="a name, then .field and [number], such as ${session.id}",
            found=show(text),
        )
    return Reference(first.group(), tuple(steps), text)
