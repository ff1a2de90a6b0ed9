"""What is wrong with a script in a given world is known before its first step."""

from __future__ import annotations

import pytest

from simulator.engine import Platform
from simulator.script import rehearsal
from simulator.script.document import ScriptError
from simulator.script.prepare import load
from simulator.script.rehearsal import MOST_ROUNDS, rehearse
from simulator.settings import Settings, resolve


def told(steps: str, head: str = "title: t") -> list[str]:
    script = load(f"{head}\nsteps:\n{steps.strip(chr(10))}\n", name="a.yaml")
    try:
        rehearse(Platform(resolve(script=script.settings()).settings), script)
    except ScriptError as error:
        return str(error).splitlines()
    return []


SESSION = """
  - create: ScenarioSession
    as: session
"""


def test_a_sound_script_is_rehearsed_without_a_trace():
    platform = Platform(Settings(), targets=["http://127.0.0.1:9/"])
    before = (platform.world, platform.now, platform.journal.last, platform.tally())

    rehearse(
        platform,
        load(
            "title: t\nsteps:"
            + SESSION
            + "  - wait: 3d\n  - finish: session\n  - emit: {type: iot, event: a}\n"
        ),
    )

    assert (platform.world, platform.now, platform.journal.last, platform.tally()) == before


def test_whatever_is_wrong_with_a_subscription_is_known_before():
    steps = """
  - subscribe: {topic: user/created}
  - subscribe: {topic: user/create}
  - subscribe: {topic: user/created, target: "ftp://localhost/"}
  - subscribe: {topic: user/created, query: "{"}
"""

    assert [line.partition(": ")[0] for line in told(steps)] == ["a.yaml:4:24", "a.yaml:5:46", "a.yaml:6:45"]


def test_time_jumps_in_a_rehearsal():
    steps = SESSION + "  - wait: 1h\n  - pause: session\n    at: -59m\n  - wait: ${session.startedAt}\n"

    assert told(steps) == [
        "a.yaml:8:11: the duration cannot be read; expected a number with ms, s, m, h or d, such as 12m, "
        "or ISO 8601, such as PT12M, found '2021-03-01T08:00:00.000Z'."
    ]


def test_problems_that_do_not_depend_on_each_other_are_told_at_once():
    steps = """
  - create: ScenarioSession
    as: one
  - resume: one
  - pause: one
  - create: ScenarioSession
    as: two
    with: {sessionType: PASSIVE}
  - pause: two
  - create: ScenarioSession
    as: three
    with: {colour: red}
  - finish: three
  - expect: {answered: {event: finished, of: three}}
  - create: Call
    as: call
    with: {participants: ["${three.createdBy.username}"]}
  - finish: call
  - create: Call
    by: nobody
  - create: Call
    with: {externalData: [1, a]}
    as: last
  - pause: ${last}
"""

    assert told(steps) == [
        "a.yaml:5:13: a persistent ScenarioSession that is IN_PROGRESS cannot resume. "
        "Legal now: check, finish, leave, pause, record, update, view.",
        "a.yaml:10:12: a passive ScenarioSession that is IN_PROGRESS cannot pause. "
        "Legal now: check, finish, leave, record, update, view.",
        "a.yaml:13:12: create ScenarioSession: unknown field 'colour'. "
        "Fields: scenarioRelease, scenario, sessionType, externalData.",
        "a.yaml:21:9: nobody is called 'nobody'. "
        "Name a person as world.users does with as:, or by user name, e-mail address or full name.",
        "a.yaml:25:12: a Call cannot pause. It can: update, join, leave, finish, delete.",
    ]


def test_expectations_are_read_but_not_waited_for():
    steps = (
        SESSION
        + """
  - expect: {answered: {event: finished, of: session}}
  - expect: {queried: {of: "${session.parts[3]}"}}
  - expect: {queried: {of: session}, within: "${session.state}"}
  - expect: {queried: {of: session}, within: "${session.state} simulated"}
  - emit: {type: iot, event: "${session.state}"}
"""
    )

    assert [line.partition(";")[0] for line in told(steps)] == [
        "a.yaml:7:28: session.parts has no [3]",
        "a.yaml:8:46: the duration cannot be read",
        "a.yaml:9:46: the duration cannot be read",
        "a.yaml:10:30: the text has the wrong form",
    ]


def test_variables_that_cannot_be_worked_out_are_told():
    head = "title: t\nvars: {who: '${world.users[99].name}'}"

    assert told("  - wait: 1s", head=head) == ["a.yaml:2:13: world.users has no [99]; found 11 of them."]


def test_target_stands_for_something_even_without_one():
    assert told('  - emit: {type: iot, event: a, data: {to: "${target}"}}') == []


def test_a_step_in_a_repeat_is_told_once():
    steps = """
  - repeat:
      times: 5
      steps:
        - create: ScenarioSession
          as: session
        - repeat: {times: "${session.percentOfStepsViewed}", steps: [{view: session}]}
        - wait: ${session.state}
        - resume: session
"""

    assert [line.partition(";")[0] for line in told(steps)] == [
        "a.yaml:8:27: the number does not fit",
    ]


def test_a_step_that_names_nothing_is_told_once_too():
    steps = "  - repeat: {times: 3, steps: [{wait: '${world.users[0].name}'}]}"

    assert [line.partition(";")[0] for line in told(steps)] == ["a.yaml:3:39: the duration cannot be read"]


def test_index_counts_in_a_rehearsal():
    steps = "  - repeat: {times: 3, steps: [{emit: {type: iot, event: a, data: {u: '${world.users[0].groups[0].id}${index}'}}}]}"

    assert told(steps) == []


def test_a_fault_within_the_rounds_that_are_rehearsed_is_told():
    steps = SESSION + f"  - repeat: {{times: {MOST_ROUNDS}, steps: [{{view: session}}]}}\n"

    assert [line.partition(";")[0] for line in told(steps)] == [
        "a.yaml:5:40: only 0 of the session's 9 steps are not viewed yet"
    ]


def test_after_a_repeat_that_was_cut_short_nothing_is_certain():
    steps = f"""
  - repeat: {{times: {MOST_ROUNDS + 1}, steps: [{{wait: 1s}}]}}
  - create: Call
    as: call
    by: nobody
  - create: Call
    by: nobody
"""

    assert told(steps) == []


def test_repeats_in_repeats_end_in_time(monkeypatch):
    monkeypatch.setattr(rehearsal, "MOST_STEPS", 500)
    inner = "repeat: {times: 100, steps: [{emit: {type: iot, event: a}}]}"

    assert told(f"  - repeat: {{times: 100, steps: [{{{inner}}}]}}\n  - create: Call\n    by: nobody\n") == []


def test_tracks_are_rehearsed_in_the_order_of_their_times():
    steps = """
  - create: ScenarioSession
    as: session
  - together:
    - - wait: 10m
      - resume: session
      - expect: {answered: {of: session}}
      - finish: session
    - - wait: 5m
      - pause: session
      - wait: 5m
      - view: session
      - create: Call
        as: call
      - repeat: {times: 2, steps: [{update: call}, {wait: 1s}]}
  - finish: call
"""

    assert told(steps) == []


def test_what_is_wrong_in_tracks_is_told_in_the_order_of_the_file():
    steps = """
  - create: ScenarioSession
    as: session
  - together:
    - - wait: 10m
      - resume: session
    - - wait: 20m
      - create: Call
        as: call
        by: nobody
      - finish: call
    - - wait: 5m
      - create: Call
        by: nobody
      - repeat: {times: '${session.state}', steps: [{together: [[{wait: 1s}]]}]}
  - together: [[{finish: session}, {finish: call}], [{repeat: {times: 2, steps: [{finish: call}]}}]]
"""

    assert [line.partition(";")[0].partition(". ")[0] for line in told(steps)] == [
        "a.yaml:7:17: a persistent ScenarioSession that is IN_PROGRESS cannot resume",
        "a.yaml:11:13: nobody is called 'nobody'",
        "a.yaml:15:13: nobody is called 'nobody'",
        "a.yaml:16:25: the number does not fit",
    ]


def test_a_together_that_failed_before_is_doubted_as_a_whole():
    steps = """
  - repeat:
      times: 2
      steps:
        - repeat: {times: "${world.users[0].name}", steps: [{together: [[{create: Call, as: call}]]}]}
  - finish: call
"""

    assert [line.partition(";")[0] for line in told(steps)] == ["a.yaml:6:27: the number does not fit"]


def test_faults_are_rehearsed():
    assert told("  - faults: {api: [{hang_up: true, match: {of: '${world.sessions[99999]}'}}]}") == [
        "a.yaml:3:48: world.sessions has no [99999]; found 40 of them."
    ]


def test_endings_are_rehearsed_from_their_checkpoints():
    script = load(
        """
title: t
steps:
  - create: ScenarioSession
    as: session
  - wait: 1h
  - checkpoint: middle
  - finish: session
endings:
  - title: good
    steps:
      - pause: session
        at: -59m
      - wait: 1h
      - resume: session
  - title: bad
    steps: [{resume: session}]
  - title: bad too
    steps: [{pause: session}, {pause: session}]
""",
        name="a.yaml",
    )

    with pytest.raises(ScriptError) as caught:
        rehearse(Platform(Settings()), script)

    assert [str(one).partition(": ")[0] for one in caught.value.problems] == ["a.yaml:17:22", "a.yaml:19:39"]


def test_an_ending_whose_checkpoint_was_not_reached_is_not_judged(monkeypatch):
    monkeypatch.setattr(rehearsal, "MOST_STEPS", 1)

    rehearse(
        Platform(Settings()),
        load(
            "title: t\nsteps: [{wait: 1s}, {wait: 1s}, {checkpoint: m}]\n"
            "endings: [{title: e, steps: [{finish: '${world.sessions[9999]}'}]}]"
        ),
    )
