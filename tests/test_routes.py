"""The front door: what gets in, and how what does not is answered."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from simulator import contracts
from simulator.clock import Moment
from simulator.engine import Platform
from simulator.faults import Aimed
from simulator.journal import Asked
from simulator.routes import ROUTES, Routed, aim, answer
from simulator.settings import Settings
from simulator.wire import Request
from simulator.world.resources import Kind, Ref

JSON_TYPE = "application/json"
GRAPHQL, SIGN_IN = "/api/v3/graphql", "/api/v2/users/sign_in.json"
SESSIONS = "/api/v2/ar_contents/1/work_instruction_sessions"


def platform(**settings: object) -> Platform:
    return Platform(Settings().replace(**settings), base_url="http://127.0.0.1:7267")


def send(
    desk: Platform,
    method: str,
    path: str,
    body: object = None,
    *,
    content_type: str | None = JSON_TYPE,
    query: Mapping[str, str] | None = None,
    authorization: str | None = "",
) -> Routed:
    headers = {} if authorization is None else {"authorization": authorization or f"Bearer {desk.token}"}
    if content_type is not None:
        headers["content-type"] = content_type
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return answer(desk, Request(method, path, query=query or {}, headers=headers, body=raw))


def told(routed: Routed) -> tuple[int, Any]:
    assert routed.answer.content_type == "application/json; charset=utf-8"
    return routed.answer.status, json.loads(routed.answer.body)


# GraphQL


@pytest.mark.parametrize("path", [GRAPHQL, f"{GRAPHQL}/"])
@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; charset=utf-8"])
def test_a_query_is_answered_and_told_to_the_journal(path, content_type):
    desk = platform()
    node_id = desk.ids.encode(Ref(Kind.SESSION, 1))
    body = {
        "query": "query A($id: ID!) { node(id: $id) { __typename } } query B { viewer { id } }",
        "variables": {"id": node_id},
        "operationName": "A",
    }

    routed = send(desk, "POST", path, body, content_type=content_type)

    assert told(routed) == (200, {"data": {"node": {"__typename": "ScenarioSession"}}})
    assert (routed.route, routed.operation, routed.asked) == (
        "graphql",
        "A",
        (Asked(node_id, frozenset(("__typename",))),),
    )


def test_the_other_keys_may_be_null_or_missing():
    body = {"query": "{ viewer { username } }", "variables": None, "operationName": None, "extensions": None}

    for given in (
        body,
        {"query": body["query"]},
        {**body, "operationName": "", "permalink": None, "more": 1},
    ):
        assert told(send(platform(), "POST", GRAPHQL, given)) == (
            200,
            {"data": {"viewer": {"username": "integrator"}}},
        )


def test_whatever_parses_as_a_request_is_answered_with_200():
    queries = ("{", "{ wages }", "mutation { a }", "query ($x: ID!) { node(id: $x) { id } }")

    assert [send(platform(), "POST", GRAPHQL, {"query": query}).answer.status for query in queries] == [
        200
    ] * 4


def test_a_mutation_is_carried_out_by_post_and_refused_by_get():
    desk = platform()
    mutation = """mutation { createWebhookSubscription(webhookSubscription: {
      topic: {key: "user/created"} callbackUrl: "http://localhost:9/"
    }) { webhookSubscription { databaseId } } }"""

    refused = told(send(desk, "GET", GRAPHQL, query={"query": mutation}))
    carried_out = told(send(desk, "POST", GRAPHQL, {"query": mutation}))

    assert refused == (405, {"errors": [{"message": "A mutation must be sent by POST"}]})
    assert carried_out == (
        200,
        {"data": {"createWebhookSubscription": {"webhookSubscription": {"databaseId": "1"}}}},
    )


def test_of_several_operations_the_one_that_is_meant_decides_whether_get_may_ask_it():
    desk = platform()
    document = "query Q { __typename } mutation M { __typename }"

    statuses = [
        send(desk, "GET", GRAPHQL, query={"query": document, "operationName": name}).answer.status
        for name in ("Q", "M", "N")
    ]

    assert statuses == [200, 405, 200]


@pytest.mark.parametrize(
    ("body", "status", "keys"),
    [
        ({"query": "{ viewer { username } }"}, 200, ["data"]),
        ({"query": '{ node(id: "x") { id } users(first: -1) { totalCount } }'}, 200, ["data", "errors"]),
        ({"query": "{"}, 400, ["errors"]),
        ({"query": "{ wages }"}, 400, ["errors"]),
        ({"query": "query A { __typename } query B { __typename }"}, 400, ["errors"]),
        ({"query": "query ($x: ID!) { node(id: $x) { id } }"}, 400, ["errors"]),
        ({"query": "{ __typename }", "permalink": "nobody"}, 400, ["errors"]),
        ({}, 400, ["errors"]),
    ],
)
def test_a_client_that_asks_for_the_newer_media_type_gets_it_with_its_statuses(body, status, keys):
    desk = platform()
    headers = {
        "authorization": f"Bearer {desk.token}",
        "content-type": JSON_TYPE,
        "accept": "application/graphql-response+json, application/json;q=0.9",
    }

    given = answer(desk, Request("POST", GRAPHQL, headers=headers, body=json.dumps(body).encode())).answer

    assert (given.status, list(json.loads(given.body))) == (status, keys)
    assert given.content_type == "application/graphql-response+json; charset=utf-8"


def test_get_with_a_query_answers_it():
    desk = platform()
    query = {
        "query": "query Q($n: Int) { users(first: $n) { nodes { username } } }",
        "variables": '{"n": 1}',
        "extensions": "{}",
        "operationName": "Q",
    }

    routed = send(desk, "GET", GRAPHQL, query=query, content_type=None)

    assert told(routed) == (200, {"data": {"users": {"nodes": [{"username": "integrator"}]}}})
    assert routed.operation == "Q"
    assert told(send(desk, "GET", GRAPHQL, query={"query": "{ viewer { id } }", "variables": ""}))[0] == 200


def test_get_without_a_query_answers_the_introspection_result():
    status, whole = told(
        send(platform(), "GET", f"{GRAPHQL}/", query={"permalink": "any"}, content_type=None)
    )

    assert (status, list(whole), whole["data"]["__schema"]["queryType"]["name"]) == (200, ["data"], "Query")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "No query string was present"),
        ({"query": None}, "No query string was present"),
        ({"query": 1}, "The query must be a string."),
        ({"query": "{ a }", "variables": []}, "The variables must be a JSON object."),
        ({"query": "{ a }", "variables": "{}"}, "The variables must be a JSON object."),
        ({"query": "{ a }", "operationName": 1}, "The operationName must be a string."),
        ({"query": "{ a }", "extensions": "x"}, "The extensions must be a JSON object."),
        ([{"query": "{ a }"}], "A list of requests is not supported: send one at a time."),
        ("{ a }", "The body must be a JSON object with the key query."),
        (None, "The body must be a JSON object with the key query."),
    ],
)
def test_a_body_that_is_no_graphql_request_says_why(body, message):
    assert told(send(platform(), "POST", GRAPHQL, body)) == (400, {"errors": [{"message": message}]})


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"query": "{ a }", "variables": "[1]"}, "The variables must be a JSON object."),
        (
            {"query": "{ a }", "variables": "{"},
            "The parameter variables cannot be read: it is not JSON: Expecting property name enclosed in double quotes"
            " (line 1, column 2).",
        ),
        ({"query": "{ a }", "extensions": "1"}, "The extensions must be a JSON object."),
    ],
)
def test_a_query_string_that_is_no_graphql_request_says_why(query, message):
    assert told(send(platform(), "GET", GRAPHQL, query=query)) == (400, {"errors": [{"message": message}]})


def test_the_documented_limits_of_connections_hold_where_the_setting_says_so():
    def asking(desk: Platform) -> Any:
        return told(send(desk, "POST", GRAPHQL, {"query": "{ users { totalCount } }"}))

    assert asking(platform())[1] == {"data": {"users": {"totalCount": 12}}}
    assert asking(platform(strict_limits=True)) == (
        200,
        {
            "data": None,
            "errors": [
                {
                    "message": "The connection 'users' needs first or last. The setting strict_limits enforces this.",
                    "locations": [{"line": 1, "column": 3}],
                    "path": ["users"],
                }
            ],
        },
    )


def test_the_extensions_tell_what_is_invented_where_the_setting_says_so():
    desk = platform(tell_invented=True)
    query = "query Q { calls(first: 0) { nodes { state } } } query R { viewer { id } }"

    def extensions(body: dict[str, Any]) -> Any:
        return told(send(desk, "POST", GRAPHQL, body))[1].get("extensions")

    assert [
        extensions(body)
        for body in (
            {"query": query, "operationName": "Q"},
            {"query": query, "operationName": "R"},
            {"query": query},
            {"query": "{"},
        )
    ] == [
        {"scopeSimulator": {"invented": 1, "names": ["Call.state"]}},
        {"scopeSimulator": {"invented": 0, "names": []}},
        None,
        None,
    ]


@pytest.mark.parametrize("where", ["query", "body"])
def test_the_organisation_may_be_named(where):
    desk = platform(permalink="northwind")
    ask = {"query": "{ organization { permalink } }"}

    def naming(permalink: str) -> tuple[int, Any]:
        if where == "body":
            return told(send(desk, "POST", GRAPHQL, {**ask, "permalink": permalink}))
        return told(send(desk, "POST", f"{GRAPHQL}/", ask, query={"permalink": permalink}))

    assert naming("northwind") == naming("") == (200, {"data": {"organization": {"permalink": "northwind"}}})
    assert naming('sco"pe') == (
        200,
        {
            "data": None,
            "errors": [{"message": 'No organization has the permalink "sco\\"pe"', "locations": []}],
        },
    )


def test_a_permalink_that_is_no_text_is_unknown():
    body = {"query": "{ viewer { id } }", "permalink": {"a": 1}}

    assert told(send(platform(), "POST", GRAPHQL, body))[1]["errors"][0]["message"] == (
        'No organization has the permalink {"a":1}'
    )


# REST


def credentials(desk: Platform) -> dict[str, str]:
    return {"username": desk.username, "password": desk.password}


def test_signing_in_works_with_json_and_with_a_form_and_needs_no_token():
    desk = platform()
    form = urlencode({f"user[{name}]": value for name, value in credentials(desk).items()}).encode()

    by_json = send(desk, "POST", SIGN_IN, {"user": credentials(desk)}, authorization=None)
    by_form = send(
        desk, "POST", SIGN_IN, form, content_type="application/x-www-form-urlencoded", authorization=None
    )

    for routed in (by_json, by_form):
        status, body = told(routed)
        contracts.check("rest/sign_in_response", body)
        asked = (Asked(desk.user(desk.username).id, frozenset()),)
        assert (status, routed.route, routed.operation, routed.asked) == (200, "sign_in", None, asked)
        assert told(
            send(
                desk,
                "POST",
                GRAPHQL,
                {"query": "{ viewer { username } }"},
                authorization=f"Bearer {body['auth_token']}",
            )
        ) == (
            200,
            {"data": {"viewer": {"username": "integrator"}}},
        )


def test_a_wrong_password_is_401():
    desk = platform()

    routed = send(desk, "POST", SIGN_IN, {"user": {"username": "integrator", "password": "x"}})

    assert told(routed) == (401, {"error": "Invalid username or password."})


@pytest.mark.parametrize(
    "form",
    [
        b"user=integrator",
        b"user=x&user[username]=y",
        b"user[username]=x",
        b"",
        b"\xff=1",
        b"&".join([b"a=1"] * 200),
        b"[=1",
    ],
)
def test_a_form_that_does_not_fit_is_400(form):
    status, body = told(
        send(platform(), "POST", SIGN_IN, form, content_type="application/x-www-form-urlencoded")
    )

    contracts.check("rest/error", body)
    assert status == 400


def test_a_session_is_started_with_exactly_200():
    desk = platform()
    external = {"anything": "you_want", "even": {"deeply": {"nested": "arguments"}}}

    routed = send(
        desk, "POST", SESSIONS, {"external_data": external}, authorization=f"Bearer token={desk.token}"
    )

    status, body = told(routed)
    assert (status, routed.route, body["external_data"]) == (200, "sessions", external)
    assert desk.resource(body["node_id"])["externalData"] == external


def test_an_object_is_read_and_told_to_the_journal():
    desk = platform()
    node_id = desk.ids.encode(Ref(Kind.ORGANIZATION, 1))

    routed = send(desk, "GET", f"{GRAPHQL}/object/{quote(node_id)}", content_type=None)

    status, body = told(routed)
    contracts.check("rest/object", body)
    assert (status, body["id"]) == (200, node_id)
    assert (routed.route, routed.asked) == ("object", (Asked(node_id, frozenset(body)),))


def test_the_resource_url_answers_what_graphql_answers():
    desk = platform()
    node_id = desk.ids.encode(Ref(Kind.SESSION, 1))
    _, flat = told(send(desk, "GET", f"{GRAPHQL}/object/{node_id}"))
    query = f'{{ node(id: "{node_id}") {{ ... on ScenarioSession {{ {" ".join(flat)} }} }} }}'

    assert told(send(desk, "POST", GRAPHQL, {"query": query})) == (200, {"data": {"node": flat}})


def test_an_unknown_object_is_404_and_asks_nothing():
    routed = send(platform(), "GET", f"{GRAPHQL}/object/12")

    assert told(routed) == (404, {"error": "There is no object with the id 12."})
    assert (routed.route, routed.asked) == ("object", ())


# Refusals


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", GRAPHQL), ("GET", GRAPHQL), ("GET", f"{GRAPHQL}/object/x"), ("POST", SESSIONS)],
)
@pytest.mark.parametrize("authorization", [None, "Bearer wrong", "nonsense"])
def test_without_a_good_token_it_is_401_everywhere(method, path, authorization):
    routed = send(platform(), method, path, b"{", authorization=authorization)

    status, body = told(routed)
    contracts.check("rest/error", body)
    assert (status, routed.answer.headers) == (401, (("WWW-Authenticate", "Token"),))


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", GRAPHQL, "GET, POST"),
        ("DELETE", f"{GRAPHQL}/", "GET, POST"),
        ("POST", f"{GRAPHQL}/object/x", "GET"),
        ("GET", SIGN_IN, "POST"),
        ("GET", SESSIONS, "POST"),
    ],
)
def test_a_method_that_is_not_allowed_is_told_which_are(method, path, allow):
    routed = send(platform(), method, path)

    assert told(routed) == (405, {"error": f"{method} is not allowed here; allowed: {allow}."})
    assert routed.answer.headers == (("Allow", allow),)


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/api/v3/grapqhl", "/api/v3/graphql"),
        ("/api/v2/users/sign_in", "/api/v2/users/sign_in.json"),
        (
            "/api/v2/ar_contents/5/work_instruction_session",
            "/api/v2/ar_contents/:id/work_instruction_sessions",
        ),
        ("/api/v3/graphql/objects/abc", "/api/v3/graphql/object/:id"),
    ],
)
def test_an_unknown_path_names_the_nearest(path, nearest):
    routed = send(platform(), "GET", path)

    status, body = told(routed)
    assert (status, routed.route) == (404, "unknown")
    assert re.fullmatch(
        rf"Nothing is at {re.escape(path)}\. Did you mean {re.escape(nearest)}\b.*\?", body["error"]
    )


def test_a_path_near_to_none_names_all():
    known = ", ".join(route.path for route in ROUTES)

    assert told(send(platform(), "GET", "/x")) == (404, {"error": f"Nothing is at /x. Known paths: {known}."})
    assert told(send(platform(), "GET", "/" + "x" * 5000))[1]["error"].startswith(
        "Nothing is at /" + "x" * 199 + "..."
    )


@pytest.mark.parametrize(
    ("content_type", "shown"),
    [
        ("text/plain", "text/plain"),
        ("application/x-www-form-urlencoded", "application/x-www-form-urlencoded"),
        (None, "without a content type"),
    ],
)
def test_another_content_type_is_415(content_type, shown):
    message = f"Send the body as application/json, not {shown}."

    assert told(send(platform(), "POST", GRAPHQL, b"query=x", content_type=content_type)) == (
        415,
        {"errors": [{"message": message}]},
    )
    assert told(send(platform(), "POST", SESSIONS, b"x", content_type=content_type)) == (
        415,
        {"error": message},
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"query",
        b"\xff\xfe\x00",
        b'{"external_data": NaN}',
        b'{"external_data": 1e999}',
        b"[" * 100_000,
    ],
    ids=["empty", "cut off", "no JSON", "no UTF-8", "NaN", "infinite", "deep"],
)
def test_a_body_that_is_no_json_is_400(body):
    (graphql_status, graphql), (rest_status, rest) = (
        told(send(platform(), "POST", path, body)) for path in (GRAPHQL, SESSIONS)
    )

    contracts.check("rest/error", rest)
    assert (graphql_status, rest_status) == (400, 400)
    assert graphql == {"errors": [{"message": rest["error"]}]}
    assert rest["error"].startswith("The body cannot be read: it")


@pytest.mark.parametrize("content_type", [JSON_TYPE, "application/x-www-form-urlencoded"])
def test_a_body_that_is_too_large_is_413(content_type):
    desk = platform(max_body=10)

    assert told(send(desk, "POST", SIGN_IN, b"x" * 11, content_type=content_type)) == (
        413,
        {"error": "The body has more than 10 bytes; the setting max_body moves this limit."},
    )


def test_half_a_surrogate_pair_is_kept_and_harms_nothing():
    desk = platform()

    status, body = told(send(desk, "POST", SESSIONS, b'{"external_data": "\\ud800"}'))

    assert (status, body["external_data"]) == (200, "\ud800")
    query = {"query": f'{{ node(id: "{body["node_id"]}") {{ ... on ScenarioSession {{ externalData }} }} }}'}
    assert told(send(desk, "POST", GRAPHQL, query)) == (200, {"data": {"node": {"externalData": "\ud800"}}})
    for surrogate in (b'{"query": "\\ud800"}', b'{"query": "{ viewer { id } }", "permalink": "\\ud800"}'):
        assert send(desk, "POST", GRAPHQL, surrogate).answer.status == 200


def test_a_client_that_signs_in_again_after_a_401_goes_on():
    desk = platform(token_days=1)
    _, body = told(send(desk, "POST", SIGN_IN, {"user": credentials(desk)}))
    old = f"Bearer token={body['auth_token']}"
    desk.advance(desk.now + 86_400_000)

    refused = told(send(desk, "POST", GRAPHQL, {"query": "{ viewer { id } }"}, authorization=old))
    _, body = told(send(desk, "POST", SIGN_IN, {"user": credentials(desk)}))
    again = send(
        desk,
        "POST",
        GRAPHQL,
        {"query": "{ viewer { id } }"},
        authorization=f"Bearer token={body['auth_token']}",
    )

    assert refused == (
        401,
        {"error": "The token expired at 2021-03-02T08:00:00.000Z: sign in for a new one."},
    )
    assert again.answer.status == 200


# files


def photo_address(desk: Platform) -> str:
    """Take a photo and return the path of its file, as GraphQL tells it."""
    session = desk.apply("create", "ScenarioSession")
    desk.apply("record", session, {"type": "PHOTO"})
    query = """query($id: ID!) { node(id: $id) { ... on ScenarioSession {
      events { nodes { photo { fileUrl owner { id } } } } } } }"""
    _, answered = told(send(desk, "POST", GRAPHQL, {"query": query, "variables": {"id": session.id}}))
    (event,) = answered["data"]["node"]["events"]["nodes"]
    assert event["photo"]["fileUrl"].startswith("http://127.0.0.1:7267/files/")
    return event["photo"]["fileUrl"].removeprefix("http://127.0.0.1:7267")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_photo_is_fetched_without_a_token(method):
    desk = platform()

    routed = send(desk, method, photo_address(desk), authorization=None, content_type=None)

    assert (routed.route, routed.answer.status, routed.answer.content_type) == ("file", 200, "image/png")
    assert routed.answer.body.startswith(b"\x89PNG\r\n")


def test_an_expired_address_is_refused_in_words():
    desk = platform(file_lifetime="1m")
    path = photo_address(desk)
    desk.advance(Moment(desk.now + 60_000))

    assert told(send(desk, "GET", path, authorization=None)) == (
        403,
        {"error": "The address expired at 2021-03-01T08:01:00Z; read it from the API again."},
    )


def test_an_address_that_leads_nowhere_is_not_found():
    assert told(send(platform(), "GET", "/files/x/y", authorization=None)) == (
        404,
        {"error": "There is no such file."},
    )


Q = "query Q($id: ID!) { node(id: $id) { id ... on ScenarioSession { state } } }"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (Request("POST", "/nowhere"), Aimed("unknown", "POST")),
        (Request("POST", "/api/v2/users/sign_in.json"), Aimed("sign_in", "POST")),
        (Request("GET", "/api/v3/graphql"), Aimed("graphql", "GET", "IntrospectionQuery")),
        (Request("GET", "/api/v3/graphql", {"query": "{ nothing }"}), Aimed("graphql", "GET")),
        (Request("POST", "/api/v3/graphql"), Aimed("graphql", "POST")),
        (
            Request("GET", "/api/v3/graphql", {"query": Q, "variables": '{"id": "abc"}'}),
            Aimed("graphql", "GET", "Q", (Asked("abc", frozenset({"id", "state"})),)),
        ),
        (
            Request("GET", "/api/v3/graphql/object/abc%3D"),
            Aimed("object", "GET", None, (Asked("abc=", frozenset()),)),
        ),
    ],
)
def test_what_a_request_is_after_is_known_before_it_is_answered(request_, expected):
    assert aim(Platform(Settings()), request_) == expected


def test_object_that_exists_is_asked_for_with_all_its_fields():
    platform = Platform(Settings())
    session = platform.apply("create", "ScenarioSession")

    aimed = aim(platform, Request("GET", f"/api/v3/graphql/object/{session.id}"))

    assert [(one.id, one.fields) for one in aimed.asked] == [(session.id, frozenset(session) | {"id"})]


# who may see what


LOOK = """
query ($id: ID!) {
  node(id: $id) { id }
  organization { members { totalCount nodes { databaseId } } }
  scenarioSessions(first: 3) { totalCount nodes { createdBy { databaseId } } }
}
"""


def test_one_query_is_answered_by_the_rights_of_whoever_asks():
    people = [
        {"role": "reporting_admin", "token": "reports"},
        {"role": "viewer", "token": "views"},
        {"token": "groups", "token_groups": ["Default"]},
    ]
    desk = platform(people=people, sessions=30, users=6)
    session = next(one for one in desk.resources("ScenarioSession") if one["databaseId"])
    body = {"query": LOOK, "variables": {"id": desk.user("integrator").id}}

    def look(token: str) -> Any:
        return told(send(desk, "POST", GRAPHQL, body, authorization=f"Bearer {token}"))[1]

    whole = look(desk.token)
    assert "errors" not in whole
    assert whole["data"]["organization"]["members"]["totalCount"] == 6
    assert [look(token) for token in ("reports", "groups")] == [whole, whole]
    viewed = look("views")
    assert viewed["data"]["node"] is None
    assert viewed["errors"] == [
        {
            "message": "Not authorized to read object",
            "locations": [{"line": 3, "column": 3}],
            "path": ["node"],
        }
    ]
    assert viewed["data"]["organization"]["members"] == {"totalCount": 1, "nodes": [{"databaseId": "3"}]}
    sessions = viewed["data"]["scenarioSessions"]
    assert 0 < sessions["totalCount"] < 30
    assert {one["createdBy"]["databaseId"] for one in sessions["nodes"]} == {"3"}
    assert session


def test_events_of_a_session_that_may_not_be_seen_are_none():
    desk = platform(people=[{"token": "views"}], users=6)
    query = "query ($id: Alphanumeric) { scenarioSessionEvents(scenarioSessionId: $id) { totalCount } }"
    view = desk.view()
    others = [n for n in view.world.all(Kind.SESSION) if view.get(Ref(Kind.SESSION, n)).created_by != 2]
    body = {"query": query.replace("Alphanumeric", "ID"), "variables": {"id": str(others[0])}}

    counts = [
        told(send(desk, "POST", GRAPHQL, body, authorization=f"Bearer {token}"))[1]["data"]
        for token in (desk.token, "views")
    ]

    assert counts[0]["scenarioSessionEvents"]["totalCount"] > 0
    assert counts[1] == {"scenarioSessionEvents": {"totalCount": 0}}


def test_super_admin_names_the_organization():
    desk = platform(role="super_admin", permalink="northwind")
    body = {"query": "{ organization { permalink } }"}

    without = told(send(desk, "POST", GRAPHQL, body))
    named = [
        told(send(desk, "POST", GRAPHQL, body | {"permalink": "northwind"})),
        told(send(desk, "POST", GRAPHQL, body, query={"permalink": "northwind"})),
    ]

    message = "A super admin has to name the organization by its permalink"
    assert without == (200, {"data": None, "errors": [{"message": message, "locations": []}]})
    assert named == [(200, {"data": {"organization": {"permalink": "northwind"}}})] * 2


def test_object_that_may_not_be_seen_is_refused():
    desk = platform(role="viewer")
    others = desk.user(str(desk.resources("User")[1]["username"]))

    refused = told(send(desk, "GET", f"{GRAPHQL}/object/{quote(others.id, safe='')}"))
    own = told(send(desk, "GET", f"{GRAPHQL}/object/{quote(desk.user('integrator').id, safe='')}"))

    assert refused == (403, {"error": "Not authorized to read object"})
    assert own[0] == 200


def test_session_is_started_by_everybody_but_a_token_for_chosen_groups():
    statuses = [
        told(send(desk, "POST", SESSIONS, {"external_data": 1}))[0]
        for desk in (platform(role="viewer"), platform(token_groups=["Default"]))
    ]

    assert statuses == [200, 403]
