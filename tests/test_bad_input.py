"""What a client can get wrong, or mean ill: each is answered with a status below 500 and a sentence, and at once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator.engine import Platform
from simulator.settings import Settings
from simulator.wire import Request
from simulator.world.resources import Kind, Ref

PLATFORM = Platform(Settings().replace(sessions=3, max_query_fields=20_000), base_url="http://127.0.0.1:7267")
SESSION, USER = (PLATFORM.ids.encode(Ref(kind, 1)) for kind in (Kind.SESSION, Kind.USER))
TOKENS = "The request has more tokens than 10000. The setting max_query_tokens moves this limit."
DEPTH = "The request nests its selections deeper than 50. The setting max_query_depth moves this limit."
SPREAD = "The request has, with its fragments spread, more fields than 10000. The setting max_query_tokens moves this limit."
PAGES = (
    "The request asks for pages so large that its answer has more fields than 20000. "
    "The setting max_query_fields moves this limit."
)
REPEATS = (
    "The request repeats too many fields or fragments to be checked: ask for each in fewer places. "
    "No setting moves this limit."
)


def ask(body: object, *, content_type: str = "application/json") -> tuple[int, Any]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"authorization": f"Bearer {PLATFORM.token}", "content-type": content_type}
    answer = PLATFORM.answer(Request("POST", "/api/v3/graphql", headers=headers, body=raw))
    return answer.status, json.loads(answer.body)


def query(text: str, **variables: object) -> tuple[int, Any]:
    return ask({"query": text, "variables": variables})


def messages(text: str, **variables: object) -> list[str]:
    status, whole = query(text, **variables)
    assert (status, whole["data"]) == (200, None)
    return [error["message"] for error in whole["errors"]]


@pytest.mark.parametrize(
    "given",
    [
        pytest.param('"nobody"', id="unknown"),
        pytest.param('"1"', id="a databaseId"),
        pytest.param("1", id="a databaseId as a number"),
        pytest.param('""', id="empty"),
        pytest.param('"""a\n"b"""', id="lines"),
        pytest.param('"' + "A" * 100_000 + '"', id="long"),
    ],
)
def test_an_id_that_names_nothing_gives_null(given):
    assert query(f"{{ node(id: {given}) {{ id }} }}") == (200, {"data": {"node": None}})


@pytest.mark.parametrize("given", ["\0", "\ud800", 10**30, "🏃"])
def test_a_variable_that_names_nothing_gives_null(given):
    assert query("query ($id: ID!) { node(id: $id) { id } }", id=given) == (200, {"data": {"node": None}})


def test_an_id_of_another_type_gives_no_fields_of_the_type_that_is_asked_for():
    found = query(f'{{ node(id: "{USER}") {{ id ... on ScenarioSession {{ state }} }} }}')
    events = query(f'{{ scenarioSessionEvents(scenarioSessionId: "{USER}") {{ totalCount }} }}')

    assert found == (200, {"data": {"node": {"id": USER}}})
    assert events == (200, {"data": {"scenarioSessionEvents": {"totalCount": 0}}})


@pytest.mark.parametrize(
    ("declared", "argument", "value", "told"),
    [
        ("ID!", "node(id: $x) { id }", 1.5, [""]),
        ("ID!", "node(id: $x) { id }", {"a": 1}, [""]),
        ("Int", "users(first: $x) { totalCount }", 2**40, [""]),
        ("Int", "users(first: $x) { totalCount }", "7", [""]),
        (
            "ExternalDataFilter",
            "scenarioSessions(externalData: $x) { totalCount }",
            {"type": "MATCH", "key": 1, "value": "a"},
            [" for key (String cannot represent a non string value: 1)"],
        ),
        (
            "[ScenarioStepItemTypeEnum!]",
            "scenarioSessionEvents(valueTypes: $x) { totalCount }",
            ["PHOTO", "NONE"],
            [" for 1 (Value 'NONE' does not exist in 'ScenarioStepItemTypeEnum' enum)"],
        ),
    ],
)
def test_a_variable_that_does_not_fit_is_told_with_the_way_to_what_is_wrong_in_it(
    declared, argument, value, told
):
    said = messages(f"query ($x: {declared}) {{ {argument} }}", x=value)

    assert said == [f"Variable $x of type {declared} was provided invalid value{one}" for one in told]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            "{{{}}}".format(" ".join(f"a{n}: __typename" for n in range(10_000))), TOKENS, id="aliases"
        ),
        pytest.param("{ viewer %s { id } }" % ("@skip(if: false) " * 2_000), TOKENS, id="directives"),
        pytest.param("{viewer" + "{organization" * 999 + "{id}" + "}" * 1_000, DEPTH, id="deep"),
        pytest.param("{" + "...{" * 1_000 + "__typename" + "}" * 1_001, DEPTH, id="deep fragments"),
        pytest.param("{node(id:" + "[" * 4_000 + "]" * 4_000 + "){id}}", DEPTH, id="deep lists"),
        pytest.param("query($x:" + "[" * 4_000 + "ID" + "]" * 4_000 + "){viewer{id}}", DEPTH, id="deep type"),
        pytest.param(
            "{viewer{...F0}}" + "".join(f" fragment F{n} on User{{...F{n + 1}}}" for n in range(500)),
            DEPTH,
            id="deep chain of fragments",
        ),
        pytest.param(
            "{viewer{...F0}}"
            + "".join(f" fragment F{n} on User{{...F{n + 1} ...F{n + 1}}}" for n in range(25))
            + " fragment F25 on User{id}",
            SPREAD,
            id="fragments that double",
        ),
        pytest.param(
            "{viewer{...A}} fragment A on User{...B} fragment B on User{...A}",
            "Fragment A contains an infinite loop",
            id="circular fragments",
        ),
        pytest.param("{viewer{%s}}" % ("id " * 3_000), REPEATS, id="one field again and again"),
        pytest.param(
            "{__schema{types" + "{fields{type" * 10 + "{name}" + "}}" * 10 + "}}",
            "Maximum introspection depth exceeded",
            id="introspection of introspection",
        ),
        pytest.param(
            '{node(id: "a", id: "b") {id}}', 'There can be only one argument named "id"', id="argument twice"
        ),
        pytest.param(
            '{scenarioSessions(externalData: {type: "MATCH", type: "MATCH", key: "a", value: 1}) {totalCount}}',
            'There can be only one input field named "type"',
            id="input field twice",
        ),
        pytest.param("", "Unexpected end of document", id="nothing"),
        pytest.param("# nothing", "Unexpected end of document", id="a comment alone"),
        pytest.param("subscription { a }", "Schema is not configured for subscriptions", id="subscription"),
        pytest.param("type A { b: Int }", "Query cannot contain schema definitions", id="a definition"),
    ],
)
def test_a_document_beyond_a_limit_or_a_rule_is_refused_in_a_sentence(text, message):
    assert messages(text) == [message]


def pages_in_pages() -> str:
    text = "id"
    for _ in range(8):
        text = f"events {{ nodes {{ scenarioSession {{ {text} }} }} }}"
    return f"scenarioSessions {{ nodes {{ {text} }} }}"


def test_pages_in_pages_are_refused():
    assert messages(f"{{ {pages_in_pages()} }}") == [PAGES]


def test_pages_in_pages_of_what_was_changed_are_refused_too():
    made = f"user {{ organization {{ {pages_in_pages()} }} }}"

    assert messages(f'mutation {{ createUser(input: {{user: {{firstName: "Eva"}}}}) {{ {made} }} }}') == [
        PAGES
    ]


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        pytest.param(
            b'{"query":"' + b"x" * 10_000_000 + b'"}',
            413,
            "The body has more than 1048576 bytes; the setting max_body moves this limit.",
            id="10 MB",
        ),
        pytest.param(
            b'{"query":"{ viewer { id } } # \xff"}',
            400,
            "The body cannot be read: it is not JSON: the bytes are not UTF-8.",
            id="bad UTF-8",
        ),
        pytest.param(
            b'{"query":"{a}","variables":{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
            400,
            "The body cannot be read: it is nested deeper than 200 levels.",
            id="deep JSON",
        ),
        pytest.param(
            b'{"query":"{a}","variables":{"a":' + b"9" * 10_000 + b"}}",
            400,
            "The body cannot be read: it holds a number of too many digits.",
            id="many digits",
        ),
        pytest.param(
            b"[]", 400, "A list of requests is not supported: send one at a time.", id="an empty batch"
        ),
    ],
)
def test_a_body_that_cannot_be_taken_is_refused_in_a_sentence(body, status, message):
    assert ask(body) == (status, {"errors": [{"message": message}]})


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/graphql", "multipart/form-data; boundary=x"]
)
def test_another_content_type_is_refused(content_type):
    status, whole = ask({"query": "{ viewer { id } }"}, content_type=content_type)

    assert (status, whole["errors"][0]["message"].startswith("Send the body as application/json")) == (
        415,
        True,
    )


def test_of_a_key_that_stands_twice_the_last_one_counts():
    body = b'{"query":"{ viewer { id } }","query":"{ viewer { username } }"}'

    assert ask(body) == (200, {"data": {"viewer": {"username": "integrator"}}})


def test_a_byte_order_mark_harms_nothing():
    expected = (200, {"data": {"viewer": {"username": "integrator"}}})

    assert ask(b'\xef\xbb\xbf{"query":"{ viewer { username } }"}') == expected
    assert ask({"query": "\ufeff{ viewer { username } }"}) == expected
