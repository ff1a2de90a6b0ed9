"""Arguments: constant, or a function of the variables."""

from __future__ import annotations

import pytest
from graphql import ArgumentNode, FieldNode, parse
from graphql.execution.values import VariableValues

from simulator.graphql.plans import Declined
from simulator.graphql.plans.arguments import arguments, wraps_variable
from simulator.graphql.schema import executable_schema


def field(text: str) -> FieldNode:
    (operation,) = parse(text).definitions
    node = operation.selection_set.selections[0]
    assert isinstance(node, FieldNode)
    return node


def given(text: str, **coerced: object) -> object:
    node = field(text)
    query = executable_schema().query_type
    assert query is not None
    found = arguments(query.fields[node.name.value], node)
    return found(VariableValues({}, coerced)) if callable(found) else found


def test_without_variables_they_are_worked_out_once():
    text = '{ scenarioSessions(first: 3, orderBy: {attribute: "startedAt"}) { totalCount } }'

    assert given(text) == {"first": 3, "orderBy": {"attribute": "startedAt", "direction": "ASC"}}
    assert given("{ viewer { id } }") == {}


def test_a_variable_without_a_value_is_left_out():
    text = "query($n: Int, $after: String) { users(first: 2, last: $n, after: $after) { totalCount } }"

    assert given(text, n=1) == {"first": 2, "last": 1}
    assert given(text, after=None) == {"first": 2, "after": None}


def test_a_variable_inside_an_object():
    text = "query($a: String!) { scenarioSessions(orderBy: {attribute: $a}) { totalCount } }"

    assert given(text, a="x") == {"orderBy": {"attribute": "x", "direction": "ASC"}}


@pytest.mark.parametrize(
    ("text", "coerced"),
    [
        ("query($id: ID) { node(id: $id) { id } }", {}),
        ("query($id: ID) { node(id: $id) { id } }", {"id": None}),
        ("{ node(id: {}) { id } }", {}),
        ("query($n: Int) { users(first: $n, last: true) { totalCount } }", {"n": 1}),
    ],
)
def test_wrong_arguments_are_left_to_graphql_core(text, coerced):
    with pytest.raises(Declined, match="arguments"):
        given(text, **coerced)


@pytest.mark.parametrize(
    ("value", "wraps"),
    [("$a", False), ("1", False), ("[1, 2]", False), ("[[$a]]", True), ("{b: {c: $a}}", True), ("{}", False)],
)
def test_whether_a_variable_stands_inside(value, wraps):
    (argument,) = field(f"{{ f(x: {value}) }}").arguments
    assert isinstance(argument, ArgumentNode)

    assert wraps_variable(argument.value) is wraps
