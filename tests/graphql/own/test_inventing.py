"""The id of an invented object leads back to it, and no other text does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.graphql.own.inventing import Invented

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,20}", fullmatch=True)


@given(NAMES, st.text("0123456789abcdef", min_size=1, max_size=16))
def test_id_leads_back_to_the_object(type_, key):
    one = Invented(type_, key)

    assert Invented.read_id(one.id) == one


@pytest.mark.parametrize(
    "text", ["", "abc", "not base64!", "aW52ZW50ZWQ6", "aW52ZW50ZWQ6VHlwZQ", "dHlwZTprZXk", "_w"]
)
def test_any_other_text_leads_nowhere(text):
    assert Invented.read_id(text) is None
