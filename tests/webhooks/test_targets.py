"""A target is a value: an id and the URL that is posted to."""

from __future__ import annotations

from simulator.webhooks.targets import Target


def test_target_is_its_id_and_its_url():
    assert (
        Target("1", "http://localhost/")
        == Target("1", "http://localhost/")
        != Target("2", "http://localhost/")
    )
