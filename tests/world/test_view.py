"""Finding records in a look at the world."""

from __future__ import annotations

import pytest

from simulator.errors import NotFoundError
from simulator.world.resources import (
    Kind,
    Ref,
    User,
)
from tests.world.worlds import Stage

SESSION, CALL, USER = Kind.SESSION, Kind.CALL, Kind.USER


def test_users_are_found_by_id_username_address_and_name() -> None:
    stage = Stage()
    view = stage.view
    user = stage.world.need(User, 3)

    found = [view.find_user(text) for text in (view.id_of(user.ref), user.username, user.email, user.name)]

    assert found == [user] * 4


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "999", "²", "9" * 19, "", "x"])
def test_texts_that_name_no_record_find_none(text: str) -> None:
    assert Stage().view.find(SESSION, text) is None


def test_an_id_of_another_kind_is_not_found_as_this_one() -> None:
    view = Stage().view

    assert view.find(SESSION, view.id_of(Ref(CALL, 1))) is None
    assert view.find(SESSION, view.id_of(Ref(SESSION, 1))) == view.find(SESSION, "1")


def test_in_a_large_world_what_was_probably_meant_is_looked_for_among_a_few() -> None:
    stage = Stage(users=1_000_000)
    before = stage.base.derived

    with pytest.raises(NotFoundError) as caught:
        stage.view.find_user(stage.world.need(User, 3).name + "x")

    assert caught.value.nearest[0] == stage.world.need(User, 3).name
    assert stage.base.derived - before < 350
