"""What each verb does to a call: who is in it, and when it ends."""

from __future__ import annotations

import pytest

from simulator.errors import StateError
from simulator.world.changes import Link
from simulator.world.resources import (
    CallParticipant,
    Kind,
    User,
)
from tests.world.worlds import MINUTE, Stage

SESSION, CALL, USER = Kind.SESSION, Kind.CALL, Kind.USER


def test_a_call_has_its_caller_and_those_named_and_ends_with_the_last() -> None:
    stage = Stage()
    ana, raj, eve = (stage.world.need(User, n) for n in (2, 3, 4))

    call = stage.do("create", CALL, {"participants": [ana.username, raj.name], "externalData": {"case": 1}})
    stage.wait(1)
    stage.do("join", call, by=eve.number)
    joined = stage.told()
    stage.wait(2)
    stage.do("leave", call, by=ana.number)
    left = stage.told()
    stage.do("leave", call)
    stage.wait(3)
    stage.do("leave", call)

    rows = stage.world.children(Link.CALL_PARTICIPANTS, call.number)
    inside = [stage.world.need(CallParticipant, n) for n in rows]
    assert (joined, left, stage.told()) == (["join"], ["leave"], ["finish"])
    assert [(one.user, (one.left_at or 0) - one.joined_at) for one in inside] == [
        (2, 3 * MINUTE),
        (3, 6 * MINUTE),
        (4, 2 * MINUTE),
    ]
    shown = stage.read(call)
    assert (shown["state"], shown["duration"], shown["externalData"]) == ("FINISHED", 360, {"case": 1})


def test_finishing_a_call_sends_everybody_home() -> None:
    stage = Stage()
    call = stage.do("create", CALL, by=3)
    stage.do("join", call)
    stage.wait(2)

    stage.do("finish", call)

    rows = stage.world.children(Link.CALL_PARTICIPANTS, call.number)
    assert [stage.world.need(CallParticipant, n).left_at for n in rows] == [stage.now, stage.now]
    assert [stage.world.need(CallParticipant, n).user for n in rows] == [3, 1]
    assert stage.told() == ["finish"]


def test_nobody_joins_twice_and_nobody_leaves_who_is_not_there() -> None:
    stage = Stage(users=2)
    ana = stage.view.user_name(2)
    call = stage.do("create", CALL, by=2)

    with pytest.raises(StateError) as twice:
        stage.do("join", call, by=2)
    with pytest.raises(StateError) as absent:
        stage.do("leave", call, by=1)
    stage.do("join", call)
    with pytest.raises(StateError) as full:
        stage.do("join", call)

    assert str(twice.value) == f"by: {ana} is in the call already. Say who joins with `by`."
    assert str(absent.value) == f"by: Integration Account is not in the call. In it are: {ana}."
    assert str(full.value) == "by: everybody is in the call already. Say who joins with `by`."
