"""What arrives at a listener is judged by the contracts of webhooks and told as it came."""

from __future__ import annotations

import pytest

from simulator.report.arrivals import Arrival, Arrivals, Judged, PassedOn, arrival_lines, judge, show_arrival
from simulator.webhooks.signing import HEADER, signature
from simulator.wire import dump
from tests.expect.story import NOW
from tests.report.test_topics import HEADING, UUID

ID = "OiSSdfK1Su4gwG4zAi2InavDB9eRE9aOnGHYRMG5dqY="
HOOK = {
    "time": "2020-10-20T18:06:02Z",
    "event": "paused",
    "type": "resource",
    "data": {
        "resource-id": ID,
        "resource-url": f"http://127.0.0.1:7267/api/v3/graphql/object/{ID}",
        "resource-type": "ScenarioSession",
    },
}
IOT = {"time": "2020-10-20T18:06:02Z", "event": "connected", "type": "iot", "data": {}}
JSON_TYPE = (("Content-Type", "application/json"),)


def arrived(
    body: object = HOOK, *, method: str = "POST", headers=JSON_TYPE, fault: str | None = None
) -> Arrival:
    raw = body if isinstance(body, bytes) else dump(body)
    return Arrival(1, NOW, method, "/hooks?a=%2F", headers, raw, fault)


def without(key: str) -> dict:
    return {name: value for name, value in HOOK.items() if name != key}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(HOOK, Judged("paused ScenarioSession", ID, "webhook/resource", ()), id="resource"),
        pytest.param(IOT, Judged("connected iot", "", "webhook/non_resource", ()), id="no resource"),
        pytest.param(
            HOOK | {"event": "pause"},
            Judged(
                "pause ScenarioSession",
                ID,
                "webhook/resource",
                (
                    "/event: the value is not known here; expected one of create, created, update, updated, paused, "
                    'resumed, finished, found "pause". Did you mean paused?',
                ),
            ),
            id="unknown word",
        ),
        pytest.param(
            HOOK | {"type": "resorce", "extra": 1},
            Judged(
                "paused ScenarioSession",
                ID,
                "webhook/resource",
                (
                    "/extra: unknown key 'extra'; expected one of time, event, type, data.",
                    '/type: the value is not known here; expected resource, found "resorce". Did you mean resource?',
                ),
            ),
            id="mistyped type of what is about a resource",
        ),
        pytest.param(
            {"event": 1, "data": []},
            Judged(
                "",
                "",
                "webhook/envelope",
                (
                    "/time: the key 'time' is missing.",
                    "/type: the key 'type' is missing.",
                    "/event: the value is of the wrong kind; expected text, found 1.",
                    "/data: the value is of the wrong kind; expected an object, found a list.",
                ),
            ),
            id="no webhook",
        ),
        pytest.param(
            [],
            Judged(
                "",
                "",
                "webhook/envelope",
                ("the value is of the wrong kind; expected an object, found a list.",),
            ),
            id="no object",
        ),
        pytest.param(
            b"{",
            Judged(
                "",
                "",
                None,
                (
                    "the body cannot be read: it is not JSON: Expecting property name enclosed in double quotes "
                    "(line 1, column 2)",
                ),
            ),
            id="no JSON",
        ),
        pytest.param(b"", Judged("", "", None, ("there is no body",)), id="no body"),
    ],
)
def test_body_is_held_against_the_contract_that_it_should_keep(body, expected):
    judged = judge(arrived(body))

    assert (judged.event, judged.id, judged.contract) == (expected.event, expected.id, expected.contract)
    assert sorted(judged.problems) == sorted(expected.problems)


@pytest.mark.parametrize(
    ("arrival", "problems"),
    [
        pytest.param(
            arrived(method="GET", body=b""), ("a webhook is a POST, this is a GET", "there is no body")
        ),
        pytest.param(arrived(headers=()), ("the Content-Type is missing; expected application/json",)),
        pytest.param(
            arrived(headers=(("content-type", "text/plain"),)),
            ("the Content-Type is text/plain; expected application/json",),
        ),
        pytest.param(arrived(headers=(("CONTENT-TYPE", "Application/JSON; charset=utf-8"),)), ()),
        pytest.param(
            arrived(headers=(*JSON_TYPE, ("Content-Encoding", "gzip")), body=b"\x1f\x8b"),
            ("the body is encoded as gzip, so it was not looked into",),
        ),
        pytest.param(arrived(fault="the body breaks off", body=b"{"), ("the body breaks off",)),
    ],
)
def test_what_is_wrong_around_the_body_is_told(arrival, problems):
    assert judge(arrival).problems == problems


def lines(arrival: Arrival, status: int = 200, passed_on: PassedOn | None = None, **more) -> list[str]:
    return arrival_lines(arrival, judge(arrival), status, passed_on, **more)


def test_arrival_is_told_with_its_body_as_it_came():
    assert lines(arrived(b'{"a": "\\u00fc",\n "b":1}')) == [
        "2021-03-01T08:00:00Z  POST /hooks?a=%2F, 6 problems, answered 200",
        r'  {"a": "\u00fc",\n "b":1}',
        *(f"  wrong: {problem}" for problem in judge(arrived({"a": "", "b": 1})).problems),
    ]


def test_good_one_names_its_contract():
    assert lines(arrived())[0] == (
        "2021-03-01T08:00:00Z  POST /hooks?a=%2F, paused ScenarioSession OiSSdfK1Su4g..., keeps webhook/resource, "
        "answered 200"
    )
    assert lines(arrived(IOT), 500)[0].endswith(
        "  POST /hooks?a=%2F, connected iot, keeps webhook/non_resource, answered 500"
    )


def test_headers_are_told_when_asked_for():
    assert lines(arrived(headers=(*JSON_TYPE, ("X-Evil", "\x1b[2J"))), verbose=True)[1:3] == [
        "  Content-Type: application/json",
        r"  X-Evil: \x1b[2J",
    ]


def test_large_body_is_cut_for_people():
    told = lines(arrived(b"x" * 5000))

    assert told[1] == f"  {'x' * 4000}... (5000 bytes in all)"


def test_body_that_is_no_text_is_told_without_breaking_anything():
    assert lines(arrived(b"\xff\x00", headers=JSON_TYPE))[1] == "  \N{REPLACEMENT CHARACTER}\\x00"


PASSED = PassedOn("http://h/", 201, None, (("X-A", "1"),), b"thanks", 0.0042)


def test_what_came_back_from_elsewhere_is_told_too():
    assert lines(arrived(), 201, PASSED)[2:] == [
        "  passed on to http://h/: answered 201 (4 ms)",
        "    thanks",
    ]
    assert lines(arrived(), 201, PASSED, verbose=True)[3:] == [
        "  passed on to http://h/: answered 201 (4 ms)",
        "    X-A: 1",
        "    thanks",
    ]
    assert lines(arrived(), 502, PassedOn("http://h/", None, "connection refused"))[2:] == [
        "  passed on to http://h/: no answer, connection refused (0 ms)"
    ]


def test_programs_get_all_of_it():
    arrival = arrived(b"\xff")

    assert show_arrival(arrival, judge(arrival), 201, PASSED) == {
        "kind": "arrival",
        "number": 1,
        "at": "2021-03-01T08:00:00.000Z",
        "method": "POST",
        "target": "/hooks?a=%2F",
        "headers": [["Content-Type", "application/json"]],
        "body_base64": "/w==",
        "event": "",
        "id": "",
        "webhook_id": "",
        "signature": None,
        "contract": None,
        "problems": ["the body cannot be read: it is not JSON: the bytes are not UTF-8"],
        "status": 201,
        "passed_on": {
            "url": "http://h/",
            "status": 201,
            "error": None,
            "took": 0.0042,
            "headers": [["X-A", "1"]],
            "body": "thanks",
        },
    }
    shown = show_arrival(arrived(), judge(arrived()), 200, None)
    assert (shown["body"], shown["contract"], shown["passed_on"]) == (
        dump(HOOK).decode(),
        "webhook/resource",
        None,
    )


NODE = {"data": {"id": ID, "url": f"http://h/api/v3/graphql/object/{ID}"}}
SELECTED = {"data": {"node": {"id": ID, "state": "FINISHED"}}}


def second(body: object = NODE, *, secret: str | None = None, fault: str | None = None) -> Arrival:
    raw = dump(body)
    signed = () if secret is None else ((HEADER, signature(raw, secret)),)
    return arrived(raw, headers=(*JSON_TYPE, *HEADING, *signed), fault=fault)


@pytest.mark.parametrize(
    ("arrival", "secrets", "line"),
    [
        (second(), [], f"scenario_session/completed {ID[:12]}..., webhook {UUID}, keeps webhook/node"),
        (second(SELECTED), [], f"scenario_session/completed {ID[:12]}..., webhook {UUID}, keeps webhook/stored_query"),
        (
            second({"data": None, "errors": [{"message": "no"}]}, secret="a"),
            ["a"],
            f"scenario_session/completed, webhook {UUID}, keeps webhook/stored_query, signature right",
        ),
        (
            second(secret="b"),
            ["a"],
            f"scenario_session/completed {ID[:12]}..., webhook {UUID}, 1 problem, signature wrong",
        ),
        (second(fault="the body breaks off"), ["a"], f"scenario_session/completed, webhook {UUID}, 1 problem"),
        (arrived(), ["a"], f"paused ScenarioSession {ID[:12]}..., keeps webhook/resource, not signed"),
    ],
)  # fmt: skip
def test_headers_of_the_second_generation_are_told(arrival, secrets, line):
    judged = judge(arrival, secrets)

    assert arrival_lines(arrival, judged, 200, None)[0] == (
        f"2021-03-01T08:00:00Z  POST /hooks?a=%2F, {line}, answered 200"
    )
    assert (judged.webhook_id, judged.event) == (
        (UUID, "scenario_session/completed") if arrival.headers[1:] else ("", "paused ScenarioSession")
    )


def test_programs_are_told_of_topic_webhook_and_signature():
    arrival = second(secret="a")
    shown = show_arrival(arrival, judge(arrival, ["a"]), 200, None)

    assert [shown[key] for key in ("event", "id", "webhook_id", "signature", "contract", "problems")] == [
        *("scenario_session/completed", ID, UUID, "right", "webhook/node", []),
    ]


def test_arrivals_are_counted_by_event():
    arrivals = Arrivals()
    nothing = (arrivals.line, arrivals.shown)
    for body in (HOOK, IOT, HOOK, b""):
        arrivals.add(judge(arrived(body)))

    assert nothing == ("no requests arrived", {"kind": "summary", "events": {}, "with_problems": 0})
    assert arrivals.line == "4 requests arrived: 2 paused ScenarioSession, 1 connected iot, 1 with problems"
    assert arrivals.shown == {
        "kind": "summary",
        "events": {"paused ScenarioSession": 2, "connected iot": 1},
        "with_problems": 1,
    }
