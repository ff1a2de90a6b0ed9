"""The settings of the simulator itself say how it is reached and bounded."""

from __future__ import annotations

from simulator.settings.running import FIELDS


def test_only_the_control_token_is_a_secret():
    assert [field.name for field in FIELDS if field.secret] == ["control_token"]


def test_each_bound_of_a_query_is_our_choice():
    bounds = {field.name: field.certainty for field in FIELDS if field.name.startswith("max_")}

    assert bounds == dict.fromkeys(
        ["max_body", "max_query_tokens", "max_query_depth", "max_query_fields"], "chosen"
    )
