"""A frozen value comes back from JSON as it was, whatever its fields hold, and without what its class says anyway."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import Enum, StrEnum
from typing import NamedTuple

import pytest

from simulator.clock import Moment
from simulator.frozen import from_plain, to_plain
from simulator.values import dataclass
from simulator.wire import JSON, dump
from simulator.world.resources import RECORDS, Kind, ScenarioCatalog, ScenarioSession
from tests.world.worlds import Stage


class Colour(Enum):
    RED = 1


class Word(StrEnum):
    HELLO = "hello"


class Pair(NamedTuple):
    name: str
    count: int | None = None


class Marked(NamedTuple):
    body: bytes
    pair: Pair


@dataclass(frozen=True, slots=True)
class Inner:
    moment: Moment


@dataclass(frozen=True, slots=True)
class Everything:
    number: int
    text: str | None
    body: bytes
    bodies: tuple[bytes, ...]
    inner: Inner
    maybe: Inner | None
    inners: tuple[Inner, ...]
    pair: Pair
    marked: Marked
    colour: Colour
    word: Word
    names: frozenset[str]
    numbers: Sequence[int]
    headers: tuple[tuple[str, str], ...]
    fields: Mapping[str, JSON]
    data: JSON
    either: int | str
    nothing: JSON = None
    flag: bool = False
    spare: Inner | None = None


EVERYTHING = Everything(
    number=7,
    text=None,
    body=bytes(range(256)),
    bodies=(b"", b"\xff"),
    inner=Inner(Moment(5)),
    maybe=None,
    inners=(Inner(Moment(6)), Inner(Moment(7))),
    pair=Pair("a", 2),
    marked=Marked(b"\0", Pair("b")),
    colour=Colour.RED,
    word=Word.HELLO,
    names=frozenset({"b", "a"}),
    numbers=(1, 2),
    headers=(("A", "1"), ("B", "2")),
    fields={"z": [1, {"y": None}]},
    data=[1, "two", {"three": 3.5}],
    either="x",
)


def again(value: object) -> object:
    return from_plain(type(value), json.loads(dump(to_plain(value))))


@pytest.mark.parametrize(
    "value",
    [
        EVERYTHING,
        Everything(
            **{name: getattr(EVERYTHING, name) for name in Everything.__slots__}
            | {"maybe": Inner(Moment(1)), "text": "\ud800", "flag": True}
        ),
    ],
    ids=["usual", "rare"],
)
def test_value_comes_back_as_it_was(value):
    assert again(value) == value


def test_what_equals_its_default_is_not_written():
    written = to_plain(EVERYTHING)

    assert ("nothing" in written, "flag" in written) == (False, False)
    assert (written["inner"], written["names"], written["pair"]) == ({"moment": 5}, ["a", "b"], ["a", 2])


@pytest.mark.parametrize("kind", [kind for kind in RECORDS if kind is not Kind.SUBSCRIPTION])
def test_every_record_of_a_world_comes_back(kind):
    stage = Stage(sessions=5)
    numbers = list(stage.world.after(kind, 0))[:3]

    for number in numbers:
        record = stage.world.need(RECORDS[kind], number)
        if isinstance(record, ScenarioCatalog):
            # In the base these are a row that was worked out.
            record = replace(record, scenarios=tuple(record.scenarios))
        assert again(record) == record


def test_record_with_odd_data_comes_back():
    record = ScenarioSession(
        number=1,
        release=1,
        created_by=1,
        session_type="DEMO",
        state="PAUSED",
        started_at=Moment(1),
        since=Moment(1),
        part=1,
        external_data={"big": 2**80, "small": 1e-300, "deep": [[{}]], "odd": "\udcff"},
    )

    assert again(record) == record


def test_tuple_of_unlike_things_has_no_form():
    @dataclass(frozen=True, slots=True)
    class Odd:
        mixed: tuple[int, bytes]

    globals()["Odd"] = Odd
    with pytest.raises(TypeError, match="has no form as JSON"):
        to_plain(Odd((1, b"")))
