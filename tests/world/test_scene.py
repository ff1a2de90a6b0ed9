"""The device's time: late is fine, early is not."""

from __future__ import annotations

import pytest

from simulator.clock import Moment, iso_millis
from simulator.errors import UsageError
from simulator.world.changes import Link
from simulator.world.resources import Kind, Ref
from tests.world.worlds import MINUTE, Stage

SESSION, CALL, USER = Kind.SESSION, Kind.CALL, Kind.USER


def test_the_device_may_be_late_but_not_early_nor_before_the_last_move() -> None:
    stage = Stage()
    stage.wait(60)
    session = stage.do("create", SESSION, at=Moment(stage.now - 30 * MINUTE))

    with pytest.raises(UsageError) as future:
        stage.do("pause", session, at=Moment(stage.now + 1))
    with pytest.raises(UsageError) as before:
        stage.do("pause", session, at=Moment(stage.now - 31 * MINUTE))
    stage.do("pause", session, at=Moment(stage.now - 20 * MINUTE))

    start, now = iso_millis(Moment(stage.now - 30 * MINUTE)), iso_millis(stage.now)
    assert str(future.value) == (
        f"at: the device's time lies in the future; expected {now} or before, "
        f"found {iso_millis(Moment(stage.now + 1))}."
    )
    assert str(before.value) == (
        "at: the device's time lies before the session's last move; "
        f"expected {start} or after, found {iso_millis(Moment(stage.now - 31 * MINUTE))}."
    )
    assert (stage.read(session)["duration"], stage.read(session)["idleDuration"]) == (600, 1200)


def test_values_of_an_enum_are_taken_as_spelt_on_the_wire_or_as_ours_each_once() -> None:
    stage = Stage(enum_names="EXPERT=SAGE")

    user = stage.do("create", USER, {"licenses": ["SAGE", "EXPERT", "TECH"]})

    held = stage.world.children(Link.USER_LICENSES, user.number)
    assert [stage.read(Ref(Kind.LICENSE, number))["product"] for number in held] == ["SAGE", "TECH"]


def test_a_value_that_is_none_of_an_enum_is_refused() -> None:
    with pytest.raises(UsageError) as raised:
        Stage().do("create", USER, {"licenses": ["EXPRT"]})

    assert str(raised.value) == (
        "licenses: 'EXPRT' does not fit in licenses; expected some of COMPANY_ADMINISTRATOR, VIEWER, AUTHOR, ANALYST, "
        "GUEST, TECH, TECH_PLUS, EXPERT. Did you mean EXPERT?"
    )
