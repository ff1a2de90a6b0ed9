"""The receiver begins anew before a run, or nothing is played."""

from __future__ import annotations

import pytest

from simulator.effects import Probe
from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.script import rehearse
from simulator.script.player import play
from simulator.script.prepare import load
from simulator.script.resetting import RESET_TIMEOUT
from simulator.settings import resolve
from simulator.wire import Outcome
from tests.driving import drive

SCRIPT = """\
title: t
vars: {app: "http://127.0.0.1:8000"}
receiver: {reset: "${app}/reset"}
steps: [{create: Call, as: call}, {expect: {answered: {of: call}}}]
"""


def platform_for(script, **flags) -> Platform:
    settings = resolve(flags=flags, script=script.settings()).settings
    return Platform(settings, base_url="http://scope", targets=["http://127.0.0.1:9/"])


def test_the_receiver_is_reset_before_the_first_step():
    script = load(SCRIPT)
    platform = platform_for(script)
    asked = []

    def probed(probe: Probe) -> Outcome:
        asked.append((probe.method, probe.url, probe.timeout, platform.journal.last))
        return Outcome(204)

    report = drive(platform, play(platform, script), probed=probed)

    assert report.ok
    assert asked == [("POST", "http://127.0.0.1:8000/reset", RESET_TIMEOUT, 0)]


@pytest.mark.parametrize(
    ("outcome", "found"),
    [
        (Outcome(503), "503"),
        (Outcome(302), "302"),
        (Outcome(None, "connection refused"), "connection refused"),
    ],
)
def test_nothing_is_played_to_a_receiver_that_was_not_reset(outcome, found):
    script = load(SCRIPT, name="a.yaml")
    platform = platform_for(script)

    with pytest.raises(UsageError) as caught:
        drive(platform, play(platform, script), probed=lambda _: outcome)

    assert str(caught.value) == (
        "a.yaml:3:19: the receiver was not reset by POST http://127.0.0.1:8000/reset; "
        f"expected an answer 2xx, found {found}. "
        "Nothing was played: what is left of an earlier run could decide what this one shows."
    )
    assert platform.journal.last == 0


def test_what_is_no_url_is_known_before_the_run():
    script = load(SCRIPT.replace("http:", "ftp:"), name="a.yaml")

    with pytest.raises(UsageError, match=r"^a\.yaml:3:19: only http and https can be posted to"):
        rehearse(platform_for(script), script)


@pytest.mark.parametrize(
    ("app", "allowed", "environ", "refused"),
    [
        ("http://app.example", (), {}, False),
        ("http://app.example", (), None, True),
        ("http://app.example", ("app.example",), None, False),
        ("http://localhost:1", (), None, False),
    ],
    ids=["the operator's", "of the network", "of the network, allowed", "of the network, on this machine"],
)
def test_a_script_of_the_network_resets_only_what_it_may_reach(app, allowed, environ, refused):
    script = load(SCRIPT.replace("http://127.0.0.1:8000", app), name="a.yaml", environ=environ)
    platform = platform_for(script, allow_targets=allowed)

    if refused:
        with pytest.raises(UsageError, match=r"^a\.yaml:3:19: a target that was not named at the start"):
            rehearse(platform, script)
    else:
        rehearse(platform, script)
