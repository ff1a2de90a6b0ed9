"""The settings of the post say how certain each is, and are repeated where there may be several."""

from __future__ import annotations

from simulator.settings.posting import FIELDS


def test_whatever_happens_to_a_post_that_fails_is_our_choice():
    ours = {field.name for field in FIELDS if field.certainty == "chosen"}

    assert ours >= {"timeout", "ordering", "retry", "jitter", "disable_on_gone", "disable_after"}


def test_targets_headers_and_faults_are_given_one_by_one():
    assert [field.name for field in FIELDS if field.repeated] == ["targets", "headers", "faults"]
