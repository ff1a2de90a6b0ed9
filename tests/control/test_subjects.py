"""How the methods of the handles name things."""

from __future__ import annotations

import pytest

from simulator.control.subjects import node_id, seconds
from simulator.engine import Resource


def test_subject_is_a_resource_or_its_node_id():
    assert [node_id("abc"), node_id(Resource("abc", "Call", {}))] == ["abc", "abc"]


@pytest.mark.parametrize(("duration", "found"), [("12m", 720.0), (3, 3.0), (0.5, 0.5), ("PT1S", 1.0)])
def test_duration_is_text_or_a_number_of_seconds(duration, found):
    assert seconds(duration) == found
