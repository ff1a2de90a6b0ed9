"""Puts the scripts that a script plays in their places: ``play: other.yaml`` becomes the other script itself.

A file is looked for beside the one that plays it, then among the bundled scripts. Each stays a document of its own, so that
whatever is wrong with it is said with its own lines. A script that stands in its place already is one of these too. A script that
came over the network must not read our files. Files that play each other in a circle, that go too deep or that become too
much are errors with the line that plays them. This module must not judge what a script means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from os.path import normpath
from pathlib import Path as FilePath
from typing import Any, Final, TypeAlias

from simulator.errors import UsageError
from simulator.script.document import Document, Mark, Path
from simulator.script.environment import with_environment
from simulator.script.loader import MAX_VALUES, read_document, read_source
from simulator.wire import JSON

__all__ = ["MOST_PLAYS_DEEP", "Reader", "from_disk", "with_plays"]

Reader: TypeAlias = Callable[[str, str], tuple[str, bytes | str]]
"""What reads a script that another plays, see ``from_disk``."""

MOST_PLAYS_DEEP: Final = 8
"""How deep scripts may play each other."""


def from_disk(source: str, beside: str) -> tuple[str, bytes | str]:
    """Return the name and the text of the script that another plays as ``source``; ``beside`` is where it would be beside that."""
    return read_source(beside if FilePath(beside).is_file() else source)


def with_plays(
    document: Document, environ: Mapping[str, str] | None, read: Reader = from_disk
) -> tuple[Document, list[UsageError]]:
    """Return the document with the scripts it plays in their places, and what is wrong with reading these.

    Without ``environ`` the script came over the network, and a file is an error. ``read`` is asked for each file.
    """
    including = _Including(environ, read)
    return including.within(document, (document.name,)), including.problems


class _Including:
    def __init__(self, environ: Mapping[str, str] | None, read: Reader) -> None:
        self._environ = environ
        self._from = read
        self._values = 0
        self.problems: list[UsageError] = []

    def within(self, document: Document, chain: tuple[str, ...]) -> Document:
        """Return a document with all that it plays; ``chain`` are the names of those that play each other, it the last."""
        plays: dict[Path, Document] = {}
        for path, played in list(_plays(document.value, ())):
            inner: Document | None = None
            if isinstance(played, str):
                try:
                    inner = self._read(played, chain)
                except UsageError as error:
                    self.problems.append(error.at(document.place(path)))
            else:
                inner = _part(document, path)
            if inner is not None:
                plays[path] = self.within(inner, (*chain, inner.name) if isinstance(played, str) else chain)
        if not plays:
            return document
        return replace(document, value=_replaced(document.value, (), plays), plays=plays)

    def _read(self, source: str, chain: tuple[str, ...]) -> Document:
        if self._environ is None:
            raise UsageError(
                "a file cannot be played here: this script did not come from a command line",
                found=repr(source),
                remedy="Send it in its place, as play: {title: ..., steps: [...]}, or play it with: "
                "scope-simulator replay --api",
            )
        beside = normpath(FilePath(chain[-1]).parent / source)
        name, text = self._from(source, beside)
        if name in chain:
            circle = " plays ".join([*chain[chain.index(name) :], name])
            raise UsageError("scripts play each other in a circle", found=circle)
        if len(chain) > MOST_PLAYS_DEEP:
            raise UsageError(
                "scripts play each other too deeply",
                expected=f"at most {MOST_PLAYS_DEEP} inside of each other",
                found=" plays ".join([*chain, name]),
            )
        document, problems = with_environment(read_document(text, name=name), self._environ)
        self.problems += problems
        self._values += len(document.values)
        if self._values > MAX_VALUES:
            raise UsageError(
                "what is played is too much",
                expected=f"at most {MAX_VALUES} values, each play counted",
                remedy="Say what repeats with repeat.",
            )
        return document


def _plays(value: JSON, path: Path) -> Iterator[tuple[Path, JSON]]:
    """Yield what each step plays, with its path; nothing of what is played inside of that."""
    root: Any = value
    if not isinstance(root, dict):
        return
    yield from _in_steps(root.get("steps"), (*path, "steps"))
    endings = root.get("endings")
    for place, ending in enumerate(endings if isinstance(endings, list) else ()):
        if isinstance(ending, dict):
            yield from _in_steps(ending.get("steps"), (*path, "endings", place, "steps"))


def _in_steps(steps: JSON, path: Path) -> Iterator[tuple[Path, JSON]]:
    for place, step in enumerate(steps if isinstance(steps, list) else ()):
        here = (*path, place)
        if not isinstance(step, dict):
            continue
        if isinstance(played := step.get("play"), str | dict):
            yield (*here, "play"), played
        if isinstance(repeat := step.get("repeat"), dict):
            yield from _in_steps(repeat.get("steps"), (*here, "repeat", "steps"))
        if isinstance(tracks := step.get("together"), list):
            for number, track in enumerate(tracks):
                yield from _in_steps(track, (*here, "together", number))


def _part(document: Document, path: Path) -> Document:
    """Return what stands at a path as a document of its own."""

    def below(marks: Mapping[Path, Mark]) -> dict[Path, Mark]:
        return {one[len(path) :]: mark for one, mark in marks.items() if one[: len(path)] == path}

    value: Any = document.value
    for key in path:
        value = value[key]
    return Document(document.name, value, below(document.values), below(document.keys))


def _replaced(value: JSON, path: Path, plays: Mapping[Path, Document]) -> JSON:
    """Return a value with what is played in its places."""
    if path in plays:
        return plays[path].value
    if isinstance(value, dict):
        return {key: _replaced(one, (*path, key), plays) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, (*path, place), plays) for place, one in enumerate(value)]
    return value
