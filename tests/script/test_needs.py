"""What a step expects, filled in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.expect import (
    SUCCESS,
    Answered,
    Delivered,
    GivenUp,
    Order,
    Queried,
    Receiver,
    Rest,
    SignedIn,
    Within,
    parse_statuses,
)
from simulator.script.model import Script
from simulator.script.prepare import load
from simulator.script.steps import Run
from simulator.settings import resolve

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


SESSION = """
  - create: ScenarioSession
    as: session
    by: ana
"""


def test_expectations_are_filled_in():
    run, _, script = run_of(
        SESSION
        + """
  - expect:
      answered:
        - {event: finished, of: session, type: ScenarioSession, status: [200, 2xx], in: "${gap}"}
        - {event: "se${many}"}
      queried:
        - {of: "${session}", fields: [state, "${id}"], operation: "Q${many}", times: "${many}", after: {event: create}}
        - {operation: R}
      delivered: {event: finished, of: session, type: ScenarioSession, target: "${target}", attempts: "${many}"}
      given_up: [{of: "${session}"}, {event: "se${many}"}]
      within: ${gap}
  - expect: {queried: {times: 0}, within: 2d simulated}
"""
    )
    run.act(script.steps[0])
    session = run.scope.id_of("session")
    first, second = script.steps[1:]

    assert run.expectations(first) == [
        Answered("finished", session, "ScenarioSession", parse_statuses([200, "2xx"]), 300.0, "session"),
        Answered("se2", status=SUCCESS),
        Queried(session, ("state", "nobody"), "Q2", 2, "create"),
        Queried(operation="R"),
        Delivered("finished", session, "ScenarioSession", "http://127.0.0.1:9/", 2, "session"),
        GivenUp(of=session),
        GivenUp("se2"),
    ]
    assert run.within(first) == Within(seconds=300.0)
    assert run.expectations(second) == [Queried(times=0)]
    assert run.within(second) == Within(simulated=2 * 86_400_000)


def test_new_kinds_are_filled_in():
    run, platform, script = run_of(
        SESSION
        + """
  - expect:
      not_queried: {of: session, after: {event: create}}
      rest: {method: post, path: "/api/v3/graphql/object/${session.id}", of: session, times: "${many}"}
      signed_in: [{user: ana}, {user: integrator}, {user: "${raj.id}", times: 0}]
      order: {of: session, events: [create, "${word}"], target: "${target}"}
      receiver: {post: "${target}state/${id}", body: {n: "${many}"}, headers: {X-Of: "${id}"}, path: {$.n: "${many}"}}
"""
    )
    run.act(script.steps[0])
    session, ana, raj = (run.scope.id_of(name) for name in ("session", "ana", "raj"))
    integrator = platform.user("integrator").id

    assert run.expectations(script.steps[1]) == [
        Queried(session, times=0, after="create", name="session"),
        Rest("POST", f"/api/v3/graphql/object/{session}", session, SUCCESS, 2, "session"),
        SignedIn(ana, name="ana"),
        SignedIn(integrator, name="integrator"),
        SignedIn(raj, 0),
        Order(("create", "Upper"), session, "http://127.0.0.1:9/", "session"),
        Receiver(
            "http://127.0.0.1:9/state/nobody",
            "POST",
            (("Accept", "application/json"), ("Content-Type", "application/json"), ("X-Of", "nobody")),
            b'{"n":2}',
            paths=(("$.n", 2),),
        ),
    ]


@pytest.mark.parametrize(
    ("need", "message"),
    [
        ('answered: {in: "${word}"}', "a.yaml:9:22: the duration cannot be read"),
        ('rest: {path: "/${word}"}', "a.yaml:9:20: the vendor has no REST route '/Upper'"),
        ("signed_in: {user: nobody}", "a.yaml:9:25: nobody is called 'nobody'"),
    ],
)
def test_what_only_a_reference_makes_wrong_is_told_with_its_place(need, message):
    run, _, script = run_of(SESSION + f"  - expect:\n      {need}\n")
    run.act(script.steps[0])

    with pytest.raises(UsageError) as raised:
        run.expectations(script.steps[1])

    assert str(raised.value).startswith(message)


def test_script_from_the_network_asks_receivers_only_where_anybody_may():
    _, platform, script = run_of("  - expect: {receiver: {get: http://receiver.example/state}}\n")
    foreign = Run(platform, replace(script, trusted=False), targets=["http://127.0.0.1:9/"])
    near = Run(platform, replace(script, trusted=False), targets=["http://receiver.example/hook"])

    with pytest.raises(UsageError, match=r"^a.yaml:5:30: a receiver's URL that was not named at the start"):
        foreign.expectations(script.steps[0])

    run = Run(platform, replace(script, trusted=True), targets=["http://127.0.0.1:9/"])
    assert run.expectations(script.steps[0]) == near.expectations(script.steps[0])
