"""How a request finds its row, and what its parts are read as."""

from __future__ import annotations

import pytest

from simulator.control import OPERATIONS, Ask, MethodError, find, operation, read_query
from simulator.errors import NotFoundError, UsageError


@pytest.mark.parametrize(
    ("method", "path", "name", "variables"),
    [
        ("GET", "health", "health", {}),
        ("GET", "/health/", "health", {}),
        ("POST", "deliveries/wait", "wait_deliveries", {}),
        ("GET", "deliveries/12", "delivery", {"id": "12"}),
        ("GET", "resources/ScenarioSession", "read_resource", {"resource": "ScenarioSession"}),
        ("POST", "resources/a%2Fb%3D/pause", "change_resource", {"resource": "a/b=", "verb": "pause"}),
        ("DELETE", "targets/1", "remove_target", {"id": "1"}),
        ("DELETE", "targets/{id}", "remove_target", {"id": "{id}"}),
    ],
)
def test_row_is_found_by_method_and_path(method, path, name, variables):
    found = find(OPERATIONS, method, path)

    assert (found.operation.name, dict(found.path)) == (name, variables)


def test_unknown_path_names_the_nearest():
    with pytest.raises(NotFoundError) as raised:
        find(OPERATIONS, "GET", "targts")

    assert raised.value.nearest[0] == "/_simulator/targets"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "targets", ("GET", "POST")),
        ("GET", "deliveries/wait", ("POST",)),
        ("POST", "targets/1", ("DELETE", "PATCH")),
    ],
)
def test_wrong_method_names_those_of_the_nearest_path(method, path, allowed):
    with pytest.raises(MethodError) as raised:
        find(OPERATIONS, method, path)

    assert raised.value.allowed == allowed


@pytest.mark.parametrize("path", ["resources//pause", "targets/1/2"])
def test_path_with_an_empty_or_a_further_part_is_unknown(path):
    with pytest.raises(NotFoundError):
        find(OPERATIONS, "POST", path)


def test_query_is_read_in_its_types():
    row = operation("play")

    assert read_query(row, {"wait": "true", "name": "x"}) == {"wait": True, "name": "x"}
    assert read_query(row, {"wait": "false"}) == {"wait": False}
    assert read_query(operation("journal"), {"after": "12"}) == {"after": 12}


@pytest.mark.parametrize(
    ("name", "query", "text"),
    [
        ("play", {"wait": "yes"}, "wait: the query parameter is wrong; expected true or false, found 'yes'."),
        (
            "journal",
            {"after": "-1"},
            "after: the query parameter is wrong; expected a whole number, found '-1'.",
        ),
        (
            "journal",
            {"limit": "٣"},
            "limit: the query parameter is wrong; expected a whole number, found '٣'.",
        ),
        ("health", {"x": "1"}, "there is no query parameter 'x' here."),
        (
            "journal",
            {"afterr": "1"},
            "there is no query parameter 'afterr' here; expected one of after, kind, about, limit, within. Did you mean after?",
        ),
    ],
)
def test_wrong_query_is_a_usage_error(name, query, text):
    with pytest.raises(UsageError) as raised:
        read_query(operation(name), query)

    assert str(raised.value) == text


def test_parts_of_an_ask_have_their_defaults():
    assert (Ask().fields(), Ask().number("after", 3), Ask().text("kind")) == ({}, 3, None)
    assert Ask(query={"after": 5, "kind": "note"}, body={"a": 1}).fields() == {"a": 1}
    assert Ask(query={"after": 5}).number("after", 3) == 5
    assert Ask(query={"kind": "note"}).text("kind") == "note"
