"""The arguments of a field: worked out once where no variable stands in them, else by a function of the variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLError,
    GraphQLField,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    is_non_null_type,
)
from graphql.execution.values import VariableValues, get_argument_values
from graphql.utilities import coerce_input_literal

from simulator.graphql.plans.reading import Declined

__all__ = ["Arguments", "Given", "arguments", "wraps_variable"]

Given: TypeAlias = Mapping[str, Any]
Arguments: TypeAlias = Callable[[VariableValues], Given]


def arguments(field: GraphQLField, node: FieldNode) -> Given | Arguments:
    """Return the arguments, or what gives them for a request; ``Declined`` when they are wrong whatever the variables."""
    written = {argument.name.value: argument.value for argument in node.arguments or ()}
    varying = {name: value for name, value in written.items() if _holds_variable(value)}
    if not varying:
        try:
            return get_argument_values(field, node)
        except GraphQLError:
            raise Declined("arguments") from None
    plain = all(isinstance(value, VariableNode) for value in varying.values())
    if plain and all(argument.default is None for argument in field.args.values()):
        return _simple(field, written)
    return lambda values: get_argument_values(field, node, values)


def _simple(field: GraphQLField, written: Mapping[str, ValueNode]) -> Arguments:
    """Return the arguments of a field without defaults, each of which is a variable or holds none."""
    fixed: dict[str, Any] = {}
    varying: list[tuple[str, str, bool]] = []
    for name, argument in field.args.items():
        value = written.get(name)
        if isinstance(value, VariableNode):
            varying.append((_name(name, argument), value.name.value, is_non_null_type(argument.type)))
        elif value is not None:
            fixed[_name(name, argument)] = coerced = coerce_input_literal(value, argument.type)
            if coerced is Undefined:
                raise Declined("arguments")

    def read(values: VariableValues) -> Given:
        given, known = dict(fixed), values.coerced
        for name, variable, required in varying:
            if variable in known:
                given[name] = known[variable]
            if required and given.get(name) is None:
                raise Declined("arguments")
        return given

    return read


def _name(name: str, argument: GraphQLArgument) -> str:
    return argument.out_name or name


def wraps_variable(value: ValueNode) -> bool:
    """Return whether a variable stands inside a list or an object."""
    return not isinstance(value, VariableNode) and _holds_variable(value)


def _holds_variable(value: ValueNode) -> bool:
    if isinstance(value, ListValueNode):
        return any(map(_holds_variable, value.values))
    if isinstance(value, ObjectValueNode):
        return any(_holds_variable(field.value) for field in value.fields)
    return isinstance(value, VariableNode)
