"""Snapshots are found by id and name, and there is room for so many."""

from __future__ import annotations

import pytest

from simulator.control.shelf import MOST_SNAPSHOTS, Shelf
from simulator.engine import Platform
from simulator.errors import NotFoundError, StateError
from simulator.settings import Settings

SNAPSHOT = Platform(Settings()).snapshot()


def test_snapshot_is_found_by_its_id_and_by_its_name():
    shelf = Shelf()
    named, plain = shelf.put("here", SNAPSHOT), shelf.put(None, SNAPSHOT)

    assert (shelf.find("1"), shelf.find("here")) == (named, named)
    assert (shelf.find("2"), shelf.find("snapshot 2"), list(shelf)) == (plain, plain, [named, plain])


def test_unknown_snapshot_is_told_with_the_nearest():
    shelf = Shelf()
    with pytest.raises(NotFoundError) as none:
        shelf.find("here")
    shelf.put("before-the-end", SNAPSHOT)
    with pytest.raises(NotFoundError) as other:
        shelf.remove("before-end")

    assert str(none.value) == ("there is no snapshot 'here'. POST snapshots takes one; a reset forgets them.")
    assert str(other.value) == (
        "there is no snapshot 'before-end'; expected one of before-the-end. Did you mean before-the-end? "
        "POST snapshots takes one; a reset forgets them."
    )


def test_name_is_taken_once_until_it_is_free_again():
    shelf = Shelf()
    shelf.put("here", SNAPSHOT)
    with pytest.raises(StateError) as error:
        shelf.put("here", SNAPSHOT)
    shelf.remove("here")

    assert str(error.value) == (
        "there is a snapshot 'here' already. Delete it first, or choose another name."
    )
    assert shelf.put("here", SNAPSHOT).id == "2"


def test_there_is_room_for_so_many():
    shelf = Shelf()
    for _ in range(MOST_SNAPSHOTS):
        shelf.put(None, SNAPSHOT)
    with pytest.raises(StateError) as error:
        shelf.check(None)
    shelf.clear()
    shelf.check(None)

    assert str(error.value) == (
        "32 snapshots are kept, and there is no room for more. Delete one that is not needed any more."
    )
