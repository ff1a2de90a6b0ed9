"""What a script expects and cannot cause is named before it runs, with its line."""

from __future__ import annotations

import pytest

from simulator.engine import Platform
from simulator.script.contradictions import Causes
from simulator.script.document import ScriptError
from simulator.script.prepare import load
from simulator.script.rehearsal import rehearse
from simulator.settings import Settings

HEAD = "title: t\nsteps:\n  - create: ScenarioSession\n    as: session\n"


def problems(steps: str, **settings: object) -> list[str]:
    """Return what is wrong with a script whose first step of these stands in line 5."""
    try:
        script = load(HEAD + steps.strip("\n") + "\n", name="a.yaml")
        rehearse(Platform(Settings().replace(**settings)), script)
    except ScriptError as error:
        return [str(one) for one in error.problems]
    return []


EXPECT = "  - expect: {answered: {event: %s, of: session}}\n"


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        pytest.param(
            EXPECT % "paused",
            [
                "a.yaml:5:32: nothing before this makes a webhook 'paused' about session; found create. "
                "Write a step pause: session before it."
            ],
            id="never",
        ),
        pytest.param(
            EXPECT % "finished" + "  - finish: session\n",
            [
                "a.yaml:5:32: nothing before this makes a webhook 'finished' about session; found create. "
                "It comes later: move the expectation down."
            ],
            id="later",
        ),
        pytest.param(
            "  - pause: session\n  - expect: {order: {of: session, events: [create, resumed, paused]}}\n",
            [
                "a.yaml:6:52: nothing before this makes a webhook 'resumed' about session; found create, paused, update. "
                "Write a step resume: session before it."
            ],
            id="in an order",
        ),
        pytest.param(
            '  - expect: {queried: {of: "${session}", after: {event: updated}}}\n',
            ["a.yaml:5:57: nothing before this makes a webhook 'updated' about it; found create."],
            id="after, by a reference",
        ),
        pytest.param(
            "  - expect: {delivered: {event: paused, of: session}, given_up: {event: resumed, of: session}}\n",
            [
                "a.yaml:5:33: nothing before this makes a webhook 'paused' about session; found create. "
                "Write a step pause: session before it.",
                "a.yaml:5:73: nothing before this makes a webhook 'resumed' about session; found create. "
                "Write a step resume: session before it.",
            ],
            id="ends",
        ),
        pytest.param(
            "  - together:\n      - - wait: 1m\n      - - expect: {answered: {event: paused, of: session}}\n",
            [
                "a.yaml:7:38: nothing in this script makes a webhook 'paused' about session; found create. "
                "Write a step pause: session before it."
            ],
            id="in tracks",
        ),
    ],
)
def test_event_that_no_step_causes_is_named(steps, told):
    assert problems(steps) == told


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param("  - pause: session\n" + EXPECT % "paused", id="caused"),
        pytest.param("  - finish: session\n" + EXPECT % "completed", id="in the other spelling"),
        pytest.param('  - finish: "${session}"\n' + EXPECT % "finished", id="by a reference"),
        pytest.param("  - view: session\n" + EXPECT % "updated", id="an update"),
        pytest.param(EXPECT % "scenario_session/completed", id="a topic"),
        pytest.param("  - expect: {answered: {event: connected}}\n", id="about nothing in particular"),
        pytest.param(
            "  - together:\n      - - wait: 1m\n        - pause: session\n"
            "      - - expect: {answered: {event: paused, of: session}}\n",
            id="in another track, later",
        ),
        pytest.param(
            '  - expect: {answered: {event: update, of: "${world.users[1].id}"}}\n',
            id="what a receiver may change",
        ),
        pytest.param(
            "  - repeat: {times: 101, steps: [{view: session, steps: 0}]}\n" + EXPECT % "paused",
            id="cut short",
        ),
    ],
)
def test_what_may_come_about_is_left_alone(steps):
    assert [one for one in problems(steps) if "nothing" in one] == []


def test_updates_that_are_switched_off_are_not_caused():
    steps = "  - view: session\n" + EXPECT % "update"

    assert problems(steps, updates=False) == [
        "a.yaml:6:32: nothing before this makes a webhook 'update' about session; found create."
    ]


def test_second_generation_depends_on_who_has_subscribed():
    assert problems(EXPECT % "paused", generation="2") == []


def test_other_mistakes_are_told_first():
    (problem,) = problems("  - resume: session\n" + EXPECT % "paused")

    assert problem.startswith("a.yaml:5:13: ")


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        (
            "rest: {path: /api/v2/users/signin.json}",
            "a.yaml:5:27: the vendor has no REST route '/api/v2/users/signin.json'",
        ),
        ("rest: [{path: /api/v9, times: 0}]", "a.yaml:5:28: the vendor has no REST route '/api/v9'"),
        (
            "receiver: {get: http://localhost/, path: {state: 1}}",
            "a.yaml:5:56: the path into the answer cannot be read",
        ),
        (
            "queried: {of: session, fields: [state]}, not_queried: {of: session}",
            "a.yaml:5:68: this rules out what queried expects beside it. Say what should not be asked",
        ),
        ("order: {events: [create, finnished]}", "a.yaml:5:39: no event is called 'finnished'"),
        (
            "order: {events: [create]}",
            "a.yaml:5:30: the value of events does not fit; expected at least two events",
        ),
        (
            "receiver: {get: http://a, post: http://a}",
            "a.yaml:5:24: a receiver is asked by get or by post, not by both",
        ),
        (
            "receiver: [{get: http://a, body: 1}]",
            "a.yaml:5:25: a body can only be posted; found get. Write post:",
        ),
        ("receiver: {get: localhost}", "a.yaml:5:30: the value of get does not fit; expected a URL such as"),
        ('receiver: {post: "http://[::1/"}', "a.yaml:5:31: the URL cannot be read: invalid ipv6 url"),
        (
            "receiver: {get: http://a, body: 1}",
            "a.yaml:5:24: a body can only be posted; found get. Write post:",
        ),
        (
            "receiver: {status: 200}",
            "a.yaml:5:24: a key is missing; expected one of get, post, found status.",
        ),
    ],
)
def test_step_that_contradicts_itself_is_told(expect, told):
    (problem,) = problems(f"  - expect: {{{expect}}}\n")

    assert problem.startswith(told)


@pytest.mark.parametrize(
    "expect",
    [
        "rest: {path: /api/v9, status: 404}",
        'rest: {path: "/api/v2/ar_contents/${session.id}/work_instruction_sessions"}',
        "queried: {of: session, times: 0}, not_queried: {of: session}",
        "queried: {of: session, fields: [state]}, not_queried: {of: session, fields: [name]}",
    ],
)
def test_what_is_no_contradiction_is_let_pass(expect):
    assert problems(f"  - expect: {{{expect}}}\n") == []


def test_nothing_is_hoped_for_without_a_step():
    assert list(Causes(load(HEAD).document, Platform(Settings())).problems()) == []


def test_each_ending_goes_on_from_its_checkpoint():
    steps = """\
  - pause: session
  - checkpoint: paused
  - resume: session
endings:
  - title: it is finished
    steps:
      - resume: session
      - finish: session
      - expect: {order: {of: session, events: [create, paused, resumed, finished]}}
  - title: it is left as it is
    steps:
      - expect: {answered: [{event: paused, of: session}, {event: resumed, of: session}]}
"""

    assert problems(steps) == [
        "a.yaml:16:67: nothing before this makes a webhook 'resumed' about session; found create, paused, update. "
        "Write a step resume: session before it."
    ]
