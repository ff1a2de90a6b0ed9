"""What work may ask of whoever drives it."""

from __future__ import annotations

import pytest

from simulator.effects import Probe, Wait
from simulator.errors import UsageError


def test_probe_has_no_outcome_before_somebody_made_it():
    probe = Probe("GET", "http://127.0.0.1:8000/work-orders", timeout=2)

    assert (probe.method, probe.url, probe.headers, probe.body, probe.timeout, probe.outcome) == (
        "GET",
        "http://127.0.0.1:8000/work-orders",
        (),
        b"",
        2,
        None,
    )


@pytest.mark.parametrize(
    ("method", "url", "text"),
    [
        pytest.param(
            "HEAD",
            "http://127.0.0.1",
            "the receiver is asked by no such method; expected GET or POST, found HEAD.",
            id="method",
        ),
        pytest.param(
            "GET",
            "file:///etc/hosts",
            "the receiver cannot be asked there; expected a URL that begins with http:// or https://, "
            "found 'file:///etc/hosts'.",
            id="scheme",
        ),
    ],
)
def test_probe_that_nobody_could_make_is_refused(method, url, text):
    with pytest.raises(UsageError) as raised:
        Probe(method, url)

    assert str(raised.value) == text


def test_a_wait_ends_by_what_it_waits_for_alone_unless_told():
    def ready(idle: float) -> bool:
        return idle > 1

    assert Wait(ready) == Wait(ready=ready, until=None, timeout=None, quiet=None)
