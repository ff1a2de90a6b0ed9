"""What a receiver asks by GraphQL, taken together."""

from __future__ import annotations

import json

import pytest

from simulator.engine import Platform
from simulator.journal import OBSERVER
from simulator.report.habits import Habits, habit_lines, habits
from simulator.settings import Settings
from simulator.wire import Request
from simulator.world.resources import Kind, Ref
from simulator.world.rights import Role

ONE = "query One($id: ID!) { node(id: $id) { ... on ScenarioSession { state } } }"


class Receiver:
    def __init__(self) -> None:
        self.platform = Platform(Settings(), base_url="http://127.0.0.1:7267")

    def ask(self, query: str, *, method: str = "POST", body: bytes | None = None, **more: str) -> None:
        headers = {
            "authorization": f"Bearer {self.platform.token}",
            "content-type": "application/json",
            **more,
        }
        raw = body or json.dumps({"query": query, "variables": {"id": self.session(1)}}).encode()
        parameters = {"query": query} if method == "GET" and query else {}
        self.platform.answer(
            Request(method, "/api/v3/graphql", parameters, headers, raw if method == "POST" else b"")
        )

    def one(self, number: int) -> None:
        self.ask(
            ONE,
            body=json.dumps(
                {"query": ONE, "variables": {"id": self.session(number)}, "operationName": "One"}
            ).encode(),
        )

    def session(self, number: int) -> str:
        return self.platform.ids.encode(Ref(Kind.SESSION, number))

    def habits(self) -> Habits:
        return habits(entry.fact for entry in self.platform.journal.since(0))


def test_requests_are_taken_together_and_what_could_be_better_is_told():
    receiver = Receiver()
    for number in (1, 2, 2):
        receiver.one(number)
    receiver.ask("{ calls(first: 1) { nodes { state } } }", method="GET")
    receiver.ask("{")

    found = receiver.habits()

    assert found.show() == {
        "operations": {"One": 3, "query { calls }": 1},
        "fields": {
            "Query.node": 3,
            "ScenarioSession.state": 3,
            "Call.state": 1,
            "CallConnection.nodes": 1,
            "Query.calls": 1,
        },
        "arguments": {"Query.node(id:)": 3, "Query.calls(first:)": 1},
        "deprecated": {},
        "invented": {"Call.state": 1},
        "one_by_one": {"One": {"requests": 3, "objects": 2}},
        "least_privilege": {"reads": ["Call", "ScenarioSession"], "writes": [], "role": "reporting_admin"},
        "unread": 1,
    }
    assert habit_lines(found) == [
        "operations  One (3), query { calls } (1)",
        "fields      Query.node (3), ScenarioSession.state (3), Call.state (1), CallConnection.nodes (1), Query.calls (1)",
        "arguments   Query.node(id:) (3), Query.calls(first:) (1)",
        "invented    Call.state (1)",
        "one by one  One asked 3 times for one object, 2 different ones: a page would do",
        "unread      1 requests hold no document that can be read",
        "least role  reporting_admin: reads Call, ScenarioSession; changes nothing",
    ]


def test_what_is_no_query_of_the_receivers_is_left_out():
    receiver = Receiver()
    receiver.ask(ONE, **{OBSERVER.lower(): "test"})
    receiver.ask(ONE, authorization="Bearer nobody")
    receiver.ask("", method="GET")
    receiver.ask("", body=b"{")
    receiver.ask("", body=b'{"query": 1}')
    receiver.platform.answer(Request("GET", "/api/v3/graphql/object/x"))

    assert habit_lines(receiver.habits()) == ["nobody has asked by GraphQL"]


@pytest.mark.parametrize(
    ("query", "role"),
    [
        ("{ viewer { organization { name } } }", Role.ANALYST),
        ("{ organization { scenarios { nodes { name } } } }", Role.VIEWER),
        ("{ scenarioSessions { nodes { state events { nodes { type } } } } }", Role.ANALYST),
        ("{ organization { groups { nodes { name } } } }", Role.REPORTING_ADMIN),
        ('mutation { createUser(input: {user: {firstName: "Eva"}}) { user { id } } }', Role.COMPANY_ADMIN),
    ],
)
def test_the_least_role_follows_from_what_was_read_and_changed(query, role):
    receiver = Receiver()
    receiver.ask(query)

    assert receiver.habits().role is role


def test_changes_and_what_is_read_with_nothing_are_said():
    receiver = Receiver()
    receiver.ask("{ __typename }")
    nothing = habit_lines(receiver.habits())
    receiver.ask('mutation { createUser(input: {user: {firstName: "Eva"}}) { user { id } } }')
    changed = habit_lines(receiver.habits())

    assert nothing == [
        "operations  query { __typename } (1)",
        "least role  viewer: reads nothing; changes nothing",
    ]
    assert changed[-1] == "least role  company_admin: reads User; changes by createUser"
