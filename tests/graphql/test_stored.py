"""Stored queries: which can be stored, and what one answers."""

from __future__ import annotations

import pytest

from simulator import contracts
from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.graphql.stored import check, run
from simulator.settings import Settings
from simulator.world.resources import Kind
from tests.world.worlds import Stage

SAMPLE = """query ($nodeId: ID!) {
  node(id: $nodeId) { ... on ScenarioSession { startedAt state scenarioRelease { author { id name } } } }
}"""


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(SAMPLE, id="the vendor's sample"),
        pytest.param("{ viewer { name } }", id="no variable"),
        pytest.param(
            'query Q($nodeId: ID, $nodeType: String!) { node(id: "x") { id } users(fullText: $nodeType) { totalCount } '
            "other: scenarioSessionEvents(scenarioSessionId: $nodeId) { totalCount } }",
            id="both variables",
        ),
        pytest.param("query($n: Int = 2) { users(first: $n) { totalCount } }", id="one with a default"),
        pytest.param("query($n: Int) { users(first: $n) { totalCount } }", id="one that need not be given"),
        pytest.param(
            "query { viewer { ...U } } fragment U on User { name }", id="a fragment is no operation"
        ),
    ],
)
def test_a_query_that_can_run_is_stored(query):
    check(query, Settings())


@pytest.mark.parametrize(
    ("query", "message"),
    [
        pytest.param(
            "{\n  viewer {\n",
            "query: the query cannot be stored: Unexpected end of document.",
            id="no end",
        ),
        pytest.param(
            "{\n  viewer { wages }\n}",
            "query: the query cannot be stored, at line 2, column 12: Field 'wages' doesn't exist on type 'User'.",
            id="no such field",
        ),
        pytest.param(
            "query($nodeid: ID!) {\n  node(id: $nodeid) { id }\n}",
            "query: the query cannot be stored, at line 1, column 7: nobody gives it a value for $nodeid; expected the "
            "variables $nodeId and $nodeType, which are supplied. Did you mean $nodeId?",
            id="another variable",
        ),
        pytest.param(
            "query($nodeId: Int) { users(first: $nodeId) { totalCount } }",
            "query: the query cannot be stored, at line 1, column 7: $nodeId is of another type; expected ID or String.",
            id="another type",
        ),
        pytest.param(
            "query($nodeType: [ScenarioStepItemTypeEnum!]!) { scenarioSessionEvents(valueTypes: $nodeType) { totalCount } }",
            "query: the query cannot be stored, at line 1, column 7: $nodeType is of another type; expected ID or String.",
            id="a list",
        ),
        pytest.param(
            "query A { viewer { id } }\nquery B { viewer { id } }",
            "query: the query cannot be stored, at line 2, column 1: a second operation begins here; expected one query.",
            id="two operations",
        ),
        pytest.param(
            'mutation { deleteWebhookSubscription(id: "1") { errors { type } } }',
            "query: the query cannot be stored, at line 1, column 1: it is a mutation; expected a query, which changes "
            "nothing.",
            id="a mutation",
        ),
        pytest.param(
            "fragment U on User { name }",
            "query: the query cannot be stored",
            id="no operation",
        ),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_place(query, message):
    with pytest.raises(UsageError) as raised:
        check(query, Settings())

    assert str(raised.value).startswith(message)


def test_a_query_beyond_a_limit_cannot_be_stored():
    with pytest.raises(UsageError, match="The setting max_query_depth moves this limit"):
        check("{ viewer { organization { name } } }", Settings(max_query_depth=2))


def test_a_stored_query_gives_the_complete_answer():
    stage = Stage()
    ref = stage.do("create", Kind.SESSION)
    node_id = stage.ids.encode(ref)
    query = "query($nodeId: ID!, $nodeType: String) { node(id: $nodeId) { id } users(fullText: $nodeType) { totalCount } }"

    whole = run(stage.view, query, node_id, "ScenarioSession", Settings())

    assert whole == {"data": {"node": {"id": node_id}, "users": {"totalCount": 0}}}
    contracts.check("webhook/stored_query", whole)


def test_what_goes_wrong_stands_in_the_answer():
    stage = Stage()
    settings = Settings(unknown_node="error")

    whole = run(stage.view, SAMPLE, "x", "ScenarioSession", settings)

    assert whole["data"] == {"node": None}
    assert [error["message"] for error in whole["errors"]] == ['No object with the id "x" was found']
    contracts.check("webhook/stored_query", whole)


def test_a_query_that_has_grown_too_large_answers_with_the_limit():
    whole = run(Stage().view, "{ users { nodes { name } } }", "x", "User", Settings(max_query_fields=5))

    assert whole["data"] is None
    contracts.check("webhook/stored_query", whole)


def test_the_platform_refuses_a_subscription_with_a_query_that_cannot_run():
    platform = Platform(Settings())
    fields = {"topic": "user/created", "callbackUrl": "http://localhost/"}
    made = platform.apply("create", "WebhookSubscription", {**fields, "query": SAMPLE})
    before = platform.world

    for verb, subject in (("create", "WebhookSubscription"), ("update", made.id)):
        with pytest.raises(UsageError, match="query: the query cannot be stored"):
            platform.apply(verb, subject, {**fields, "query": "{ wages }"})

    assert platform.world is before
    assert platform.apply("update", made.id, {"query": None})["query"] is None
    assert platform.journal.counts["request"] == 0
