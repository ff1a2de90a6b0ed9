"""Reading the fields of a command: each by its type, and none left over."""

from __future__ import annotations

import pytest

from simulator.errors import UsageError
from simulator.world.fields import Fields


def test_each_field_is_read_by_its_type_and_a_missing_one_has_its_default() -> None:
    fields = Fields(
        {"j": [1], "t": "x", "c": "A", "n": 3, "f": False, "m": {"a": 1}, "l": ["a"]}, "create It"
    )
    empty = Fields({}, "create It")

    assert (fields.json("j"), fields.text("t", default="d"), fields.choice("c", ["A"], default="B")) == (
        [1],
        "x",
        "A",
    )
    assert (fields.number("n", default=1, low=1, high=3), fields.flag("f", default=True)) == (3, False)
    assert (fields.mapping("m"), fields.texts("l")) == ({"a": 1}, ["a"])
    fields.done()
    assert (empty.json("j"), empty.text("t", default=None), empty.choice("c", ["A"], default="B")) == (
        None,
        None,
        "B",
    )
    assert (empty.number("n", default=0, low=1, high=3), empty.flag("f", default=True)) == (0, True)
    assert (empty.mapping("m"), empty.texts("l")) == ({}, None)


def test_a_field_that_nobody_read_is_refused_by_name() -> None:
    fields = Fields({"nmae": "x"}, "create It")
    fields.text("name", default="")

    with pytest.raises(UsageError) as caught:
        fields.done()

    assert str(caught.value) == "nmae: create It: unknown field 'nmae'. Did you mean name? Fields: name."
