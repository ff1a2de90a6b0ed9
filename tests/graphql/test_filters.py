"""What narrows and arranges a connection: external data, assets, orders."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.clock import Moment
from simulator.world.resources import Kind, Ref
from tests.graphql.asking import ask, data
from tests.world.worlds import MINUTE, Stage

SESSION, CALL = Kind.SESSION, Kind.CALL

CONTAINS_SAMPLE = """
query FetchScenarioSessionsWithContains($first: Int!, $type: String!, $key: String!, $value: Alphanumeric!) {
  scenarioSessions(first: $first, externalData: { type: $type, key: $key, value: $value }) {
    nodes { databaseId externalData }
    totalCount
  }
}
"""


def found(stage: Stage, type_: str, key: str, value: object) -> list[str]:
    variables: Any = {"first": 50, "type": type_, "key": key, "value": value}
    shown = data(stage, CONTAINS_SAMPLE, variables)["scenarioSessions"]
    assert shown["totalCount"] >= len(shown["nodes"])
    return [node["databaseId"] for node in shown["nodes"]]


def test_the_vendors_sample_finds_sessions_by_external_data() -> None:
    stage = Stage()
    stage.do(
        "create", SESSION, {"externalData": {"partNumbers": ["1234-ABCD", "5678-EFGH"], "work_order_id": 7}}
    )
    stage.do("update", Ref(SESSION, 3), {"externalData": {"work_order_id": "moved"}})

    assert found(stage, "CONTAINS", "partNumbers", "5678-EFGH") == ["41"]
    assert found(stage, "MATCH", "work_order_id", "7") == found(stage, "MATCH", "work_order_id", 7) == ["41"]
    assert found(stage, "MATCH", "work_order_id", "WO-10002") == ["2"]
    assert found(stage, "MATCH", "work_order_id", "WO-10003") == []
    assert found(stage, "MATCH", "work_order_id", "moved") == ["3"]


def test_a_million_sessions_are_not_searched() -> None:
    stage = Stage(sessions=1_000_000)
    before = stage.base.derived

    assert found(stage, "MATCH", "work_order_id", "WO-565656") == ["555656"]
    assert found(stage, "MATCH", "colour", "red") == []
    assert stage.base.derived - before == 1


def test_every_connection_of_things_with_external_data_can_be_filtered() -> None:
    stage = Stage()
    user = stage.ids.encode(Ref(Kind.USER, 2))
    mine = stage.do("create", SESSION, {"externalData": {"a": "x"}}, by=2)
    stage.do("create", SESSION, {"externalData": {"a": "x"}}, by=3)
    call = stage.do("create", CALL, {"externalData": {"a": 1}})
    query = """query($user: ID!, $session: ID!) {
      viewer { currentOrganization { scenarioSessions(externalData: {type: "MATCH", key: "a", value: "x"}) { totalCount } } }
      node(id: $user) { ... on User { scenarioSessions(externalData: {type: "MATCH", key: "a", value: "x"}) {
        nodes { databaseId } totalCount } } }
      calls(externalData: {type: "MATCH", key: "a", value: 1}) { nodes { databaseId } }
      organization { calls(externalData: {type: "MATCH", key: "case_id", value: "CASE-2002"}) { nodes { databaseId } } }
      session: node(id: $session) { ... on ScenarioSession {
        parts(externalData: {type: "MATCH", key: "shift", value: "early"}) { totalCount }
        none: parts(externalData: {type: "MATCH", key: "shift", value: "lunch"}) { totalCount }
        scenarioRelease { scenarioSteps(externalData: {type: "MATCH", key: "operation", value: "0020"}) {
          nodes { orderIndex } } }
      } }
    }"""
    early = next(
        number
        for number in stage.world.all(SESSION)
        if 6 <= int(str(stage.read(Ref(SESSION, number))["startedAt"])[11:13]) < 14
    )

    told = data(stage, query, {"user": user, "session": stage.ids.encode(Ref(SESSION, early))})

    parts = told["session"].pop("parts")["totalCount"]
    assert parts >= 1
    assert told == {
        "viewer": {"currentOrganization": {"scenarioSessions": {"totalCount": 2}}},
        "node": {"scenarioSessions": {"nodes": [{"databaseId": str(mine.number)}], "totalCount": 1}},
        "calls": {"nodes": [{"databaseId": str(call.number)}]},
        "organization": {"calls": {"nodes": [{"databaseId": "2"}]}},
        "session": {
            "none": {"totalCount": 0},
            "scenarioRelease": {"scenarioSteps": {"nodes": [{"orderIndex": 1}]}},
        },
    }


def test_the_shorter_of_two_rows_is_walked() -> None:
    stage = Stage(sessions=500, users=200, scenarios=1, catalogs=1)
    part = next(
        one
        for number in range(1, 500)
        for one in (stage.read(Ref(SESSION, number))["externalData"] or {}).get("partNumbers", ["none"])
    )
    query = """query($user: ID!, $part: Alphanumeric!) { node(id: $user) { ... on User {
      scenarioSessions { totalCount }
      some: scenarioSessions(externalData: {type: "CONTAINS", key: "partNumbers", value: $part}) { totalCount } } } }"""

    told = data(stage, query, {"user": stage.ids.encode(Ref(Kind.USER, 5)), "part": part})["node"]

    assert told["some"] == told["scenarioSessions"] or part == "none"
    assert told["scenarioSessions"]["totalCount"] > 0


@pytest.mark.parametrize(
    ("filter_", "problem"),
    [
        (
            '{type: "LIKE", key: "a", value: 1}',
            "The type of externalData must be MATCH or CONTAINS, but is 'LIKE'.",
        ),
        (
            '{type: "MATCH", key: "a", value: true}',
            "Argument 'externalData' on Field 'calls' has an invalid value ({ type: \"MATCH\", key: \"a\", value: true }). "
            "Expected type 'ExternalDataFilter'.",
        ),
        (
            '{type: "MATCH", key: "a"}',
            "Argument 'externalData' on Field 'calls' has an invalid value ({ type: \"MATCH\", key: \"a\" }). "
            "Expected type 'ExternalDataFilter'.",
        ),
    ],
)
def test_a_filter_that_does_not_fit_is_told(filter_: str, problem: str) -> None:
    told = ask(Stage(), f"{{ calls(externalData: {filter_}) {{ totalCount }} }}")

    assert told["errors"][0]["message"] == problem


@pytest.mark.parametrize("value", [True, None, ["a"], {"a": 1}], ids=["truth", "nothing", "list", "mapping"])
def test_an_alphanumeric_is_a_string_or_a_number(value: object) -> None:
    variables: Any = {"first": 1, "type": "MATCH", "key": "a", "value": value}

    told = ask(Stage(), CONTAINS_SAMPLE, variables)

    assert told["data"] is None
    assert told["errors"][0]["message"].startswith(
        "Variable $value of type Alphanumeric! was provided invalid value"
    )


def test_a_catalog_is_found_by_the_asset_and_leads_to_scenarios() -> None:
    stage = Stage(scenarios=7, catalogs=3)
    made = stage.do(
        "create", Kind.CATALOG, {"name": "Press", "externalAssetId": "42", "scenarios": ["1", "5"]}
    )
    query = """query($asset: String) { viewer { organization { scenarioCatalogs(externalAssetId: $asset) {
      totalCount nodes { databaseId name externalAssetId organization { name } scenarios { nodes { databaseId } } }
    } } } }"""

    def catalogs(asset: str | None) -> list[dict[str, Any]]:
        shown = data(stage, query, {"asset": asset})["viewer"]["organization"]["scenarioCatalogs"]
        assert shown["totalCount"] == len(shown["nodes"])
        return [
            {
                **node,
                "organization": None,
                "scenarios": [one["databaseId"] for one in node["scenarios"]["nodes"]],
            }
            for node in shown["nodes"]
        ]

    tags = [stage.base.tag(machine) for machine in (1, 2, 3)]
    assert catalogs("42") == [
        {
            "databaseId": str(made.number),
            "name": "Press",
            "externalAssetId": "42",
            "organization": None,
            "scenarios": ["1", "5"],
        }
    ]
    assert [(one["externalAssetId"], one["scenarios"]) for one in catalogs(None)] == [
        (tags[0], ["1", "4", "7"]),
        (tags[1], ["2", "5"]),
        (tags[2], ["3", "6"]),
        ("42", ["1", "5"]),
    ]
    assert [one["externalAssetId"] for one in catalogs(tags[1])] == [tags[1]]
    assert catalogs("nothing") == []


def test_a_scenario_knows_the_catalogs_that_lead_to_it() -> None:
    stage = Stage(scenarios=7, catalogs=3)
    stage.do("create", Kind.CATALOG, {"externalAssetId": "42", "scenarios": ["1", "5"]})
    stage.do("update", Ref(Kind.CATALOG, 1), {"scenarios": ["4"]})
    query = (
        "{ viewer { organization { scenarios { nodes { scenarioCatalogs { nodes { databaseId } } } } } } }"
    )

    scenarios = data(stage, query)["viewer"]["organization"]["scenarios"]["nodes"]

    catalogs = [[one["databaseId"] for one in node["scenarioCatalogs"]["nodes"]] for node in scenarios]
    assert catalogs == [["4"], ["2"], ["3"], ["1"], ["2", "4"], ["3"], []]


def test_the_catalogs_of_a_scenario_can_be_narrowed_to_an_asset() -> None:
    stage = Stage(scenarios=2, catalogs=2)
    stage.do("create", Kind.CATALOG, {"externalAssetId": "42", "scenarios": ["1"]})
    query = """{ viewer { organization { scenarios { nodes { scenarioCatalogs(externalAssetId: "42") {
      totalCount nodes { databaseId }
    } } } } } }"""

    scenarios = data(stage, query)["viewer"]["organization"]["scenarios"]["nodes"]

    assert [node["scenarioCatalogs"] for node in scenarios] == [
        {"totalCount": 1, "nodes": [{"databaseId": "3"}]},
        {"totalCount": 0, "nodes": []},
    ]


def test_the_latest_part_tells_who_works_now() -> None:
    stage = Stage()
    session = stage.do("create", SESSION, by=2)
    stage.wait(5)
    stage.do("pause", session)
    stage.do("resume", session, by=3)
    query = """query($id: ID!) { node(id: $id) { ... on ScenarioSession {
      parts(first: 1, orderBy: { attribute: "startedAt", direction: DESC }) { nodes { createdBy { id } } totalCount } } } }"""

    told = data(stage, query, {"id": stage.ids.encode(session)})["node"]["parts"]

    assert told == {
        "nodes": [{"createdBy": {"id": stage.ids.encode(Ref(Kind.USER, 3))}}],
        "totalCount": 2,
    }


def test_pages_of_an_ordered_connection_follow_one_another() -> None:
    stage = Stage(sessions=12)
    late = stage.do("create", SESSION)
    early = stage.do("create", SESSION, at=Moment(stage.now - 50 * 24 * 60 * MINUTE))
    query = """query($after: String) { scenarioSessions(first: 5, after: $after, orderBy: {attribute: "startedAt", direction: DESC}) {
      nodes { databaseId startedAt } pageInfo { endCursor hasNextPage } } }"""
    seen: list[dict[str, str]] = []
    after = None
    for _ in range(3):
        shown = data(stage, query, {"after": after})["scenarioSessions"]
        seen += shown["nodes"]
        after = shown["pageInfo"]["endCursor"]

    assert not shown["pageInfo"]["hasNextPage"]
    assert [one["startedAt"] for one in seen] == sorted((one["startedAt"] for one in seen), reverse=True)
    assert {int(one["databaseId"]) for one in seen} == {*range(1, 13), late.number, early.number}
    assert seen[0]["databaseId"] == str(late.number)


def test_order_rises_unless_told_otherwise_and_goes_with_a_filter() -> None:
    stage = Stage()
    session = stage.do("create", SESSION)
    for minutes, type_ in ((1, "TEXT"), (3, "PHOTO"), (2, "PHOTO")):
        stage.do("record", session, {"type": type_}, at=Moment(stage.now - minutes * MINUTE))
    query = """query($id: ID!) { node(id: $id) { ... on ScenarioSession {
      scenarioSessionEvents(valueTypes: [PHOTO], orderBy: {attribute: "createdAt"}) { nodes { createdAt } } } } }"""

    told = data(stage, query, {"id": stage.ids.encode(session)})["node"]["scenarioSessionEvents"]["nodes"]

    assert [one["createdAt"][11:16] for one in told] == ["07:57", "07:58"]


def test_ordering_is_paid_for() -> None:
    query = '{ scenarioSessions(first: 1, orderBy: {attribute: "state"}) { nodes { id } } }'

    told = ask(Stage(), query, max_query_fields=40 * 8 - 1)

    assert told["errors"][0]["message"].startswith("The request asks for pages so large")


def test_an_order_that_is_not_known_is_told_with_its_path() -> None:
    told = ask(Stage(), '{ calls(orderBy: {attribute: "length"}) { totalCount } }')

    assert told == {
        "data": {"calls": None},
        "errors": [
            {
                "message": "Call cannot be ordered by 'length'. It can by: databaseId, startedAt, endedAt, duration, state.",
                "locations": [{"line": 1, "column": 3}],
                "path": ["calls"],
            }
        ],
    }
