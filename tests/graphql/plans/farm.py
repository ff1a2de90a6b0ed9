"""A schema of the tests' own with what Scope's has not: unions, lists of lists, required items, defaults, broken fields."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLObjectType,
    OperationDefinitionNode,
    Undefined,
    build_schema,
    execute_sync,
    parse,
)

from simulator.graphql.plans import Plans, Reading

SDL = """
  type Query {
    farm: Farm!
    animals(first: Int, named: String, size: Size = SMALL, filter: Filter, must: Int!): [Animal!]
    animal: Animal
    pet: Pet
    nobody: Farm
    missing: String
    plain: Plain
  }
  type Farm {
    name: String!  area: Float  open: Boolean  count: Int  size: Size  note: Any  grid: [[Int!]!]  id: ID!
    nothing: String!  broken: String  big: Int  odd: Size  wrong: Int  listless: [Int]  holes: [Int!]  error: Any
    number: String  whole: Float  undefined: Any  typed: Typed  again: Farm
  }
  type Typed { name: String }
  type Plain { name: String }
  interface Animal { name: String }
  interface Legged implements Animal { name: String  legs: Int }
  type Dog implements Animal & Legged { name: String  legs: Int  barks: Boolean }
  type Fish implements Animal { name: String  fins: Int }
  union Pet = Dog | Fish
  enum Size { SMALL LARGE }
  input Filter { key: String  size: Size = LARGE }
  scalar Any
"""

FARM: dict[str, Any] = {
    "name": "Hill",
    "area": 1.5,
    "open": True,
    "count": 3,
    "size": "LARGE",
    "note": {"a": [1, None]},
    "grid": [[1, 2], []],
    "id": 7,
    "nothing": None,
    "big": 2**40,
    "odd": "MEDIUM",
    "wrong": "x",
    "listless": "12",
    "holes": [1, None],
    "error": ValueError("kept as a value"),
    "number": 12,
    "whole": 3,
    "typed": {"name": "t"},
}
FARM["again"] = FARM
ANIMALS = (
    SimpleNamespace(kind="Dog", name="Rex", legs=4, barks=True),
    SimpleNamespace(kind="Fish", name=None, fins=2),
)


def _broken(_view: object, _farm: object) -> str:
    raise ValueError("it is broken")


def make_schema() -> Any:
    """Return the schema with its resolvers, the ones of farms being those that only read."""
    schema = build_schema(SDL)
    query: Any = schema.query_type
    fields = query.fields
    fields["farm"].resolve = lambda _root, _info: FARM
    fields["animals"].resolve = lambda _root, info, **given: [
        SimpleNamespace(kind="Fish", name=f"{given}", fins=len(info.context.__class__.__name__)),
        *ANIMALS,
    ]
    fields["animal"].resolve = lambda _root, info: info.context.animal
    fields["pet"].resolve = lambda _root, _info: ANIMALS[0]
    fields["nobody"].resolve = lambda _root, _info: None
    fields["plain"].resolve = lambda _root, _info: FARM
    for name in ("Animal", "Legged", "Pet"):
        schema.type_map[name].resolve_type = lambda animal, _info, _type: animal.kind  # type: ignore[attr-defined] # an interface
    for name in ("Farm", "Dog", "Fish", "Typed"):
        type_ = schema.type_map[name]
        assert isinstance(type_, GraphQLObjectType)
        for key, field in type_.fields.items():
            field.resolve = Reading(_reader(key))
    farm: Any = schema.type_map["Farm"]
    farm.fields["broken"].resolve = Reading(_broken)
    typed: Any = schema.type_map["Typed"]
    typed.is_type_of = lambda value, _info: "name" in value
    return schema


def _reader(key: str) -> Any:
    def read(_view: object, record: Any) -> Any:
        return record.get(key, Undefined) if isinstance(record, dict) else getattr(record, key)

    return read


SCHEMA = make_schema()


class Context(SimpleNamespace):
    """What the resolvers share."""

    view = SimpleNamespace(ids=None)
    animal = ANIMALS[0]


def plans(query: str, schema: Any = SCHEMA) -> Plans:
    """Return the plans of the first operation of a query."""
    document = parse(query)
    operation = next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    return Plans(schema, document, operation)


def core(query: str, variables: Mapping[str, Any] | None = None, **context: Any) -> ExecutionResult:
    """Return what graphql-core answers."""
    return execute_sync(SCHEMA, parse(query), context_value=Context(**context), variable_values=variables)
