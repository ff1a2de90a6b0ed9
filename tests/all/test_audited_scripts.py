"""What every bundled script tells is what the API answers, but where its faults ask for something else."""

from __future__ import annotations

import pytest

from simulator.audit.looking import Audit
from simulator.bundled import scenario_names
from simulator.control.waits import drained
from simulator.engine import Platform
from simulator.script import open_script, play, variants_of
from simulator.settings import resolve
from tests.driving import answers, asks, drive


@pytest.mark.parametrize("generation", ["1", "both"])
@pytest.mark.parametrize("name", scenario_names())
def test_webhooks_of_a_bundled_script_agree_with_the_api(name, generation):
    for script in variants_of(open_script(name, environ={})):
        resolved = resolve(flags={"generation": generation}, script=script.settings(), script_place=name)
        targets = ["http://127.0.0.1:9/a", "http://127.0.0.1:9/b"]
        platform = Platform(resolved.settings, base_url="http://scope.example", targets=targets)
        audit = Audit(platform)

        def rest(platform: Platform = platform):
            yield drained(platform)

        drive(platform, play(platform, script), asks(platform))
        drive(platform, rest(), answers(200))

        assert audit.end().findings == ()
