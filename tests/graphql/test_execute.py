"""Asking: whole questions to a real world, and what the journal keeps of them."""

from __future__ import annotations

import json
from dataclasses import replace

from graphql import build_client_schema, get_introspection_query, lexicographic_sort_schema, print_schema

from simulator.graphql import documents
from simulator.graphql.execute import Answered, Endpoint, introspection
from simulator.graphql.question import Question
from simulator.graphql.schema import executable_schema
from simulator.graphql.sdl import OURS
from simulator.journal import Asked
from simulator.settings import Settings
from simulator.world.resources import Kind, Ref
from simulator.world.rights import Rights, Role, Viewer
from tests.graphql.asking import ask, data, put
from tests.world.worlds import Stage

SAMPLE = """
query SampleScenarioSessionNodeQueryDemonstratingImportantFields($id: ID!) {
  node(id: $id) {
    ... on ScenarioSession {
      startedAt endedAt duration idleDuration
      numberOfStepsPossible numberOfStepsViewed percentOfStepsViewed
      state
      externalData # NOTE: what the system of record gave
      scenarioRelease {
        author { id name }
        publishedAt
        scenario { author { id name } description name originGroup { id name } publishedAt }
        type
        version
      }
      events { nodes { id createdAt receivedAt type externalData } }
      steps { nodes { scenarioStep { name orderIndex scenarioSequence { name } } } }
    }
  }
}
"""


def document_query(node_id: str, field: str, rest: str) -> str:
    """Return a query of the user's document as it stands there."""
    return f"""query {{
  node(id: "{node_id}") {{
    ... on ScenarioSession {{
      {field} {{
        {rest}
      }}
    }}
  }}
}}"""


def session(stage: Stage) -> Ref:
    ref = stage.do(
        "create", Kind.SESSION, {"externalData": {"work_order_id": "WO-1", "deep": [{"er": None}]}}
    )
    stage.do("record", ref, {"type": "PHOTO"})
    stage.do("view", ref, {"steps": 2})
    return ref


def test_the_queries_of_the_document_answer():
    stage = Stage()
    ref = session(stage)
    record = stage.view.get(ref)
    node_id = stage.ids.encode(ref)
    release = stage.view.get(Ref(Kind.RELEASE, record.release))

    scenario = data(stage, document_query(node_id, "scenario", "id"))
    events = data(
        stage, document_query(node_id, "scenarioSessionEvents", "nodes {        \n          id\n        }")
    )

    assert scenario == {"node": {"scenario": {"id": stage.ids.encode(Ref(Kind.SCENARIO, release.scenario))}}}
    assert [event["id"] for event in events["node"]["scenarioSessionEvents"]["nodes"]] == [
        stage.ids.encode(Ref(Kind.EVENT, number)) for number in stage.view.world.all(Kind.EVENT)[-1:]
    ]


def test_the_long_sample_of_the_vendor_answers_with_the_external_data_unchanged():
    stage = Stage()
    ref = session(stage)

    node = data(stage, SAMPLE, {"id": stage.ids.encode(ref)})["node"]

    attributes = stage.read(ref)
    leaves = {
        name: value for name, value in node.items() if not isinstance(value, dict) or name == "externalData"
    }
    assert leaves == {name: attributes[name] for name in leaves}
    assert len(leaves) == 9
    assert node["externalData"] == {"work_order_id": "WO-1", "deep": [{"er": None}]}
    assert [event["type"] for event in node["events"]["nodes"]] == ["PHOTO"]
    assert [step["scenarioStep"]["orderIndex"] for step in node["steps"]["nodes"]] == list(
        range(node["numberOfStepsPossible"])
    )
    assert set(node["scenarioRelease"]) == {"author", "publishedAt", "scenario", "type", "version"}


def test_the_samples_on_sessions_and_events_answer_without_first():
    stage = Stage()
    quiz = """{ scenarioSessions(first: 25) { nodes { id databaseId duration endedAt externalData startedAt sessionType
      completedSteps { nodes { id } } parts(first: 1) { nodes { databaseId createdBy { id name } } } } } }"""
    photos = """query FetchScenarioSessionEvents($scenarioSessionId: ID, $first: Int!, $valueTypes: [ScenarioStepItemTypeEnum!]) {
      scenarioSessionEvents(scenarioSessionId: $scenarioSessionId, first: $first, valueTypes: $valueTypes) {
        nodes { eventData scenarioSessionStep { scenarioStep { id name } } } } }"""

    assert len(data(stage, quiz)["scenarioSessions"]["nodes"]) == 25
    assert data(stage, photos, {"scenarioSessionId": "999", "first": 100, "valueTypes": ["PHOTO"]}) == {
        "scenarioSessionEvents": {"nodes": []}
    }
    assert data(
        stage, "{ viewer { organization { scenarios { nodes { releases { nodes { id databaseId } } } } } } }"
    )


def test_the_journal_is_told_the_operation_and_what_it_asked():
    stage = Stage()
    ref = session(stage)
    node_id = stage.ids.encode(ref)

    answered = put(
        stage, "query State($id: ID!) { node(id: $id) { ... on ScenarioSession { state } } }", {"id": node_id}
    )

    assert answered == Answered(
        b'{"data":{"node":{"state":"IN_PROGRESS"}}}',
        "State",
        (Asked(node_id, frozenset(("state",))),),
        "planned",
    )


def test_a_database_id_is_told_as_the_node_id_of_its_record():
    stage = Stage()
    query = "query ($s: ID) { scenarioSessionEvents(scenarioSessionId: $s) { totalCount } }"
    fields = frozenset(("scenarioSessionEvents", "scenarioSessionEvents.totalCount"))

    told = [
        put(stage, query, {"s": given}).asked
        for given in ("1", 1, "999", stage.ids.encode(Ref(Kind.SESSION, 1)))
    ]

    node_id = stage.ids.encode(Ref(Kind.SESSION, 1))
    assert told == [(Asked(one, fields),) for one in (node_id, node_id, "999", node_id)]


def test_a_request_that_is_not_executed_asks_nothing():
    stage = Stage()
    query = "query Q($x: ID!) { node(id: $x) { id } }"

    assert [
        (answered.operation, answered.asked)
        for answered in (
            put(stage, query, {"x": {}}),
            put(stage, query.replace("{ id }", ""), {"x": "A"}),
            put(stage, query, {"x": "A"}, operation="P"),
            put(stage, "{ users { nodes { id name } } }", max_query_fields=1),
        )
    ] == [("Q", ()), (None, ()), ("P", ()), (None, ())]


def test_a_document_seen_before_is_not_validated_again(monkeypatch):
    stage = Stage()
    query = "query Again($id: ID!) { node(id: $id) { id } }"
    first = ask(stage, query, {"id": "A"})
    monkeypatch.setattr(documents, "validate", None)
    monkeypatch.setattr(documents, "parse", None)

    assert ask(stage, query, {"id": "B"}) == first == {"data": {"node": None}}


def test_an_answer_about_the_schema_is_made_once(monkeypatch):
    stage = Stage()
    query = get_introspection_query()
    first = put(stage, query)
    monkeypatch.setattr("simulator.graphql.execute.execute_sync", None)

    assert put(stage, query) == Answered(first.body, "IntrospectionQuery")
    assert first.way == "introspection"


def test_introspection_tells_the_whole_sdl():
    told = json.loads(introspection(OURS))

    assert list(told) == ["data"]
    assert print_schema(lexicographic_sort_schema(build_client_schema(told["data"]))) == print_schema(
        lexicographic_sort_schema(executable_schema())
    )
    assert introspection(OURS) is introspection(OURS)


def test_a_refusal_has_the_shape_of_an_answer():
    assert json.loads(Endpoint(Settings()).refusal("No.")) == {
        "data": None,
        "errors": [{"message": "No.", "locations": []}],
    }


def test_reading_changes_nothing():
    stage = Stage()
    before = stage.world

    data(stage, SAMPLE, {"id": stage.ids.encode(Ref(Kind.SESSION, 1))})

    assert stage.world is before


def test_a_plan_answers_nobody_from_whom_something_is_hidden():
    stage = Stage()
    question = Question("query Seen { viewer { id } }")
    limited = replace(stage.view, asker=Viewer(1, Rights(Role.VIEWER)))

    open_, hidden = (Endpoint(Settings()).answer(view, question) for view in (stage.view, limited))

    assert (open_.way, hidden.way) == ("planned", "rights")
    assert open_.body == hidden.body
