"""In which media type an answer goes out, and with which status."""

from __future__ import annotations

import pytest

from simulator.media import GRAPHQL_RESPONSE, graphql_answer, graphql_refusal
from simulator.wire import Answer

NEWER = "application/graphql-response+json"
REFUSED = b'{"data":null,"errors":[]}'


@pytest.mark.parametrize(
    ("accept", "newer"),
    [
        (None, False),
        ("", False),
        ("*/*", False),
        ("application/*", False),
        ("text/html, */*;q=0.8", False),
        ("application/json", False),
        (NEWER, True),
        (f"{NEWER}; charset=utf-8", True),
        (NEWER.upper(), True),
        (f"{NEWER}, application/json", True),
        (f"{NEWER};q=0.5, */*", True),
        (f"{NEWER};q=0.5, application/json", False),
        (f"application/json;q=0.5, {NEWER} ; q = 0.6", True),
        (f"{NEWER};q=0", False),
        (f"{NEWER};q=much", False),
    ],
)
def test_the_newer_media_type_is_given_to_whoever_asks_for_it_by_name(accept, newer):
    given = graphql_answer(accept, REFUSED, executed=False)

    expected = Answer(400, b'{"errors":[]}', GRAPHQL_RESPONSE) if newer else Answer(200, REFUSED)
    assert given == expected


def test_what_was_executed_is_answered_with_200_and_its_data_in_both():
    body = b'{"data":null,"errors":[{"message":"m","locations":[],"path":["node"]}]}'

    assert graphql_answer(NEWER, body, executed=True) == Answer(200, body, GRAPHQL_RESPONSE)
    assert graphql_answer(None, body, executed=True) == Answer(200, body)


def test_a_refusal_keeps_its_status_and_headers_in_both():
    body, headers = b'{"errors":[{"message":"no"}]}', (("Allow", "POST"),)

    assert graphql_refusal(NEWER, 405, "no", headers) == Answer(405, body, GRAPHQL_RESPONSE, headers)
    assert graphql_refusal(None, 413, "no") == Answer(413, body)
