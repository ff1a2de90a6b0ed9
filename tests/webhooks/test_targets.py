"""A target is an address that can be posted to; anything else is refused with what to write instead."""

from __future__ import annotations

import pytest

from simulator.errors import UsageError
from simulator.webhooks.targets import check_url

EXPECTED = "expected an address such as http://127.0.0.1:8000/hooks"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/hooks/scopear",
        "https://yourapplication.com/hooks/scopear",
        "http://localhost",
        "HTTP://Localhost:9/",
        "http://[::1]:9000/hooks?token=a%20b&x=/@",
        "http://m%C3%BCller.example/",
        "http://müller.example/größe",
    ],
)
def test_address_that_can_be_posted_to_is_kept_as_it_is(url):
    assert check_url(url) == url


@pytest.mark.parametrize(
    ("url", "message"),
    [
        pytest.param(
            "",
            f"the URL does not begin with http:// or https://; {EXPECTED}, found ''.",
            id="empty",
        ),
        pytest.param(
            "/hooks",
            f"the URL does not begin with http:// or https://; {EXPECTED}, found '/hooks'.",
            id="path alone",
        ),
        pytest.param(
            "localhost:8000/hooks",
            f"the URL does not begin with http:// or https://; {EXPECTED}, found 'localhost:8000/hooks'. "
            "Did you mean http://localhost:8000/hooks?",
            id="no scheme",
        ),
        pytest.param(
            "htp://localhost/",
            f"only http and https can be posted to; {EXPECTED}, found 'htp://localhost/'. Did you mean http://?",
            id="misspelt scheme",
        ),
        pytest.param(
            "ftp://localhost/",
            f"only http and https can be posted to; {EXPECTED}, found 'ftp://localhost/'",
            id="ftp",
        ),
        pytest.param(
            "http:///hooks", f"the URL names no host; {EXPECTED}, found 'http:///hooks'.", id="no host"
        ),
        pytest.param(
            "http://localhost:0/",
            f"nothing can be reached at port 0; {EXPECTED}, found 'http://localhost:0/'.",
            id="port 0",
        ),
        pytest.param(
            "http://localhost:99999/",
            f"the URL cannot be read: port out of range 0-65535; {EXPECTED}, found 'http://localhost:99999/'.",
            id="port too large",
        ),
        pytest.param(
            "http://localhost:80a/",
            f"the URL cannot be read: port could not be cast to integer value as '80a'; {EXPECTED}, ",
            id="port no number",
        ),
        pytest.param(
            "http://[::1/", f"the URL cannot be read: invalid ipv6 url; {EXPECTED}, ", id="open bracket"
        ),
        pytest.param(
            "http://localhost/#top",
            f"the URL has a fragment, which is never sent; {EXPECTED}, found 'http://localhost/#top'. "
            "Leave out the # and what follows it.",
            id="fragment",
        ),
        pytest.param(
            "http://localhost/a b",
            f"a URL cannot hold the character ' '; {EXPECTED}, found 'http://localhost/a b'.",
            id="space",
        ),
        pytest.param(
            "http://localhost/\r\nX: y", "a URL cannot hold the character '\\r'; ", id="header injection"
        ),
    ],
)
def test_anything_else_is_refused_with_what_is_wrong(url, message):
    with pytest.raises(UsageError) as caught:
        check_url(url)

    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("url", ["http://ana:secret@localhost/", "http://token-secret@localhost/"])
def test_credentials_are_refused_without_being_repeated(url):
    with pytest.raises(UsageError) as caught:
        check_url(url)

    assert str(caught.value) == f"the URL holds credentials; {EXPECTED}. Leave them out."
