"""How certain each type, field, argument and value of the SDL is, for ``docs/fidelity.md``, from the marks in its descriptions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from graphql import DefinitionNode, parse

from docs.making.markdown import code, table
from simulator.graphql.usage import certainty

__all__ = ["certainties", "coordinates"]

INTRODUCTION = """\
## The schema, name by name

How certain it is that the vendor's schema has each of these. *Invented* is what is only our choice; with the setting
`tell_invented` each answer counts those that a query used, and `scope-simulator journal --graphql` lists them for a receiver.
Arguments that every connection has (first, last, after, before) stand once, at the end.
"""

COLUMNS = {"documented": "documented", "seen": "seen", "inferred": "inferred", "chosen": "invented"}
PAGING = ("first", "last", "after", "before")


def certainties(root: Path) -> str:
    """Return the section."""
    found: dict[str, dict[str, list[str]]] = {}
    paging: set[str] = set()
    for type_, name, mark in coordinates((root / "schemas" / "scope.graphql").read_text(encoding="utf-8")):
        if name.endswith(tuple(f"({one}:)" for one in PAGING)):
            paging.add(f"{name.partition('(')[2].removesuffix(':)')}: {COLUMNS[mark]}")
            continue
        found.setdefault(type_, {column: [] for column in COLUMNS})[mark].append(name)
    rows = (
        (
            code(type_),
            *(", ".join(code(name) if name else "the type" for name in names) for names in by_mark.values()),
        )
        for type_, by_mark in found.items()
    )
    return f"{INTRODUCTION}\n{table(['type', *COLUMNS.values()], rows)}\nOn connections: {', '.join(sorted(paging))}.\n"


def coordinates(sdl: str) -> Iterator[tuple[str, str, str]]:
    """Yield type, name in it (nothing for the type itself) and mark of all that the SDL defines."""
    for definition in parse(sdl).definitions:
        type_ = definition.name.value if hasattr(definition, "name") and definition.name else ""
        if type_:
            yield from ((type_, name, mark) for name, mark in _members(definition))


def _members(definition: DefinitionNode) -> Iterator[tuple[str, str]]:
    yield "", _mark(definition)
    for member in (
        *(getattr(definition, "fields", None) or ()),
        *(getattr(definition, "values", None) or ()),
    ):
        name = member.name.value
        yield name, _mark(member)
        for argument in getattr(member, "arguments", None) or ():
            yield f"{name}({argument.name.value}:)", _mark(argument)


def _mark(node: object) -> str:
    description = getattr(node, "description", None)
    return certainty(description.value if description else None)
