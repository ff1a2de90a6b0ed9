"""What an operation of the control side is, and how a request finds the one it names.

An operation is a row: name, method, path, contracts and a function. The function is synchronous and does no I/O. One
that must wait is a generator: it yields what to wait for and is sent True when that came and False when the time-out
passed first; whoever runs it (the server) knows how to wait. This module must not know any operation.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import field
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import unquote

from simulator.control.stage import Stage
from simulator.effects import Effect
from simulator.errors import NotFoundError, UsageError, did_you_mean
from simulator.values import dataclass
from simulator.wire import JSON

if TYPE_CHECKING:
    from simulator.control.streaming import JournalStream

__all__ = ["Ask", "Found", "MethodError", "Operation", "Parameter", "Reply", "Waiting", "find", "read_query"]


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to an operation: the variable parts of its path, its query as typed values, and its body.

    ``body`` is the parsed JSON; an operation with ``takes_text`` gets the text itself.
    """

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, JSON] = field(default_factory=dict)
    body: JSON = None

    def fields(self) -> dict[str, JSON]:
        """Return the body, which its contract says is an object; no body is an empty one."""
        return dict(self.body) if isinstance(self.body, dict) else {}

    def number(self, name: str, default: int) -> int:
        """Return a query parameter that is a whole number."""
        value = self.query.get(name, default)
        assert isinstance(value, int)
        return value

    def text(self, name: str) -> str | None:
        """Return a query parameter that is text, or None."""
        value = self.query.get(name)
        return None if value is None else str(value)


Waiting: TypeAlias = Generator[Effect, bool, "Reply"]


@dataclass(frozen=True, slots=True)
class Reply:
    """What an operation answers. ``background`` is work that goes on after the answer."""

    body: JSON = None
    status: int | None = None
    """None for the operation's own success status."""
    stream: JournalStream | None = None
    """What goes on as a stream of events, in place of a body."""
    background: Generator[Effect, bool, object] | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query parameter."""

    name: str
    kind: Literal["string", "integer", "boolean"]
    summary: str
    default: JSON = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the table."""

    name: str
    method: str
    path: str
    """Below ``/_simulator/``, variable parts in braces."""
    summary: str
    function: Callable[[Stage, Ask], Reply | Waiting]
    parameters: tuple[Parameter, ...] = ()
    body: str | None = None
    """The contract of the JSON body; None for no body."""
    body_required: bool = False
    takes_text: bool = False
    """The body may be YAML too, and the function gets its text."""
    status: int = 200
    result: str | None = None
    """The contract of the success body; None for an empty one."""
    problems: tuple[int, ...] = ()
    """The statuses of the problems it may answer, besides those that any may."""
    may_wait: bool = False
    streams: bool = False
    """It answers a stream of events that goes on until somebody ends it."""


@dataclass(frozen=True, slots=True)
class Found:
    """The operation that a request names, with the variable parts of its path decoded."""

    operation: Operation
    path: Mapping[str, str]


class MethodError(UsageError):
    """The path exists, but not with that method; ``allowed`` are those it has."""

    def __init__(self, problem: str, *, allowed: Sequence[str] = ()) -> None:
        self.allowed = tuple(allowed)
        super().__init__(problem, expected=" or ".join(allowed))


def find(operations: Sequence[Operation], method: str, path: str) -> Found:
    """Return the operation for ``method`` and the still percent-encoded ``path`` below ``/_simulator/``.

    Raises NotFoundError, naming the nearest paths, and MethodError.
    """
    text = path.strip("/")
    if "{" not in text:
        # As most are asked for; no other operation may take a path without variable parts.
        for operation in operations:
            if operation.path == text and operation.method == method:
                return Found(operation, {})
    parts = text.split("/")
    matching = [one for one in operations if _matches(_pattern(one.path), parts)]
    if not matching:
        known = {one.path for one in operations}
        raise NotFoundError(
            f"there is no control route /_simulator/{text}",
            nearest=[f"/_simulator/{near}" for near in did_you_mean(text, known)],
            remedy="GET /_simulator/openapi.json describes them all.",
        )
    # A path without variable parts hides one that would swallow it: deliveries/wait is no delivery.
    fewest = min(one.path.count("{") for one in matching)
    matching = [one for one in matching if one.path.count("{") == fewest]
    for operation in matching:
        if operation.method == method:
            return Found(operation, _variables(_pattern(operation.path), parts))
    allowed = sorted({one.method for one in matching})
    raise MethodError(f"{method} does not exist for /_simulator/{matching[0].path}", allowed=allowed)


def read_query(operation: Operation, query: Mapping[str, str]) -> dict[str, JSON]:
    """Return the query's values in their types; an unknown or wrong one raises UsageError."""
    known = {parameter.name: parameter for parameter in operation.parameters}
    for name in query:
        if name not in known:
            raise UsageError(
                f"there is no query parameter {name!r} here",
                expected=None if not known else f"one of {', '.join(known)}",
                nearest=did_you_mean(name, known),
            )
    return {name: _read(known[name], text) for name, text in query.items()}


def _read(parameter: Parameter, text: str) -> JSON:
    if parameter.kind == "string":
        return text
    if parameter.kind == "integer" and text.isascii() and text.isdecimal() and len(text) <= 18:
        return int(text)
    if parameter.kind == "boolean" and text in ("true", "false"):
        return text == "true"
    expected = "true or false" if parameter.kind == "boolean" else "a whole number"
    raise UsageError(
        "the query parameter is wrong", place=parameter.name, expected=expected, found=repr(text)
    )


@cache
def _pattern(path: str) -> tuple[str, ...]:
    return tuple(path.split("/"))


def _matches(pattern: Sequence[str], parts: Sequence[str]) -> bool:
    if len(pattern) != len(parts):
        return False
    pairs = zip(pattern, parts, strict=True)
    return all(part and (wanted == part or wanted.startswith("{")) for wanted, part in pairs)


def _variables(pattern: Sequence[str], parts: Sequence[str]) -> dict[str, str]:
    pairs = zip(pattern, parts, strict=True)
    return {wanted[1:-1]: unquote(part) for wanted, part in pairs if wanted.startswith("{")}
