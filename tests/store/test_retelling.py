"""A platform that stands where a snapshot was taken is in the file as if it had come there by itself."""

from __future__ import annotations

import pytest

from simulator.control.running import give_faults
from simulator.wire import Outcome, Request
from tests.store.remembering import TARGET, Process, state_of


def lived(process: Process) -> list[str]:
    """Let something of every kind happen, and return the ids of two sessions."""
    process.stage.add_target(TARGET)
    platform = process.platform
    give_faults(platform, delivery=[{"answer_lost": True, "times": 3}])
    first, second = (platform.apply("create", "ScenarioSession", {"externalData": {"n": n}}) for n in (1, 2))
    process.deliver(lambda _: Outcome(200), most=4)
    platform.apply("record", first, {"type": "PHOTO"})
    platform.apply("delete", second)
    platform.apply("update", first, {"externalData": {"n": 3}})
    body = b'{"user": {"username": "integrator", "password": "%s"}}' % platform.password.encode()
    headers = {"content-type": "application/json"}
    platform.answer(Request("POST", "/api/v2/users/sign_in.json", {}, headers, body))
    return [first.id, second.id]


@pytest.mark.parametrize("journal", ["goes on", "goes back"])
def test_file_follows_what_is_restored(tmp_path, journal):
    process = Process(tmp_path / "scope.db")
    first, _ = lived(process)
    process.platform.dispatch.resend([1], process.platform.now, ended=lambda _: False)
    snapshot = process.platform.snapshot()
    process.platform.apply("finish", first)
    process.stage.add_target(f"{TARGET}/two")
    process.deliver(lambda _: Outcome(500))

    process.stage.restore(snapshot, journal=journal)
    restored = state_of(process.platform)
    process.restart()

    assert state_of(process.platform) == restored
    process.deliver(lambda _: Outcome(200))
    assert process.platform.tally().pending == 0
    process.stop()


def test_what_is_not_restored_yet_is_not_in_the_file(tmp_path):
    process = Process(tmp_path / "scope.db")
    lived(process)
    process.stage.commit()
    before = state_of(process.platform)
    snapshot = process.platform.snapshot()

    process.platform.restored(snapshot)
    process.crash()

    assert state_of(process.platform) == before
    process.stop()
