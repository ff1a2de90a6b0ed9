"""Selections: which fields a record of a type is asked for, in the order of the text."""

from __future__ import annotations

import pytest
from graphql import GraphQLObjectType, OperationDefinitionNode, parse

from simulator.graphql.plans import Declined
from simulator.graphql.plans.selections import Document
from tests.graphql.plans.farm import SCHEMA


def document(text: str) -> Document:
    whole = parse(text)
    operation = whole.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return Document(SCHEMA, whole, operation)


def keys(text: str, type_name: str = "Dog", **switched: object) -> dict[str, int]:
    found = document(text)
    type_ = SCHEMA.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType)
    collected = found.collect(type_, [found.operation.selection_set], switched)
    return {key: len(nodes) for key, nodes in collected.items()}


def test_fragments_are_spread_where_their_type_fits():
    text = """{ name ... on Dog { barks name } ... on Fish { fins } ... on Legged { legs } ...F ...F ... { last: name } }
    fragment F on Animal { first: name ...G } fragment G on Pet { __typename ...F }"""

    assert keys(text) == {"name": 2, "barks": 1, "legs": 1, "first": 1, "__typename": 1, "last": 1}
    assert keys(text, "Fish") == {"name": 1, "fins": 1, "first": 1, "__typename": 1, "last": 1}


def test_switches_are_carried_out():
    text = "query($a: Boolean!) { name @skip(if: $a) legs @include(if: $a) ... @include(if: $a) { barks } }"

    assert document(text).switches == ("a",)
    assert keys(text, a=True) == {"legs": 1, "barks": 1}
    assert keys(text, a=False) == {"name": 1}
    with pytest.raises(Declined, match="directives"):
        keys(text)


def test_what_was_found_by_walking_once():
    text = """query($a: Boolean!, $b: Boolean!, $k: String) {
      animals(must: 1, filter: {key: $k}) { ...F @include(if: $b) } }
    fragment F on Animal { name @deprecated @skip(if: $a) }"""

    assert set(document(text).switches) == {"a", "b"}
    assert document(text).wraps
    assert not document("query($n: Int) { animals(must: 1, first: $n) { name } }").wraps
    assert document("{ animals(must: 1) { name } }").switches == ()
