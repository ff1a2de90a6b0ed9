"""What is kept of the calls of a handle."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from simulator.box.calls import RESULT, Calls, packed
from simulator.errors import UsageError
from simulator.report.deliveries import deliveries_of
from tests.box.boxes import HOOK, platform_with

SCRIPT = "title: ${env.TITLE} of ${env.NOBODY}\nsteps:\n  - wait: 1s\n"


def test_call_is_kept_as_json():
    platform = platform_with()
    calls = Calls(platform)
    session = platform.apply("create", "ScenarioSession")
    (story,) = deliveries_of(platform.journal.since(0))

    calls.end(calls.begin("pause", (session,), {"at": datetime(2021, 3, 1, tzinfo=UTC), "by": None}))
    calls.end(calls.begin("resend", (story,), {"state": ("a", {"b": platform.targets[0]})}))
    calls.end(calls.begin("create", ("Call",), {"externalData": object}))

    assert calls.shown == [
        {
            "call": "pause",
            "args": [session.id],
            "with": {"at": "2021-03-01T00:00:00+00:00", "by": None},
            "entry": 2,
        },
        {"call": "resend", "args": [1], "with": {"state": ["a", {"b": platform.targets[0].id}]}, "entry": 2},
        {"call": "create", "args": ["Call"], "with": {"externalData": "<class 'object'>"}, "entry": 2},
    ]


def test_calls_that_overlap_say_until_when_they_lasted():
    calls = Calls(platform_with())
    first = calls.begin("expect_answered", (), {})
    calls.end(calls.begin("create", ("Call",), {}))
    calls.end(calls.begin("finish", ("A",), {}))
    error = UsageError("it broke")
    calls.end(first, error)

    assert [one.get("until") for one in calls.shown] == [2, None, None]
    assert calls.shown[0]["error"] == {"type": "UsageError", "text": "it broke."}
    assert calls.made[0].error is error


def test_new_world_makes_calls_meaningless_but_for_targets():
    platform = platform_with()
    calls = Calls(platform)
    platform.apply("create", "Call")
    calls.end(calls.begin("create", ("Call",), {}))
    calls.end(calls.begin("add_target", ("http://x/",), {}))
    reset = calls.begin("reset", (), {"seed": 9})

    calls.follow(platform_with(seed=9))
    calls.end(reset)
    calls.end(calls.begin("create", ("Call",), {}))

    assert [(one["call"], one["entry"], "until" in one) for one in calls.shown] == [
        ("add_target", 0, False),
        ("reset", 0, False),
        ("create", 0, False),
    ]
    assert calls.added == [HOOK, "http://x/"]
    assert calls.settings.seed == 1


def test_world_whose_journal_goes_on_keeps_the_calls():
    platform = platform_with()
    calls = Calls(platform)
    calls.end(calls.begin("create", ("Call",), {}))
    other = platform_with()
    other.apply("create", "Call")

    calls.follow(other)

    assert [one["call"] for one in calls.shown] == ["create"]


def test_end_of_a_call_from_before_a_reset_is_nothing():
    calls = Calls(platform_with())
    call = calls.begin("create", ("Call",), {})
    call.open = False
    calls.follow(platform_with())

    calls.end(call)

    assert calls.shown == []


def test_script_is_kept_whole_with_its_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("TITLE", "WO-1")
    monkeypatch.delenv("NOBODY", raising=False)
    file = tmp_path / "a.yaml"
    file.write_text(SCRIPT)

    assert packed(file) == {
        "name": str(file),
        "text": SCRIPT,
        "environment": {"TITLE": "WO-1"},
        "vars": {},
        "files": {},
    }
    assert packed("created-and-finished")["name"] == "created-and-finished.yaml"
    assert packed({"title": "A"}) == {"value": {"title": "A"}}


@pytest.mark.parametrize("given", ["no-such-script", Path("no-such-script"), b"bytes"])
def test_script_that_cannot_be_read_is_kept_as_it_was_named(given, tmp_path):
    calls = Calls(platform_with())
    calls.end(calls.begin("play", (given,), {}))

    assert calls.shown[0]["args"] == [str(given)]


def test_script_that_is_played_is_kept():
    calls = Calls(platform_with())
    calls.end(calls.begin("play", ({"title": "A"},), {}))

    assert calls.shown[0]["args"] == [{"value": {"title": "A"}}]


def test_snapshot_is_named_by_the_call_that_took_it():
    platform = platform_with()
    calls = Calls(platform)
    snapshot = platform.snapshot()
    calls.end(calls.begin("create", ("Call",), {}))
    calls.end(calls.begin("snapshot", (), {}), result=snapshot)

    calls.follow(platform_with())
    calls.end(calls.begin("restore", (snapshot,), {}))
    calls.end(calls.begin("restore", (platform.snapshot(),), {}))

    assert [one["call"] for one in calls.shown] == ["create", "snapshot", "restore", "restore"]
    assert calls.shown[2]["args"] == [{RESULT: 1}]
    assert calls.shown[3]["args"][0].startswith("Snapshot(")
