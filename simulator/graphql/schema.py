"""The executable schema: the SDL, with each field read from the world's tables.

Decides how a field of the SDL is answered; the tables of ``world.graph`` decide with what. No field has a function of its
own here: attributes, relations and roots are attached from the tables, pages from ``connections``. Where the SDL and the
tables disagree about a field, there is no schema.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from graphql import (
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    ValueNode,
    build_ast_schema,
    is_introspection_type,
    value_from_ast_untyped,
)

from simulator.graphql.connections import Connection, both, cursor
from simulator.graphql.filters import narrow
from simulator.graphql.limits import Budget
from simulator.graphql.mutations import MUTATIONS, Changer, Mutation, by_post
from simulator.graphql.own import Drift, drift, furnish, read_schema
from simulator.graphql.plans.reading import Reading, lasting
from simulator.graphql.sdl import OURS, Dialect, sdl_document
from simulator.settings import TextFile
from simulator.world.graph import ATTRIBUTES, MANY, ONE, ROOTS, organization, user
from simulator.world.resources import Kind, Record
from simulator.world.rows import Rows
from simulator.world.sight import may_see, seen
from simulator.world.view import View

__all__ = ["Context", "executable_schema", "own_drift"]

_Resolver: TypeAlias = Callable[..., Any]

_KINDS = {kind.value: kind for kind in Kind}


class Context:
    """What the resolvers of one request share; after a mutation ``view`` is the world it made."""

    __slots__ = ("budget", "changer", "unknown_is_error", "view")

    def __init__(
        self, view: View, budget: Budget, *, unknown_is_error: bool, changer: Changer | None = None
    ) -> None:
        self.view = view
        self.changer = changer
        self.budget = budget
        self.unknown_is_error = unknown_is_error

    def unknown(self, node_id: str) -> None:
        """An unknown id gives null, unless the setting wants an error. [chosen]"""
        if self.unknown_is_error:
            raise GraphQLError(f'No object with the id "{node_id}" was found')


_Info: TypeAlias = GraphQLResolveInfo[Context]


def executable_schema(dialect: Dialect = OURS) -> GraphQLSchema:
    """Return the schema that is spoken, built once in the process."""
    return _build(dialect)


@lru_cache(maxsize=8)
def _build(dialect: Dialect) -> GraphQLSchema:
    if dialect.own is not None:
        return _own(dialect.own)
    schema = build_ast_schema(sdl_document(dialect.names), assume_valid=True)
    node = schema.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    node.resolve_type = _type_of
    _read_alphanumeric(schema)
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not is_introspection_type(type_):
            _attach(type_, _resolvers(type_))
    return schema


def _own(file: TextFile) -> GraphQLSchema:
    """Return somebody's schema, answered as ours is where they agree; the rest is invented, and says so."""
    schema, ours = read_schema(file.text, file.path), executable_schema()
    _read_alphanumeric(schema)
    furnish(schema, ours, node=_node, generic={"Connection": _CONNECTION, "Edge": _EDGE})
    return schema


@lru_cache(maxsize=8)
def own_drift(file: TextFile) -> Drift:
    """Return how somebody's schema differs from ours; ``UsageError`` for one that cannot be read."""
    return drift(executable_schema(), read_schema(file.text, file.path))


def _read_alphanumeric(schema: GraphQLSchema) -> None:
    alphanumeric = schema.type_map.get("Alphanumeric")
    if isinstance(alphanumeric, GraphQLScalarType):
        alphanumeric.coerce_input_value = _alphanumeric
        alphanumeric.coerce_input_literal = _alphanumeric_literal


def _resolvers(type_: GraphQLObjectType) -> Mapping[str, _Resolver]:
    kind = _KINDS.get(type_.name)
    if kind is not None:
        return {
            **{name: Reading(read) for name, read in ATTRIBUTES[kind].items()},
            **{name: _Single(read, lasting=True) for name, read in ONE[kind].items()},
            **{name: _many(read) for name, read in MANY[kind].items()},
        }
    if type_.name == "Query":
        return {**{name: _root(read) for name, read in ROOTS.items()}, **_ROOT}
    if type_.name == "Mutation":
        return {name: _mutation(act) for name, act in MUTATIONS.items()}
    if type_.name.endswith("Payload"):
        return {name: _key(name) for name in type_.fields}
    if type_.name.endswith("Connection"):
        return {name: read for name, read in _CONNECTION.items() if name in type_.fields}
    if type_.name.endswith("Edge"):
        return _EDGE
    return _OTHER[type_.name]


def _attach(type_: GraphQLObjectType, resolvers: Mapping[str, _Resolver]) -> None:
    if resolvers.keys() != type_.fields.keys():
        differing = ", ".join(sorted(resolvers.keys() ^ type_.fields.keys()))
        raise LookupError(f"the SDL and the tables disagree on {type_.name}: {differing}")
    for name, resolve in resolvers.items():
        # Of what depends on the moment, some attributes and an order, none is read by a function of this module.
        type_.fields[name].resolve = resolve if isinstance(resolve, Reading) else lasting(resolve)


class _Single(Reading):
    """Reads one related record. A plan reads it itself, which it does for nobody from whom something is hidden."""

    def __call__(self, record: object, info: _Info) -> object:
        return _shown(info.context.view, self.read(info.context.view, record))


def _shown(view: View, record: Record | None) -> Record | None:
    """A single object that the viewer may not see is null with an error. [documented: EG]"""
    if record is not None and not may_see(view, record):
        raise GraphQLError("Not authorized to read object")
    return record


def _many(read: Callable[[View, Any], Rows]) -> _Resolver:
    def resolve(record: Record, info: _Info, **arguments: object) -> Connection:
        context = info.context
        return _page(context, read(context.view, record), arguments)

    return resolve


def _root(read: Callable[[View], Rows]) -> _Resolver:
    def resolve(_root: None, info: _Info, **arguments: object) -> Connection:
        context = info.context
        return _page(context, read(context.view), arguments)

    return resolve


def _mutation(act: Mutation) -> _Resolver:
    def resolve(_root: None, info: _Info, **arguments: object) -> dict[str, Any]:
        context = info.context
        changer = by_post(context.changer)
        payload = act(changer, context.view, arguments)
        context.view = changer.view(context.view.asker)
        return payload

    return resolve


def _page(context: Context, rows: Rows, arguments: Mapping[str, Any]) -> Connection:
    """What the viewer may not see is left out of a connection, without an error. [documented: EG]"""
    row, visible = seen(context.view, rows)
    found = narrow(context.view, row, arguments, context.budget)
    return Connection(
        context.view,
        found.rows,
        budget=context.budget,
        keep=both(found.keep, visible),
        first=arguments.get("first"),
        last=arguments.get("last"),
        after=arguments.get("after"),
        before=arguments.get("before"),
    )


def _alphanumeric(value: object) -> str | float:
    """A string or a number. [documented: XD]"""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise GraphQLError(f"Alphanumeric must be a string or a number, but is {value!r}.")
    return value


def _alphanumeric_literal(node: ValueNode) -> str | float:
    return _alphanumeric(value_from_ast_untyped(node))


def _node(_root: None, info: _Info, **arguments: str) -> Record | None:
    context = info.context
    node_id = arguments["id"]
    record = context.view.by_id(node_id)
    if record is None:
        context.unknown(node_id)
    return _shown(context.view, record)


def _session_events(_root: None, info: _Info, **arguments: object) -> Connection:
    """Give the events of the whole organisation, or those of one session, named by node id or databaseId."""
    context = info.context
    given = arguments.get("scenarioSessionId")
    if given is None:
        return _page(context, ROOTS["scenarioSessionEvents"](context.view), arguments)
    session = context.view.find(Kind.SESSION, str(given))
    if session is None:
        context.unknown(str(given))
    if session is None or not may_see(context.view, session):
        return _page(context, Rows(Kind.EVENT, ()), arguments)
    return _page(context, MANY[Kind.SESSION]["events"](context.view, session), arguments)


def _key(name: str) -> _Resolver:
    return lambda values, _info: values[name]


def _type_of(record: Record, _info: _Info, _type: object) -> str:
    return record.KIND.value


_ROOT: Mapping[str, _Resolver] = {
    "node": _node,
    "viewer": lambda _root, info: user(info.context.view),
    "organization": lambda _root, info: organization(info.context.view),
    "currentOrganization": lambda _root, info: organization(info.context.view),
    "scenarioSessionEvents": _session_events,
}
_CONNECTION: Mapping[str, _Resolver] = {
    "edges": lambda page, _info: page.records(),
    "nodes": lambda page, _info: page.records(),
    "totalCount": lambda page, _info: page.total(),
    "pageInfo": lambda page, _info: page,
    "errors": lambda _page, _info: [],
}
_EDGE: Mapping[str, _Resolver] = {
    "cursor": lambda record, _info: cursor(record.ref),
    "node": lambda record, _info: record,
}
_OTHER: Mapping[str, Mapping[str, _Resolver]] = {
    "PageInfo": {
        "hasNextPage": lambda page, _info: page.has_next(),
        "hasPreviousPage": lambda page, _info: page.has_previous(),
        "startCursor": lambda page, _info: page.start_cursor(),
        "endCursor": lambda page, _info: page.end_cursor(),
    },
    "Error": {name: _key(name) for name in ("fullMessage", "message", "path", "type", "field")},
}
