"""The operations on scripts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator import engine
from simulator.control import Ask, Reply, operation
from simulator.errors import NotFoundError, StateError
from simulator.script.document import ScriptError
from tests.control.asking import HOOK, ask, stage_with
from tests.driving import answers, drive

SCRIPT = """
title: A session is finished
steps:
  - create: ScenarioSession
    as: session
  - finish: session
  - expect: {answered: {event: finished, of: session}, within: 1s}
"""


def test_script_that_is_waited_for_answers_with_its_report():
    stage = stage_with()

    status, run = ask(stage, "POST scripts", SCRIPT, query={"wait": "true"})

    assert (status, run["run"], run["title"], run["state"], run["error"]) == (
        200,
        "1",
        "A session is finished",
        "passed",
        None,
    )
    assert run["report"]["steps"] == 3
    assert [one["met"] for one in run["report"]["expectations"]] == [True]
    assert ask(stage, "GET scripts/1") == (200, run)


def test_what_happened_in_a_run_of_a_script_can_be_read():
    stage = stage_with()
    stage.platform.apply("create", "Call")
    _, run = ask(stage, "POST scripts", SCRIPT, query={"wait": "true"})
    since = run["report"]["since"]

    _, page = ask(stage, "GET scripts/1/journal")
    _, rest = ask(stage, "GET scripts/1/journal", query={"after": str(since + 1), "limit": "1"})

    assert [one["verb"] for one in page["entries"] if one["kind"] == "change"] == ["create", "finish"]
    assert (page["entries"][0]["number"], page["entries"][0]["place"]) == (since + 1, "script:4")
    assert rest["entries"] == page["entries"][1:2]


def test_a_run_that_has_not_ended_has_no_journal_of_its_own_yet():
    stage = stage_with()
    ask(stage, "POST scripts", SCRIPT, query={"wait": "true"})

    with pytest.raises(NotFoundError) as caught:
        ask(stage, "GET scripts/1/journal", query={"report": "2"})

    assert str(caught.value) == (
        "run '1' has no report 2. It has 1 so far; there is one once a run has ended."
    )


def test_script_that_fails_names_what_was_unmet():
    stage = stage_with()

    _, run = ask(stage, "POST scripts", SCRIPT, query={"wait": "true"}, receiver=answers(500))

    assert run["state"] == "failed"
    (unmet,) = run["report"]["expectations"]
    assert (unmet["met"], unmet["place"]) == (False, "script:7:24")
    assert unmet["curl"].startswith("curl")


def test_script_plays_on_in_the_background():
    stage = stage_with()
    reply = operation("play").function(stage, Ask(body=SCRIPT))
    assert isinstance(reply, Reply)
    begun = ask(stage, "GET scripts/1")

    drive(stage.platform, reply.background)

    assert begun == (200, reply.body)
    assert reply.body["state"] == "playing"
    assert ask(stage, "GET scripts/1")[1]["state"] == "passed"


def test_script_that_is_stopped_says_why():
    stage = stage_with()
    reply = operation("play").function(stage, Ask(body=SCRIPT))
    next(reply.background)
    with pytest.raises(StateError):
        reply.background.throw(StateError("the simulator was reset while this waited"))

    _, run = ask(stage, "GET scripts/1")

    assert (run["state"], run["error"], run["report"]) == (
        "stopped",
        "the simulator was reset while this waited.",
        None,
    )


def test_script_with_a_seed_resets_first_and_keeps_every_target():
    stage = stage_with()
    ask(stage, "POST targets", {"url": "http://localhost:1/"})
    before = stage.platform

    ask(stage, "POST scripts", f"seed: 9\nstart: 2022-01-01T00:00:00Z\n{SCRIPT}", query={"wait": "true"})

    assert stage.platform is not before
    assert (stage.settings.seed, ask(stage, "GET clock")[1]["now"]) == (9, "2022-01-01T00:00:00.000Z")
    assert [target.url for target in stage.platform.targets] == [HOOK, "http://localhost:1/"]


def test_script_without_a_world_of_its_own_plays_on():
    stage = stage_with()
    ask(stage, "POST clock/advance", {"by": "1h"})

    _, run = ask(stage, "POST scripts", SCRIPT, query={"wait": "true"})

    assert run["report"]["started"] == "2021-03-01T09:00:00.000Z"


def test_script_that_would_fail_changes_nothing():
    stage = stage_with()
    before = stage.platform
    script = f"seed: 9\n{SCRIPT}  - resume: session\n"

    with pytest.raises(ScriptError, match=r"my\.yaml:9:13"):
        ask(stage, "POST scripts", script, query={"name": "my.yaml"})

    assert stage.platform is before
    assert before.journal.select(kinds=["change"]) == []


def test_environment_is_not_for_scripts_that_came_over_the_network():
    with pytest.raises(ScriptError, match="env"):
        ask(stage_with(), "POST scripts", "title: ${env.HOME}\nsteps: [{wait: 1s}]")


def test_unknown_run_is_named():
    with pytest.raises(NotFoundError, match="there is no run '7'"):
        ask(stage_with(), "GET scripts/7")


def test_run_is_failed_by_what_contradicts_the_api(monkeypatch):
    right = engine.webhooks_of
    monkeypatch.setattr(
        engine,
        "webhooks_of",
        lambda *args: ((url, replace(one, word="finished")) for url, one in right(*args)),
    )

    _, run = ask(stage_with(audit=True), "POST scripts", SCRIPT, query={"wait": "true"})

    assert run["state"] == "failed"
    assert [one["place"] for one in run["report"]["audit"]["findings"]] == ["script:4"]


def test_script_with_a_matrix_gives_a_report_for_each_combination():
    stage = stage_with()
    text = SCRIPT.replace("steps:", "for: {kind: [PERSISTENT, PASSIVE]}\nsteps:")

    _, run = ask(stage, "POST scripts", text, query={"wait": "true"})

    assert (run["title"], run["state"]) == ("A session is finished", "passed")
    assert [one["title"] for one in run["reports"]] == [
        "A session is finished [kind=PERSISTENT]",
        "A session is finished [kind=PASSIVE]",
    ]
    assert run["report"] == run["reports"][0]


def test_a_combination_that_fails_fails_the_run():
    stage = stage_with()
    text = SCRIPT.replace("steps:", "for: {n: [1, 2]}\nsteps:")

    _, run = ask(stage, "POST scripts", text, query={"wait": "true"}, receiver=answers(200, 200, 200, 500))

    assert run["state"] == "failed"
    assert [one["expectations"][0]["met"] for one in run["reports"]] == [True, False]


def test_script_of_the_network_does_not_reset_other_machines():
    text = SCRIPT.replace("steps:", "receiver: {reset: 'http://app.example/'}\nsteps:")

    with pytest.raises(ScriptError, match="a target that was not named at the start must be on this machine"):
        ask(stage_with(), "POST scripts", text)
