"""Bodies are read within their bound, as what their sender calls them."""

from __future__ import annotations

import pytest

from simulator.bodies import FORM, content_type, json_body, read_form, read_json
from simulator.errors import PlatformError
from simulator.wire import Request


def sent(body: bytes, kind: str | None) -> Request:
    return Request("POST", "/", headers={} if kind is None else {"content-type": kind}, body=body)


@pytest.mark.parametrize(
    ("kind", "read"),
    [("Application/JSON; charset=utf-8", "application/json"), (" text/plain ", "text/plain"), (None, "")],
)
def test_a_media_type_is_read_without_its_parameters(kind, read):
    assert content_type(sent(b"", kind)) == read


def test_json_and_its_bytes():
    request = sent(b'{"a": [1]}', "application/json")

    assert read_json(request, 10) == {"a": [1]}
    assert json_body(request, 10) == b'{"a": [1]}'


@pytest.mark.parametrize(
    ("body", "kind", "status", "message"),
    [
        (b"{}", "text/plain", 415, "Send the body as application/json, not text/plain."),
        (b"{}", None, 415, "Send the body as application/json, not without a content type."),
        (
            b"[1,2,3,4,5]",
            "application/json",
            413,
            "The body has more than 10 bytes; the setting max_body moves this limit.",
        ),
        (b"{", "application/json", 400, "The body cannot be read: it is not JSON: "),
    ],
)
def test_json_that_cannot_be_read_says_why(body, kind, status, message):
    with pytest.raises(PlatformError) as refused:
        read_json(sent(body, kind), 10)

    assert refused.value.status == status
    assert refused.value.message.startswith(message)


def test_a_form_has_one_level_of_brackets():
    request = sent(b"user%5Busername%5D=a&user%5Bpassword%5D=b&x=&user=late", FORM)

    assert read_form(request, 100) == {"user": "late", "x": ""}
    assert read_form(sent(b"user%5Bname%5D=a&user%5Bage%5D=b", FORM), 100) == {
        "user": {"name": "a", "age": "b"}
    }
    assert read_form(sent(b"user=a&user%5Bname%5D=b", FORM), 100) == {"user": "a"}


@pytest.mark.parametrize(
    ("body", "status"), [(b"\xff", 400), (b"&".join([b"a=b"] * 101), 400), (b"a" * 1001, 413)]
)
def test_a_form_that_cannot_be_read_is_refused(body, status):
    with pytest.raises(PlatformError) as refused:
        read_form(sent(body, FORM), 1000)

    assert refused.value.status == status
