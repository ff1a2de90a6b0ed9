"""Gives each field of somebody's schema its resolver: ours where both mean the same, else one that invents.

Two fields mean the same if their types have the same name, they do, and so do the types they lead to (scalars of one's own may be called
otherwise), both listed or both not; and if theirs has every argument that ours cannot do without. Connections are taken for
what their name says, whatever it begins with. What is invented says so in its description.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any, Final, TypeAlias

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_introspection_type,
    is_leaf_type,
    is_required_argument,
    specified_scalar_types,
)

from simulator.graphql.own.inventing import Invented, inventor, refuse_mutation, resolve_type

__all__ = ["furnish"]

_Resolver: TypeAlias = Callable[..., Any]
_BUILT_IN: Final = frozenset(specified_scalar_types)
_WIDER: Final = (("ID", "String"), ("String", "ID"), ("Int", "Float"))
"""Our scalars with others that their values fit."""
_INVENTED: Final = "Invented here: the simulator does not model it. [chosen]"


def furnish(
    schema: GraphQLSchema,
    ours: GraphQLSchema,
    *,
    node: _Resolver,
    generic: Mapping[str, Mapping[str, _Resolver]],
) -> None:
    """Attach a resolver to each field of ``schema``.

    ``node`` answers ours of ``Query.node``; ``generic`` has the resolvers of connections and edges, by how their types end.
    """
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
            type_.resolve_type = resolve_type
        if not isinstance(type_, GraphQLObjectType) or is_introspection_type(type_):
            continue
        mine = ours.type_map.get(type_.name)
        known = mine.fields if isinstance(mine, GraphQLObjectType) else {}
        ending = next((by_name for end, by_name in generic.items() if type_.name.endswith(end)), {})
        if not known and not ending:
            type_.description = _told(type_.description)
        for name, field in type_.fields.items():
            if name in known and _same(known[name], field):
                field.resolve = _of(name, known[name].resolve, takes=known[name].args)
            elif name in ending:
                field.resolve = _of(name, ending[name], takes=())
            elif type_ is schema.mutation_type:
                field.resolve = refuse_mutation(name)
            else:
                field.resolve = inventor(type_, name)
                field.description = _told(field.description)
    query = schema.query_type
    if query is not None and "node" in query.fields:
        query.fields["node"].resolve = _node(node, schema)


def _told(description: str | None) -> str:
    return f"{description} {_INVENTED}" if description else _INVENTED


def _same(mine: GraphQLField, other: GraphQLField) -> bool:
    if not all(name in other.args for name, one in mine.args.items() if is_required_argument(one)):
        return False
    here, there = get_named_type(mine.type), get_named_type(other.type)
    if _listed(mine.type) != _listed(other.type) or is_leaf_type(here) != is_leaf_type(there):
        return False
    if here.name == there.name:
        return True
    if is_leaf_type(here):
        # What a scalar of somebody's own takes is not known: it gets what we have.
        return not {here.name, there.name} <= _BUILT_IN or (here.name, there.name) in _WIDER
    return here.name.endswith("Connection") and there.name.endswith("Connection")


def _listed(type_: GraphQLOutputType) -> bool:
    while isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    return isinstance(type_, GraphQLList)


def _of(name: str, resolve: _Resolver | None, *, takes: Container[str]) -> _Resolver:
    """Return a resolver of ours that also takes an invented page, which is a mapping, and arguments that ours has not, which
    change nothing."""
    assert resolve is not None

    def answer(source: object, info: GraphQLResolveInfo[Any], **arguments: object) -> object:
        if isinstance(source, Mapping):
            return source[name]
        return resolve(source, info, **{key: value for key, value in arguments.items() if key in takes})

    return answer


def _node(node: _Resolver, schema: GraphQLSchema) -> _Resolver:
    def resolve(source: object, info: GraphQLResolveInfo[Any], **arguments: object) -> object:
        invented = Invented.read_id(str(arguments["id"]))
        if invented is not None and isinstance(schema.type_map.get(invented.type), GraphQLObjectType):
            return invented
        return node(source, info, **arguments)

    return resolve
