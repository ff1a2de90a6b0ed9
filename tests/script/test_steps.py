"""What each step does to a platform, and where its errors point."""

from __future__ import annotations

import pytest

from simulator.clock import iso_millis
from simulator.engine import Platform
from simulator.errors import NotFoundError, StateError, UsageError
from simulator.journal import StepPlayed
from simulator.script.model import Script, SetFaults
from simulator.script.prepare import load
from simulator.script.steps import Run
from simulator.settings import resolve
from simulator.settings.fault_kinds import SIDES

HEAD = """title: t
vars: {gap: 5m, many: 2, half: 1.5, id: nobody, word: Upper}
world: {users: [{as: ana, name: Ana Silva}, {as: raj, name: Raj Patel}, {name: Mei Tanaka}]}
steps:
"""


def script_of(steps: str) -> Script:
    """Return a script with these steps, whose first stands in line 5."""
    return load(HEAD + steps.strip("\n") + "\n", name="a.yaml")


def run_of(steps: str) -> tuple[Run, Platform, Script]:
    script = script_of(steps)
    platform = Platform(resolve(script=script.settings()).settings, targets=["http://127.0.0.1:9/"])
    return Run(platform, script, targets=["http://127.0.0.1:9/"]), platform, script


def done(steps: str) -> tuple[Run, Platform, Script]:
    """Carry out all steps but the waits and expectations."""
    run, platform, script = run_of(steps)
    for step in script.steps:
        (run.emit if hasattr(step, "event") else run.act)(step)
    return run, platform, script


def newest(platform: Platform, type: str):
    return platform.resources(type, limit=10_000)[-1]


def told(steps: str, kind: type[UsageError] = UsageError) -> str:
    with pytest.raises(UsageError) as caught:
        done(steps)
    assert type(caught.value) is kind
    return str(caught.value)


SESSION = """
  - create: ScenarioSession
    as: session
    by: ana
"""


def test_people_are_known_by_their_names():
    run, platform, _ = run_of("  - wait: 1s")

    assert platform.resource(run.scope.id_of("ana"))["name"] == "Ana Silva"
    assert platform.resource(run.scope.id_of("raj"))["name"] == "Raj Patel"
    assert run.scope.fill("${world.users[2].name}", ()) == "Mei Tanaka"
    assert run.scope.names == ("ana", "raj")


def test_create_fills_fields_in_and_names_what_it_made():
    run, platform, _ = done("""
  - create: ScenarioSession
    as: session
    by: raj
    at: -${gap}
    with: {sessionType: PASSIVE, externalData: {n: "${many}", text: "n=${many}"}, scenario: "${world.scenarios[1].name}"}
""")

    session = platform.resource(run.scope.id_of("session"))
    assert (session["sessionType"], session["externalData"]) == ("PASSIVE", {"n": 2, "text": "n=2"})
    assert session["startedAt"] == iso_millis(platform.now - 300_000)
    assert run.scope.fill("${session.createdBy.name}", ()) == "Raj Patel"
    assert run.scope.fill("${session.scenario.name}", ()) == run.scope.fill("${world.scenarios[1].name}", ())


def test_names_stand_for_people_and_resources_where_the_api_wants_them():
    run, _platform, _ = done("""
  - create: Scenario
    as: procedure
    with: {name: Valve check, steps: [One, Two]}
  - create: ScenarioSession
    as: session
    with: {scenario: procedure, externalData: {scenario: procedure}}
  - create: Call
    as: call
    with: {participants: [ana, Raj Patel, "${world.users[2]}"]}
  - create: License
    as: license
    with: {user: ana}
""")

    assert run.scope.fill("${session.scenario.name}", ()) == "Valve check"
    assert run.scope.fill("${session.externalData}", ()) == {"scenario": "procedure"}
    names = [run.scope.fill(f"${{call.participants[{place}].user.name}}", ()) for place in range(3)]
    assert names == ["Ana Silva", "Raj Patel", "Mei Tanaka"]
    assert run.scope.fill("${license.user.name}", ()) == "Ana Silva"


@pytest.mark.parametrize(
    "by", ["ana", "Ana Silva", "ana.silva", "ana.silva@example.com", '"${world.users[0]}"']
)
def test_by_is_a_name_or_what_users_are_called_by(by):
    run, _, _ = done(SESSION + f"  - create: ScenarioSession\n    as: other\n    by: {by}\n")

    assert run.scope.fill("${other.createdBy.id}", ()) == run.scope.id_of("ana")


def test_every_verb_reaches_the_platform():
    run, platform, _ = done(
        SESSION
        + """
  - update: session
    set: {externalData: [1]}
  - update: session
  - view: session
    steps: ${many}
  - view: session
  - pause: session
  - resume: session
    by: raj
  - leave: session
  - resume: session
  - finish: session
  - create: Call
    as: call
    by: ana
  - join: call
    by: raj
    as: guest
  - leave: call
    by: raj
  - finish: call
"""
    )

    told = [entry.fact.verb for entry in platform.journal.select(kinds=["change"])]
    assert told == [
        *(
            "create",
            "update",
            "update",
            "view",
            "view",
            "view",
            "pause",
            "resume",
            "pause",
            "resume",
            "finish",
        ),
        *("create", "join", "leave", "finish"),
    ]
    assert run.scope.fill("${session.numberOfStepsViewed}", ()) == 3
    assert run.scope.fill("${guest.user.name}", ()) == "Raj Patel"


def test_what_is_recorded_can_be_named():
    run, platform, _ = done(
        SESSION + "  - record: session\n    with: {type: TEXT, eventData: {value: a}}\n    as: note\n"
    )

    event = newest(platform, "ScenarioSessionEvent")
    assert run.scope.id_of("note") == event.id
    assert (event["type"], event["eventData"]) == ("TEXT", {"user_name": "Ana Silva", "value": "a"})


def test_subject_may_be_a_reference():
    run, _platform, _ = done(SESSION + '  - pause: "${session}"\n  - resume: "${session.id}"\n')

    assert run.scope.fill("${session.state}", ()) == "IN_PROGRESS"


def test_subscribe_subscribes_the_first_target():
    run, platform, _ = done("""
  - subscribe: {topic: scenario_session/completed, secret: "s${many}", query: "query ($nodeId: ID!) { node(id: $nodeId) { id } }"}
    as: hook
  - subscribe: {topic: {key: user/created, version: "1.1"}, target: "${target}other"}
  - update: hook
    set: {sharedSecret: s3, signing: both}
""")

    first, second = platform.resources("WebhookSubscription")
    assert run.scope.id_of("hook") == first.id
    assert (first["callbackUrl"], first["sharedSecret"]) == ("http://127.0.0.1:9/", "s3")
    assert (second["callbackUrl"], second["sharedSecret"]) == ("http://127.0.0.1:9/other", None)
    assert run.scope.fill("${hook.topic.key}", ()) == "scenario_session/completed"


@pytest.mark.parametrize("target", ["https://receiver.example/hooks", None])
def test_the_host_of_the_first_target_may_be_subscribed_wherever_it_is(target):
    script = script_of("""
  - subscribe: {topic: user/created, target: "https://receiver.example/other"}
""")
    platform = Platform(resolve(script=script.settings()).settings)
    run = Run(platform, script, targets=[target] if target else [])
    (step,) = script.steps

    if target is None:
        with pytest.raises(UsageError, match="must be on this machine"):
            run.act(step)
    else:
        run.act(step)

    assert len(platform.resources("WebhookSubscription")) == (target is not None)


def test_without_a_target_a_subscription_has_to_name_one():
    script = script_of("  - subscribe: {topic: user/created}")
    run = Run(Platform(resolve(script=script.settings()).settings), script, targets=[])

    with pytest.raises(UsageError) as caught:
        run.act(script.steps[0])

    assert str(caught.value) == (
        "a.yaml:5:16: ${target} stands for nothing: there is no target. Name one with --target URL."
    )


def test_emit_tells_the_targets():
    _, platform, _ = done('  - emit: {type: "io${many}", event: seen, data: {n: "${many}"}}')

    assert (
        platform.due()[0].body
        == b'{"time":"2021-03-01T08:00:00Z","event":"seen","type":"io2","data":{"n":2}}'
    )


def test_a_step_is_noted_in_one_line():
    run, platform, script = run_of(SESSION)

    run.note(script.steps[0])

    assert [entry.fact for entry in platform.journal.select(kinds=["step"])] == [
        StepPlayed("a.yaml:5", "create: ScenarioSession, as: session, by: ana")
    ]


def test_steps_of_a_track_are_noted_with_it():
    run, platform, script = run_of("  - together: [[{wait: 1s}], [{together: [[{wait: 2s}]]}]]\n")
    track = run.fork(2)

    track.note(script.steps[0].tracks[1][0])
    track.fork(1).note(script.steps[0].tracks[1][0].tracks[0][0])

    assert [entry.fact for entry in platform.journal.select(kinds=["step"])] == [
        StepPlayed("a.yaml:5", "together: 1 tracks", "2"),
        StepPlayed("a.yaml:5", "wait: 2s", "2.1"),
    ]


def test_wait_ends_so_much_later():
    run, platform, script = run_of("  - wait: 12m\n  - wait: ${gap}\n  - wait: PT${gap}\n")
    start = platform.now

    assert run.end_of(script.steps[0]) == start + 720_000
    platform.advance(run.end_of(script.steps[0]))
    assert run.end_of(script.steps[1]) == start + 720_000 + 300_000
    with pytest.raises(UsageError) as caught:
        run.end_of(script.steps[2])
    assert str(caught.value) == (
        "a.yaml:7:11: the duration cannot be read; expected a number with ms, s, m, h or d, such as 12m, "
        "or ISO 8601, such as PT12M, found 'PT5m'."
    )


def test_no_wait_goes_beyond_the_last_year():
    script = load("title: t\nstart: 9000-12-31\nsteps:\n" + "  - wait: 36500d\n" * 11, name="a.yaml")
    platform = Platform(resolve(script=script.settings()).settings)
    run = Run(platform, script, targets=[])

    for step in script.steps[:9]:
        platform.advance(run.end_of(step))
    with pytest.raises(UsageError) as caught:
        run.end_of(script.steps[10])

    assert str(caught.value) == (
        "a.yaml:14:11: time would run beyond the year 9999. Wait less, or start earlier."
    )


def test_times_may_be_a_reference_to_a_whole_number():
    run, _, script = run_of(
        '  - repeat: {times: "${many}", steps: [{wait: 1s}]}\n'
        '  - repeat: {times: "${half}", steps: [{wait: 1s}]}\n'
        '  - expect: {queried: {times: "${gap}"}}\n'
    )

    assert run.times(script.steps[0]) == 2
    with pytest.raises(UsageError) as caught:
        run.times(script.steps[1])
    assert str(caught.value) == (
        "a.yaml:6:21: the number does not fit; expected a whole number from 1 to 1000000, found 1.5."
    )
    with pytest.raises(UsageError) as caught:
        run.expectations(script.steps[2])
    assert str(caught.value) == (
        "a.yaml:7:31: the number does not fit; expected a whole number from 0 to 1000000, found '5m'."
    )


TOLD = {
    "a subscription to a topic that is none": (
        "  - subscribe: {topic: user/create}",
        NotFoundError,
        "a.yaml:5:24: there is no topic 'user/create'. ",
    ),
    "a subscription to a version that is none": (
        "  - subscribe: {topic: {key: user/created, version: '2'}}",
        NotFoundError,
        "a.yaml:5:24: the topic user/created has no version '2'. Versions: 1.1.",
    ),
    "a subscription of what is no URL": (
        "  - subscribe: {topic: user/created, target: 'localhost:8000'}",
        UsageError,
        "a.yaml:5:46: the URL does not begin with http:// or https://; ",
    ),
    "a subscription of a URL elsewhere": (
        "  - subscribe: {topic: user/created, target: 'http://10.0.0.1/'}",
        UsageError,
        "a.yaml:5:46: a target that was not named at the start must be on this machine; ",
    ),
    "a resource with a URL elsewhere": (
        "  - create: WebhookSubscription\n    with: {topic: user/created, callbackUrl: 'http://10.0.0.1/'}",
        UsageError,
        "a.yaml:6:46: a target that was not named at the start must be on this machine; ",
    ),
    "a subscription with a query that cannot run": (
        "  - subscribe: {topic: user/created, query: '{ wages }'}",
        UsageError,
        "a.yaml:5:45: the query cannot be stored, at line 1, column 3: Field 'wages' doesn't exist on type 'Query'.",
    ),
    "an unknown field": (
        "  - create: ScenarioSession\n    with:\n      externalData: {}\n      sesionType: DEMO",
        UsageError,
        "a.yaml:8:7: create ScenarioSession: unknown field 'sesionType'. Did you mean sessionType? "
        "Fields: scenarioRelease, scenario, sessionType, externalData.",
    ),
    "a value that does not fit": (
        "  - create: ScenarioSession\n    with: {sessionType: PASIVE}",
        UsageError,
        "a.yaml:6:25: create ScenarioSession: the value of 'sessionType' does not fit; "
        'expected one of PERSISTENT, PASSIVE, DEMO, found "PASIVE". Did you mean PASSIVE?',
    ),
    "a value of an update": (
        SESSION + "  - update: ana\n    set: {username: ''}",
        UsageError,
        "a.yaml:9:21: update User: the value of 'username' does not fit; "
        'expected a text that is not empty, found "".',
    ),
    "too many steps": (
        SESSION + "  - view: session\n    steps: 200",
        StateError,
        "a.yaml:9:12: only 9 of the session's 9 steps are not viewed yet; expected at most 9, found 200.",
    ),
    "a field that is missing": (
        SESSION + "  - check: session",
        UsageError,
        "a.yaml:8:12: check ScenarioSession: the value of 'checkbox' does not fit; "
        "expected a whole number from 1 to 9, found nothing.",
    ),
    "an illegal move": (
        SESSION + "  - resume: session",
        StateError,
        "a.yaml:8:13: a persistent ScenarioSession that is IN_PROGRESS cannot resume. "
        "Legal now: check, finish, leave, pause, record, update, view.",
    ),
    "a verb that the kind does not know": (
        '  - pause: "${world.users[0]}"',
        StateError,
        "a.yaml:5:12: a User cannot pause. It can: update, delete.",
    ),
    "a time before the last move": (
        SESSION + "  - finish: session\n    at: -1h",
        UsageError,
        "a.yaml:9:9: the device's time lies before the session's last move; "
        "expected 2021-03-01T08:00:00.000Z or after, found 2021-03-01T07:00:00.000Z.",
    ),
    "a time that cannot be read": (
        SESSION + "  - finish: session\n    at: ${gap}",
        UsageError,
        "a.yaml:9:9: the device's time cannot be read; expected -20m for twenty minutes ago, "
        "or ISO 8601, such as 2021-03-01T07:40:00Z, found '5m'.",
    ),
    "a time that refers to nothing": (
        SESSION + "  - finish: session\n    at: ${world.calls[99].endedAt}",
        UsageError,
        "a.yaml:9:9: world.calls has no [99]; found 6 of them.",
    ),
    "somebody who is not in the call": (
        "  - create: Call\n    as: call\n    by: ana\n  - leave: call\n    by: raj",
        StateError,
        "a.yaml:9:9: Raj Patel is not in the call. In it are: Ana Silva.",
    ),
    "nobody": (
        "  - create: Call\n    by: anna",
        NotFoundError,
        "a.yaml:6:9: nobody is called 'anna'. Did you mean ana? "
        "Name a person as world.users does with as:, or by user name, e-mail address or full name.",
    ),
    "nobody in a list": (
        "  - create: Call\n    with: {participants: [ana, Raj Patl]}",
        NotFoundError,
        "a.yaml:6:32: nobody is called 'Raj Patl'. Did you mean Raj Patel or raj.patel? "
        "Name a person as world.users does with as:, or by user name, e-mail address or full name.",
    ),
    "a session where a person is meant": (
        SESSION + "  - create: Call\n    by: session",
        UsageError,
        "a.yaml:9:9: nobody can be meant here; expected a person, found a ScenarioSession.",
    ),
    "people that are no list": (
        "  - create: Call\n    with: {participants: 5}",
        UsageError,
        "a.yaml:6:26: create Call: the value of 'participants' does not fit; "
        "expected a list of texts, found 5.",
    ),
    "a scenario that nobody knows": (
        "  - create: ScenarioSession\n    with: {scenario: Valve check}",
        NotFoundError,
        "a.yaml:6:22: no scenario is called 'Valve check'.",
    ),
    "a word that is none": (
        '  - emit: {type: iot, event: "${word}"}',
        UsageError,
        "a.yaml:5:30: the text has the wrong form; ",
    ),
}


@pytest.mark.parametrize(("steps", "kind", "message"), TOLD.values(), ids=TOLD)
def test_step_that_cannot_be_carried_out_says_where(steps, kind, message):
    if message.endswith(("; ", ". ")):
        with pytest.raises(UsageError) as caught:
            done(steps)
        assert str(caught.value).startswith(message)
    else:
        assert told(steps, kind) == message


FAULTS = """
  - faults:
      delivery: [{delay: "${gap}", times: "${many}", match: {of: session, target: "${target}"}}]
      api: [{lag: 5s, match: {of: "${session}"}}]
"""


def faults_of(steps: str) -> tuple[Platform, list[str]]:
    run, platform, script = run_of(steps)
    for step in script.steps:
        (run.set_faults if isinstance(step, SetFaults) else run.act)(step)
    now = platform.now
    lines = [one.fault.line for side in SIDES for one in platform.faults.all(side, now) if not one.over]
    return platform, lines


def test_faults_are_set_with_names_and_references_filled_in():
    platform, lines = faults_of(SESSION + FAULTS)

    session = newest(platform, "ScenarioSession").id
    assert lines == [
        f"delivery.delay=5m,times=2,of={session},target=http://127.0.0.1:9/",
        f"api.lag=5s,of={session}",
    ]


def test_side_that_is_not_named_stays_and_an_empty_list_ends_all():
    one_side = SESSION + FAULTS + "  - faults: {api: []}\n"

    assert [line.partition("=")[0] for line in faults_of(one_side)[1]] == ["delivery.delay"]
    assert faults_of(one_side + "  - faults: []\n")[1] == []


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (
            "{drop: true, times: '${half}'}",
            "a.yaml:5:45: the value of times does not fit; expected a whole number from 1 to 1000000, found 1.5.",
        ),
        (
            "{drop: true, match: {event: '${word}'}}",
            "a.yaml:5:53: no event of a resource is called 'Upper'; expected one of create, created, update, updated, "
            "paused, resumed, finished, completed. The event of a raw webhook needs its type beside it.",
        ),
    ],
)
def test_fault_that_only_now_proves_wrong_is_told_with_its_place(fault: str, text: str):
    with pytest.raises(UsageError) as caught:
        faults_of(f"  - faults: {{delivery: [{fault}]}}")

    assert str(caught.value) == text
