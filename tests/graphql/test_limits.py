"""Limits: what is counted of a document and of an answer, and how a refusal reads."""

from __future__ import annotations

import pytest
from graphql import parse

from simulator.graphql.limits import Budget, LimitError, Limits, Sizes, check, measure, too_deep, too_long
from simulator.settings import Settings
from tests.graphql.asking import ask
from tests.world.worlds import Stage

BOMB = "{ viewer { ...F0 } }" + " ".join(
    f"fragment F{n} on User {{ a: organization {{ ...O{n} }} b: organization {{ ...O{n} }} }} "
    f"fragment O{n} on Organization {{ members(first: 1) {{ nodes {{ ...F{n + 1} }} }} }}"
    for n in range(14)
)


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        pytest.param("{ viewer { id } }", Sizes(depth=2, fields=2, row=1), id="plain"),
        pytest.param(
            "{ viewer { id ... { name ... on User { email } } } }", Sizes(4, 4, 1), id="inline fragments"
        ),
        pytest.param("{ ...A } fragment A on Query { viewer { id } }", Sizes(3, 2, 1), id="fragment"),
        pytest.param(
            "{ a: viewer { ...A } b: viewer { ...A } } fragment A on User { id name }",
            Sizes(3, 6, 1),
            id="spread twice",
        ),
        pytest.param("{ users { nodes { id name } } }", Sizes(3, 4, 3), id="a row of three fields"),
        pytest.param(
            "{ users { nodes { id } edges { cursor node { id name } } } }",
            Sizes(4, 8, 7),
            id="rows shown twice",
        ),
        pytest.param(
            "{ users { nodes { groups { nodes { id name organization { id } } } } } }",
            Sizes(6, 8, 5),
            id="the widest row",
        ),
        pytest.param(
            "query A { viewer { id } } query B { a: node(id: 1) { id } }", Sizes(2, 2, 1), id="operations"
        ),
        pytest.param("{ ...A } fragment A on Query { ...A ...B }", Sizes(2, 0, 1), id="a fragment in itself"),
        pytest.param("{ } type A { b: Int }", Sizes(1, 0, 1), id="nothing"),
    ],
)
def test_a_document_is_counted_with_its_fragments_spread(text, sizes):
    assert measure(parse(text)) == sizes


def test_limits_are_those_of_the_settings():
    settings = Settings().replace(max_query_tokens=7, max_query_depth=8, max_query_fields=9)

    assert Limits.of(settings) == Limits(tokens=7, depth=8, fields=9)


def test_a_document_within_its_limits_passes():
    check(Sizes(depth=2, fields=3), Limits(tokens=3, depth=2, fields=1))


@pytest.mark.parametrize(
    ("query", "settings", "problem"),
    [
        pytest.param(
            "{ viewer { id } }",
            {"max_query_depth": 1},
            "nests its selections deeper than 1. The setting max_query_depth",
            id="depth",
        ),
        pytest.param(
            "{a" * 1000,
            {},
            "nests its selections deeper than 50. The setting max_query_depth",
            id="depth of the text",
        ),
        pytest.param(
            "{ viewer " * 300 + "}" * 300,
            {},
            "nests its selections deeper than 50. The setting max_query_depth",
            id="deep",
        ),
        pytest.param(
            "{ ...F0 }" + "".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(1000)),
            {},
            "nests its selections deeper than 50. The setting max_query_depth",
            id="a chain of fragments",
        ),
        pytest.param(
            "{ viewer { id } }",
            {"max_query_tokens": 5},
            "has more tokens than 5. The setting max_query_tokens",
            id="tokens",
        ),
        pytest.param(
            "{ viewer { " + " ".join(f"a{n}: name" for n in range(10_000)) + " } }",
            {},
            "has more tokens than 10000. The setting max_query_tokens",
            id="aliases",
        ),
        pytest.param(
            BOMB + "fragment F14 on User { id }",
            {"max_query_depth": 100},
            "has, with its fragments spread, more fields than 10000. The setting max_query_tokens",
            id="fragments of fragments",
        ),
        pytest.param(
            "{ organization { members { nodes { organization { members { nodes { id name } } } } } } }",
            {"max_query_fields": 100},
            "asks for pages so large that its answer has more fields than 100. The setting max_query_fields",
            id="the answer",
        ),
    ],
)
def test_a_request_beyond_a_limit_names_the_setting(query, settings, problem):
    assert ask(Stage(), query, **settings) == {
        "data": None,
        "errors": [{"message": f"The request {problem} moves this limit.", "locations": []}],
    }


def test_an_answer_may_use_its_whole_budget_and_no_more():
    budget = Budget(limit=10, row=5)

    budget.spend(2)
    assert (budget.left, budget.spent) == (0, False)

    with pytest.raises(LimitError) as caught:
        budget.spend(1)
    with pytest.raises(LimitError):
        budget.spend(0)
    assert budget.spent
    assert caught.value.message == budget.error().message


def test_refusals_name_the_limit():
    limits = Limits(tokens=10, depth=20, fields=30)

    assert [too_long(limits).message, too_deep(limits).message] == [
        "The request has more tokens than 10. The setting max_query_tokens moves this limit.",
        "The request nests its selections deeper than 20. The setting max_query_depth moves this limit.",
    ]
