"""An address that can be posted to is told from one that cannot, and this machine from others, by the text alone."""

from __future__ import annotations

import pytest

from simulator.addresses import check_own_url, check_url, is_loopback
from simulator.errors import UsageError

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
        pytest.param(
            "http://localhost/\ud83d", "a URL cannot hold the character '\\ud83d'; ", id="half a character"
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


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("localhost", True),
        ("scope.localhost", True),
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("example.com", False),
        ("127.0.0.1.example.com", False),
        ("", False),
    ],
)
def test_loopback_is_told_by_name_or_address(host, own):
    assert is_loopback(host) is own


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/hooks?x=1", "https://localhost/", "http://[::1]:9/", "http://LOCALHOST:1"]
)
def test_target_on_this_machine_is_taken_as_it_is(url):
    assert check_own_url(url) == url


def test_target_elsewhere_names_the_rule_and_the_remedy():
    with pytest.raises(UsageError) as raised:
        check_own_url("http://10.0.0.1/hooks")

    assert str(raised.value) == (
        "a target that was not named at the start must be on this machine; expected a loopback host such as "
        "127.0.0.1 or localhost, found '10.0.0.1'. Whoever starts the simulator may name any target with --target, or "
        "allow the host with --allow-target."
    )


@pytest.mark.parametrize("url", ["http://10.0.0.1/hooks", "http://Receiver.:8000/"])
def test_target_on_a_host_that_is_allowed_is_taken(url):
    assert check_own_url(url, allowed=("10.0.0.1", "receiver")) == url
    with pytest.raises(UsageError, match="must be on this machine"):
        check_own_url(url, allowed=("10.0.0.2", "receiver.example"))


def test_what_is_no_url_is_refused_as_such():
    with pytest.raises(UsageError, match="http"):
        check_own_url("localhost:8000")
