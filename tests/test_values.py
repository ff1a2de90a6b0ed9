"""Our dataclasses are the standard library's to everybody who uses them."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from dataclasses import FrozenInstanceError, field
from typing import ClassVar

import pytest

from simulator.values import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """A place."""

    KIND: ClassVar[str] = "point"
    x: int
    y: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def sum(self) -> int:
        return self.x + self.y


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    name: str = "nobody"
    number: int


@dataclass(frozen=True, slots=True)
class Checked:
    value: int

    def __post_init__(self) -> None:
        if self.value < 0:
            raise ValueError("negative")


@dataclasses.dataclass(frozen=True, slots=True)
class Standard:
    x: int
    y: int = 0


def test_arguments_are_taken_by_place_and_by_name_and_defaults_are_made_anew():
    one, other = Point(1), Point(x=1, y=2, notes=["a"])

    assert (one.x, one.y, one.notes, one.sum) == (1, 0, [], 1)
    assert (other.x, other.y, other.notes) == (1, 2, ["a"])
    assert one.notes is not Point(1).notes


def test_keyword_only_fields_are_taken_by_name_alone():
    assert Named(number=1).name == "nobody"
    with pytest.raises(TypeError):
        Named("x", 1)
    with pytest.raises(TypeError):
        Named()


def test_what_is_checked_after_it_was_made_is_checked():
    assert Checked(1).value == 1
    with pytest.raises(ValueError, match="negative"):
        Checked(-1)


def test_equal_fields_make_equal_values_of_one_class():
    assert Checked(1) == Checked(1)
    assert hash(Checked(1)) == hash(Checked(1))
    assert len({Named(number=1, name="a"), Named(number=1, name="a"), Named(number=2)}) == 2
    assert Point(1) != Point(2)
    assert Checked(1) != 1
    assert Point(1, 2) != Standard(1, 2)


def test_values_cannot_be_changed():
    point = Point(1)

    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'x'"):
        point.x = 2
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'z'"):
        point.z = 2
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'x'"):
        del point.x
    assert not hasattr(point, "__dict__")


def test_they_read_like_the_standard_library_s():
    assert repr(Point(1, notes=["a"])) == "Point(x=1, y=0, notes=['a'])"
    assert repr(Standard(1)) == "Standard(x=1, y=0)"


def test_the_standard_library_takes_them_for_its_own():
    point = Point(1, 2, ["a"])

    assert dataclasses.replace(point, x=5) == Point(5, 2, ["a"])
    assert dataclasses.asdict(point) == {"x": 1, "y": 2, "notes": ["a"]}
    assert [one.name for one in dataclasses.fields(Named)] == ["name", "number"]
    assert Point.__match_args__ == ("x", "y", "notes")
    assert list(inspect.signature(Point).parameters) == ["x", "y", "notes"]
    match point:
        case Point(x=1, y=y):
            assert y == 2


def test_they_can_be_copied_and_pickled():
    point = Point(1, 2, ["a"])
    copied = copy.deepcopy(point)

    assert copied == point
    assert copied.notes is not point.notes
    assert copy.copy(point).notes is point.notes
    assert pickle.loads(pickle.dumps(Named(number=3))) == Named(number=3)


def test_class_says_what_it_is_for_or_its_name():
    assert (Point.__doc__, Named.__doc__) == ("A place.", "Named")
