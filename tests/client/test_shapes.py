"""What goes into an operation and what comes out."""

from __future__ import annotations

from simulator.client.shapes import (
    id_or_none,
    in_query,
    listed,
    listed_in,
    node_id,
    plain,
    present,
    resource_of,
    shown,
)


def test_resource_is_what_the_handles_have():
    one = resource_of({"id": "A", "type": "ScenarioSessionEvent", "type_": "PHOTO", "databaseId": "4"})

    assert (one.id, one.type, dict(one)) == (
        "A",
        "ScenarioSessionEvent",
        {"id": "A", "type": "PHOTO", "databaseId": "4"},
    )
    assert (node_id(one), node_id("B"), id_or_none(one), id_or_none(None)) == ("A", "B", "A", None)


def test_what_was_not_given_is_left_out():
    assert present({"a": None, "b": 0}) == {"b": 0}
    assert in_query({"a": None, "b": 3, "c": True, "d": "x"}) == {"b": "3", "c": "true", "d": "x"}
    assert (listed(()), listed(["a", "b"]), plain(None), plain(("a",))) == (None, "a,b", None, ["a"])


def test_answers_are_objects_and_hold_lists():
    assert shown({"a": [{}]}) == {"a": [{}]}
    assert listed_in({"a": [{}]}, "a") == [{}]
