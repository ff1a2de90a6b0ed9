"""Reading: the tables cover every kind, and what stands nowhere is not found."""

from __future__ import annotations

import pytest

from simulator.world import graph
from simulator.world.resources import RECORDS, Kind, Ref
from tests.world.worlds import Stage


def test_every_kind_has_its_record_attributes_and_relations() -> None:
    assert set(RECORDS) == set(graph.ATTRIBUTES) == set(graph.ONE) == set(graph.MANY) == set(Kind)


def test_every_table_answers_for_every_kind() -> None:
    stage = Stage()
    stage.subscribe()
    view = stage.view
    seen = 0

    for kind in Kind:
        record = view.get(Ref(kind, next(stage.world.after(kind, 0))))
        assert record is not None
        assert list(graph.attributes(view, record))[:2] == ["id", "databaseId"]
        assert view.by_id(view.id_of(record.ref)) == record
        for one in graph.ONE[kind].values():
            other = one(view, record)
            assert other is None or view.get(other.ref) == other
            seen += 1
        for many in graph.MANY[kind].values():
            rows = many(view, record)
            assert all(view.get(Ref(rows.kind, number)) for number in rows)
            seen += 1

    assert seen == sum(map(len, graph.ONE.values())) + sum(map(len, graph.MANY.values()))


def test_the_viewer_and_the_organisation_stand_above_all() -> None:
    view = Stage().view

    assert graph.user(view).username == "integrator"
    assert graph.organization(view).number == 1
    assert view.user_name(None) is None


@pytest.mark.parametrize(
    "ref",
    [
        pytest.param(Ref(Kind.SESSION_STEP, 256), id="no such step in a base session"),
        pytest.param(Ref(Kind.CHECKBOX, 256 * 16), id="no such step for a checkbox"),
        pytest.param(Ref(Kind.CHECKBOX, 16), id="no such checkbox on a base step"),
        pytest.param(Ref(Kind.SESSION_STEP, 41 * 256), id="no such step in a created session"),
        pytest.param(Ref(Kind.CHECKBOX, 40 * 256 * 16 + 16), id="no such checkbox on a created step"),
        pytest.param(Ref(Kind.SESSION_STEP, 0), id="number zero"),
        pytest.param(Ref(Kind.CHECKBOX, 0), id="checkbox zero"),
        pytest.param(Ref(Kind.SESSION_STEP, 999 * 256), id="no such session"),
    ],
)
def test_numbers_between_the_strides_have_no_record(ref: Ref) -> None:
    stage = Stage()
    stage.do("create", Kind.SESSION)

    assert stage.view.get(ref) is None


@pytest.mark.parametrize("kind", list(Kind))
def test_the_numbers_of_any_kind_are_listed_rising_and_exist(kind: Kind) -> None:
    stage = Stage(sessions=5, calls=2)
    stage.do("create", Kind.SESSION)
    stage.subscribe()

    numbers = list(stage.world.after(kind, 0))

    assert numbers == sorted(set(numbers))
    assert all(stage.view.get(Ref(kind, number)) for number in numbers)
    assert list(stage.world.after(kind, numbers[0])) == numbers[1:]
    assert list(stage.world.after(kind, numbers[-1])) == []


def test_every_step_and_checkbox_of_every_session_is_listed() -> None:
    stage = Stage(sessions=4)
    view = stage.view
    sessions = [view.get(Ref(Kind.SESSION, n)) for n in stage.world.all(Kind.SESSION)]

    for kind, name in ((Kind.SESSION_STEP, "steps"), (Kind.CHECKBOX, "checkboxes")):
        walked = [n for one in sessions for n in graph.MANY[Kind.SESSION][name](view, one)]
        assert list(stage.world.after(kind, 0)) == walked
