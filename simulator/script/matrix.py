"""The values of a script's variables: those that are given from outside, and each combination of its matrix.

Both make another document, in which everything else stands where it stood: a combination is a script like any other, with
its values among the variables and in its title. What is given is a value, and is never read as a reference. This module
must not judge a script; it only knows which variables there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product
from math import prod
from typing import Any, Final

from simulator.errors import UsageError, did_you_mean
from simulator.script.building import build
from simulator.script.document import Document
from simulator.script.model import Script, label_of
from simulator.script.references import escape, literal
from simulator.wire import JSON

__all__ = ["MOST_COMBINATIONS", "combinations", "variants_of", "with_vars"]

MOST_COMBINATIONS: Final = 1000
"""How many runs a matrix may make."""


def with_vars(document: Document, given: Mapping[str, JSON]) -> Document:
    """Return the document with other values of its variables; a variable of the matrix then has this one value.

    UsageError for a variable that the script does not have.
    """
    root = document.value
    if not given or not isinstance(root, dict):
        return document
    variables, matrix = _mapping(root.get("vars")), _mapping(root.get("for"))
    for name, value in given.items():
        if name in matrix:
            matrix[name] = [_escaped(value)]
        elif name in variables:
            variables[name] = _escaped(value)
        else:
            known = [*variables, *matrix]
            raise UsageError(
                f"the script has no variable {name!r}",
                place=document.name,
                nearest=did_you_mean(name, known),
                remedy=f"It has: {', '.join(known)}." if known else "Give it under vars: in the script.",
            )
    changed: dict[str, JSON] = {"vars": variables, "for": matrix}
    return replace(document, value=root | {key: one for key, one in changed.items() if one})


def combinations(document: Document) -> int:
    """Return how many runs the matrix of a document makes; 1 without one."""
    root = document.value
    matrix = _mapping(root.get("for")) if isinstance(root, dict) else {}
    return prod(len(values) for values in matrix.values() if isinstance(values, list))


def variants_of(script: Script) -> tuple[Script, ...]:
    """Return a script for each combination of the matrix, the last variable changing first; itself without one."""
    root: Any = script.document.value
    matrix: dict[str, list[JSON]] = root.get("for", {})
    if not matrix:
        return (script,)
    rest = {key: value for key, value in root.items() if key != "for"}
    found = []
    for values in product(*matrix.values()):
        written = dict(zip(matrix, values, strict=True))
        combination = {name: _mapped(value, literal) for name, value in written.items()}
        title = f"{root['title']} [{escape(label_of(combination))}]"
        value = rest | {"title": title, "vars": written | root.get("vars", {})}
        one = build(replace(script.document, value=value))
        found.append(replace(one, combination=combination, trusted=script.trusted))
    return tuple(found)


def _mapping(value: JSON) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {}


def _escaped(value: JSON) -> JSON:
    return _mapped(value, escape)


def _mapped(value: JSON, change: Callable[[str], str]) -> JSON:
    """Return a value with ``change`` made to each of its texts."""
    if isinstance(value, dict):
        return {key: _mapped(one, change) for key, one in value.items()}
    if isinstance(value, list):
        return [_mapped(one, change) for one in value]
    return change(value) if isinstance(value, str) else value
