"""What counts as this machine, by the text alone."""

from __future__ import annotations

import pytest

from simulator.control import check_own_url, is_loopback
from simulator.errors import UsageError


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
        "a target that arrives over the control API must be on this machine; expected a loopback host such as "
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
