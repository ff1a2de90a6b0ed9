"""What both schemas mean is answered from the world, everything else is invented, and repeats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simulator.engine import Platform
from simulator.graphql.execute import Endpoint, introspection
from simulator.graphql.question import Question
from simulator.graphql.sdl import Dialect
from simulator.settings import Settings

MINE = Path(__file__).with_name("mine.graphql")


def platform(sdl: Path = MINE, **settings: object) -> Platform:
    return Platform(Settings().replace(sdl=str(sdl), **settings))


def ask(desk: Platform, query: str, **variables: str) -> Any:
    return json.loads(
        Endpoint(desk.settings).answer(desk.view(), Question(query, variables), changer=desk).body
    )


WHOLE = """
query ($id: ID!) {
  node(id: $id) {
    ... on ScenarioSession {
      id state createdBy { name } reviewedBy { name badgeNumber } weather
      vehicles { __typename id plate seenAt driver { name } }
    }
  }
}
"""


def test_what_is_known_comes_from_the_world_and_the_rest_repeats():
    desk, again, other = platform(), platform(), platform(seed=2)
    session = desk.apply("create", "ScenarioSession", {}, by="integrator")
    again.apply("create", "ScenarioSession", {}, by="integrator")

    whole = ask(desk, WHOLE, id=session.id)
    node = whole["data"]["node"]

    assert list(whole) == ["data"]
    assert (node["id"], node["state"], node["createdBy"]) == (
        session.id,
        "IN_PROGRESS",
        {"name": desk.user("integrator")["name"]},
    )
    assert node["reviewedBy"]["name"] in {user["name"] for user in desk.resources("User")}
    assert isinstance(node["reviewedBy"]["badgeNumber"], int)
    assert node["weather"] in ("RAIN", "SUN")
    assert len({vehicle["id"] for vehicle in node["vehicles"]}) == 2
    assert ask(again, WHOLE, id=session.id) == whole
    query = "{ scenarioSessions(first: 9) { nodes { reviewedBy { badgeNumber } vehicles { plate } } } }"
    assert ask(desk, query) == ask(again, query) != ask(other, query)


def test_invented_object_is_found_again_by_its_id():
    desk = platform()
    vehicle = ask(desk, "{ viewer { vehicle { __typename id plate seenAt driver { name } } } }")["data"][
        "viewer"
    ]["vehicle"]
    query = (
        "query ($id: ID!) { node(id: $id) { __typename id ... on Vehicle { plate seenAt driver { name } } } }"
    )

    assert ask(desk, query, id=vehicle["id"]) == {"data": {"node": vehicle}}
    assert ask(desk, query, id="nobody") == {"data": {"node": None}}


def test_page_of_ours_is_walked():
    desk = platform(sessions=5)
    query = "query ($after: String) { scenarioSessions(first: 2, after: $after) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }"

    first = ask(desk, query)["data"]["scenarioSessions"]
    second = ask(desk, query, after=first["pageInfo"]["endCursor"])["data"]["scenarioSessions"]

    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (5, True)
    assert len({one["id"] for page in (first, second) for one in page["nodes"]}) == 4


def test_introspection_is_of_the_given_schema_and_marks_what_is_invented():
    told = json.loads(introspection(Dialect.of(platform().settings)))["data"]["__schema"]
    types = {one["name"]: one for one in told["types"]}
    described = {one["name"]: one["description"] for one in types["ScenarioSession"]["fields"]}

    assert "Call" not in types
    assert types["Vehicle"]["description"] == "Invented here: the simulator does not model it. [chosen]"
    assert described["state"] is None
    assert (
        described["reviewedBy"]
        == "Who looked at it afterwards. Invented here: the simulator does not model it. [chosen]"
    )


OTHERWISE = """
type Query {
  viewer: [User]
  organization(number: Int!): Organization
  scenarioSessions: SessionsConnection
  scenarioSessionEvents: Int
  anything: Anything
  made: Made
  sessions: ScenarioSessionConnection
  plain: PlainConnection
  odd: OddConnection
}
type Mutation { createUser(name: String): User  launch: Int }
type User { id: ID! name: Int }
type Organization { id: ID! name: String }
type SessionsConnection { edges: [SessionsEdge] nodes: [ScenarioSession] }
type SessionsEdge { cursor: String node: ScenarioSession }
type ScenarioSession { id: ID! state: String }
type ScenarioSessionConnection { nodes: [ScenarioSession] totalCount: Int pageInfo: PageInfo! }
type PlainConnection { edges: [PlainEdge] pageInfo: PageInfo! }
type PlainEdge { cursor: String node: Plain }
type Plain { a: Int }
type OddConnection { totalCount: Int }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
type Call { id: ID! }
union Anything = User | Made
scalar JSON
scalar Alphanumeric
type Made {
  id: ID!
  other: ID
  yes: Boolean
  size: Float
  data: JSON
  homeUrl: String
  email: String
  title: String
  call: Call
}
"""


@pytest.fixture
def odd(tmp_path: Path) -> Platform:
    file = tmp_path / "odd.graphql"
    file.write_text(OTHERWISE)
    return platform(file, calls=0)


def test_what_is_typed_otherwise_is_invented(odd):
    found = ask(odd, "{ viewer { id name } organization(number: 3) { name } scenarioSessionEvents }")["data"]

    assert len(found["viewer"]) == 2
    assert found["organization"]["name"] == odd.resources("Organization")[0]["name"]
    assert isinstance(found["scenarioSessionEvents"], int)


def test_connection_called_otherwise_is_one_of_ours(odd):
    query = "{ scenarioSessions { nodes { id state } edges { cursor node { id } } } }"
    page = ask(odd, query)["data"]["scenarioSessions"]

    assert [one["node"]["id"] for one in page["edges"]] == [one["id"] for one in page["nodes"]]
    assert len(page["nodes"]) == 40


def test_invented_pages_are_whole(odd):
    query = """{
      sessions { nodes { id state } totalCount pageInfo { hasNextPage } }
      plain { edges { cursor node { a } } pageInfo { hasPreviousPage startCursor endCursor } }
      odd { totalCount }
    }"""
    found = ask(odd, query)["data"]

    assert (len(found["sessions"]["nodes"]), found["sessions"]["totalCount"]) == (3, 3)
    assert [edge["cursor"] for edge in found["plain"]["edges"]] == ["0", "1", "2"]
    assert found["plain"]["pageInfo"] == {"hasPreviousPage": False, "startCursor": "0", "endCursor": "2"}
    assert found["odd"] == {"totalCount": 0}


def test_value_fits_its_name_and_type(odd):
    made = ask(
        odd, "{ made { id other yes size data homeUrl email title call { id } } anything { __typename } }"
    )["data"]

    assert made["anything"]["__typename"] in ("User", "Made")
    made = made["made"]
    assert (made["data"], made["call"], made["yes"] in (True, False)) == ({}, None, True)
    assert made["homeUrl"].startswith("https://example.com/")
    assert made["email"].endswith("@example.com")
    assert made["title"].startswith("title ")
    assert made["other"] != made["id"]


def test_mutation_that_is_not_ours_is_refused(odd):
    assert ask(odd, "mutation { launch }")["errors"][0]["message"] == (
        "The mutation launch is in the given schema, but is not imitated here"
    )


def test_difference_is_noted_when_it_begins():
    entry = next(iter(platform().journal.since(0)))

    assert entry.fact.text.startswith(
        f"schema of {MINE}: types of its own: 2; fields, arguments and values of its own: 5; "
    )


@pytest.mark.parametrize("strict", [False, True])
def test_union_is_asked_for_its_type_alone(odd, strict):
    question = Question("{ anything { __typename } }")

    body = Endpoint(odd.settings).answer(odd.view(), question, strict=strict).body

    assert json.loads(body)["data"]["anything"]["__typename"] in ("User", "Made")
