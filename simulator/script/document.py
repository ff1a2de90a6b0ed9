"""A script as it was written: plain values, and where in the file each of them stands.

A ``Path`` is the way from the root to a value, as in a JSON pointer: names of mappings and indexes of lists.
This module knows neither YAML nor the language; it only answers "where". It must not judge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import NamedTuple, TypeAlias

from simulator.errors import UsageError
from simulator.values import dataclass
from simulator.wire import JSON

__all__ = ["Document", "Mark", "Path", "ScriptError", "show"]

Path: TypeAlias = tuple[str | int, ...]


class Mark(NamedTuple):
    """A place in a file; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """One file's content. ``values`` and ``keys`` tell where each value begins and where its key stands."""

    name: str
    value: JSON
    values: Mapping[Path, Mark]
    keys: Mapping[Path, Mark]
    plays: Mapping[Path, Document] = field(default_factory=dict)
    """The scripts that stand inside of it, by the paths of their values."""

    def mark(self, path: Path) -> Mark:
        """Return where a value begins; for a path that is not there, where what encloses it does."""
        return self._find(self.values, path)

    def key_mark(self, path: Path) -> Mark:
        """Return where the key that leads to a value stands, or where the value begins when it has none."""
        return self._find(self.keys if path in self.keys else self.values, path)

    def place(self, path: Path = ()) -> str:
        """Return ``file:line:column`` of ``mark``."""
        inner, rest = self.owner(path)
        mark = inner.mark(rest)
        return f"{inner.name}:{mark.line}:{mark.column}"

    def key_place(self, path: Path) -> str:
        """Return ``file:line:column`` of ``key_mark``."""
        inner, rest = self.owner(path)
        mark = inner.key_mark(rest)
        return f"{inner.name}:{mark.line}:{mark.column}"

    def line(self, path: Path) -> str:
        """Return ``file:line`` of a value."""
        inner, rest = self.owner(path)
        return f"{inner.name}:{inner.mark(rest).line}"

    def owner(self, path: Path) -> tuple[Document, Path]:
        """Return the document in which a value was written, and its path there."""
        for length in range(1, len(path)) if self.plays else ():
            if path[:length] in self.plays:
                return self.plays[path[:length]].owner(path[length:])
        return self, path

    def _find(self, marks: Mapping[Path, Mark], path: Path) -> Mark:
        while path and path not in marks:
            path = path[:-1]
        return marks.get(path, Mark(1, 1))


class ScriptError(UsageError):
    """All that is wrong with a script, in the order of the file; the text has one line for each problem."""

    def __init__(self, problems: Sequence[UsageError]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(
            first.problem,
            place=first.place,
            expected=first.expected,
            found=first.found,
            nearest=first.nearest,
            remedy=first.remedy,
        )

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)

    def at(self, place: str) -> ScriptError:
        """Return the same problems, each with ``place`` in front."""
        return ScriptError([problem.at(place) for problem in self.problems])


def show(value: object, most: int = 60) -> str:
    """Return a value as a message shows what was found: text in quotes, the rest by what it is."""
    if isinstance(value, str):
        text = repr(value)
        return text if len(text) <= most else f"{text[: most - 4]}...'"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return str(value)
