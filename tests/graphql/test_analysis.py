"""Analysis: which records a request names, and what it asks of each."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from graphql import OperationDefinitionNode, build_schema, parse

from simulator.graphql.analysis import Naming, asked, namings
from simulator.graphql.schema import executable_schema
from simulator.journal import Asked
from simulator.wire import JSON


def found(
    query: str, variables: Mapping[str, JSON] | None = None, *, operation: int = 0
) -> dict[str, set[str]]:
    document = parse(query)
    node = document.definitions[operation]
    assert isinstance(node, OperationDefinitionNode)
    named = namings(executable_schema(), document, node)
    return {one.id: set(one.fields) for one in asked(named, variables or {}, lambda _naming, text: text)}


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        pytest.param("{ viewer { id } }", {}, {}, id="no record named"),
        pytest.param('{ node(id: "A") { id } }', {}, {"A": {"id"}}, id="literal"),
        pytest.param("{ node(id: 12) { id } }", {}, {"12": {"id"}}, id="number"),
        pytest.param("query ($x: ID!) { node(id: $x) { id } }", {"x": "A"}, {"A": {"id"}}, id="variable"),
        pytest.param(
            "query ($x: ID!) { node(id: $x) { id } }", {"x": 12}, {"12": {"id"}}, id="variable with a number"
        ),
        pytest.param("query ($x: ID!) { node(id: $x) { id } }", {"x": True}, {}, id="variable with no id"),
        pytest.param('query ($x: ID = "B") { node(id: $x) { id } }', {}, {"B": {"id"}}, id="default"),
        pytest.param(
            'query ($x: ID = "B") { node(id: $x) { id } }', {"x": "A"}, {"A": {"id"}}, id="default not used"
        ),
        pytest.param("{ node(id: $x) { id } }", {}, {}, id="undeclared"),
        pytest.param(
            '{ node(id: "A") { __typename ... on ScenarioSession { s: state startedAt ... { endedAt } ...F } } }'
            " fragment F on ScenarioSession { duration }",
            {},
            {"A": {"__typename", "state", "startedAt", "endedAt", "duration"}},
            id="fragments and aliases",
        ),
        pytest.param(
            '{ node(id: "A") { ... on ScenarioSession { scenario { name author { id } }'
            " events(first: 1) { edges { cursor node { type } } nodes { id } totalCount pageInfo { endCursor } } } } }",
            {},
            {
                "A": {
                    "scenario",
                    "scenario.name",
                    "scenario.author",
                    "scenario.author.id",
                    "events",
                    "events.cursor",
                    "events.type",
                    "events.id",
                    "events.totalCount",
                    "events.pageInfo",
                    "events.pageInfo.endCursor",
                }
            },
            id="related records",
        ),
        pytest.param(
            '{ scenarioSessionEvents(scenarioSessionId: "7") { nodes { type } } }',
            {},
            {"7": {"scenarioSessionEvents", "scenarioSessionEvents.type"}},
            id="a filter",
        ),
        pytest.param(
            '{ a: node(id: "A") { id } b: node(id: "B") { id } c: node(id: "A") { ... on Call { state } } }',
            {},
            {"A": {"id", "state"}, "B": {"id"}},
            id="the same record twice",
        ),
        pytest.param(
            '{ ...F ...F ... on Query { node(id: "B") { id } } } fragment F on Query { node(id: "A") { id } }',
            {},
            {"A": {"id"}, "B": {"id"}},
            id="named in fragments",
        ),
    ],
)
def test_a_request_names_records_and_their_fields(query, variables, expected):
    assert found(query, variables) == expected


def test_only_the_chosen_operation_counts():
    query = 'query A { node(id: "A") { id } } query B { node(id: "B") { id } }'

    assert (found(query), found(query, operation=1)) == ({"A": {"id"}}, {"B": {"id"}})


def test_records_are_told_in_the_order_of_the_document_by_their_node_ids():
    one = Naming("scenarioSessionId", ("7",), None, frozenset(("events",)))
    two = Naming("id", ("A",), None, frozenset(("id",)))

    assert asked((one, two), {}, lambda naming, text: f"{naming.argument}:{text}") == (
        Asked("scenarioSessionId:7", frozenset(("events",))),
        Asked("id:A", frozenset(("id",))),
    )


def test_lists_of_ids_name_each():
    schema = build_schema("type Query { things(ids: [ID!]!): Int }")
    document = parse('query ($x: ID!, $all: [ID!]!) { a: things(ids: ["A", 2, $x]) b: things(ids: $all) }')
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)

    named = namings(schema, document, operation)

    assert [one.id for one in asked(named, {"x": "X", "all": ["C", "D"]}, lambda _naming, text: text)] == [
        "A",
        "2",
        "C",
        "D",
    ]
