"""From a document to values."""

from __future__ import annotations

import pytest

from simulator.clock import parse_moment
from simulator.script.model import (
    Act,
    Checkpoint,
    Device,
    Emit,
    Expect,
    Need,
    Pass,
    Repeat,
    SetFaults,
    Together,
    World,
)
from simulator.script.prepare import load


def only_step(text: str, vars: str = "{}"):
    return load(f"title: t\nvars: {vars}\nworld: {{users: [{{as: ana}}]}}\nsteps:\n  - {text}\n").steps[0]


def test_everything_before_the_steps():
    script = load(
        """
title: A title with $${signs}
description: Why
seed: 7
start: 2021-03-01T08:00:00Z
vars: {order: WO-1}
world:
  organization: {name: "$${Rail}", permalink: rail}
  users: [{as: ana, name: Ana Silva, jobTitle: Welder, phone: "1"}, {as: raj}, {username: x, email: x@y.example}]
  groups: 2
  scenarios: 3
  sessions: 0
  calls: 0
steps: [{wait: 1s}]
""",
        name="a.yaml",
    )

    assert (script.title, script.description, script.seed) == ("A title with ${signs}", "Why", 7)
    assert script.start == parse_moment("2021-03-01T08:00:00Z")
    assert script.vars == {"order": "WO-1"}
    assert script.file == "a.yaml"
    assert script.crew == {"ana": 0, "raj": 1}
    assert script.world == World(
        organization="${Rail}",
        permalink="rail",
        people=(
            {"name": "Ana Silva", "job_title": "Welder", "phone": "1"},
            {},
            {"username": "x", "email": "x@y.example"},
        ),
        groups=2,
        scenarios=3,
        sessions=0,
        calls=0,
    )


PATH = ("steps", 0)
STEPS = {
    "{create: Call, as: call, by: ana, at: -1h, with: {externalData: 1}}": lambda raw: Act(
        PATH, raw, "create", "Call", {"externalData": 1}, "with", "ana", Device(shift=-3_600_000), "call"
    ),
    "{create: Group}": lambda raw: Act(PATH, raw, "create", "Group", {}, "with"),
    "{update: ana, set: {name: A B}}": lambda raw: Act(PATH, raw, "update", "ana", {"name": "A B"}, "set"),
    "{view: '${world.sessions[0]}', steps: 2}": lambda raw: Act(
        PATH, raw, "view", "${world.sessions[0]}", {"steps": 2}, "with"
    ),
    "{pause: '${world.sessions[0]}', at: 2021-03-01T07:00:00Z}": lambda raw: Act(
        PATH,
        raw,
        "pause",
        "${world.sessions[0]}",
        {},
        "with",
        at=Device(moment=parse_moment("2021-03-01T07:00:00Z")),
    ),
    "{pause: '${world.sessions[0]}', at: '-${gap}'}": lambda raw: Act(
        PATH, raw, "pause", "${world.sessions[0]}", {}, "with", at="-${gap}"
    ),
    "emit: {type: iot, event: seen}": lambda raw: Emit(PATH, raw, "iot", "seen", {}),
    "emit: {type: iot, event: seen, data: {a: 1}}": lambda raw: Emit(PATH, raw, "iot", "seen", {"a": 1}),
    "{subscribe: {topic: user/created, secret: s}, as: hook}": lambda raw: Act(
        PATH,
        raw,
        "subscribe",
        "WebhookSubscription",
        {"topic": "user/created", "secret": "s"},
        "subscribe",
        name="hook",
    ),
    "wait: 1h30m": lambda raw: Pass(PATH, raw, 5_400_000),
    "wait: ${gap}": lambda raw: Pass(PATH, raw, "${gap}"),
    "expect: {answered: {event: a}}": lambda raw: Expect(
        PATH,
        raw,
        (Need((*PATH, "expect", "answered"), "answered", {"event": "a"}),),
        within=5000,
        simulated=False,
    ),
    "expect: {queried: [{times: 1}, {times: 2}], within: 3d simulated}": lambda raw: Expect(
        PATH,
        raw,
        (
            Need((*PATH, "expect", "queried", 0), "queried", {"times": 1}),
            Need((*PATH, "expect", "queried", 1), "queried", {"times": 2}),
        ),
        within=3 * 86_400_000,
        simulated=True,
    ),
    "faults: []": lambda raw: SetFaults(PATH, raw, ("delivery", "api"), ()),
    "faults: {api: [{hang_up: true}, {lag: 5s}]}": lambda raw: SetFaults(
        PATH,
        raw,
        ("api",),
        (
            ("api", (*PATH, "faults", "api", 0), {"hang_up": True}),
            ("api", (*PATH, "faults", "api", 1), {"lag": "5s"}),
        ),
    ),
    "checkpoint: middle": lambda raw: Checkpoint(PATH, raw, "middle"),
    "together: [[{wait: 1s}], [{wait: 2s}, {wait: 3s}]]": lambda raw: Together(
        PATH,
        raw,
        (
            (Pass((*PATH, "together", 0, 0), {"wait": "1s"}, 1000),),
            (
                Pass((*PATH, "together", 1, 0), {"wait": "2s"}, 2000),
                Pass((*PATH, "together", 1, 1), {"wait": "3s"}, 3000),
            ),
        ),
    ),
    "repeat: {times: '${n}', steps: [{wait: 1s}]}": lambda raw: Repeat(
        PATH, raw, "${n}", (Pass((*PATH, "repeat", "steps", 0), {"wait": "1s"}, 1000),)
    ),
}


@pytest.mark.parametrize(("text", "expected"), STEPS.items(), ids=STEPS)
def test_step(text, expected):
    step = only_step(text, vars="{gap: 5m, n: 3}")

    assert step == expected(step.raw)


def test_endings_begin_at_a_checkpoint_the_last_one_unless_they_say():
    script = load(
        "title: t\nsteps: [{wait: 1s}, {checkpoint: one}, {wait: 2s}, {checkpoint: two}, {wait: 3s}]\n"
        "endings: [{title: '$${a}', steps: [{wait: 4s}]}, {title: b, from: one, steps: [{wait: 5s}]}]\n"
    )

    assert [(one.title, one.start, one.path) for one in script.endings] == [
        ("${a}", "two", ("endings", 0)),
        ("b", "one", ("endings", 1)),
    ]
    assert script.endings[1].steps == (Pass(("endings", 1, "steps", 0), {"wait": "5s"}, 5000),)
    assert [len(script.before(one)) for one in script.endings] == [4, 2]
