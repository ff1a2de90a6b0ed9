"""A schema is read from SDL or from an introspection result; what cannot be read is told with its place."""

from __future__ import annotations

import json

import pytest
from graphql import build_schema, introspection_from_schema, print_schema

from simulator.errors import UsageError
from simulator.graphql.own import read_schema

SDL = "type Query {\n  a: Int\n}"
INTROSPECTION = introspection_from_schema(build_schema(SDL))


@pytest.mark.parametrize(
    "text",
    [SDL, json.dumps(INTROSPECTION), "\n " + json.dumps({"data": INTROSPECTION})],
    ids=["sdl", "introspection", "answer"],
)
def test_schema_is_read(text):
    assert print_schema(read_schema(text, "mine")) == SDL


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "type Query {\n  a Int\n}",
            "mine:2:5: the SDL cannot be read: Syntax Error: Expected ':', found Name 'Int'.",
        ),
        ("type Query { a: Nothing }", "mine: the SDL does not hold together: Unknown type 'Nothing'."),
        (
            "type Other { a: Int }",
            "mine: the schema does not hold together: Query root type must be provided.",
        ),
        (
            "type Query { a: Int } interface N { id: ID } type T implements N { a: Int }",
            "mine:1:37: the schema does not hold together: Interface field N.id expected but T does not provide it.",
        ),
        (
            "{",
            "mine: the introspection result is no JSON: Expecting property name enclosed in double quotes: ",
        ),
        (
            '{"data": {}}',
            "mine: this is not the answer to an introspection query; expected a JSON object with ",
        ),
        (
            '{"errors": []}',
            "mine: this is not the answer to an introspection query; expected a JSON object with ",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text, expected):
    with pytest.raises(UsageError) as caught:
        read_schema(text, "mine")

    assert str(caught.value).startswith(expected)
