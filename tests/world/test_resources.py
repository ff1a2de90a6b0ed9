"""Kinds and records: every kind has its record, and a record says which it is."""

from __future__ import annotations

import dataclasses

import pytest

from simulator.world.resources import RECORDS, Group, Kind, Ref, User


def test_every_kind_has_its_record_under_the_vendors_type_name() -> None:
    assert {kind: record.KIND for kind, record in RECORDS.items()} == {kind: kind for kind in Kind}
    assert {kind.value for kind in Kind} == {record.__name__ for record in RECORDS.values()}


def test_a_record_is_a_value_that_nobody_changes() -> None:
    group = Group(number=3, name="Nights")

    assert group == Group(number=3, name="Nights")
    assert group.ref == Ref(Kind.GROUP, 3)
    with pytest.raises(dataclasses.FrozenInstanceError):
        group.name = "Days"  # type: ignore[misc]


def test_a_user_without_a_last_name_has_no_blank_behind_the_first() -> None:
    assert (
        User(number=2, first_name="Madonna", last_name="", username="m", email="m@example.com").name
        == "Madonna"
    )
