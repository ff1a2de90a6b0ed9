"""The shape of errors, and the words for documents that cannot be parsed."""

from __future__ import annotations

import logging

import pytest
from graphql import GraphQLError, GraphQLSyntaxError, Source, SourceLocation

from simulator.errors import PlatformError
from simulator.graphql.errors import executed, refused, shape, syntax
from simulator.graphql.schema import executable_schema
from tests.graphql.asking import ask
from tests.world.worlds import Stage


def test_an_error_has_the_keys_of_the_vendor_and_no_others():
    assert shape("No.") == {"message": "No.", "locations": []}
    assert shape("No.", [SourceLocation(2, 3)], path=["node", 0]) == {
        "message": "No.",
        "locations": [{"line": 2, "column": 3}],
        "path": ["node", 0],
    }


def test_a_refused_request_has_null_data_before_its_errors():
    assert list(refused([shape("No.")]).items()) == [
        ("data", None),
        ("errors", [{"message": "No.", "locations": []}]),
    ]


def test_an_error_of_a_resolver_keeps_its_words():
    assert executed(GraphQLError("Invalid cursor", path=["users"]))["message"] == "Invalid cursor"
    assert executed(GraphQLError("x", original_error=GraphQLError("x")))["message"] == "x"
    assert executed(GraphQLError("x", original_error=PlatformError(404, "Gone.")))["message"] == "Gone."


def test_an_unexpected_error_is_logged_and_answered_with_its_reference(monkeypatch, caplog):
    field = executable_schema().type_map["Query"].fields["viewer"]
    monkeypatch.setattr(field, "resolve", lambda _root, _info: 1 // 0)

    first, second = (
        ask(Stage(), query) for query in ("{ viewer { id phone email } }", "{ viewer { name phone email } }")
    )

    assert first == second
    code = first["errors"][0]["message"].rpartition(" ")[2]
    assert first == {
        "data": {"viewer": None},
        "errors": [
            {
                "message": f"An unexpected error occurred; its reference is {code}",
                "locations": [{"line": 1, "column": 3}],
                "path": ["viewer"],
            }
        ],
    }
    assert [(record.levelno, record.message) for record in caplog.records] == [
        (logging.ERROR, f"internal error {code} while answering a query")
    ] * 2
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        pytest.param("{ viewer { id }", "Unexpected end of document", None, None, id="end"),
        pytest.param("", "Unexpected end of document", None, None, id="empty"),
        pytest.param("# only a comment", "Unexpected end of document", None, None, id="comment"),
        pytest.param("{ viewer }\n }", 'Parse error on "}" (RCURLY) at [2, 2]', 2, 2, id="brace"),
        pytest.param("{ node(id: ) }", 'Parse error on ")" (RPAREN) at [1, 12]', 1, 12, id="parenthesis"),
        pytest.param("{ a: }", 'Parse error on "}" (RCURLY) at [1, 6]', 1, 6, id="alias"),
        pytest.param("query A B { id }", 'Parse error on "B" (IDENTIFIER) at [1, 9]', 1, 9, id="name"),
        pytest.param("query A query { id }", 'Parse error on "query" (QUERY) at [1, 9]', 1, 9, id="keyword"),
        pytest.param(
            "viewer { id }", 'Parse error on "viewer" (IDENTIFIER) at [1, 1]', 1, 1, id="no operation"
        ),
        pytest.param("{ 12 }", 'Parse error on "12" (INT) at [1, 3]', 1, 3, id="whole number"),
        pytest.param("{ -1.5e3 }", 'Parse error on "-1.5e3" (FLOAT) at [1, 3]', 1, 3, id="number"),
        pytest.param('{ "a b" }', 'Parse error on "a b" (STRING) at [1, 3]', 1, 3, id="string"),
        pytest.param('{ """a\nb""" }', 'Parse error on "a\nb" (STRING) at [1, 3]', 1, 3, id="block string"),
        pytest.param("{ ...$ }", 'Parse error on "$" (VAR_SIGN) at [1, 6]', 1, 6, id="sign"),
        pytest.param("{ a ; }", 'Parse error on ";" (UNKNOWN_CHAR) at [1, 5]', 1, 5, id="foreign character"),
        pytest.param(
            '{ node(id: "x) { id } }', "Unexpected end of document", None, None, id="endless string"
        ),
    ],
)
def test_a_syntax_error_names_the_token_in_the_way(text, message, line, column):
    locations = [] if line is None else [{"line": line, "column": column}]

    assert ask(Stage(), text) == {"data": None, "errors": [{"message": message, "locations": locations}]}


def test_a_syntax_error_without_a_source_is_worded_too():
    error = GraphQLSyntaxError(Source("{"), 0, "Oh.")
    error.source = error.positions = None

    assert syntax(error) == {"message": "Unexpected end of document", "locations": []}
