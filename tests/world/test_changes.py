"""The world as a value: an edit makes the next one and leaves the last as it was."""

from __future__ import annotations

from simulator.clock import VIRTUAL_START
from simulator.world.changes import Change, Edit, Link
from simulator.world.resources import Group, Kind, Ref, ScenarioSession
from tests.world.worlds import Stage


def test_an_edit_leaves_the_world_it_began_from_as_it_was() -> None:
    world = Stage().world
    edit = Edit(world, VIRTUAL_START)

    group = edit.make(Kind.GROUP, lambda number: Group(number=number, name="Nights"))
    edit.put(Group(number=2, name="Days"))
    edit.drop(Kind.GROUP, [3])
    edit.tell(group.ref, "create")
    after, changes = edit.done()

    assert [world.get(Ref(Kind.GROUP, n)) is not None for n in (1, 2, 3, 4)] == [True, True, True, False]
    assert list(after.all(Kind.GROUP)) == [1, 2, 4]
    assert after.need(Group, 2).name == "Days"
    assert changes == (Change(Ref(Kind.GROUP, 4), "create"),)


def test_children_of_base_and_edit_stand_in_one_rising_row() -> None:
    stage = Stage()
    session = stage.world.need(ScenarioSession, 1)
    before = list(stage.world.children(Link.SESSION_EVENTS, 1))

    stage.do("record", session.ref, at=session.started_at)
    stage.do("record", session.ref, at=session.started_at)

    after = list(stage.world.children(Link.SESSION_EVENTS, 1))
    assert after[: len(before)] == before
    assert after[len(before) :] == [stage.base.counts[Kind.EVENT] + 1, stage.base.counts[Kind.EVENT] + 2]
