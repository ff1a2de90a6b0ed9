import json

from simulator import Outcome, Request


def test_without_sockets(scope_simulator_core):
    core = scope_simulator_core
    core.add_target("http://app.example/hooks")
    session = core.create("ScenarioSession")

    [attempt] = core.due()
    hook = json.loads(attempt.body)
    core.report(attempt, Outcome(200))
    path = hook["data"]["resource-url"].removeprefix(core.base_url)
    answer = core.answer(Request("GET", path, headers={"authorization": f"Bearer {core.token}"}))

    assert hook["data"]["resource-id"] == session.id
    assert json.loads(answer.body)["state"] == "IN_PROGRESS"
