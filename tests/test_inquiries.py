"""What a request to the GraphQL endpoint asks."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from simulator.errors import PlatformError
from simulator.graphql.question import Question
from simulator.inquiries import Inquiry, read_inquiry
from simulator.wire import Request


def posted(body: object, query: Mapping[str, str] | None = None) -> Request:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Request("POST", "/", query or {}, {"content-type": "application/json"}, raw)


def got(**query: str) -> Request:
    return Request("GET", "/", query)


@pytest.mark.parametrize(
    ("request_", "inquiry"),
    [
        (posted({"query": "{ a }"}), Inquiry(Question("{ a }"), ())),
        (
            posted({"query": "{ a }", "variables": {"n": 1}, "operationName": "A", "permalink": "ours"}),
            Inquiry(Question("{ a }", {"n": 1}, "A"), ("ours",)),
        ),
        (
            posted({"query": "{ a }", "permalink": "ours"}, {"permalink": "theirs"}),
            Inquiry(Question("{ a }"), ("theirs", "ours")),
        ),
        (
            posted({"query": "{ a }", "variables": None, "operationName": "", "permalink": None}),
            Inquiry(Question("{ a }"), ()),
        ),
        (
            got(query="{ a }", variables='{"n": 1}', permalink="ours"),
            Inquiry(Question("{ a }", {"n": 1}), ("ours",)),
        ),
        (got(), None),
        (got(permalink="ours"), None),
    ],
)
def test_a_request_asks(request_, inquiry):
    assert read_inquiry(request_, 1000) == inquiry


def test_the_same_bytes_are_read_once_unless_they_are_long():
    short, long = posted({"query": "{ a }"}), posted({"query": "{ a }" + " " * 5000})

    first, second = read_inquiry(short, 10_000), read_inquiry(posted(short.body + b""), 10_000)
    others = [read_inquiry(long, 10_000) for _ in range(2)]

    assert first is second
    assert others[0] is not others[1]
    assert others[0] == others[1]


def test_what_is_refused_once_is_refused_again():
    for _ in range(2):
        with pytest.raises(PlatformError, match="The query must be a string"):
            read_inquiry(posted({"query": 1}), 1000)
