"""Values for what nobody modelled: from the seed, the name of the type and that of the field, so that they repeat.

Decides what an invented value looks like. Relations are kept: a field that leads to a type of ours leads to a record of the world,
one that leads to an unknown type to an invented object, whose id leads back to it. A list has two entries, a connection three.
Nothing here is the vendor's. [chosen]
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLUnionType,
)

from simulator.clock import iso_millis
from simulator.seeds import Seed
from simulator.values import dataclass
from simulator.world.resources import Kind, Record, Ref
from simulator.world.view import View

__all__ = ["Invented", "inventor", "refuse_mutation", "resolve_type"]

_PREFIX: Final = "invented:"
_LISTED: Final = 2
_PAGED: Final = 3
_DAYS: Final = 90
_DAY: Final = 86_400_000
_KINDS: Final = {kind.value: kind for kind in Kind}
_WORDS: Final = (
    *("amber", "basalt", "cedar", "delta", "ember", "fjord", "granite", "harbor"),
    *("indigo", "juniper", "kestrel", "lagoon", "meadow", "nickel", "orchid", "pewter"),
)


@dataclass(frozen=True, slots=True)
class Invented:
    """An object of a type that the world does not have; ``key`` tells it from others of its type."""

    type: str
    key: str

    @property
    def id(self) -> str:
        """The node id, from which ``read_id`` makes the object again."""
        return base64.urlsafe_b64encode(f"{_PREFIX}{self.type}:{self.key}".encode()).rstrip(b"=").decode()

    @classmethod
    def read_id(cls, text: str) -> Invented | None:
        """Return the object with this node id, or None when it is none of ours."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
        except ValueError:
            return None
        type_, _, key = raw.removeprefix(_PREFIX).partition(":")
        return cls(type_, key) if raw.startswith(_PREFIX) and key else None


_Info: TypeAlias = GraphQLResolveInfo[Any]


def inventor(type_: GraphQLObjectType, name: str) -> Callable[..., object]:
    """Return a resolver that invents a field of a type."""
    output = type_.fields[name].type

    def resolve(source: object, info: _Info, **_arguments: object) -> object:
        view: View = info.context.view
        if name == "id" and isinstance(source, Invented):
            return source.id
        return _value(_Place(view, info.schema), output, f"{type_.name}/{_key(view, source)}", name)

    return resolve


def resolve_type(source: Record | Invented, _info: object, _type: object) -> str:
    """Return the name of an object's type."""
    return source.type if isinstance(source, Invented) else source.KIND.value


def _key(view: View, source: object) -> str:
    if isinstance(source, Invented):
        return source.key
    ref = getattr(source, "ref", None)
    return "" if ref is None else view.id_of(ref)


class _Place(NamedTuple):
    """Where something is invented."""

    view: View
    schema: GraphQLSchema


def _value(place: _Place, output: GraphQLOutputType, owner: str, name: str) -> object:
    seed, purpose = place.view.world.base.seed, f"invented {owner}.{name}"
    if isinstance(output, GraphQLNonNull):
        return _value(place, output.of_type, owner, name)
    if isinstance(output, GraphQLList):
        return [_value(place, output.of_type, owner, f"{name}/{index}") for index in range(_LISTED)]
    if isinstance(output, GraphQLEnumType):
        names = list(output.values)
        return output.values[names[seed.number(purpose) % len(names)]].value
    if isinstance(output, GraphQLInterfaceType | GraphQLUnionType):
        possible = sorted(place.schema.get_possible_types(output), key=lambda one: one.name)
        output = possible[seed.number(f"{purpose} type") % len(possible)]
    if isinstance(output, GraphQLObjectType):
        return _object(place, output, owner, name)
    return _scalar(place.view, seed, purpose, output.name, name.partition("/")[0])


def _object(place: _Place, output: GraphQLObjectType, owner: str, name: str) -> object:
    view = place.view
    number = view.world.base.seed.number(f"invented {owner}.{name}")
    kind = _KINDS.get(output.name)
    if kind is not None:
        rows = view.world.all(kind)
        return view.get(Ref(kind, rows[number % len(rows)])) if rows else None
    if output.name.endswith("Connection"):
        return _page(place, output, owner, name)
    return Invented(output.name, f"{number:016x}")


def _page(place: _Place, output: GraphQLObjectType, owner: str, name: str) -> Mapping[str, object]:
    """Return a page with all there is: nodes, edges with their cursors, and a count."""
    node = _node_of(output)
    nodes = [] if node is None else [_value(place, node, owner, f"{name}/{index}") for index in range(_PAGED)]
    cursors = [str(index) for index in range(len(nodes))]
    return {
        "nodes": nodes,
        "edges": [{"node": one, "cursor": at} for one, at in zip(nodes, cursors, strict=True)],
        "totalCount": len(nodes),
        "pageInfo": {
            "hasNextPage": False,
            "hasPreviousPage": False,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
        "errors": [],
    }


def _node_of(connection: GraphQLObjectType) -> GraphQLOutputType | None:
    """Return the type of what a connection connects."""
    if "nodes" in connection.fields:
        return _inner(connection.fields["nodes"].type)
    edge = _inner(connection.fields["edges"].type) if "edges" in connection.fields else None
    return edge.fields["node"].type if isinstance(edge, GraphQLObjectType) and "node" in edge.fields else None


def _inner(type_: GraphQLOutputType) -> GraphQLOutputType:
    while isinstance(type_, GraphQLNonNull | GraphQLList):
        type_ = type_.of_type
    return type_


def _scalar(view: View, seed: Seed, purpose: str, type_: str, name: str) -> object:
    number = seed.number(purpose)
    lower = f"{type_} {name}".lower()
    if type_ == "Boolean":
        return number % 2 == 0
    if type_ == "Int":
        return number % 1000
    if type_ == "Float":
        return number % 100_000 / 100
    if type_ == "ID":
        return Invented("ID", f"{number:016x}").id
    if "json" in lower:
        return {}
    if name.endswith(("At", "On")) or "date" in lower or "time" in lower:
        return iso_millis(type(view.now)(view.now - number % (_DAYS * _DAY)))
    word = _WORDS[number % len(_WORDS)]
    if "url" in lower or "uri" in lower:
        return f"https://example.com/{word}"
    if "email" in lower:
        return f"{word}@example.com"
    return f"{name} {word}"


def refuse_mutation(name: str) -> Callable[..., object]:
    """Return a resolver for a mutation that we do not carry out."""

    def resolve(_source: object, _info: _Info, **_arguments: object) -> object:
        raise GraphQLError(f"The mutation {name} is in the given schema, but is not imitated here")

    return resolve
