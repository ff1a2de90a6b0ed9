"""Playing: steps in their order, time that passes, and what the receiver must do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.audit.findings import Audited
from simulator.clock import Moment, Stopwatch, WallClock, parse_speed
from simulator.engine import Platform, Wait
from simulator.errors import StateError, UsageError
from simulator.expect import explain
from simulator.journal import FaultNoted
from simulator.script import load, play
from simulator.script.player import Report
from simulator.server.pump import Pump
from simulator.server.sender import Sender
from simulator.settings import resolve
from simulator.wire import Outcome
from tests.audit.test_findings import FINDING
from tests.driving import answers, ask, asks, drive, hook_of
from tests.server.receiving import receiving

STORY = """
title: A story
seed: 7
world: {users: [{as: ana, name: Ana Silva}, {as: raj}]}
steps:
  - create: ScenarioSession
    as: session
    by: ana
  - wait: 12m
  - view: session
    steps: 2
  - finish: session
  - expect:
      answered: [{event: create, of: session}, {event: finished, of: session}]
      queried: {of: session, fields: [state], after: {event: finished}}
"""


def platform_for(script, **flags) -> Platform:
    settings = resolve(flags=flags, script=script.settings()).settings
    return Platform(settings, base_url="http://scope", targets=["http://127.0.0.1:9/"])


def played(text: str, receiver=None, **flags) -> tuple[Report, Platform]:
    script = load(text, name="a.yaml")
    platform = platform_for(script, **flags)
    return drive(platform, play(platform, script), receiver and receiver(platform)), platform


def test_report_with_a_finding_is_not_ok():
    report = Report("A title", "a.yaml", 7, 0, (), Moment(0), Moment(0))

    assert (report.ok, report.findings) == (True, ())
    assert replace(report, audit=Audited(3)).findings == ()
    assert replace(report, audit=Audited(3, (FINDING,))).findings == (FINDING,)
    assert not replace(report, audit=Audited(3, (FINDING,))).ok


def test_a_story_that_goes_well():
    report, _platform = played(STORY, asks)

    assert report.ok
    assert (report.title, report.file, report.seed, report.steps) == ("A story", "a.yaml", 7, 5)
    assert report.ended - report.started == 720_000
    assert [ruling.place for ruling in report.rulings] == ["a.yaml:14:18", "a.yaml:14:48", "a.yaml:15:16"]
    assert [verdict.met for verdict in report.verdicts] == [True, True, True]
    assert report.verdicts[0].expected == "create about session answered 2xx"


def test_give_up_that_is_expected_is_named():
    expected = "  - expect: {given_up: {event: finished, of: session}, within: 50ms}\n"
    breaks = lambda _platform: answers(200, 200, 200, 500)  # noqa: E731

    report, platform = played(STORY.partition("  - expect")[0] + expected, breaks)

    assert report.ok
    assert report.verdicts[0].seen.startswith("finished given up after ")
    assert (platform.tally().given_up, report.excused(platform.journal)) == (2, {4})


def test_posts_of_a_step_are_attempted_before_the_next_step_begins():
    _, platform = played(STORY)

    kinds = [entry.fact.kind for entry in platform.journal.since(0)]
    assert kinds == [
        *("step", "change", "delivery", "attempt", "outcome"),
        "step",
        *("step", "change", "delivery", "change", "delivery", "attempt", "outcome", "attempt", "outcome"),
        *("step", "change", "delivery", "delivery", "attempt", "outcome", "attempt", "outcome"),
        "step",
    ]


TRACKS = """
title: Two technicians
seed: 7
steps:
  - create: ScenarioSession
    as: before
  - together:
    - - wait: 3m
      - create: ScenarioSession
        as: one
      - expect: {answered: {event: create, of: one}}
      - finish: one
    - - wait: 2m
      - pause: before
      - repeat: {times: 2, steps: [{wait: 1m}, {create: Call, as: call}]}
  - expect: {answered: [{event: finished, of: one}, {event: paused, of: before}, {event: create, of: call}]}
"""


def test_tracks_overlap_as_the_clock_says_and_what_they_name_is_known_after_them():
    def told() -> list[bytes]:
        bodies = []

        def receiver(platform):
            receive = asks(platform)

            def listening(attempt):
                bodies.append(attempt.body)
                return receive(attempt)

            return listening

        report, platform = played(TRACKS, receiver)
        assert report.ok
        steps = list(platform.journal.select(kinds=["step"]))
        assert [(entry.fact.track, (entry.at - report.started) // 60_000) for entry in steps] == [
            *[(None, 0), (None, 0), ("1", 0), ("2", 0), ("2", 2), ("2", 2), ("2", 2)],
            *[("1", 3), ("1", 3), ("2", 3), ("2", 3), ("1", 3), ("2", 4), (None, 4)],
        ]
        assert report.steps == 14
        return bodies

    assert told() == told()


SILENT = """
title: Nobody asks
steps:
  - together:
{tracks}
"""
_TRACK = """\
    - - {{create: ScenarioSession, as: s{number}}}
      - wait: {number}m
      - expect: {{queried: {{of: s{number}}}, within: 150ms}}
      - wait: 1h
      - finish: s{number}
      - expect: {{queried: {{of: s{number}, after: {{event: finished}}}}, within: 150ms}}
"""


async def test_tracks_wait_for_a_silent_receiver_at_the_same_time():
    tracks = "".join(_TRACK.format(number=number) for number in range(1, 11))
    script = load(SILENT.format(tracks=tracks), name="a.yaml")
    platform = platform_for(script)
    watch = Stopwatch()
    async with receiving() as receiver:
        platform.remove_target("1")
        platform.add_target(receiver.url)
        sender = Sender()
        pump = Pump(platform, sender)
        report = await pump.drive(play(platform, script))
        await pump.close()
        await sender.close()

    assert 0.3 <= watch.seconds < 1.5
    steps = [
        entry for entry in platform.journal.select(kinds=["step"]) if entry.fact.text.startswith("finish")
    ]
    assert [(one.at - report.started) // 60_000 for one in steps] == list(range(61, 71))
    # Those that were judged first began first, in the order of the clock.
    lines = [7 + 6 * number for number in range(10)]
    places = [ruling.place for ruling in report.rulings]
    assert places == [f"a.yaml:{line}:27" for line in (*lines, *(line + 3 for line in lines))]
    assert not any(one.met for one in report.verdicts)


EXPECTING = """
title: Time stands before a step that is more than a wait
steps:
  - {create: ScenarioSession, as: before}
  - together:
    - - expect: {queried: {of: before, times: 3}, within: 200ms}
      - pause: before
    - - together:
          - - expect: {queried: {of: before, times: 4}, within: 200ms}
            - repeat: {times: 1, steps: [{wait: 2m}]}
          - - wait: 1m
      - wait: 1m
    - - wait: 3m
      - {create: ScenarioSession}
"""


def test_time_stands_before_a_step_that_is_more_than_a_wait():
    report, platform = played(EXPECTING)

    steps = platform.journal.select(kinds=["step"])
    minutes = [(one.at - report.started) / 60_000 for one in steps]
    told = [(one.fact.track, one.fact.text.partition(":")[0]) for one in steps]
    assert list(zip(told, minutes, strict=True)) == [
        *[((None, "create"), 0), ((None, "together"), 0), (("1", "expect"), 0), (("2", "together"), 0)],
        *[(("2.1", "expect"), 0), (("2.1", "repeat"), 0), (("2.1", "wait"), 0), (("2.2", "wait"), 0)],
        *[(("3", "wait"), 0), (("1", "pause"), 0), (("2", "wait"), 2), (("3", "create"), 3)],
    ]
    assert [one.met for one in report.verdicts] == [False, False]


def test_without_an_order_steps_do_not_wait_for_posts():
    script = load(STORY)
    platform = platform_for(script, ordering="none")
    playing = play(platform, script)

    wait = next(playing)

    assert wait.until == platform.now + 720_000
    assert platform.busy


def test_on_a_running_clock_steps_do_not_wait_for_posts():
    script = load(STORY)
    seconds = iter(range(100))
    clock = WallClock(Moment(0), parse_speed("60"), timer=lambda: next(seconds))
    platform = Platform(
        resolve(script=script.settings()).settings, targets=["http://127.0.0.1:9/"], clock=clock
    )

    wait = next(play(platform, script))

    assert platform.busy
    assert wait.until is not None
    assert [wait.ready(0.0) for _ in range(14)].index(True) > 8


def test_steps_are_noted_as_they_begin():
    _, platform = played(STORY)

    assert [(entry.fact.place, entry.fact.text) for entry in platform.journal.select(kinds=["step"])] == [
        ("a.yaml:6", "create: ScenarioSession, as: session, by: ana"),
        ("a.yaml:9", "wait: 12m"),
        ("a.yaml:10", "view: session, steps: 2"),
        ("a.yaml:12", "finish: session"),
        (
            "a.yaml:13",
            "expect: {answered: [{event: create, of: session}, {event: finished, of: session}], "
            "queried: {of: session, fields: [state], after: {event: finished}}}",
        ),
    ]


def test_the_same_script_tells_the_same_bytes_twice():
    def bodies() -> list[bytes]:
        script = load(STORY)
        platform = platform_for(script)
        sent = []

        def receive(attempt):
            sent.append(attempt.body)
            return Outcome(200)

        drive(platform, play(platform, script), receive)
        return sent

    assert bodies() == bodies()
    assert len(bodies()) == 5


REPEAT = """
title: Rounds
vars: {many: 2}
steps:
  - repeat:
      times: ${many}
      steps:
        - create: ScenarioSession
          as: session
          with: {externalData: "${index}"}
        - repeat: {times: 2, steps: [{emit: {type: iot, event: tick, data: {n: "${index}"}}}]}
        - wait: 1s
  - finish: session
"""


def test_names_are_given_anew_each_round_and_rounds_are_counted():
    report, platform = played(REPEAT)

    assert report.steps == 1 + 2 * (1 + 1 + 2 + 1) + 1
    sessions = platform.resources("ScenarioSession", after=40)
    assert [(one["externalData"], one["state"]) for one in sessions] == [(0, "IN_PROGRESS"), (1, "FINISHED")]


def test_an_unmet_expectation_does_not_end_the_script_and_all_are_reported():
    report, platform = played(
        STORY.replace("  - finish", "  - expect: {queried: {of: session}}\n  - finish"),
        lambda _: answers(500),
    )

    assert not report.ok
    assert [verdict.met for verdict in report.verdicts] == [False, False, False, False]
    assert platform.resources("ScenarioSession", after=40)[0]["state"] == "FINISHED"
    assert (
        explain(report.verdicts)
        .splitlines()[0]
        .startswith("4 of 4 expectations not met: a request about session")
    )


def test_expectations_count_from_the_beginning_of_the_run():
    script = load(STORY)
    platform = platform_for(script)
    drive(platform, play(platform, load(STORY)), asks(platform))

    second = load("title: t\nsteps:\n  - expect: {answered: {event: create}, within: 1s}\n")
    report = drive(platform, play(platform, second))

    assert not report.ok


def test_what_comes_while_an_expectation_waits_counts():
    script = load("title: t\nsteps: [{create: Call, as: call}, {expect: {queried: {of: call, times: 1}}}]")
    platform = platform_for(script)
    playing = play(platform, script)
    wait = next(playing)
    for attempt in platform.due():
        platform.report(attempt, Outcome(200))
    wait = playing.send(wait.ready(0.0))
    early = wait.ready(1.0)

    ask(platform, "query Q($id: ID!) { node(id: $id) { id } }", id=platform.resources("Call")[-1].id)

    assert (early, wait.ready(0.0), wait.ready(wait.quiet), wait.timeout) == (False, False, True, 5.0)
    with pytest.raises(StopIteration) as end:
        playing.send(True)
    assert end.value.value.ok
    assert not platform.journal._followers


def test_an_expectation_within_simulated_time_runs_the_clock():
    report, _platform = played(
        "title: t\nsteps:\n  - expect: {answered: {event: seen}, within: 3d simulated}\n"
    )

    assert not report.ok
    assert report.ended - report.started == 3 * 86_400_000


def test_an_expectation_within_simulated_time_ends_as_soon_as_it_holds():
    report, _ = played(
        "title: t\nsteps:\n  - emit: {type: iot, event: seen}\n"
        "  - expect: {answered: {event: seen}, within: 3d simulated}\n"
    )

    assert report.ok
    assert report.ended == report.started


def test_an_answer_that_cannot_come_any_more_is_not_waited_for():
    report, platform = played(
        "title: t\nsteps:\n  - emit: {type: iot, event: seen}\n"
        "  - expect: {answered: {event: seen}, within: 3d simulated}\n",
        lambda _: lambda _: Outcome(None, "connection refused"),
    )

    assert [verdict.seen for verdict in report.verdicts] == [
        f"4 attempts: {', '.join(['seen no answer'] * 4)}; nothing more is due"
    ]
    assert report.ended - report.started == 5_000 + 300_000 + 1_800_000
    assert platform.idle_drained


def test_target_is_the_first_one():
    hooks = []

    def receiver(platform):
        def receive(attempt):
            hooks.append(hook_of(attempt))
            return Outcome(200)

        return receive

    played('title: t\nsteps: [{emit: {type: iot, event: a, data: {to: "${target}"}}}]', receiver)

    assert hooks[0]["data"] == {"to": "http://127.0.0.1:9/"}


def test_a_step_that_cannot_be_carried_out_ends_the_script_with_its_line():
    script = load(
        "title: t\nsteps:\n  - create: Call\n  - wait: 1s\n  - emit: {type: iot, event: '${target}'}\n",
        name="a.yaml",
    )
    platform = Platform(resolve().settings)

    with pytest.raises(UsageError) as caught:
        drive(platform, play(platform, script))

    assert str(caught.value) == (
        "a.yaml:5:30: ${target} stands for nothing: there is no target. Name one with --target URL."
    )


def test_a_script_plays_on_a_platform_that_has_a_past():
    script = load(
        "title: t\nsteps: [{create: Call, as: call}, {expect: {answered: {event: create, of: call}}}]"
    )
    platform = platform_for(script)
    platform.apply("create", "Call")

    assert drive(platform, play(platform, script)).ok


def test_an_end_from_outside_leaves_nothing_behind():
    script = load("title: t\nsteps: [{expect: {queried: {times: 1}}}]")
    platform = platform_for(script)
    playing = play(platform, script)
    assert isinstance(next(playing), Wait)

    with pytest.raises(StateError):
        playing.throw(StateError("reset"))

    assert not platform.journal._followers


def test_faults_of_a_script_strike_and_idle_ones_are_told_at_the_end():
    text = """
title: t
steps:
  - create: ScenarioSession
    as: session
  - faults:
      api: [{status: 503, times: 1, match: {of: session}}]
      delivery: [{drop: true, match: {event: paused}}]
  - finish: session
"""
    _, platform = played(text, asks)

    statuses = [entry.fact.answer.status for entry in platform.journal.select(kinds=["request"])]
    assert statuses == [200, 503, 200]
    assert [entry.fact for entry in platform.journal.select(kinds=["fault"])][-1] == FaultNoted(
        2, "delivery.drop,event=paused", "idle"
    )


def test_what_a_fault_made_given_up_is_excused():
    text = """
title: t
steps:
  - faults: {delivery: [{unreachable: true, match: {event: create}}]}
  - create: ScenarioSession
    as: session
  - finish: session
"""
    report, platform = played(text, lambda _platform: answers(500), retry="none")

    assert report.excused(platform.journal) == {1}
    assert platform.tally().given_up == 3


def test_what_comes_after_may_be_named_by_its_topic():
    report, _ = played(
        "title: t\nsteps:\n"
        "  - subscribe: {topic: scenario_session/completed}\n"
        "  - {create: ScenarioSession, as: s}\n"
        "  - finish: s\n"
        "  - expect: {queried: {of: s, after: {event: scenario_session/completed}}, within: 10ms}\n",
        asks,
    )

    assert [verdict.met for verdict in report.verdicts] == [True]
