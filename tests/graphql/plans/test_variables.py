"""Variables: right at a glance, or as graphql-core has them."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse
from graphql.execution.values import get_variable_values

from simulator.graphql.plans import Declined
from simulator.graphql.plans.variables import Variables
from tests.graphql.plans.farm import SCHEMA


def variables(text: str, *, sources: bool = False) -> Variables:
    return Variables(SCHEMA, operation(text), sources=sources)


def operation(text: str) -> OperationDefinitionNode:
    (node,) = parse(f"query({text}) {{ __typename }}").definitions
    assert isinstance(node, OperationDefinitionNode)
    return node


RIGHT: list[tuple[str, dict[str, Any]]] = [
    ("$a: String, $b: ID!, $c: Int, $d: Boolean!", {"a": "x", "b": "y", "c": 1, "d": True}),
    ("$a: String, $b: Int", {"a": None}),
    ("$a: String", {"a": "x", "other": 1}),
    ("$a: ID, $b: Float", {"a": 7, "b": 2}),
    ("$a: Int", {"a": 2.0}),
    ("$a: [Int!], $b: Filter", {"a": 3, "b": {"key": "k"}}),
    ("$a: Int = 3, $b: Size! = LARGE", {}),
    ("$a: Int = 3", {"a": None}),
]


@pytest.mark.parametrize(("text", "given"), RIGHT, ids=[text for text, _ in RIGHT])
def test_right_values_are_coerced_as_graphql_core_does(text, given):
    expected = get_variable_values(SCHEMA, operation(text).variable_definitions, given)

    assert not isinstance(expected, list)
    assert variables(text).values(given).coerced == expected.coerced
    assert variables(text, sources=True).values(given).sources.keys() == expected.sources.keys()


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("$a: String!", {}),
    ("$a: String!", {"a": None}),
    ("$a: String", {"a": 1}),
    ("$a: Int", {"a": True}),
    ("$a: Int", {"a": 2**31}),
    ("$a: Boolean", {"a": "true"}),
    ("$a: Size", {"a": "MIDDLE"}),
]


@pytest.mark.parametrize(("text", "given"), WRONG, ids=[f"{text} {given}" for text, given in WRONG])
def test_a_wrong_value_is_left_to_graphql_core(text, given):
    assert isinstance(get_variable_values(SCHEMA, operation(text).variable_definitions, given), list)
    with pytest.raises(Declined, match="variables"):
        variables(text).values(given)
