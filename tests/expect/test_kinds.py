"""Expectations are values that say in words what they expect."""

from __future__ import annotations

import pytest

from simulator.errors import UsageError
from simulator.expect import (
    SUCCESS,
    Answered,
    Delivered,
    Order,
    Queried,
    Receiver,
    Rest,
    SignedIn,
    Statuses,
    parse_statuses,
)
from simulator.expect.kinds import brief

LONG = "6_kJ_XUGDxMDu1HvqJ4DZ6s7gGb0YTW8m3h5KpQzRVXaaaaaaaaaaaaaaaaaaaaa"


@pytest.mark.parametrize(
    ("value", "text", "inside", "outside"),
    [
        pytest.param(200, "200", [200], [199, 201], id="number"),
        pytest.param("204", "204", [204], [200], id="number as text"),
        pytest.param("2xx", "2xx", [200, 299], [199, 300], id="class"),
        pytest.param(" 5XX ", "5xx", [500, 503], [499, 600], id="class in capitals"),
        pytest.param([200, "204", "4xx"], "200 or 204 or 4xx", [200, 204, 404], [201, 500], id="list"),
        pytest.param("[200, 204]", "200 or 204", [200, 204], [202], id="text of a list"),
        pytest.param("200,204", "200 or 204", [200, 204], [202], id="without brackets"),
    ],
)
def test_status_pattern_is_read(value, text, inside, outside):
    statuses = parse_statuses(value)

    assert statuses.text == text
    assert [status in statuses for status in inside + outside] == [True] * len(inside) + [False] * len(
        outside
    )


@pytest.mark.parametrize(
    "value",
    [
        "",
        [],
        "ok",
        "2x",
        "20x",
        "x00",
        99,
        600,
        "6xx",
        True,
        None,
        200.5,
        "200 204",
        "[200",
        ["2xx", "?"],
        {"a": 1},
    ],
    ids=repr,
)
def test_what_is_no_status_pattern_is_refused(value):
    with pytest.raises(UsageError) as caught:
        parse_statuses(value)

    assert str(caught.value) == (
        "the status cannot be read; expected one such as 200, a class such as 2xx, or a list such as [200, 204], "
        f"found {value!r}."
    )


def test_success_is_what_delivers_a_webhook():
    assert parse_statuses("2xx") == SUCCESS == Statuses("2xx", (range(200, 300),))


@pytest.mark.parametrize(
    ("expectation", "text"),
    [
        (Answered(), "any webhook answered 2xx"),
        (Answered("finished", of="A", name="session"), "finished about session answered 2xx"),
        (
            Answered("finished", of=LONG, status=parse_statuses([200, 204]), took=3.0),
            "finished about 6_kJ_XUGDxMD... answered 200 or 204 within 3 s",
        ),
        (Answered("connected", type="iot", took=0.25), "connected of type iot answered 2xx within 0.25 s"),
        (Answered("paused", target="http://a/h", took=3), "paused answered 2xx by http://a/h within 3 s"),
        (Queried(), "a request"),
        (Queried(of="A", name="session"), "a request about session"),
        (
            Queried(of="A", fields=("state", "duration"), operation="Close", times=2, after="finished"),
            "exactly 2 requests about A using state, duration in operation Close after finished began",
        ),
        (Queried(of="A", times=1), "exactly 1 request about A"),
        (Queried(of="A", times=0), "no requests about A"),
    ],
    ids=str,
)
def test_expectation_says_in_words_what_it_expects(expectation, text):
    assert str(expectation) == text


def test_nothing_arrives_by_no_attempt():
    with pytest.raises(UsageError, match="attempts: nothing is delivered by less than 1 attempt; found 0"):
        Delivered(attempts=0)


def test_negative_number_of_times_is_refused():
    with pytest.raises(UsageError, match=r"^times: nothing happens less than 0 times; found -1\.$"):
        Queried(times=-1)


def test_negative_duration_is_refused():
    with pytest.raises(UsageError, match=r"^in: no answer takes less than no time; found -3 s\.$"):
        Answered(took=-3.0)


@pytest.mark.parametrize(
    ("expectation", "text"),
    [
        (Rest(), "a REST request answered 2xx"),
        (Rest(times=0, status=parse_statuses(404)), "no REST requests answered 404"),
        (
            Rest("POST", "/a/:id", of="A", times=2, name="release"),
            "exactly 2 POST /a/:id requests about release answered 2xx",
        ),
        (SignedIn(), "a sign-in"),
        (SignedIn(of="A", times=1, name="ana"), "exactly 1 sign-in of ana"),
        (SignedIn(of=LONG, times=0), "no sign-ins of 6_kJ_XUGDxMD..."),
        (Order(("create", "paused")), "create, paused arrived in this order"),
        (
            Order(("create", "paused"), "A", "http://a", "session"),
            "create, paused about session arrived at http://a in this order",
        ),
        (Receiver("http://a"), "GET http://a answers 2xx"),
        (
            Receiver("http://a", "POST", json=(None,), paths=(("$.a", 1), ("$.b", [2]))),
            "POST http://a answers 2xx and holds null and has $.a = 1 and has $.b = [2]",
        ),
    ],
)
def test_what_is_expected_of_requests_order_and_state_is_said_in_words(expectation, text):
    assert str(expectation) == text


def test_long_values_are_cut():
    assert brief("x" * 200) == '"' + "x" * 119 + "..."


@pytest.mark.parametrize("kind", [Queried, Rest, SignedIn])
def test_nothing_happens_less_often_than_never(kind):
    with pytest.raises(UsageError, match="nothing happens less than 0 times; found -1"):
        kind(times=-1)
