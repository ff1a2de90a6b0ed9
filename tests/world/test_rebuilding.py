"""A world that is made again from its records is the same world, down to its indexes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from immutables import Map

from simulator.world.changes import Edit, Link, World, Written
from simulator.world.commands import command
from simulator.world.marks import MATCH, external_mark
from simulator.world.rebuilding import rebuilt
from simulator.world.resources import Kind, Record, Ref
from simulator.world.scene import Doing
from tests.world.worlds import Stage


class Kept:
    """What a file would hold of a world: each record once, and which are gone."""

    def __init__(self) -> None:
        self.records: dict[Ref, Written] = {}
        self.gone: list[Written] = []

    def wrote(self, written: list[Written]) -> None:
        for one in written:
            if one.record is None:
                self.gone.append(one)
            else:
                before = self.records.get(one.ref)
                self.records[one.ref] = one._replace(links=before.links) if before else one

    @property
    def all(self) -> list[Written]:
        return [*self.records.values(), *self.gone]


def played() -> tuple[Stage, Kept]:
    stage, kept = Stage(), Kept()

    def do(verb: str, subject: Kind | Ref, **fields: Any) -> Ref:
        written: list[Written] = []
        stage.world, _, ref = command(stage.view, verb, subject, fields, Doing(), written=written)
        kept.wrote(written)
        stage.wait(1)
        return ref

    session = do("create", Kind.SESSION, externalData={"order": "A"})
    do("view", session, steps=2)
    do("pause", session)
    do("update", session, externalData={"order": "B"})
    do("update", Ref(Kind.SESSION, 3), externalData={"order": "B"})
    do("create", Kind.CALL)
    group = do("create", Kind.GROUP, name="Night shift")
    do("create", Kind.SUBSCRIPTION, topic="user/created", callbackUrl="http://localhost/")
    user = do("create", Kind.USER, firstName="Ana", lastName="Silva", username="ana", email="ana@example.com")
    do("delete", user)
    do("delete", Ref(Kind.USER, 4))
    do("delete", group)
    do("update", Ref(Kind.CATALOG, 1), name="Press 1")
    return stage, kept


def shape(world: World) -> dict[str, object]:
    return {
        name: dict(getattr(world, name)) for name in ("touched", "made", "links", "gone", "marks", "remarked")
    }


def test_world_is_made_again_from_its_records():
    stage, kept = played()

    again = rebuilt(stage.base, kept.all)

    assert shape(again) == shape(stage.world)
    mark = external_mark(Kind.SESSION, MATCH, "order", "B")
    assert list(again.marked(mark).numbers) == list(stage.world.marked(mark).numbers) == [3, 41]


def test_order_of_the_records_does_not_count():
    stage, kept = played()

    assert shape(rebuilt(stage.base, reversed(kept.all))) == shape(stage.world)


def test_nothing_written_is_the_base():
    stage = Stage()

    assert rebuilt(stage.base, ()) == World(stage.base)


def test_record_of_the_base_that_bears_its_own_marks_again_is_found_by_them():
    stage = Stage()
    record: Record | None = stage.world.get(Ref(Kind.GROUP, 2))
    written: list[Written] = []
    edit = Edit(stage.world, stage.now, written)
    edit.put(record)

    assert written == [Written(Ref(Kind.GROUP, 2), record)]
    again = rebuilt(stage.base, written)
    assert (again.marks, again.remarked, again.made) == (Map(), Map(), Map())


def test_children_of_a_parent_rise():
    stage, kept = played()
    one = next(one for one in kept.all if one.links)
    (link, parent), *_ = one.links
    earlier = one._replace(ref=replace_number(one.ref, one.ref.number + 1))

    again = rebuilt(
        stage.base, [earlier._replace(record=replace(one.record, number=earlier.ref.number)), one]
    )

    assert again.links[(link, parent)] == (one.ref.number, earlier.ref.number)
    assert isinstance(link, Link)


def replace_number(ref: Ref, number: int) -> Ref:
    return ref._replace(number=number)
