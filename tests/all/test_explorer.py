"""GraphiQL in Chromium, with every other host out of reach."""

from __future__ import annotations

import json

import pytest

from tests.all.conftest import run, serving

pytestmark = [pytest.mark.needs_node, pytest.mark.needs_chromium]


def test_it_opens_asks_the_sample_query_and_completes_a_field(node_clients, tmp_path):
    with serving(tmp_path) as served:
        done = run("node", "explorer.mjs", served.base_url, tmp_path, folder=node_clients)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)

    assert (seen["title"], seen["elsewhere"], seen["complaints"]) == ("Scope Simulator: explorer", [], [])
    asked = seen["answer"]["data"]["node"]
    assert (list(asked), len(asked["scenarioSessionEvents"]["nodes"]) > 0) == (
        ["scenario", "scenarioSessionEvents"],
        True,
    )
    assert (seen["hints"], seen["completed"]) == (
        ["scenarioSessions", "scenarioSessionEvents"],
        "{ scenarioSessions}",
    )
    assert (tmp_path / "completed.png").stat().st_size > 10_000
