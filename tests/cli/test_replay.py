"""replay: scripts on platforms of their own, delivered, judged, summed up."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from simulator import contracts, engine
from simulator.cli import main
from tests.cli.commanding import Command, dead_url, hanging_up, interrupting
from tests.cli.terminals import terminal
from tests.examples.example import asking, in_thread
from tests.server.certificates import Certificate
from tests.server.receiving import receiving

STORY = """\
title: A short story
seed: 7
steps:
  - create: ScenarioSession
    as: session
  - wait: 2h
  - finish: session
  - expect:
      answered: {event: finished, of: session}
      within: 100ms
"""
QUERIED = STORY.replace("answered: {event: finished, of: session}", "queried: {of: session}")

TOO_LONG = """\
title: Its end is beyond what is rehearsed
steps:
  - create: ScenarioSession
    as: session
  - repeat:
      times: 101
      steps:
        - update: session
          set: {externalData: "${index}"}
  - finish: session
  - update: session
    set: {externalData: once}
  - resume: session
"""
"""A repeat is rehearsed a hundred times at most, and what comes after a longer one is found when it is played."""


@pytest.fixture
def file(tmp_path):
    def write(text: str = STORY, name: str = "mine.yaml") -> str:
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write


def timeless(text: str) -> str:
    """Return the text without what differs from run to run: how long things took, free ports."""
    text = re.sub(r"\(\d+ ms\)", "(1 ms)", text)
    text = re.sub(r"in \d\.\d{3} s", "in 0.001 s", text)
    return re.sub(r"http://127\.0\.0\.1:\d{4,5}", "http://127.0.0.1:1234", text)


def test_run_is_told_from_the_first_step_to_the_summary(file, capsys):
    mine = file()
    with in_thread(receiving) as receiver:
        assert main(["replay", mine, "--target", receiver.url]) == 0

    out, err = capsys.readouterr()
    lines = timeless(out).splitlines()
    url = "http://127.0.0.1:1234/hook"
    about = re.search(r"create ScenarioSession (\S+)", out)[1]
    assert lines[0] == f"playing {mine}: A short story"
    assert re.fullmatch(r"Scope is at http://127\.0\.0\.1:1234, token [0-9a-f]{40}", lines[1])
    assert lines[2:] == [
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
    assert [hook["time"] for hook in receiver.hooks] == [
        "2021-03-01T08:00:00Z",
        "2021-03-01T10:00:00Z",
        "2021-03-01T10:00:00Z",
    ]


def test_reports_for_other_programs_tell_the_same(file, tmp_path, capsys):
    good, bad = file(), file(QUERIED, "bad.yaml")
    xml, other = tmp_path / "out.xml", tmp_path / "out.json"
    with in_thread(receiving) as receiver:
        argv = ["replay", good, bad, "--target", receiver.url]
        assert main([*argv, "--report", f"junit:{xml}", "--report", f"json:{other}"]) == 1

    report = json.loads(other.read_text())
    assert contracts.problems("report/replay", report) == []
    assert [(one["file"], one["ok"], one["stopped"]) for one in report["scripts"]] == [
        (good, True, None),
        (bad, False, None),
    ]
    assert report["took"] == pytest.approx(sum(one["took"] for one in report["scripts"]), abs=0.002)
    root = ET.parse(xml).getroot()
    assert [root.get(name) for name in ("tests", "failures", "errors")] == ["4", "1", "0"]
    assert root.find(".//failure").text.splitlines()[0] == f"NOT MET, {bad}:9:16: a request about session"


def test_report_that_cannot_be_written_ends_it_before_anything_is_played(file, capsys):
    with in_thread(receiving) as receiver:
        assert main(["replay", file(), "--target", receiver.url, "--report", "junit:no/such/place.xml"]) == 2

    assert receiver.hooks == []
    assert capsys.readouterr() == (
        "",
        "--report junit:no/such/place.xml: the file cannot be written; found no such file or directory. "
        "Name a file in a directory that exists.\n",
    )


def test_report_tells_of_a_script_that_stopped_short(file, tmp_path, capsys):
    mine, other = file(TOO_LONG), tmp_path / "out.json"
    with in_thread(receiving) as receiver:
        assert (
            main(["replay", mine, file(name="b.yaml"), "--target", receiver.url, "--report", f"json:{other}"])
            == 2
        )

    (script,) = json.loads(other.read_text())["scripts"]
    assert (script["ok"], script["stopped"]) == (False, capsys.readouterr().err.removesuffix("\n"))
    assert (script["steps"], script["tally"]["delivered"]) == (106, 105)


def test_report_tells_of_a_run_that_was_interrupted(file, tmp_path):
    other = tmp_path / "out.json"
    with in_thread(interrupting) as url:
        assert main(["replay", file(), file(), "--target", url, "--report", f"json:{other}"]) == 130

    (script,) = json.loads(other.read_text())["scripts"]
    assert (script["stopped"], script["steps"]) == ("somebody ended the command", 1)
    assert [one["state"] for one in script["undelivered"]] == ["in_flight"]


def test_on_a_terminal_it_shows_how_far_it_is_and_leaves_nothing_of_that(file, monkeypatch):
    # What is not asked is waited for, longer than it takes to show how far the script is.
    with in_thread(receiving) as receiver, terminal(monkeypatch) as shown:
        assert main(["replay", file(QUERIED), "--target", receiver.url]) == 1

    before, _, after = shown.text.partition(
        "step 4 of 4, 2021-03-01T10:00:00Z, webhooks: 3 delivered, 0 given up"
    )
    assert before.endswith("\n[####################] ")
    assert after.startswith("\r\x1b[K\x1b[31mFAILED: A short story")


def test_webhook_that_is_given_up_fails_the_run(file, capsys):
    assert main(["replay", file(STORY.partition("  - expect")[0]), "--target", dead_url()]) == 1

    out = capsys.readouterr().out
    assert "webhooks: 0 delivered, 3 given up; no requests answered" in out
    assert f"to {dead_url()}: no answer, connection refused" in out
    assert "expectations: 0 of 0 met" in out


def test_answer_that_cannot_come_any_more_is_not_waited_for(file, capsys):
    assert main(["replay", file(STORY.replace("100ms", "1h")), "--target", dead_url()]) == 1

    assert "  seen:    12 attempts about session: " in (out := capsys.readouterr().out)
    assert "finished no answer, update no answer; nothing more is due\n" in out


def test_expectation_that_is_not_met_fails_the_run_and_tells_the_nearest_misses(file, capsys):
    mine = file(QUERIED)
    with in_thread(receiving) as receiver:
        assert main(["replay", mine, "--target", receiver.url]) == 1

    lines = timeless(capsys.readouterr().out).splitlines()
    at = lines.index("  expectations: 0 of 1 met")
    assert lines[at + 1 : at + 3] == [
        f"    NOT MET, {mine}:9:16: a request about session",
        "      seen:    no fitting requests, no requests about session in all",
    ]
    assert lines[at + 3].startswith("      again:   curl -H")


def test_each_script_has_a_platform_of_its_own_and_the_worst_decides(file, capsys):
    good, bad = file(), file(QUERIED, "bad.yaml")
    with in_thread(receiving) as receiver:
        assert main(["replay", good, bad, good, "--target", receiver.url]) == 1

    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines() if line.startswith(("passed", "FAILED"))] == [
        "passed:",
        "FAILED:",
        "passed:",
    ]
    # The same seed and start: the same ids each time.
    assert len({hook["data"]["resource-id"] for hook in receiver.hooks}) == 1


def test_programs_get_each_entry_and_a_summary_as_json(file, capsys):
    mine = file()
    with in_thread(receiving) as receiver:
        assert main(["replay", mine, "--target", receiver.url, "--json"]) == 0

    out, err = capsys.readouterr()
    lines = [json.loads(line) for line in out.splitlines()]
    kinds = [line["kind"] for line in lines]
    assert kinds.count("step") == 4
    assert kinds.count("outcome") == 3
    assert kinds[-1] == "summary"
    assert (lines[-1]["ok"], lines[-1]["file"], lines[-1]["tally"]["delivered"]) == (True, mine, 3)
    assert f"playing {mine}: A short story\n" in err


def test_all_targets_are_told_and_one_that_stands_twice_is_one(file):
    with in_thread(receiving) as one, in_thread(receiving) as two:
        assert main(["replay", file(), "--target", one.url, "--target", two.url, "--target", one.url]) == 0

    assert one.words == two.words == ["create", "finished", "update"]


def test_flags_outrank_the_script_which_outranks_nothing_else(file, tmp_path, monkeypatch, capsys):
    config = tmp_path / "scope.toml"
    config.write_text("updates = false\nsessions = 3\n")
    monkeypatch.setenv("SCOPE_SIMULATOR_EVENT_NAMES", "created")
    with in_thread(receiving) as receiver:
        argv = ["replay", file(), "--target", receiver.url, "--seed", "9", "--config", str(config)]
        assert main(argv) == 0

    assert receiver.words == ["created", "finished"]
    assert "  seed 9, 4 steps" in capsys.readouterr().out


def test_target_may_come_from_the_environment(file, monkeypatch):
    with in_thread(receiving) as receiver:
        monkeypatch.setenv("SCOPE_SIMULATOR_TARGET", receiver.url)
        assert main(["replay", file()]) == 0

    assert receiver.words == ["create", "finished", "update"]


def test_ready_file_says_where_the_platform_is_while_a_script_plays(file, tmp_path):
    ready_file = tmp_path / "ready.json"
    with in_thread(lambda: asking(ready_file)) as url:
        assert (
            main(
                [
                    "replay",
                    file(QUERIED.replace("100ms", "5s")),
                    "--target",
                    url,
                    "--ready-file",
                    str(ready_file),
                ]
            )
            == 0
        )

    assert json.loads(ready_file.read_text())["pid"] == os.getpid()


def test_without_draining_it_ends_with_the_last_step(file, capsys):
    # On a running clock no step waits for posts; without draining nobody does.
    text = STORY.partition("  - wait")[0]
    with in_thread(receiving) as receiver:
        argv = ["replay", file(text), "--target", receiver.url, "--speed", "real", "--no-drain"]
        assert main(argv) == 0

    assert "webhooks: 0 delivered, 0 given up, 1 not delivered yet" in capsys.readouterr().out


def test_problems_of_all_scripts_are_told_before_anything_is_played(file, capsys):
    good = file()
    bad = file(STORY.replace("finish: session", "finsh: session"), "bad.yaml")
    illegal = file(STORY.replace("  - expect", "  - pause: session\n  - expect"), "illegal.yaml")

    assert main(["replay", good, bad, illegal, "nosuch", "--target", dead_url()]) == 2

    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert out == ""
    assert len(lines) == 3
    assert lines[0].startswith(f"{bad}:7:5: ")
    assert "Did you mean finish?" in lines[0]
    assert lines[1].startswith(f"{illegal}:8:12: ")
    assert lines[2] == (
        "there is no file and no bundled script 'nosuch'. List the bundled scripts with: scope-simulator scenarios"
    )


def test_reports_tell_of_a_script_that_was_refused_and_name_why(file, tmp_path, capsys):
    bad = file(STORY.replace("finish: session", "finsh: session"), "bad.yaml")
    twice = STORY.replace("  - wait: 2h", "  - finish: session").replace("seed: 7", "seed: 7\ntags: [smoke]")
    late = file(twice, "late.yaml")
    xml, other, page = tmp_path / "out.xml", tmp_path / "out.json", tmp_path / "out.html"
    reports = [f"--report=junit:{xml}", f"--report=json:{other}", f"--report=html:{page}"]

    assert main(["replay", file(), bad, late, "--target", dead_url(), *reports]) == 2

    said = capsys.readouterr().err.splitlines()
    report = json.loads(other.read_text())
    assert contracts.problems("report/replay", report) == []
    assert [(one["file"], one["title"], one["stopped"], one["tags"]) for one in report["scripts"]] == [
        (bad, bad, said[0], []),
        (late, "A short story", said[1], ["smoke"]),
    ]
    assert [one.text for one in ET.parse(xml).getroot().iter("error")] == said
    assert said[1] in page.read_text()


def test_problem_that_concerns_every_script_is_told_once(file, capsys):
    assert main(["replay", file(), "iot-event", "--target", "ftp://x"]) == 2
    assert capsys.readouterr().err == (
        "--target: only http and https can be posted to; expected an address such as "
        "http://127.0.0.1:8000/hooks, found 'ftp://x'.\n"
    )


def test_without_anybody_to_deliver_to_it_says_what_to_do(file, capsys):
    assert main(["replay", file()]) == 2
    assert capsys.readouterr() == (
        "",
        "scope-simulator replay: there is nobody to deliver to; expected --target URL, or --api URL. "
        "Say where your receiver listens, such as --target http://127.0.0.1:8000/hooks/scopear.\n",
    )


def test_step_that_only_the_play_can_judge_ends_with_its_line(file, capsys):
    mine = file(TOO_LONG)
    with in_thread(receiving) as receiver:
        assert main(["replay", mine, "--target", receiver.url]) == 2

    assert capsys.readouterr().err.startswith(f"{mine}:13:13: ")


def test_port_in_use_is_told(file, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["replay", file(), "--target", dead_url(), "--port", str(port)]) == 2

    assert capsys.readouterr().err.startswith(f"--port: port {port} on 127.0.0.1 is in use.")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interruption_ends_with_what_was_and_was_not_delivered(number, file, capsys):
    with in_thread(lambda: interrupting(number)) as url:
        assert main(["replay", file(), file(), "--target", url]) == 130

    out, err = capsys.readouterr()
    at = out.index("stopped before its end")
    assert out[at:].splitlines()[:2] == [
        "stopped before its end; expectations were not judged",
        "  webhooks: 0 delivered, 0 given up, 1 not delivered yet; no requests answered",
    ]
    assert re.search(
        r"\n    2021-03-01T08:00:00Z  create ScenarioSession \S+ to \S+: in flight\n      again: curl ",
        out[at:],
    )
    assert err == ""
    assert out.count("playing") == 1


def test_interrupted_process_ends_with_130_and_no_traceback(file):
    with in_thread(receiving) as receiver:
        receiver.hold.clear()
        with Command("replay", file(), "--target", receiver.url) as command:
            command.line("2021-03-01T08:00:00Z  step     create")
            code, out, err = command.end()

    assert (code, err) == (130, "")
    assert "stopped before its end" in out


def test_receiver_that_hangs_up_is_shown_plainly(file, capsys):
    with in_thread(hanging_up) as url:
        assert main(["replay", file(), "--target", url]) == 1

    out = capsys.readouterr().out
    assert f"to {url}: no answer, the receiver hung up before it answered" in out
    assert "webhooks: 0 delivered, 3 given up" in out


def test_receiver_that_never_answers_is_given_up(file, capsys):
    with in_thread(receiving) as receiver:
        receiver.hold.clear()
        assert main(["replay", file(), "--target", receiver.url, "--timeout", "20ms"]) == 1

    assert f"to {receiver.url}: no answer, timed out after 0.02 s" in capsys.readouterr().out


def test_receivers_certificate_is_checked_against_the_authority_that_is_named(file, tmp_path, capsys):
    certificate = Certificate(tmp_path)
    with in_thread(lambda: receiving(tls=certificate.tls)) as receiver:
        argv = ["replay", file(), "--target", receiver.url]
        assert main(argv) == 1
        unknown = capsys.readouterr()
        assert main([*argv, "--ca", str(certificate.file)]) == 0
        known = capsys.readouterr()
        assert main([*argv, "--insecure"]) == 0
        unchecked = capsys.readouterr()

    told = "no answer, TLS failed: self-signed certificate; the setting ca can name a file with its authority"
    assert unknown.out.count(f"to {receiver.url}: {told}") >= 3
    assert (unknown.err, known.err) == ("", "")
    assert unchecked.err == "--insecure: warning: the certificates of https receivers are not checked.\n"


def test_posts_bear_the_headers_that_are_given_and_so_does_the_line_that_repeats_them(file, capsys):
    with in_thread(lambda: receiving(500)) as receiver:
        argv = [
            "replay",
            file(),
            "--target",
            receiver.url,
            "--retry",
            "none",
            "--header",
            "X-Tenant: acme",
            "--header",
            "Cookie: a=b",
        ]
        assert main(argv) == 1

    assert [(one["X-Tenant"], one["Cookie"]) for one in receiver.headers] == [("acme", "a=b")] * 3
    assert "-H 'X-Tenant: acme' -H 'Cookie: a=b' --data-raw" in capsys.readouterr().out


def test_public_url_makes_the_bytes_the_same_on_any_port(file):
    with in_thread(receiving) as receiver:
        for _ in range(2):
            assert (
                main(["replay", file(), "--target", receiver.url, "--public-url", "http://scope.example"])
                == 0
            )

    assert receiver.hooks[:3] == receiver.hooks[3:]
    assert receiver.hooks[0]["data"]["resource-url"].startswith("http://scope.example/api/v3/graphql/object/")


def test_file_in_use_by_name_of_a_bundled_script(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("iot-event").write_text(STORY)
    with in_thread(receiving) as receiver:
        assert main(["replay", "iot-event", "--target", receiver.url]) == 0

    assert capsys.readouterr().out.startswith("playing iot-event: A short story\n")


def lying(monkeypatch):
    """Have every change be told as if the session had been finished."""
    right = engine.webhooks_of
    monkeypatch.setattr(
        engine,
        "webhooks_of",
        lambda *args: ((url, replace(one, word="finished")) for url, one in right(*args)),
    )


def test_audit_that_finds_nothing_is_a_line(file, capsys):
    with in_thread(receiving) as receiver:
        assert main(["replay", file(), "--target", receiver.url, "--audit"]) == 0

    assert capsys.readouterr().out.splitlines()[-2] == "  audit: 7 comparisons with the API: no disagreements"


def test_webhook_that_contradicts_the_api_fails_the_run(file, capsys, tmp_path, monkeypatch):
    lying(monkeypatch)
    mine, junit, as_json = file(), tmp_path / "j.xml", tmp_path / "r.json"
    reports = ["--report", f"junit:{junit}", "--report", f"json:{as_json}"]
    with in_thread(receiving) as receiver:
        assert main(["replay", mine, "--target", receiver.url, "--audit", *reports]) == 1

    out, _ = capsys.readouterr()
    (finding,) = [line for line in out.splitlines() if "NOT SO" in line]
    said = (
        "webhook 1 about ScenarioSession finished tells the state FINISHED (finished), the API answers the state "
        "IN_PROGRESS (when it was told, 2021-03-01T08:00:00.000Z)"
    )
    assert finding == f"    NOT SO, {mine}:4: {said}"
    assert f"FAILED: A short story ({mine})" in out
    failure = ET.parse(junit).find(".//testcase[@name='webhooks and API agree']/failure")
    assert said in failure.text
    (script,) = json.loads(as_json.read_text())["scripts"]
    assert [(one["place"], one["delivery"]) for one in script["audit"]["findings"]] == [(f"{mine}:4", 1)]


def test_disagreement_that_a_fault_asked_for_is_listed_and_fails_nothing(file, capsys):
    with in_thread(receiving) as receiver:
        argv = ["replay", file(), "--target", receiver.url, "--audit", "--fault", "api.lag=1s,times=9"]
        assert main(argv) == 0

    lines = capsys.readouterr().out.splitlines()
    assert "    asked for by faults: 3 disagreements" in lines


MATRIX = """\
title: A matrix
tags: [smoke]
for: {kind: [PERSISTENT, PASSIVE]}
vars: {order: 1}
steps:
  - create: ScenarioSession
    as: session
    with: {sessionType: "${kind}", externalData: "${order}"}
  - expect: {answered: {event: create, of: session}, within: 100ms}
"""


def test_each_combination_of_a_matrix_is_a_run_with_its_line_to_repeat_it(file, tmp_path):
    results, mine = tmp_path / "r.json", file(MATRIX)
    with in_thread(receiving) as receiver:
        argv = ["replay", mine, "--target", receiver.url, "--seed", "3", "--tag", "smoke"]
        assert main([*argv, "--report", f"json:{results}", "--var", "order=WO-7"]) == 0
        assert main([*argv, "--var", "kind=PASSIVE"]) == 0

    assert receiver.words == ["create"] * 3
    start = f"scope-simulator replay {mine} --seed 3 --target {receiver.url} --var order=WO-7"
    assert [(one["title"], one["command"]) for one in json.loads(results.read_text())["scripts"]] == [
        ("A matrix [kind=PERSISTENT]", f"{start} --var kind=PERSISTENT"),
        ("A matrix [kind=PASSIVE]", f"{start} --var kind=PASSIVE"),
    ]


def test_receiver_that_is_not_reset_ends_it(file, capsys):
    with in_thread(receiving) as receiver:
        # It expects webhooks alone, and fails at anything else.
        text = STORY.replace("steps:", f"receiver: {{reset: '{receiver.url}'}}\nsteps:")
        mine = file(text)
        assert main(["replay", mine, "--target", receiver.url]) == 2

    assert receiver.words == []
    assert capsys.readouterr().err == (
        f"{mine}:3:19: the receiver was not reset by POST {receiver.url}; expected an answer 2xx, found 500. "
        "Nothing was played: what is left of an earlier run could decide what this one shows.\n"
    )


def test_faults_that_a_flag_sets_are_told_before_the_first_step(file, capsys):
    with in_thread(receiving) as receiver:
        assert (
            main(["replay", file(), "--target", receiver.url, "--fault", "delivery.drop,event=paused"]) == 0
        )

    lines = [line.split(maxsplit=1)[1] for line in capsys.readouterr().out.splitlines() if "Z  " in line]
    assert lines[0] == "fault    fault 1 (delivery.drop,event=paused) is set"
    assert lines[1].startswith("step")
