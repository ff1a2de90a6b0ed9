"""What a reset keeps and what it drops."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator import engine
from simulator.audit.findings import Audited
from simulator.clock import parse_speed
from simulator.control import Stage
from simulator.control import stage as stage_module
from simulator.errors import NotFoundError, UsageError
from simulator.settings import Settings
from tests.control.asking import HOOK, stage_with

OTHER = "http://10.0.0.1/hook"


def urls(stage: Stage) -> list[str]:
    return [target.url for target in stage.platform.targets]


def test_stage_begins_with_the_settings_and_targets_it_is_given():
    stage = stage_with(seed=7)

    assert (stage.settings.seed, urls(stage), Stage().settings) == (7, [HOOK], Settings())


def test_reset_keeps_the_operators_targets_and_the_address():
    stage = stage_with()
    stage.add_target(OTHER)
    stage.add_target(OTHER)
    stage.platform.add_target("http://localhost:1/")

    stage.reset()

    assert urls(stage) == [HOOK, OTHER]
    assert stage.platform.base_url == "http://127.0.0.1:7267"


def test_reset_goes_back_to_the_start_up_settings():
    stage = stage_with(seed=7)

    assert stage.reset(seed=9).settings.seed == 9
    assert stage.reset().settings.seed == 7


def test_targets_given_at_a_reset_replace_the_others():
    stage = stage_with()
    stage.reset(targets=[OTHER])

    assert urls(stage) == [OTHER]
    stage.reset()
    assert urls(stage) == [OTHER]


def test_webhooks_name_the_address_or_the_public_url():
    plain, public = Stage(), Stage(Settings(public_url="https://scope.example"))
    for stage in (plain, public):
        stage.found_at("http://127.0.0.1:1234")
        stage.reset()

    assert (plain.address, plain.platform.base_url) == ("http://127.0.0.1:1234", "http://127.0.0.1:1234")
    assert (public.address, public.platform.base_url) == ("http://127.0.0.1:1234", "https://scope.example")


@pytest.mark.parametrize(
    ("settings", "guarded"),
    [({}, False), ({"host": "::1"}, False), ({"host": "0.0.0.0"}, True), ({"control_token": "mine"}, True)],
)
def test_token_is_asked_of_all_when_others_could_come_or_one_was_given(settings, guarded):
    stage = Stage(Settings(**settings))

    assert stage.guarded is guarded
    assert (stage.control_token == "mine") is ("control_token" in settings)


def test_removed_target_does_not_come_back():
    stage = stage_with()
    stage.add_target(OTHER)
    stage.remove_target("1")
    with pytest.raises(NotFoundError):
        stage.remove_target("9")

    stage.reset()

    assert urls(stage) == [OTHER]


@pytest.mark.parametrize(
    "name",
    [
        *("host", "port", "public_url", "ca", "insecure"),
        *("allow_hosts", "allow_targets", "control_token"),
    ],
)
def test_what_stands_from_the_start_cannot_change(name):
    stage = stage_with()
    before = stage.platform

    with pytest.raises(UsageError, match=f"a reset cannot change the {name}"):
        stage.reset(**{name: "x"})

    assert stage.platform is before


def test_wrong_setting_changes_nothing():
    stage = stage_with()
    before = stage.platform

    with pytest.raises(UsageError, match="Did you mean seed"):
        stage.reset(sed=1)

    assert stage.platform is before


def test_watchers_learn_of_each_new_platform_until_they_end_it():
    stage, seen = stage_with(), []
    end = stage.watch(seen.append)
    first = stage.reset()
    stage.put(first)
    end()
    stage.reset()

    assert seen == [first]


def test_reset_forgets_the_runs():
    stage = stage_with()
    run = stage.begin_run("x")
    assert stage.run(run.id) is run

    stage.reset()

    with pytest.raises(NotFoundError, match="A reset forgets the runs before it"):
        stage.run(run.id)
    assert stage.begin_run("y").id != run.id


def test_of_many_runs_the_oldest_that_have_ended_are_forgotten(monkeypatch):
    monkeypatch.setattr(stage_module, "_MOST_RUNS", 2)
    stage = stage_with()
    first, second = stage.begin_run("playing on"), stage.begin_run("ended")
    second.state = "passed"

    third, fourth = stage.begin_run("third"), stage.begin_run("all are playing")

    assert list(stage.runs.values()) == [first, third, fourth]


def test_world_with_other_tokens_says_so():
    stage = stage_with()

    stage.reset()
    same = stage.platform.journal.select()
    stage.reset(seed=7)
    other = [entry.fact.text for entry in stage.platform.journal.select()]

    assert [entry.fact.text for entry in same] == other[:1]
    assert other[1:] == ["a new world began with seed 7: tokens and ids of the one before are unknown"]


def test_restoring_puts_another_platform_in_place_and_says_so_and_runs_stay():
    stage = stage_with()
    snapshot = stage.platform.snapshot()
    stage.platform.emit(type="iot", event="connected", data={})
    run = stage.begin_run("one")
    seen: list[object] = []
    stage.watch(seen.append)

    restored = stage.restore(snapshot, name="first")

    assert seen == [restored]
    assert (stage.platform, stage.run(run.id)) == (restored, run)
    assert [(entry.number, entry.fact.kind) for entry in restored.journal.since(0)][-2:] == [
        (2, "undone"),
        (3, "note"),
    ]
    assert "the snapshot first was restored: the last 1 entries are undone" in str(restored.journal.select())


def test_journal_that_goes_back_with_a_snapshot_tells_nothing_of_it():
    stage = stage_with()
    snapshot = stage.platform.snapshot()
    stage.platform.emit(type="iot", event="connected", data={})

    stage.restore(snapshot, journal="goes back")

    assert stage.platform.journal.select() == snapshot.held.journal.select()


def test_new_speed_keeps_the_moment_and_is_noted():
    stage = stage_with()
    before = stage.platform.now

    stage.set_speed(parse_speed("60"))

    assert 0 <= stage.platform.now - before < 60_000
    (*_, note) = stage.platform.journal.select(kinds=["note"])
    assert note.fact.text == "time passes at speed 60 from now on"


def test_note_returns_the_number_of_its_entry():
    stage = stage_with()

    assert stage.note("x") == stage.platform.journal.last


def test_present_platform_is_audited_where_that_is_asked_for():
    stage = stage_with(audit=True)
    stage.platform.apply("create", "ScenarioSession")
    assert stage.audited() == Audited(2)
    assert stage.found() == Audited(3)

    stage.reset()
    assert stage.audited() == Audited(0)

    stage.reset(audit=False)
    assert stage.audited() is None
    with pytest.raises(UsageError) as caught:
        stage.found()
    assert str(caught.value) == (
        "audit: nothing is compared with the API. Start the simulator with audit=True."
    )


def test_audit_goes_on_where_a_snapshot_is_restored(monkeypatch):
    right = engine.webhooks_of
    monkeypatch.setattr(
        engine,
        "webhooks_of",
        lambda *args: ((url, replace(one, word="finished")) for url, one in right(*args)),
    )
    stage = stage_with(audit=True)
    snapshot = stage.platform.snapshot()
    stage.platform.apply("create", "ScenarioSession")
    stage.restore(snapshot)

    audited = stage.audited()
    assert (audited.compared, len(audited.findings)) == (1, 1)

    stage.restore(snapshot, journal="goes back")
    assert stage.audited() == Audited(0)
