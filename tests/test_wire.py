"""JSON that comes in can always go out again, and an attempt can be repeated from a shell."""

from __future__ import annotations

import base64
import json
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.wire import Answer, Attempt, curl_line, curl_request, dump, json_answer, load, show_body

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def attempt(body: bytes, *, url: str = "http://127.0.0.1:9000/hooks", headers=()) -> Attempt:
    return Attempt(delivery=1, number=1, url=url, headers=headers, body=body, timeout=10.0)


def test_dump_is_compact_utf8_in_the_order_given():
    assert dump({"b": [1, 2.5], "a": "Müller"}) == '{"b":[1,2.5],"a":"Müller"}'.encode()


def test_half_a_surrogate_pair_is_written_as_an_escape():
    assert dump({"x": "\ud800", "y": "ü"}) == b'{"x":"\\ud800","y":"\\u00fc"}'


def test_json_answer_has_a_status_and_the_usual_content_type():
    assert json_answer({"a": 1}) == Answer(200, b'{"a":1}', "application/json; charset=utf-8", ())
    assert json_answer([], 201).status == 201


@given(JSON)
def test_what_is_loaded_can_be_dumped_unchanged(value):
    assert load(dump(value)) == value


def test_escaped_half_surrogates_come_back_unchanged():
    assert dump(load(b'{"x":"\\ud800"}')) == b'{"x":"\\ud800"}'


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        pytest.param(b"", "it is not JSON: Expecting value (line 1, column 1)", id="empty"),
        pytest.param(b'{"a": 1,\n}', "it is not JSON: ", id="trailing comma"),
        pytest.param(b'"\xff"', "it is not JSON: the bytes are not UTF-8", id="Latin-1"),
        pytest.param(b"[NaN]", "it is not JSON: NaN is no JSON value", id="NaN"),
        pytest.param(b"-Infinity", "it is not JSON: -Infinity is no JSON value", id="infinity by name"),
        pytest.param(b"[1e999]", "it holds the number 1e999, which is too large", id="infinity by size"),
        pytest.param(b"1" * 5000, "it holds a number of too many digits", id="endless integer"),
        pytest.param(b"[" * 201 + b"]" * 201, "it is nested deeper than 200 levels", id="deep"),
        pytest.param(
            b'{"a":' * 201 + b"1" + b"}" * 201, "it is nested deeper than 200 levels", id="deep objects"
        ),
        pytest.param(
            b"[" * 100_000, "it is nested deeper than 200 levels", id="deep enough to crash a parser"
        ),
    ],
)
def test_what_could_not_be_written_again_is_refused_in_plain_words(body, problem):
    with pytest.raises(ValueError, match=r"^it (is|holds) ") as caught:
        load(body)

    assert str(caught.value).startswith(problem)


@pytest.mark.parametrize("depth", [1, 200])
def test_nesting_up_to_the_limit_is_read(depth):
    assert dump(load(b"[" * depth + b"]" * depth)) == b"[" * depth + b"]" * depth


def test_many_brackets_side_by_side_are_not_deep():
    value = [[{"a": []}] for _ in range(300)]

    assert load(dump(value)) == value


def test_curl_line_names_headers_body_and_address():
    line = curl_line(
        attempt(
            b'{"event":"finished"}',
            headers=(("Content-Type", "application/json"), ("Content-Length", "20"), ("Host", "127.0.0.1")),
        )
    )

    assert line == (
        "curl -H 'Content-Type: application/json' --data-raw '{\"event\":\"finished\"}' http://127.0.0.1:9000/hooks"
    )


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text_body_survives_the_shell(text):
    words = shlex.split(curl_line(attempt(text.encode())))

    assert words == ["curl", "--data-raw", text, "http://127.0.0.1:9000/hooks"]


@pytest.mark.parametrize("body", [b'{"event":"\xff"}', b'{"a\0b"}'], ids=["no UTF-8", "NUL"])
def test_body_that_no_command_line_can_hold_goes_through_a_pipe(body):
    echo, decode, curl = (shlex.split(part) for part in curl_line(attempt(body)).split(" | "))

    assert (echo[0], base64.b64decode(echo[1]), decode) == ("echo", body, ["base64", "-d"])
    assert curl == ["curl", "--data-binary", "@-", "http://127.0.0.1:9000/hooks"]


@pytest.mark.parametrize(
    ("body", "shown"),
    [(b"", {"body": ""}), ("ü".encode(), {"body": "ü"}), (b"\xff\0", {"body_base64": "/wA="})],
)
def test_body_is_shown_as_text_where_it_is_text(body, shown):
    assert show_body(body) == shown


def test_brackets_in_the_address_are_taken_literally():
    assert curl_line(attempt(json.dumps({}).encode(), url="http://[::1]:9000/a{b}")) == (
        "curl --globoff --data-raw '{}' 'http://[::1]:9000/a{b}'"
    )


def test_curl_line_of_a_question_names_what_asks_it():
    assert curl_request("GET", "http://localhost/a", (("Accept", "application/json"),), b"ignored") == (
        "curl -H 'Accept: application/json' http://localhost/a"
    )
    assert curl_request("POST", "http://localhost/a") == "curl --data-raw '' http://localhost/a"
