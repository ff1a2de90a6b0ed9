"""Pages and cursors: what first, last, after and before show, and that cursors outlive changes."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from simulator.graphql.connections import Connection, both, cursor, read_cursor
from simulator.graphql.limits import Budget, LimitError
from simulator.world.resources import Kind, Ref
from simulator.world.rows import Rows
from tests.graphql.asking import ask, data
from tests.world.worlds import Stage

STAGE = Stage(users=10)
ROW = Rows(Kind.USER, range(1, 11))
PAGE = "nodes { databaseId } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount"


def page(row: Rows = ROW, **arguments: Any) -> Connection:
    return Connection(STAGE.view, row, budget=Budget(1000), **arguments)


def at(number: int) -> str:
    return cursor(Ref(Kind.USER, number))


def even(number: int) -> bool:
    return number % 2 == 0


@pytest.mark.parametrize(
    ("arguments", "numbers", "has_previous", "has_next"),
    [
        pytest.param({}, range(1, 11), False, False, id="all"),
        pytest.param({"first": 3}, [1, 2, 3], False, True, id="first"),
        pytest.param({"first": 0}, [], False, True, id="first none"),
        pytest.param({"first": 10}, range(1, 11), False, False, id="first all"),
        pytest.param({"first": 99}, range(1, 11), False, False, id="first beyond"),
        pytest.param({"last": 3}, [8, 9, 10], True, False, id="last"),
        pytest.param({"last": 0}, [], True, False, id="last none"),
        pytest.param({"last": 99}, range(1, 11), False, False, id="last beyond"),
        pytest.param({"first": 5, "last": 2}, [4, 5], True, True, id="last of first"),
        pytest.param({"after": at(8)}, [9, 10], True, False, id="after"),
        pytest.param({"after": at(10)}, [], True, False, id="after the end"),
        pytest.param({"after": at(99)}, [], True, False, id="after what is gone"),
        pytest.param({"before": at(3)}, [1, 2], False, True, id="before"),
        pytest.param({"before": at(1)}, [], False, True, id="before the start"),
        pytest.param({"after": at(3), "first": 2}, [4, 5], True, True, id="next page"),
        pytest.param({"before": at(8), "last": 2}, [6, 7], True, True, id="page before"),
        pytest.param({"after": at(3), "before": at(6)}, [4, 5], True, True, id="between"),
        pytest.param({"after": at(6), "before": at(3)}, [], True, True, id="nothing between"),
    ],
)
def test_a_page_shows_what_its_arguments_say(arguments, numbers, has_previous, has_next):
    shown = page(**arguments)

    assert (list(shown.numbers), shown.has_previous(), shown.has_next(), shown.total()) == (
        list(numbers),
        has_previous,
        has_next,
        10,
    )
    assert [record.number for record in shown.records() if record] == list(numbers)


@pytest.mark.parametrize(
    ("arguments", "numbers", "has_previous", "has_next"),
    [
        pytest.param({}, [2, 4, 6, 8, 10], False, False, id="all"),
        pytest.param({"first": 2}, [2, 4], False, True, id="first"),
        pytest.param({"last": 2}, [8, 10], True, False, id="last"),
        pytest.param({"last": 0}, [], True, False, id="last none"),
        pytest.param({"first": 3, "last": 0}, [], True, True, id="last none of first"),
        pytest.param({"first": 3, "last": 1}, [6], True, True, id="last of first"),
        pytest.param({"first": 2, "last": 5}, [2, 4], False, True, id="more last than first"),
        pytest.param({"after": at(3), "first": 1}, [4], True, True, id="next page"),
        pytest.param({"before": at(6), "last": 1}, [4], True, True, id="page before"),
        pytest.param({"after": at(10)}, [], True, False, id="after the end"),
    ],
)
def test_a_filtered_page_counts_only_what_passes(arguments, numbers, has_previous, has_next):
    shown = page(keep=even, **arguments)

    assert (list(shown.numbers), shown.has_previous(), shown.has_next(), shown.total()) == (
        numbers,
        has_previous,
        has_next,
        5,
    )


def test_cursors_stand_at_the_ends_of_the_page():
    assert (page(first=3).start_cursor(), page(first=3).end_cursor()) == (at(1), at(3))
    assert (page(first=0).start_cursor(), page(first=0).end_cursor()) == (None, None)


def test_a_page_reads_no_more_of_its_row_than_it_shows():
    stage = Stage(sessions=1_000_000)
    before = stage.base.derived

    shown = data(
        stage,
        "{ scenarioSessions(last: 2) { nodes { databaseId } totalCount pageInfo { hasPreviousPage } } }",
    )

    assert shown == {
        "scenarioSessions": {
            "nodes": [{"databaseId": "999999"}, {"databaseId": "1000000"}],
            "totalCount": 1_000_000,
            "pageInfo": {"hasPreviousPage": True},
        }
    }
    assert stage.base.derived - before <= 4


@given(st.integers(1, 10**18 - 1), st.sampled_from(Kind))
def test_a_cursor_names_its_record_and_is_safe_inside_quotes(number, kind):
    text = cursor(Ref(kind, number))

    assert re.fullmatch(r"[A-Za-z0-9_-]+", text)
    assert read_cursor(text, kind) == number


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("12", id="a number"),
        pytest.param("no cursor!", id="no base64"),
        pytest.param("ö", id="no ASCII"),
        pytest.param("_____w", id="no text"),
        pytest.param(cursor(Ref(Kind.GROUP, 1)), id="of another kind"),
        pytest.param(base64.urlsafe_b64encode(b"User:-1").decode(), id="a negative number"),
        pytest.param(base64.urlsafe_b64encode(b"User:" + b"9" * 5000).decode(), id="a huge number"),
    ],
)
def test_a_text_that_is_no_cursor_of_the_row_is_refused(text):
    with pytest.raises(GraphQLError) as caught:
        page(after=text)

    assert caught.value.message == f'Invalid cursor: "{text}"'


def test_bad_paging_arguments_are_told_with_their_path():
    query = '{ users(first: -1) { totalCount } calls(last: -5) { totalCount } organization { groups(before: "x") { totalCount } } }'

    assert ask(Stage(), query) == {
        "data": {"users": None, "calls": None, "organization": {"groups": None}},
        "errors": [
            {
                "message": "Argument 'first' must not be negative, but is -1.",
                "locations": [{"line": 1, "column": 3}],
                "path": ["users"],
            },
            {
                "message": "Argument 'last' must not be negative, but is -5.",
                "locations": [{"line": 1, "column": 35}],
                "path": ["calls"],
            },
            {
                "message": 'Invalid cursor: "x"',
                "locations": [{"line": 1, "column": 81}],
                "path": ["organization", "groups"],
            },
        ],
    }


def test_a_reader_of_pages_misses_nothing_while_records_are_added_and_removed():
    stage = Stage(users=10)
    query = "query($after: String) { users(first: 3, after: $after) { " + PAGE + " } }"
    seen: list[str] = []
    after = None
    for round_ in range(20):
        shown = data(stage, query, {"after": after})["users"]
        seen += [node["databaseId"] for node in shown["nodes"]]
        after = shown["pageInfo"]["endCursor"]
        if round_ == 0:
            stage.do("create", Kind.USER, {"firstName": "Eva", "lastName": "Novak"})
            stage.do("delete", Ref(Kind.USER, 3))  # the record that the cursor names
            stage.do("delete", Ref(Kind.USER, 2))
        if not shown["pageInfo"]["hasNextPage"]:
            break

    assert seen == [str(number) for number in range(1, 12)]


def test_a_row_can_be_walked_backwards():
    query = "query($before: String) { users(last: 4, before: $before) { " + PAGE + " } }"
    seen: list[list[str]] = []
    before = None
    while True:
        shown = data(STAGE, query, {"before": before})["users"]
        seen.append([node["databaseId"] for node in shown["nodes"]])
        before = shown["pageInfo"]["startCursor"]
        if not shown["pageInfo"]["hasPreviousPage"]:
            break

    assert seen == [["7", "8", "9", "10"], ["3", "4", "5", "6"], ["1", "2"]]


@pytest.mark.parametrize("forwards", [True, False])
def test_a_thousand_sessions_are_walked_in_pages_of_seven_while_sessions_are_added(forwards):
    stage = Stage(sessions=1_000)
    bound, cursor_of, more = (
        ("first: 7, after", "endCursor", "hasNextPage")
        if forwards
        else ("last: 7, before", "startCursor", "hasPreviousPage")
    )
    query = f"query($at: String) {{ scenarioSessions({bound}: $at) {{ {PAGE} }} }}"
    seen: list[str] = []
    at, pages = None, 0
    while True:
        shown = data(stage, query, {"at": at})["scenarioSessions"]
        numbers = [node["databaseId"] for node in shown["nodes"]]
        seen += numbers if forwards else numbers[::-1]
        at, pages = shown["pageInfo"][cursor_of], pages + 1
        if pages % 10 == 0 and pages <= 50:
            stage.do("create", Kind.SESSION)
        if not shown["pageInfo"][more]:
            break

    everything = [str(number) for number in range(1, 1_006 if forwards else 1_001)]
    assert seen == (everything if forwards else everything[::-1])


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("attribute", ["startedAt", "duration"])
@pytest.mark.parametrize(
    ("bound", "cursor_of", "more"),
    [
        pytest.param("first: 7, after", "endCursor", "hasNextPage", id="forwards"),
        pytest.param("last: 7, before", "startCursor", "hasPreviousPage", id="backwards"),
    ],
)
def test_pages_in_any_order_have_neither_gap_nor_repeat_while_sessions_are_added(
    bound, cursor_of, more, attribute, direction
):
    stage = Stage(sessions=30)
    order = f'orderBy: {{attribute: "{attribute}", direction: {direction}}}'
    query = f"query($at: String) {{ scenarioSessions({bound}: $at, {order}) {{ {PAGE} }} }}"
    seen: list[int] = []
    at = None
    while True:
        shown = data(stage, query, {"at": at})["scenarioSessions"]
        seen += [int(node["databaseId"]) for node in shown["nodes"]]
        at = shown["pageInfo"][cursor_of]
        if len(seen) < 20:
            stage.do("create", Kind.SESSION)
        if not shown["pageInfo"][more]:
            break

    assert len(seen) == len(set(seen))
    assert set(range(1, 31)) <= set(seen)


def test_edges_bear_the_cursors_of_their_records():
    shown = data(
        STAGE,
        "{ users(first: 2) { edges { cursor node { databaseId } } pageInfo { startCursor endCursor } } }",
    )

    assert shown == {
        "users": {
            "edges": [
                {"cursor": at(1), "node": {"databaseId": "1"}},
                {"cursor": at(2), "node": {"databaseId": "2"}},
            ],
            "pageInfo": {"startCursor": at(1), "endCursor": at(2)},
        }
    }


def test_looking_at_records_that_do_not_pass_is_paid_for():
    with pytest.raises(LimitError):
        Connection(STAGE.view, ROW, budget=Budget(9), keep=lambda _number: False)


def test_two_filters_let_pass_what_passes_both():
    even, small = (lambda n: n % 2 == 0), (lambda n: n < 5)
    each = both(even, small)

    assert each is not None
    assert [n for n in range(9) if each(n)] == [0, 2, 4]
    assert (both(None, None), both(even, None), both(None, small)) == (None, even, small)
