"""replay --api: scripts on a simulator that runs already."""

from __future__ import annotations

import json
import re

import pytest
from aiohttp import ClientSession

from simulator import contracts
from simulator.cli import main
from tests.cli.commanding import ask, dead_url, interrupting
from tests.cli.test_replay import MATRIX, QUERIED, STORY, TOO_LONG, timeless
from tests.examples.example import in_thread
from tests.server.receiving import receiving
from tests.server.serving import serving

ON = STORY.replace("seed: 7\n", "")
"""The same story on whatever world there is."""


@pytest.fixture
def file(tmp_path):
    def write(text: str = STORY, name: str = "mine.yaml") -> str:
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write


@pytest.fixture
def simulator():
    with in_thread(lambda: serving(speed="max")) as served:
        yield served.here.base_url


@pytest.fixture
def receiver():
    with in_thread(receiving) as one:
        yield one


def health(simulator: str) -> dict:
    return ask("GET", f"{simulator}/_simulator/health")


def test_run_is_told_as_if_it_were_here(file, simulator, receiver, capsys):
    mine = file()

    assert main(["replay", mine, "--api", simulator, "--target", receiver.url]) == 0

    out, err = capsys.readouterr()
    lines = timeless(out).splitlines()
    about = re.search(r"create ScenarioSession (\S+)", out)[1]
    url = "http://127.0.0.1:1234/hook"
    assert lines == [
        f"playing {mine} on http://127.0.0.1:1234: A short story",
        f"Scope is at http://127.0.0.1:1234, token {health(simulator)['token']}",
        "2021-03-01T08:00:00Z  step     create: ScenarioSession, as: session",
        f"2021-03-01T08:00:00Z  webhook  create ScenarioSession {about} to {url}: answered 200 (1 ms)",
        "2021-03-01T08:00:00Z  step     wait: 2h",
        "2021-03-01T10:00:00Z  step     finish: session",
        f"2021-03-01T10:00:00Z  webhook  finished ScenarioSession {about} to {url}: answered 200 (1 ms)",
        f"2021-03-01T10:00:00Z  webhook  update ScenarioSession {about} to {url}: answered 200 (1 ms)",
        "2021-03-01T10:00:00Z  step     expect: {answered: {event: finished, of: session}, within: 100ms}",
        f"passed: A short story ({mine})",
        "  seed 7, 4 steps, 2021-03-01T08:00:00.000Z to 2021-03-01T10:00:00.000Z",
        "  webhooks: 3 delivered, 0 given up; no requests answered",
        "  expectations: 1 of 1 met",
        "    met: finished about session answered 2xx; seen: finished 200 in 0.001 s",
        "",
    ]
    assert err == ""


def test_on_the_present_world_only_the_run_itself_counts(file, simulator, receiver, capsys):
    ask("POST", f"{simulator}/_simulator/targets", {"url": dead_url()})
    ask("POST", f"{simulator}/_simulator/resources/Call", {})
    ask("POST", f"{simulator}/_simulator/deliveries/wait", {})
    ask("DELETE", f"{simulator}/_simulator/targets/1")

    assert main(["replay", file(ON), "--api", simulator, "--target", receiver.url]) == 0

    out = capsys.readouterr().out
    assert "Call" not in out
    assert "  seed 1, 4 steps" in out
    assert "webhooks: 3 delivered, 0 given up; no requests answered" in out
    assert health(simulator)["deliveries"]["given_up"] == 1


def test_what_fails_there_fails_here(file, simulator, receiver, capsys):
    mine = file(QUERIED)
    argv = ["replay", mine, file(ON, "other.yaml"), "--api", simulator, "--target", receiver.url]

    assert main([*argv, "--target", dead_url()]) == 1

    out = timeless(capsys.readouterr().out)
    assert f"FAILED: A short story ({mine})" in out
    assert "webhooks: 3 delivered, 3 given up" in out
    assert f"to {dead_url()}: no answer, connection refused (1 ms)\n      again: curl -H" in out
    assert f"NOT MET, {mine}:9:16: a request about session\n      seen:    no fitting requests" in out


def test_programs_get_each_entry_and_a_summary_as_json(file, simulator, receiver, capsys):
    assert main(["replay", file(), "--api", simulator, "--target", receiver.url, "--json"]) == 0

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    kinds = [line["kind"] for line in lines]
    assert (kinds.count("step"), kinds.count("outcome"), kinds[-1]) == (4, 3, "summary")
    assert lines[-1]["ok"]


def test_reports_tell_of_what_was_played_over_there(file, simulator, receiver, tmp_path):
    other = tmp_path / "out.json"
    argv = ["replay", file(), file(QUERIED, "bad.yaml"), "--api", simulator, "--target", receiver.url]

    assert main([*argv, "--report", f"json:{other}"]) == 1

    report = json.loads(other.read_text())
    assert contracts.problems("report/replay", report) == []
    assert [(one["ok"], one["seed"], one["tally"]["delivered"]) for one in report["scripts"]] == [
        (True, 7, 3),
        (False, 7, 3),
    ]


def test_report_tells_of_a_script_that_stopped_short(file, simulator, tmp_path, capsys):
    other = tmp_path / "out.json"
    argv = ["replay", file(TOO_LONG), "--api", simulator, "--report", f"json:{other}"]

    assert main(argv) == 2

    (script,) = json.loads(other.read_text())["scripts"]
    assert (script["ok"], script["seed"]) == (False, 1)
    assert script["stopped"] == capsys.readouterr().err.removesuffix("\n")


def test_report_tells_of_a_run_that_was_left_alone(file, simulator, tmp_path):
    other = tmp_path / "out.json"
    with in_thread(interrupting) as url:
        argv = ["replay", file(), "--api", simulator, "--target", url, "--report", f"json:{other}"]
        assert main(argv) == 130

    (script,) = json.loads(other.read_text())["scripts"]
    assert (script["stopped"], script["tally"]["pending"]) == ("somebody ended the command", 1)


def test_target_is_optional(file, simulator, receiver):
    ask("POST", f"{simulator}/_simulator/targets", {"url": receiver.url})

    assert main(["replay", file(), "--api", f"{simulator}/_simulator/"]) == 0
    assert receiver.words == ["create", "finished", "update"]


def test_environment_is_put_in_before_the_script_is_sent(file, simulator, receiver, monkeypatch, capsys):
    monkeypatch.setenv("STORY", "${not} a reference")
    mine = file(STORY.replace("A short story", "'${env.STORY}'"))

    assert main(["replay", mine, "--api", simulator, "--target", receiver.url]) == 0
    assert f"passed: ${{not}} a reference ({mine})" in capsys.readouterr().out


SHORT = ON.partition("  - wait")[0]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param([], "1 delivered, 0 given up;", id="it drains"),
        pytest.param(["--no-drain"], "0 delivered, 0 given up, 1 not delivered yet;", id="told not to"),
    ],
)
def test_it_waits_until_nothing_is_due_unless_told_not_to(more, expected, file, simulator, receiver, capsys):
    # On a running clock no step waits for its posts, and this post never comes back by itself.
    ask("PUT", f"{simulator}/_simulator/clock", {"mode": "real"})
    if more:
        receiver.hold.clear()

    assert main(["replay", file(SHORT), "--api", simulator, "--target", receiver.url, *more]) == 0
    assert f"webhooks: {expected}" in capsys.readouterr().out


def test_what_was_under_way_before_is_no_part_of_the_run(file, receiver, capsys):
    receiver.hold.clear()
    with in_thread(lambda: serving(speed="real", timeout="100ms", ordering="none")) as served:
        simulator = served.here.base_url
        ask("POST", f"{simulator}/_simulator/targets", {"url": receiver.url})
        ask("POST", f"{simulator}/_simulator/resources/Call", {})
        ask("DELETE", f"{simulator}/_simulator/targets/1")

        assert main(["replay", file(SHORT), "--api", simulator]) == 0
        assert health(simulator)["deliveries"]["given_up"] == 1

    assert "webhooks: 0 delivered, 0 given up; no requests answered" in capsys.readouterr().out


def test_receiver_that_takes_its_time_is_waited_for(file, receiver, monkeypatch, capsys):
    monkeypatch.setattr("simulator.cli.remote._PATIENCE", "10ms")
    monkeypatch.setattr("simulator.cli.remote._PAUSES", (0.001,))
    receiver.hold.clear()
    with in_thread(lambda: serving(speed="real", timeout="200ms")) as served:
        assert main(["replay", file(SHORT), "--api", served.here.base_url, "--target", receiver.url]) == 1

    assert f"to {receiver.url}: no answer, timed out after 0.2 s" in capsys.readouterr().out


def test_interruption_leaves_the_script_to_the_simulator(file, simulator, capsys):
    with in_thread(interrupting) as url:
        assert main(["replay", file(), "--api", simulator, "--target", url]) == 130

    out, err = capsys.readouterr()
    lines = out[out.index("stopped") :].splitlines()
    assert lines[:2] == [
        "stopped watching; the simulator plays the script on",
        "  webhooks: 0 delivered, 0 given up, 1 not delivered yet; no requests answered",
    ]
    assert re.search(r"  2021-03-01T08:00:00Z  create ScenarioSession \S+ to \S+: in flight", lines[2])
    assert err == ""


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--seed", "3"], "--seed: the flag has no effect together with --api; found 3."),
        (["--no-updates"], "--updates: the flag has no effect together with --api; found False."),
        (["--config", "x.toml"], "--config: the flag has no effect together with --api; found x.toml."),
        (["--ready-file", "x"], "--ready-file: the flag has no effect together with --api; found x."),
        (
            ["--header", "A: b", "--header", "C: d"],
            "--header: the flag has no effect together with --api; found A: b, C: d.",
        ),
    ],
)
def test_flag_that_would_do_nothing_is_refused(argv, message, capsys):
    assert main(["replay", "iot-event", "--api", "http://127.0.0.1:9", *argv]) == 2
    assert capsys.readouterr() == (
        "",
        f"{message} Give it to scope-simulator serve, which runs the simulator.\n",
    )


def test_wrong_target_is_told_before_anything_is_asked(capsys):
    assert main(["replay", "iot-event", "--api", "http://127.0.0.1:9", "--target", "ftp://x"]) == 2
    assert capsys.readouterr().err.startswith("--target: only http and https can be posted to")


def test_target_elsewhere_is_refused_over_there(simulator, capsys):
    assert main(["replay", "iot-event", "--api", simulator, "--target", "http://192.0.2.1/hook"]) == 2

    err = capsys.readouterr().err
    assert err.startswith("a target that was not named at the start must be on this machine; ")
    assert err.count("\n") == 1


def test_nobody_there_is_told(capsys):
    assert main(["replay", "iot-event", "--api", "http://127.0.0.1:9"]) == 2

    assert capsys.readouterr().err == (
        "--api: no simulator answers at http://127.0.0.1:9; found nobody listens there. "
        "Start one with: scope-simulator serve\n"
    )


def test_target_may_come_from_the_environment(file, simulator, receiver, monkeypatch):
    monkeypatch.setenv("SCOPE_SIMULATOR_TARGET", receiver.url)

    assert main(["replay", file(), "--api", simulator]) == 0
    assert receiver.words == ["create", "finished", "update"]


def test_simulator_that_asks_for_its_token_gets_the_one_that_is_given(file, receiver, monkeypatch, capsys):
    with in_thread(lambda: serving(speed="max", control_token="mine", allow_targets=["127.0.0.1"])) as served:
        argv = ["replay", file(), "--api", served.here.base_url, "--target", receiver.url]
        assert main(argv) == 2
        without = capsys.readouterr().err
        assert main([*argv, "--control-token", "other"]) == 2
        wrong = capsys.readouterr().err
        assert main([*argv, "--control-token", "mine"]) == 0
        monkeypatch.setenv("SCOPE_SIMULATOR_CONTROL_TOKEN", "mine")
        assert main(argv) == 0

    remedy = (
        "Give the one that it told at its start, with --control-token or SCOPE_SIMULATOR_CONTROL_TOKEN.\n"
    )
    problem = f"--control-token: the simulator at {served.here.base_url} asks for its control token"
    assert (without, wrong) == (f"{problem}; found none. {remedy}", f"{problem}; found another one. {remedy}")


def test_problems_of_all_scripts_are_told_and_reported_before_anything_is_asked(file, tmp_path, capsys):
    bad = file(STORY.replace("finish: session", "finsh: session"), "bad.yaml")
    other = tmp_path / "out.json"

    assert main(["replay", bad, "nosuch", "--api", "http://127.0.0.1:9", "--report", f"json:{other}"]) == 2

    first, second = capsys.readouterr().err.splitlines()
    assert [one["stopped"] for one in json.loads(other.read_text())["scripts"]] == [first, second]
    assert first.startswith(f"{bad}:7:5: ")
    assert second.startswith("there is no file and no bundled script 'nosuch'.")


def test_problem_that_only_the_world_over_there_shows_is_told_with_its_line(file, simulator, capsys):
    mine = file(ON.replace("  - wait", "    by: Nobody At All\n  - wait"))

    assert main(["replay", mine, "--api", simulator]) == 2
    assert capsys.readouterr().err.startswith(f"{mine}:5:9: nobody is called 'Nobody At All'. ")


def test_step_that_only_the_play_can_judge_ends_with_its_line(file, simulator, capsys):
    mine = file(TOO_LONG)

    assert main(["replay", mine, "--api", simulator]) == 2
    assert capsys.readouterr().err.startswith(f"{mine}:13:13: ")


def test_reset_by_somebody_else_is_told(file, simulator, receiver, capsys):
    async def reset(_hook: dict) -> int:
        async with ClientSession() as http, http.post(f"{simulator}/_simulator/reset"):
            return 200

    receiver.on_hook = reset

    assert main(["replay", file(), "--api", simulator, "--target", receiver.url]) == 2
    assert capsys.readouterr().err.startswith("there is no run '1'. ")


def test_journal_that_is_too_short_to_tell_what_came_of_it_is_an_error(file, receiver, monkeypatch, capsys):
    # So that all has happened before the second look.
    monkeypatch.setattr("simulator.cli.remote._PAUSES", (0.2,))
    with in_thread(lambda: serving(journal_bound=3)) as served:
        assert main(["replay", file(), "--api", served.here.base_url, "--target", receiver.url]) == 2

    assert re.fullmatch(
        r"what came of the script is not known, since the simulator's journal is too short; expected each entry to be there "
        r"when it is read, found \d+ that were gone\. Raise its setting journal_bound\.\n",
        capsys.readouterr().err,
    )


def test_give_up_that_an_expectation_names_is_no_reason_to_fail(file, simulator, receiver, capsys):
    text = SHORT + '  - expect: {given_up: {target: "${target[1]}"}, within: 1s}\n  - pause: session\n'
    targets = ["--target", receiver.url, "--target", dead_url()]

    assert main(["replay", file(text), "--api", simulator, *targets]) == 0

    out = capsys.readouterr().out
    assert "webhooks: 3 delivered, 3 given up (3 as expected); no requests answered" in out
    assert "again: curl" not in out


def test_each_combination_of_a_matrix_is_played_and_told_with_the_places_of_the_file(
    file, simulator, receiver, tmp_path, capsys
):
    results, mine = tmp_path / "r.json", file(MATRIX.replace("of: session}", "of: session, status: 418}"))

    assert (
        main(["replay", mine, "--api", simulator, "--target", receiver.url, "--report", f"json:{results}"])
        == 1
    )

    told = json.loads(results.read_text())["scripts"]
    assert [one["title"] for one in told] == ["A matrix [kind=PERSISTENT]", "A matrix [kind=PASSIVE]"]
    assert [one["expectations"][0]["place"] for one in told] == [f"{mine}:9:24"] * 2
    assert receiver.words == ["create", "create"]


def test_what_the_simulator_objects_to_is_told_with_the_place_in_the_file(file, simulator, capsys):
    mine = file(MATRIX.replace("  - expect", "    by: Nobody At All\n  - expect"))

    assert main(["replay", mine, "--api", simulator]) == 2
    assert capsys.readouterr().err.startswith(f"{mine}:9:9: nobody is called 'Nobody At All'. ")
