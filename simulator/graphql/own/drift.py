"""How another schema differs from ours, as lines that name each difference.

Decides what counts as a difference: types, fields, arguments and their types, values of enums. Descriptions, directives and the
order do not count. A type that one side lacks is told once, without its fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    is_introspection_type,
    is_specified_scalar_type,
)

from simulator.values import dataclass

__all__ = ["Drift", "drift"]

T = TypeVar("T")

_WITH_FIELDS = (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)


@dataclass(frozen=True, slots=True)
class Drift:
    """What the other schema has and ours lacks (``more``), what ours has and it lacks (``less``), and what is typed
    otherwise (``other``); each as a name such as ``User.badge`` with its type."""

    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    other: tuple[str, ...] = ()

    def __str__(self) -> str:
        """A line for each difference: ``+`` for more, ``-`` for less, ``~`` for other."""
        lines = [f"{sign} {text}" for sign, texts in self._signed for text in texts]
        return "\n".join(lines) if lines else "no difference"

    @property
    def summary(self) -> str:
        """How much differs, in one line."""
        types = sum("." not in name for name in self.more)
        return (
            f"types of its own: {types}; fields, arguments and values of its own: {len(self.more) - types}; "
            f"missing of ours: {len(self.less)}; typed otherwise: {len(self.other)}"
        )

    @property
    def _signed(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return (("+", self.more), ("-", self.less), ("~", self.other))


def drift(ours: GraphQLSchema, theirs: GraphQLSchema) -> Drift:
    """Compare two schemas."""
    found: dict[str, list[str]] = {"more": [], "less": [], "other": []}
    for name, mine, its in _pairs(_types(ours), _types(theirs)):
        if mine is None:
            found["more"].append(f"{_kind(its)} {name}")
        elif its is None:
            found["less"].append(f"{_kind(mine)} {name}")
        elif _kind(mine) != _kind(its):
            found["other"].append(f"{name}: {_kind(its)}, {_kind(mine)} here")
        else:
            for how, text in _members_that_differ(name, mine, its):
                found[how].append(text)
    return Drift(**{how: tuple(texts) for how, texts in found.items()})


def _members_that_differ(
    owner: str, mine: GraphQLNamedType, its: GraphQLNamedType
) -> Iterator[tuple[str, str]]:
    for name, here, there in _pairs(_members(mine), _members(its)):
        if here is None:
            yield "more", f"{owner}.{name}{there}"
        elif there is None:
            yield "less", f"{owner}.{name}{here}"
        elif here != there:
            yield "other", f"{owner}.{name}{there}, {here.removeprefix(': ')} here"


def _types(schema: GraphQLSchema) -> dict[str, GraphQLNamedType]:
    return {
        name: one
        for name, one in schema.type_map.items()
        if not is_introspection_type(one) and not is_specified_scalar_type(one)
    }


def _pairs(ours: Mapping[str, T], theirs: Mapping[str, T]) -> Iterator[tuple[str, T | None, T | None]]:
    for name in sorted({*ours, *theirs}):
        yield name, ours.get(name), theirs.get(name)


def _kind(type_: GraphQLNamedType | None) -> str:
    """Return what a type is, in the words of the SDL."""
    match type_:
        case GraphQLObjectType():
            return "type"
        case GraphQLInterfaceType():
            return "interface"
        case GraphQLInputObjectType():
            return "input"
        case GraphQLEnumType():
            return "enum"
        case GraphQLUnionType():
            return "union"
    return "scalar"


def _members(type_: GraphQLNamedType) -> dict[str, str]:
    """Return what belongs to a type, each with the type that stands after it: fields and their arguments, values, or parts."""
    if isinstance(type_, GraphQLEnumType):
        return dict.fromkeys(type_.values, "")
    if isinstance(type_, GraphQLUnionType):
        return {one.name: "" for one in type_.types}
    found: dict[str, str] = {}
    if isinstance(type_, _WITH_FIELDS):
        for name, field in type_.fields.items():
            found[name] = f": {field.type}"
            for argument, definition in getattr(field, "args", {}).items():
                found[f"{name}({argument}:)"] = f": {definition.type}"
    return found
