"""The documented limits of connections, where they are enforced."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator.graphql.execute import Endpoint
from simulator.graphql.question import Question
from simulator.settings import Settings
from tests.world.worlds import Stage

STAGE = Stage(users=3)
SAID = "The setting strict_limits enforces this."


def strictly(query: str, variables: dict[str, Any] | None = None, operation: str | None = None) -> Any:
    question = Question(query, variables or {}, operation)
    return json.loads(Endpoint(Settings()).answer(STAGE.view, question, strict=True).body)


def complaint(message: str, column: int, *path: str) -> dict[str, Any]:
    error: dict[str, Any] = {"message": f"{message}. {SAID}", "locations": [], "path": list(path)}
    error["locations"] = [{"line": 1, "column": column}]
    return error


@pytest.mark.parametrize(
    ("query", "message", "column", "path"),
    [
        ("{ users { totalCount } }", "The connection 'users' needs first or last", 3, ["users"]),
        ("{ u: users(first: null) { totalCount } }", "The connection 'users' needs first or last", 3, ["u"]),
        (
            "{ users(first: 0) { totalCount } }",
            "The connection 'users' takes first from 1 to 100, not 0",
            3,
            ["users"],
        ),
        (
            "{ users(last: 101) { totalCount } }",
            "The connection 'users' takes last from 1 to 100, not 101",
            3,
            ["users"],
        ),
        (
            "{ viewer { ...F } } fragment F on User { groups { nodes { id } } }",
            "The connection 'groups' needs first or last",
            42,
            ["viewer", "groups"],
        ),
        (
            "{ users(first: 1) { nodes { ... on User { groups { nodes { id } } } } } }",
            "The connection 'groups' needs first or last",
            43,
            ["users", "nodes", "groups"],
        ),
        (
            "{ users(first: 1) { nodes { ... { groups { nodes { id } } } } } }",
            "The connection 'groups' needs first or last",
            35,
            ["users", "nodes", "groups"],
        ),
    ],
)
def test_a_connection_without_its_bounds_is_named_with_its_path(query, message, column, path):
    assert strictly(query) == {"data": None, "errors": [complaint(message, column, *path)]}


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ users(first: 1) { totalCount } __typename viewer { __typename } }", {}),
        ("{ users(last: 100) { totalCount } }", {}),
        ("query ($n: Int = 5) { users(first: $n) { totalCount } }", {}),
        ("query ($n: Int) { users(first: $n) { totalCount } }", {"n": 100}),
        ("{ viewer { id } users @skip(if: true) { totalCount } }", {}),
        (
            "query ($with: Boolean!) { viewer { id } users @include(if: $with) { totalCount } }",
            {"with": False},
        ),
        ("{ users(first: 100) @include(if: true) { totalCount } }", {}),
        ("{ __schema { types { name fields { name } } } }", {}),
    ],
)
def test_a_request_that_keeps_the_rules_is_answered(query, variables):
    assert list(strictly(query, variables)) == ["data"]


def test_what_is_wrong_before_is_worded_as_ever():
    query = "query A($n: Int!) { users(first: $n) { totalCount } } query B { users { totalCount } }"

    assert strictly(query, operation="A")["errors"][0]["message"].startswith("Variable $n of type Int!")
    assert strictly(query)["errors"] == [{"message": "An operation name is required", "locations": []}]
    assert strictly(query, operation="B")["errors"][0]["path"] == ["users"]


NESTED = """query ($members: Int = 50, $inner: Int = 10) {{ organization {{
  members(first: $members) {{ nodes {{ groups(first: 20) {{ edges {{ node {{ members(first: $inner) {{ {page} }} }} }} }} }} }}
  scenarios(first: 10) {{ nodes {{ id }} }}
}} }}"""


def test_the_example_of_the_vendors_arithmetic_is_counted_so():
    """50 members, 1,000 groups, 10,000 members of these, 10 scenarios. [documented: IG]"""
    asked = NESTED.format(page="nodes { id }")

    assert list(strictly(asked)) == ["data"]
    assert strictly(asked, {"members": 100, "inner": 100}) == {
        "data": {"organization": strictly(asked)["data"]["organization"]}
    }
    deeper = NESTED.format(page="nodes { groups(first: 50) { totalCount } }")
    assert strictly(deeper) == {
        "data": None,
        "errors": [
            {
                "message": f"The request asks for up to 511,060 nodes, more than 500,000. {SAID}",
                "locations": [],
            }
        ],
    }


def test_what_stands_twice_in_the_answer_counts_twice_and_a_field_asked_for_twice_once():
    page = "nodes { groups(first: 99) { nodes { members(first: %s) { totalCount } } } }"
    once = f"{{ users(first: 50) {{ {page % 100} {page % 100} }} }}"
    twice = f"{{ a: users(first: 50) {{ {page % 100} }} b: users(first: 50) {{ {page % 100} }} }}"

    assert list(strictly(once)) == ["data"]
    # 2 x (50 + 50 x 99 + 50 x 99 x 100)
    assert "asks for up to 1,000,000 nodes" in strictly(twice)["errors"][0]["message"]


def test_no_more_than_a_hundred_are_told():
    query = "{{ {} }}".format(" ".join(f"a{n}: users {{ totalCount }}" for n in range(200)))

    assert len(strictly(query)["errors"]) == 100
