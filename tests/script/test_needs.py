"""What a step expects, filled in."""

from __future__ import annotations

from simulator.engine import Platform
from simulator.expect import SUCCESS, Answered, Delivered, GivenUp, Queried, parse_statuses
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
    run, platform, script = run_of(
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
    assert (run.timeout(first), run.until(first)) == (300.0, None)
    assert run.expectations(second) == [Queried(times=0)]
    assert (run.timeout(second), run.until(second)) == (None, platform.now + 2 * 86_400_000)
