"""What a payload says and what the API answers, read for comparison."""

from __future__ import annotations

import json

import pytest

from simulator.audit.reading import Said, bodies, node_in, object_in, said, short
from simulator.wire import Answer, Attempt

ATTEMPT = Attempt(1, 1, "http://x/", (), b"", 1.0)
TOPIC = Attempt(1, 1, "http://x/", (("X-Scope-Topic", "scenario_session/completed"),), b"", 1.0)


@pytest.mark.parametrize(
    ("body", "attempt", "expected"),
    [
        (
            {"event": "paused", "data": {"resource-id": "A", "resource-url": "u", "resource-type": "Call"}},
            ATTEMPT,
            Said("A", "Call", "u", "paused"),
        ),
        ({"data": {"id": "A", "url": "u"}}, TOPIC, Said("A", "ScenarioSession", "u", "completed")),
        ([], ATTEMPT, Said(None, "null", None, "null")),
        ({"data": 7}, TOPIC, Said(None, "ScenarioSession", None, "completed")),
    ],
)
def test_body_is_read_whatever_stands_in_it(body, attempt, expected):
    assert said(body, attempt) == expected


def test_object_is_found_in_either_answer():
    assert node_in(Answer(200, b'{"data":{"node":{"id":"A"}}}')) == {"id": "A"}
    assert node_in(Answer(200, b'{"data":{"node":null}}')) is None
    assert node_in(Answer(200, b'{"errors":[]}')) == 'with status 200: {"errors":[]}'
    assert object_in(Answer(200, b'{"id":"A"}')) == {"id": "A"}
    assert object_in(Answer(404, b'{"error":"none"}')) is None
    assert object_in(Answer(503, b'{"error":"no"}')) == 'with status 503: {"error":"no"}'


@pytest.mark.parametrize(
    ("told", "answered", "expected"),
    [
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2}]}, []),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, [("a[1].b 2", "a[1].b 3")]),
        ({"a": [1]}, {"a": [1, 2]}, [("a [1]", "a [1,2]")]),
        ({"a": 1}, {}, [("a 1", "a nothing")]),
        (1, 2, [("1", "2")]),
    ],
)
def test_first_difference_of_two_bodies_is_told(told, answered, expected):
    assert bodies(told, Answer(200, json.dumps(answered).encode())) == expected


def test_long_values_are_cut():
    assert short("x" * 300) == "x" * 200 + "..."
    assert short({"a": None}) == '{"a":null}'
