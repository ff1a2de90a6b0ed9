"""The steps of a script as it is written, whether or not they are sound: those in its endings, repeats and tracks too.

Decides where steps stand in a document. It must not judge them: what is no step is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.script.document import Document, Mark, Path
from simulator.wire import JSON

__all__ = ["all_steps", "documents", "mappings", "names_in", "parts_of", "root_of"]


def root_of(document: Document) -> Mapping[str, Any]:
    """Return what a script says, nothing where it is no mapping."""
    return document.value if isinstance(document.value, dict) else {}


def documents(document: Document) -> Iterator[Document]:
    """Yield the scripts that a script plays, and those that these play."""
    for inner in document.plays.values():
        yield inner
        yield from documents(inner)


def parts_of(root: Mapping[str, Any]) -> list[tuple[JSON, Path]]:
    """Return the steps of a script and of each of its endings, with their paths."""
    endings = root.get("endings")
    inner: list[tuple[JSON, Path]] = [
        (ending.get("steps"), (*path, "steps")) for ending, path in mappings(endings, ("endings",))
    ]
    return [(root.get("steps"), ("steps",)), *inner]


def mappings(steps: JSON, path: Path) -> Iterator[tuple[Mapping[str, Any], Path]]:
    """Yield the entries of a list that are mappings, with their paths."""
    for place, step in enumerate(steps if isinstance(steps, list) else ()):
        if isinstance(step, dict):
            yield step, (*path, place)


def all_steps(steps: JSON, path: Path) -> Iterator[tuple[Mapping[str, Any], Path]]:
    """Yield every step, those inside of others too, with their paths."""
    for step, here in mappings(steps, path):
        yield step, here
        if isinstance(repeat := step.get("repeat"), dict):
            yield from all_steps(repeat.get("steps"), (*here, "repeat", "steps"))
        if isinstance(tracks := step.get("together"), list):
            for place, track in enumerate(tracks):
                yield from all_steps(track, (*here, "together", place))


def names_in(steps: JSON, path: Path, document: Document) -> dict[str, Mark]:
    """Return the names that steps give, and where."""
    return {
        step["as"]: document.mark((*here, "as"))
        for step, here in all_steps(steps, path)
        if isinstance(step.get("as"), str)
    }
