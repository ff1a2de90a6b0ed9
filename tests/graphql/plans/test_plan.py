"""Plans: whatever they answer is what graphql-core answers, byte for byte, and they answer all that has no error."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from simulator.graphql.execute import Endpoint
from simulator.graphql.plans import Declined, plan
from simulator.graphql.question import Question
from simulator.graphql.schema import executable_schema
from simulator.seeds import Seed
from simulator.settings import Settings
from simulator.world.rights import Rights, Role, Viewer
from tests.graphql.asking import ask, put
from tests.graphql.plans.asker import Asker
from tests.graphql.plans.comparing import compare, known, stage
from tests.world.worlds import Stage

FEW = 150


def test_made_up_queries_are_answered_as_graphql_core_answers_them():
    made, seen = stage(), Counter()
    asker = Asker(executable_schema(), Seed(1).stream("queries"), *known(made))

    for _ in range(FEW):
        compare(made, *asker.query(), seen)

    assert seen["planned"] > FEW / 3, seen
    assert seen["raised"] > FEW / 20, seen
    assert seen["refused"] < FEW / 4, seen


def test_an_operation_has_a_plan_for_each_setting_of_its_switches(monkeypatch):
    monkeypatch.setattr(plan, "_MOST_PLANS", 2)
    query = "query($a: Boolean!, $b: Boolean!) { viewer { name @skip(if: $a) id @skip(if: $b) } }"
    made = Stage()

    shown = [
        list(ask(made, query, {"a": a, "b": b})["data"]["viewer"])
        for a, b in ((False, False), (False, True), (True, False), (True, True), (False, False))
    ]

    assert shown == [["name", "id"], ["name"], ["id"], [], ["name", "id"]]
    found = Endpoint(Settings()).prepared(query)
    assert len(found.operations[0].plans._kept) == 2


def test_what_was_declined_once_is_not_compiled_again():
    plans = (
        Endpoint(Settings())
        .prepared("query R { __schema { queryType { name } } viewer { name } }")
        .operations[0]
        .plans
    )

    for _ in range(2):
        with pytest.raises(Declined, match="introspection"):
            plans.run(None, {})
    assert list(plans._kept.values()) == ["introspection"]


WAYS = {
    "planned": ("{ viewer { name } }", {}, None),
    "raised": ("{ users(first: -1) { totalCount } }", {}, None),
    "variables": ("query($n: Int!) { users(first: $n) { totalCount } }", {}, None),
    "operation": ("query A { viewer { name } } query B { viewer { name } }", {}, None),
    "introspection": ("{ viewer { name } __schema { queryType { name } } }", {}, None),
    "mutation": ("mutation { deleteUser(input: {id: 1}) { errors { message } } }", {}, None),
    "": ("{ nothing }", {}, None),
}


@pytest.mark.parametrize(("way", "asked"), WAYS.items(), ids=[way or "refused" for way in WAYS])
def test_an_answer_says_how_it_was_made(way, asked):
    query, variables, operation = asked

    assert put(Stage(), query, variables, operation=operation).way == way


def test_a_budget_that_a_plan_has_spent_is_spent_for_graphql_core_too():
    query = "{ users(first: 3) { nodes { id } } }"
    made = Stage()

    refused = put(made, query, max_query_fields=2)

    assert (refused.way, b"asks for pages so large" in refused.body) == ("raised", True)
    assert put(made, query, max_query_fields=100).way == "planned"


def test_whoever_does_not_see_everything_is_answered_without_a_plan():
    made = Stage()
    view = replace(made.view, asker=Viewer(1, Rights(Role.ANALYST)))
    asked = Question("{ scenarioSessions(first: 3) { nodes { id } } }")

    few = Endpoint(Settings()).answer(view, asked)
    many = Endpoint(Settings().replace(max_query_fields=1)).answer(view, asked)

    assert (few.way, many.way) == ("rights", "rights")
    assert b"errors" not in few.body
    assert b"asks for pages so large" in many.body


def test_plans_are_shared_between_views():
    query = "{ scenarioSessions { totalCount } }"
    small, large = Stage(sessions=3), Stage(sessions=5)

    counts = [Endpoint(Settings()).answer(one.view, Question(query)).body for one in (small, large, small)]

    assert counts == [b'{"data":{"scenarioSessions":{"totalCount":%d}}}' % many for many in (3, 5, 3)]
