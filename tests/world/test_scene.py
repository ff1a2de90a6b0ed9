"""The device's time: late is fine, early is not."""

from __future__ import annotations

import pytest

from simulator.clock import Moment, iso_millis
from simulator.errors import UsageError
from simulator.world.resources import (
    Kind,
)
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
