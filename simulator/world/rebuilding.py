"""A world made again from the records that were written of it, without the commands that wrote them.

Decides how the maps of a root follow from its records: how many were made, under whom they stand, and by which marks they
are found. It must not decide anything else: what a record holds was decided when it was written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from immutables import Map

from simulator.world.changes import FOLLOWING, Link, World, Written
from simulator.world.marks import INDEXED, Mark, marks_of
from simulator.world.populate import Base
from simulator.world.resources import Kind, Record, Ref

__all__ = ["rebuilt", "written"]

K = TypeVar("K")


def rebuilt(base: Base, records: Iterable[Written]) -> World:
    """Return the world in which all these ``records`` were written, each record once as it was last.

    One that was deleted stands there twice, when it was ever written before: as it was last, and as deleted.
    """
    touched: dict[Ref, Record] = {}
    links: defaultdict[tuple[Link, int], list[int]] = defaultdict(list)
    gone: defaultdict[Kind, list[int]] = defaultdict(list)
    for ref, record, parents in records:
        if record is None:
            gone[ref.kind].append(ref.number)
            continue
        touched[ref] = record
        for link in parents:
            links[link].append(ref.number)
    made = {kind: 0 for kind, _ in touched}
    marks: defaultdict[Mark, list[int]] = defaultdict(list)
    remarked: defaultdict[Kind, list[int]] = defaultdict(list)
    for ref, record in touched.items():
        kind, number = ref
        new = number > base.counts[kind]
        made[kind] += new and kind not in FOLLOWING
        if kind not in INDEXED:
            continue
        bears = marks_of(record)
        if not new:
            if bears == marks_of(base.derive(ref)):
                continue
            remarked[kind].append(number)
        for mark in bears:
            marks[mark].append(number)
    return World(
        base,
        touched=Map(touched),
        made=Map({kind: count for kind, count in made.items() if count}),
        links=_rising(links),
        gone=_rising(gone),
        marks=_rising(marks),
        remarked=_rising(remarked),
    )


def written(world: World) -> Iterator[Written]:
    """Yield what ``rebuilt`` needs to make this world again."""
    parents: defaultdict[Ref, list[tuple[Link, int]]] = defaultdict(list)
    for (link, parent), numbers in world.links.items():
        for number in numbers:
            parents[Ref(link.kind, number)].append((link, parent))
    for ref, record in world.touched.items():
        yield Written(ref, record, tuple(parents.get(ref, ())))
    for kind, numbers in world.gone.items():
        yield from (Written(Ref(kind, number), None) for number in numbers)


def _rising(numbers: Mapping[K, list[int]]) -> Map[K, tuple[int, ...]]:
    return Map({key: tuple(sorted(each)) for key, each in numbers.items()})
