"""Snapshots over the control side."""

from __future__ import annotations

import pytest

from simulator.errors import NotFoundError
from tests.control.asking import ask, stage_with

START = "2021-03-01T08:00:00.000Z"


def test_three_endings_from_one_point():
    stage = stage_with()
    call = stage.platform.apply("create", "Call")
    taken = ask(stage, "POST snapshots", {"name": "in-the-call"})
    stage.platform.apply("finish", call)

    status, health = ask(stage, "POST snapshots/in-the-call/restore")

    assert taken == (201, {"id": "1", "name": "in-the-call", "at": START, "entry": 3, "pending": 1})
    assert (status, health["deliveries"]["planned"]) == (200, 1)
    assert stage.platform.resource(call.id) == call
    assert ask(stage, "GET snapshots") == (200, {"snapshots": [taken[1]]})
    assert ask(stage, "POST snapshots/1/restore")[0] == 200


def test_snapshot_that_is_deleted_is_no_more():
    stage = stage_with()
    ask(stage, "POST snapshots")

    assert ask(stage, "DELETE snapshots/1") == (204, None)
    assert ask(stage, "GET snapshots") == (200, {"snapshots": []})
    with pytest.raises(NotFoundError):
        ask(stage, "POST snapshots/1/restore")


def test_reset_forgets_snapshots():
    stage = stage_with()
    ask(stage, "POST snapshots")
    stage.reset()

    assert ask(stage, "GET snapshots") == (200, {"snapshots": []})
