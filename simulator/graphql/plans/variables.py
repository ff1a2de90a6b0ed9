"""The variables of a request, coerced as the specification says: at a glance where a value is plainly right, else by graphql-core."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
    GraphQLBoolean,
    GraphQLID,
    GraphQLInt,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    Undefined,
    VariableDefinitionNode,
    get_nullable_type,
    is_input_type,
    is_non_null_type,
    type_from_ast,
)
from graphql.execution.values import VariableValues, get_variable_values

from simulator.graphql.plans.reading import Declined
from simulator.wire import JSON

__all__ = ["Variables"]


class _Plain(NamedTuple):
    """A variable whose values can be told to be right at a glance: it has a built-in type and no default."""

    name: str
    fits: Callable[[Any], bool]
    required: bool


class Variables:
    """The variables of one operation; ``sources``: whoever uses the values needs to know where each came from."""

    def __init__(
        self, schema: GraphQLSchema, operation: OperationDefinitionNode, *, sources: bool = False
    ) -> None:
        self._schema = schema
        self._nodes = operation.variable_definitions or ()
        plain = [_plain(schema, node) for node in self._nodes]
        self._plain = None if sources else [one for one in plain if one is not None]
        if self._plain is not None and len(self._plain) < len(plain):
            self._plain = None

    def values(self, given: Mapping[str, JSON]) -> VariableValues:
        """Return the coerced values; ``Declined`` when one is wrong."""
        if self._plain is None:
            return self._careful(given)
        coerced: dict[str, Any] = {}
        for name, fits, required in self._plain:
            value = given.get(name, Undefined)
            if fits(value) or (value is None and not required):
                coerced[name] = value
            elif value is not Undefined or required:
                return self._careful(given)
        return VariableValues({}, coerced)

    def _careful(self, given: Mapping[str, JSON]) -> VariableValues:
        values = get_variable_values(self._schema, self._nodes, dict(given))
        if isinstance(values, list):
            raise Declined("variables")
        return values


def _plain(schema: GraphQLSchema, node: VariableDefinitionNode) -> _Plain | None:
    type_ = type_from_ast(schema, node.type)
    assert is_input_type(type_)
    named: object = get_nullable_type(type_)
    if node.default_value is not None or named not in _FITS:
        return None
    return _Plain(node.variable.name.value, _FITS[named], is_non_null_type(type_))


_FITS: Mapping[object, Callable[[Any], bool]] = {
    GraphQLString: lambda value: value.__class__ is str,
    GraphQLID: lambda value: value.__class__ is str,
    GraphQLBoolean: lambda value: value.__class__ is bool,
    GraphQLInt: lambda value: value.__class__ is int and GRAPHQL_MIN_INT <= value <= GRAPHQL_MAX_INT,
}
