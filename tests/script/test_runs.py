"""All runs of a script: what each ending begins with, what it counts, and what the receiver hears."""

from __future__ import annotations

import pytest

from simulator.engine import Platform, Snapshot
from simulator.script.prepare import load
from simulator.script.runs import play_all, steps_of
from simulator.settings import resolve
from simulator.wire import Outcome
from tests.driving import answers, drive, hook_of

SCRIPT = """\
title: A story
seed: 7
vars: {name: "${fake.name}"}
steps:
  - create: ScenarioSession
    as: session
    with: {externalData: "${fake.name}"}
  - wait: 10m
  - checkpoint: middle
  - emit: {type: iot, event: seen, data: {name: "${fake.name}"}}
  - create: Call
    as: other
  - finish: session
  - expect: {answered: [{event: create, of: session}, {event: finished, of: session}]}
endings:
  - title: put aside
    steps:
      - wait: 5m
      - pause: session
      - create: Call
        as: other
      - emit: {type: iot, event: seen, data: {name: "${fake.name}"}}
      - expect: {answered: [{event: create, of: session}, {event: paused, of: session}], queried: {of: session, times: 0}}
  - title: finished all the same
    steps:
      - emit: {type: iot, event: seen, data: {name: "${fake.name}"}}
      - finish: session
      - expect: {answered: [{event: finished, of: session}, {event: paused, of: session}], within: 10ms}
"""


class Driven:
    """A hall whose present platform is driven by ``drive``."""

    def __init__(self, script, journal: str = "goes back") -> None:
        self.script = script
        self.journal = journal
        self.hooks: list[dict] = []
        self.resets = 0
        self.told: list[tuple[str, int]] = []
        self.new()

    def new(self) -> Platform:
        settings = resolve(script=self.script.settings()).settings
        self.platform = Platform(settings, base_url="http://scope", targets=["http://127.0.0.1:9/"])
        return self.platform

    def fresh(self, script) -> Platform:
        assert script is self.script
        return self.new()

    def restore(self, snapshot: Snapshot) -> Platform:
        self.platform = self.platform.restored(snapshot, journal=self.journal)
        return self.platform

    def ended(self, report, platform):
        assert platform is self.platform
        self.hooks.append({"ended": report.title})
        yield from ()

    def play(self):
        def receive(attempt):
            self.hooks.append(hook_of(attempt))
            return answers(200)(attempt)

        def probed(_probe) -> Outcome:
            self.resets += 1
            return Outcome(204)

        def begun(title, steps) -> None:
            self.told.append((title, len(steps)))

        work = play_all(self.platform, self.script, self, begun=begun, ended=self.ended)
        return drive(_Present(self), work, receive, probed=probed)


class _Present:
    """The present platform of a hall, whichever it is."""

    def __init__(self, hall: Driven) -> None:
        self._hall = hall

    def __getattr__(self, name: str):
        return getattr(self._hall.platform, name)


def words(hooks: list[dict]) -> list[str]:
    return [one.get("event") or one["ended"] for one in hooks]


@pytest.mark.parametrize("journal", ["goes back", "goes on"])
def test_an_ending_begins_at_its_checkpoint_and_the_receiver_hears_only_what_follows(journal):
    hall = Driven(load(SCRIPT, name="a.yaml"), journal)

    reports = hall.play()

    assert [one.title for one in reports] == [
        "A story",
        "A story: put aside",
        "A story: finished all the same",
    ]
    assert [[verdict.met for verdict in one.verdicts] for one in reports] == [
        [True, True],
        [True, True, True],
        [True, False],
    ]
    assert words(hall.hooks) == [
        *("create", "seen", "create", "finished", "update", "A story"),
        *("paused", "update", "create", "seen", "A story: put aside"),
        *("seen", "finished", "update", "A story: finished all the same"),
    ]
    assert [(one.started, one.ended - one.started) for one in reports] == [
        (reports[0].started, 600_000),
        (reports[0].started, 900_000),
        (reports[0].started, 600_000),
    ]
    assert [one.steps for one in reports] == [7, 8, 6]
    assert hall.told == [("A story", 7), ("A story: put aside", 5), ("A story: finished all the same", 3)]


def test_what_an_ending_makes_is_what_the_first_run_made_there():
    hall = Driven(load(SCRIPT))

    hall.play()

    seen = [one for one in hall.hooks if one.get("event") == "seen"]
    calls = [one for one in hall.hooks if one.get("event") == "create"][1:]
    assert seen[0]["data"] == seen[1]["data"] == seen[2]["data"]
    assert calls[0]["data"] == calls[1]["data"]


def test_a_receiver_that_is_reset_hears_all_of_every_run():
    text = SCRIPT.replace("steps:", "receiver: {reset: 'http://127.0.0.1:9/reset'}\nsteps:", 1)
    hall = Driven(load(text, name="a.yaml"))

    reports = hall.play()

    assert hall.resets == 3
    assert words(hall.hooks) == [
        *("create", "seen", "create", "finished", "update", "A story"),
        *("create", "paused", "update", "create", "seen", "A story: put aside"),
        *("create", "seen", "finished", "update", "A story: finished all the same"),
    ]
    assert [one.ok for one in reports] == [True, True, False]
    assert [len(steps_of(hall.script, one)) for one in hall.script.endings] == [8, 6]


def test_a_checkpoint_without_endings_changes_nothing():
    hall = Driven(load("title: t\nsteps: [{checkpoint: middle}, {wait: 1s}]"))

    (report,) = hall.play()

    assert report.steps == 2
