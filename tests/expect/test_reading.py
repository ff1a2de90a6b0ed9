"""Expectations written with the keys of a script's expect."""

from __future__ import annotations

import pytest

from simulator.errors import UsageError
from simulator.expect import (
    EXPECTED,
    WITHIN,
    Answered,
    Delivered,
    GivenUp,
    Order,
    Queried,
    Receiver,
    Rest,
    SignedIn,
    Within,
    parse_statuses,
    read_expectation,
    read_group,
    read_within,
)
from simulator.expect.reading import check_path

STATE = "http://localhost:8000/state"
ACCEPT = ("Accept", "application/json")
JSON_SENT = ("Content-Type", "application/json")


@pytest.mark.parametrize(
    ("kind", "given", "wanted"),
    [
        ("answered", {}, Answered()),
        (
            "answered",
            {"event": "e", "of": "A", "type": "t", "status": [200, "4xx"], "in": "1.5s", "target": "u"},
            Answered("e", "A", "t", parse_statuses([200, "4xx"]), 1.5, "thing", "u"),
        ),
        ("queried", {"times": 2.0}, Queried(times=2)),
        (
            "queried",
            {"of": "A", "fields": ["state"], "operation": "Q", "after": {"event": "e"}},
            Queried("A", ("state",), "Q", None, "e", "thing"),
        ),
        ("not_queried", {"of": "A"}, Queried("A", times=0, name="thing")),
        ("rest", {}, Rest()),
        (
            "rest",
            {"method": "post", "path": "/api/v2/users/sign_in.json", "of": "A", "status": 401, "times": 0},
            Rest("POST", "/api/v2/users/sign_in.json", "A", parse_statuses(401), 0, "thing"),
        ),
        ("signed_in", {"user": "A", "times": 1}, SignedIn("A", 1, "thing")),
        ("order", {"events": ["a", "b"], "of": "A", "target": "u"}, Order(("a", "b"), "A", "u", "thing")),
        (
            "delivered",
            {"event": "e", "of": "A", "type": "t", "target": "u", "attempts": 3},
            Delivered("e", "A", "t", "u", 3, "thing"),
        ),
        ("given_up", {"of": "A"}, GivenUp(of="A", name="thing")),
        ("receiver", {"get": STATE}, Receiver(STATE, headers=(ACCEPT,))),
        (
            "receiver",
            {"get": STATE, "headers": {"accept": "*/*", "X-Key": "k"}, "json": None, "path": {"$.a": 1}},
            Receiver(STATE, headers=(("accept", "*/*"), ("X-Key", "k")), json=(None,), paths=(("$.a", 1),)),
        ),
        (
            "receiver",
            {"post": STATE, "body": {"a": 1}, "status": 201},
            Receiver(STATE, "POST", (ACCEPT, JSON_SENT), b'{"a":1}', parse_statuses(201)),
        ),
    ],
    ids=str,
)
def test_each_kind_is_read(kind, given, wanted):
    assert read_expectation(kind, given, name=wanted.name) == wanted


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        ("answered", {"in": "soon"}, "/in: the duration cannot be read"),
        ("answered", {"status": "ok"}, "/status: the status cannot be read"),
        (
            "queried",
            {"times": -1},
            "/times: the number does not fit; expected a whole number from 0 to 1000000, found -1.",
        ),
        ("rest", {"times": 1.5}, "/times: the number does not fit"),
        ("signed_in", {"times": True}, "/times: the number does not fit"),
        ("delivered", {"attempts": 0}, "/attempts: the number does not fit; expected a whole number from 1"),
        ("order", {"events": ["create"]}, "/events: an order has at least two events; found create."),
        ("rest", {"path": "/api/v2/users/signin.json"}, "/path: the vendor has no REST route"),
        (
            "receiver",
            {"post": "localhost:8000"},
            "/post: the URL does not begin with http:// or https://; expected",
        ),
        (
            "receiver",
            {"get": STATE, "path": {"state": 1}},
            "/path/state: the path into the answer cannot be read",
        ),
    ],
    ids=str,
)
def test_what_cannot_be_read_names_its_place(kind, given, message):
    with pytest.raises(UsageError) as raised:
        read_expectation(kind, given)

    assert str(raised.value).startswith(message)


def test_group_is_read_in_the_order_of_judging_and_people_by_what_they_are_called():
    given = {
        "receiver": {"get": STATE},
        "signed_in": {"user": "ana", "times": 1},
        "answered": [{"event": "create"}, {"event": "finished"}],
    }

    assert read_group(given, user=str.upper) == [
        Answered("create"),
        Answered("finished"),
        SignedIn("ANA", 1),
        Receiver(STATE, headers=(ACCEPT,)),
    ]
    assert len(set(EXPECTED)) == 9


def test_problem_in_a_group_names_kind_place_and_key():
    def nobody(text: str) -> str:
        raise UsageError(f"nobody is called {text}")

    for given, place in (
        ({"answered": [{}, {"in": "soon"}]}, "/answered/1/in"),
        ({"rest": {"path": "/x"}}, "/rest/path"),
        ({"signed_in": {"user": "ana"}}, "/signed_in/user"),
    ):
        with pytest.raises(UsageError) as raised:
            read_group(given, user=nobody)
        assert raised.value.place == place


@pytest.mark.parametrize(
    ("path", "status", "known"),
    [
        ("/api/v2/users/sign_in.json", 200, True),
        ("/api/v2/ar_contents/12/work_instruction_sessions", 200, True),
        ("/api/v2/ar_contents/:id/work_instruction_sessions", 200, True),
        ("/api/v3/graphql/object/a/b=", 200, True),
        ("/api/v3/graphql", 200, False),
        ("/api/v1/anything", 200, False),
        ("/api/v1/anything", 404, True),
        ("/api/v1/anything", "4xx", True),
    ],
)
def test_path_is_one_of_the_vendors_or_may_be_answered_404(path, status, known):
    if known:
        check_path(path, parse_statuses(status))
    else:
        with pytest.raises(
            UsageError, match=r"the vendor has no REST route .* With status: 404 any path can be"
        ):
            check_path(path, parse_statuses(status))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, WITHIN),
        ("10s", Within(seconds=10.0)),
        ("PT2M", Within(seconds=120.0)),
        (0.5, Within(seconds=0.5)),
        (3, Within(seconds=3.0)),
        ("3d simulated", Within(simulated=259_200_000)),
    ],
)
def test_how_long_to_wait_is_read(value, expected):
    assert read_within(value) == expected


def test_how_long_to_wait_names_its_place_when_it_is_wrong():
    with pytest.raises(UsageError, match=r"^within: the duration cannot be read"):
        read_within("a while")
