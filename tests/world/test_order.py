"""Rows in another order: exact, and without reading a large world."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import Moment
from simulator.errors import PlatformError
from simulator.world import graph, order
from simulator.world.order import ORDERS, ordered
from simulator.world.resources import Kind, Ref, ScenarioSession
from simulator.world.rows import Rows
from tests.world.worlds import MINUTE, Stage

SESSION = Kind.SESSION


def put(stage: Stage, rows: Rows, attribute: str, *, falling: bool = False) -> Rows:
    return ordered(stage.view, rows, attribute, falling=falling, read=lambda _: None)


def long_way(stage: Stage, rows: Rows, attribute: str, *, falling: bool) -> list[int]:
    def key(number: int) -> tuple[bool, Any, int]:
        value: Any = stage.read(Ref(rows.kind, number))[attribute]
        value = int(value) if attribute == "databaseId" else value
        return value is None, 0 if value is None else value, number

    return sorted(rows, key=key, reverse=falling)


def busy() -> Stage:
    """A world in which records were changed, deleted, and created late."""
    stage = Stage(sessions=60, calls=9)
    for minutes in (0, 3000, 60, 90_000, 5, 500_000):
        at = Moment(stage.now - minutes * MINUTE)
        session = stage.do("create", SESSION, {"sessionType": "PERSISTENT"}, at=at)
        stage.do("create", Kind.CALL, at=at)
        stage.do("record", session, at=at)
    paused = next(n for n in stage.world.all(SESSION) if stage.read(Ref(SESSION, n))["state"] == "PAUSED")
    stage.do("resume", Ref(SESSION, paused))
    for number in (4, 19, 63):
        stage.do("delete", Ref(SESSION, number))
    return stage


BUSY = busy()


@pytest.mark.parametrize("falling", [False, True], ids=["rising", "falling"])
@pytest.mark.parametrize(
    ("kind", "attribute"),
    [(kind, name) for kind in (SESSION, Kind.CALL, Kind.EVENT) for name in ORDERS[kind]],
)
def test_rows_are_ordered_as_the_long_way_does(kind: Kind, attribute: str, *, falling: bool) -> None:
    rows = BUSY.world.all(kind)

    assert list(put(BUSY, rows, attribute, falling=falling)) == long_way(
        BUSY, rows, attribute, falling=falling
    )


@pytest.mark.parametrize("attribute", ORDERS[Kind.PART])
def test_the_parts_of_a_session_are_ordered(attribute: str) -> None:
    stage = BUSY
    for number in stage.world.all(SESSION):
        rows = graph.MANY[SESSION]["parts"](stage.view, stage.world.need(ScenarioSession, number))

        assert list(put(stage, rows, attribute, falling=True)) == long_way(
            stage, rows, attribute, falling=True
        )


@given(st.sampled_from(["startedAt", "databaseId", "state", "endedAt"]), st.booleans())
def test_places_are_counted_also_for_records_that_are_gone(attribute: str, falling: bool) -> None:
    row = put(BUSY, BUSY.world.all(SESSION), attribute, falling=falling)

    for place, number in enumerate(row):
        assert (row.before(number), row.until(number)) == (place, place + 1)
    for gone in (4, 19, 63):
        assert 0 <= row.before(gone) == row.until(gone) <= len(row)


def test_a_record_that_never_was_comes_last() -> None:
    row = put(BUSY, BUSY.world.all(SESSION), "startedAt")

    assert row.before(10**9) == row.until(10**9) == len(row)


def test_the_newest_of_a_million_sessions_are_found_without_reading_them() -> None:
    stage = Stage(sessions=1_000_000)
    late = stage.do("create", SESSION)
    early = stage.do("create", SESSION, at=Moment(stage.now - 40 * 24 * 60 * MINUTE))
    before = stage.base.derived
    read: list[int] = []

    row = ordered(stage.view, stage.world.all(SESSION), "startedAt", falling=True, read=read.append)

    assert row[:3] == [late.number, 1_000_000, 999_999]
    assert stage.base.derived - before < 60
    assert read == [2]
    assert 0 < row.before(early.number) < 1_000_000


@pytest.mark.parametrize("attribute", ["state", "duration"])
def test_an_order_that_would_read_a_large_world_is_refused(attribute: str) -> None:
    stage = Stage(sessions=1_000_000)

    with pytest.raises(PlatformError) as caught:
        put(stage, stage.world.all(SESSION), attribute)

    assert caught.value.message == (
        f"Ordering by '{attribute}' would read 1000000 records, more than {order.MOST}: narrow the connection, or "
        "order by startedAt or databaseId."
    )
    assert stage.base.derived == 0


@pytest.mark.parametrize(
    ("attribute", "hint"), [("startetAt", " Did you mean startedAt?"), ("externalData", ""), ("", "")]
)
def test_an_unknown_attribute_lists_those_that_are_known(attribute: str, hint: str) -> None:
    with pytest.raises(PlatformError) as caught:
        put(BUSY, BUSY.world.all(Kind.CALL), attribute)

    assert caught.value.message == (
        f"Call cannot be ordered by '{attribute}'.{hint} It can by: databaseId, startedAt, endedAt, duration, state."
    )
