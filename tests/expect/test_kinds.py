"""Expectations are values that say in words what they expect."""

from __future__ import annotations

import pytest

from simulator.errors import UsageError
from simulator.expect import SUCCESS, Answered, Delivered, Queried, Statuses, parse_statuses

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
