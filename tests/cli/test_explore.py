"""explore: sequences tried on a receiver until an expectation breaks, and the shortest written as a script."""

from __future__ import annotations

import json
import re
import signal
import sys

import pytest

from simulator.cli import main
from simulator.explore.sketch import Sketch
from simulator.script.loader import read_document
from tests.cli.commanding import Command, dead_url
from tests.cli.terminals import terminal
from tests.examples.example import in_thread
from tests.explore.receivers import keeping_work_orders
from tests.server.receiving import receiving

STATES = """\
title: The work order is what the session is
vars: {orders: "http://127.0.0.1:9"}
receiver: {reset: "${orders}/reset"}
steps:
  - create: ScenarioSession
    as: session
  - expect:
      receiver: {get: "${orders}/orders/${session.id}", json: {state: "${session.state}"}}
      within: 400ms
"""

STORY = """\
title: Every webhook is taken
steps:
  - create: ScenarioSession
    as: session
    with: {externalData: {order: WO-1}}
  - expect: {answered: {event: create, of: session}, within: 100ms}
"""


@pytest.fixture
def file(tmp_path, monkeypatch):
    def write(text: str = STORY, name: str = "mine.yaml") -> str:
        (tmp_path / name).write_text(text)
        return name

    monkeypatch.chdir(tmp_path)
    return write


def explore(*argv: str, url: str | None = None) -> int:
    target = () if url is None else ("--target", url)
    return main(["explore", *target, *argv])


def test_bug_that_only_a_late_webhook_shows_is_found_written_and_fails_again(file, tmp_path, capsys):
    mine = file()
    with in_thread(lambda: keeping_work_orders("refuses")) as orders:
        hooks = f"{orders.url}/hooks"
        found = explore(mine, "--retry", "1s", "--search", "11", url=hooks)
        out, err = capsys.readouterr()
        checked = main(["check", "mine.explored.yaml"])
        replayed = main(["replay", "mine.explored.yaml", "--target", hooks, "--retry", "1s"])

    assert (found, checked, replayed, err) == (1, 0, 1, "")
    lines = out.splitlines()
    again = f"scope-simulator replay mine.explored.yaml --target {hooks} --retry 1s"
    assert lines[1] == "FOUND: Every webhook is taken (mine.yaml)"
    assert re.fullmatch(r"  seed 1, search 11: \d+ sequences, \d+ steps, \d+\.\d s", lines[2])
    start = next(i for i, line in enumerate(lines) if line.startswith("  shortened from "))
    assert lines[start].endswith(" steps to 4:")
    assert lines[start + 1 : start + 5] == [
        "    - faults: {delivery: [{reorder: 5, times: 1, match: {event: paused, of: session}}]}",
        "    - pause: session",
        "    - resume: session",
        "    - finish: session",
    ]
    assert " paused ScenarioSession " in lines[start + 5]
    assert lines[-1] == f"  written to mine.explored.yaml; again: {again}"
    text = (tmp_path / "mine.explored.yaml").read_text().splitlines()
    assert re.fullmatch(r"# Found by explore after \d+ sequences, shortened from \d+ steps to 4\.", text[0])
    assert text[1].startswith("# What broke: ")
    assert text[2] == (
        "# Search again: scope-simulator explore mine.yaml --examples 100 --steps 12 --search 11 "
        f"--target {hooks} --retry 1s"
    )
    assert text[3] == f"# Play again: {again}"
    assert text[5] == 'title: "Every webhook is taken: what explore found"'


def test_work_order_that_a_late_pause_reopens_is_found_in_five_steps(file, tmp_path, capsys):
    mine = file(STATES)
    with in_thread(lambda: keeping_work_orders("reopens")) as orders:
        hooks = f"{orders.url}/hooks"
        found = explore(mine, "--search", "11", "--var", f"orders={orders.url}", url=hooks)
        out, err = capsys.readouterr()
        resets = orders.resets
        replayed = main(["replay", "mine.explored.yaml", "--target", hooks])

    script = read_document((tmp_path / "mine.explored.yaml").read_text()).value
    sequences = int(re.search(r"(\d+) sequences", out)[1])
    assert (found, replayed, err) == (1, 1, "")
    assert script["steps"][:-1] == [
        {"create": "ScenarioSession", "as": "session"},
        {"faults": {"delivery": [{"reorder": 5, "times": 1, "match": {"event": "paused", "of": "session"}}]}},
        {"pause": "session"},
        {"resume": "session"},
        {"finish": "session"},
    ]
    assert script["vars"] == {"orders": orders.url}
    assert '    nearest: $.state is "PAUSED", not "FINISHED"' in out
    assert resets >= sequences


def test_files_that_the_script_plays_are_found_from_where_it_is_written(file, tmp_path, capsys):
    (tmp_path / "found").mkdir()
    file("title: Another\nsteps:\n  - create: ScenarioSession\n", "other.yaml")
    both = "[[{play: other.yaml}], [{repeat: {times: 1, steps: [{play: other.yaml}]}}]]"
    mine = file(STORY.replace("  - expect", f"  - play: other.yaml\n  - together: {both}\n  - expect"))
    with in_thread(lambda: keeping_work_orders("refuses")) as orders:
        target, out = f"{orders.url}/hooks", "found/it.yaml"
        found = explore(mine, "--retry", "none", "--search", "11", "--out", out, url=target)
        replayed = main(["replay", out, "--target", target, "--retry", "none"])

    assert (found, replayed, capsys.readouterr().err) == (1, 1, "")
    assert (tmp_path / out).read_text().count("../other.yaml") == 3


def test_script_of_several_runs_is_told_to_choose_one(file, capsys):
    mine = file(STATES.replace("vars:", "for: {type: [PERSISTENT, PASSIVE]}\nvars:"))

    assert explore(mine, url=dead_url()) == 2
    assert capsys.readouterr().err == (
        "mine.yaml:2:1: the script has 2 runs; expected one. "
        "Choose one: give the variables of its matrix with --var NAME=VALUE.\n"
    )


def test_nothing_is_found_about_a_receiver_that_is_right(file, tmp_path, capsys):
    mine = file(STATES.replace("vars:", "for: {type: [PERSISTENT, PASSIVE]}\nvars:"))
    with in_thread(keeping_work_orders) as orders:
        given = ("--var", f"orders={orders.url}", "--var", "type=PASSIVE")
        code = explore(mine, "--examples", "12", "--steps", "4", "--json", *given, url=f"{orders.url}/hooks")

    out, err = capsys.readouterr()
    told = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [one["kind"] for one in told] == ["sequence"] * 12 + ["explored"]
    assert all(one["ok"] for one in told)
    assert told[-1]["sequences"] == 12
    assert told[-1]["finding"] is None
    assert "nothing found: The work order is what the session is [type=PASSIVE] (mine.yaml)" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.yaml"]


def test_script_that_fails_before_anything_is_varied_is_told(file, capsys):
    mine = file(STORY.replace("answered: {event: create, of: session}", "queried: {of: session, times: 9}"))
    with in_thread(keeping_work_orders) as orders:
        code = explore(mine, url=f"{orders.url}/hooks")

    out = capsys.readouterr().out.splitlines()
    assert code == 1
    assert out[1] == "the script fails as it stands, before anything is varied:"
    assert out[2].startswith(
        "FAILED: Every webhook is taken (mine.yaml): not met: exactly 9 requests about session; "
    )


def test_time_that_is_up_ends_the_search(file, capsys):
    mine = file()
    with in_thread(keeping_work_orders) as orders:
        code = explore(mine, "--deadline", "1ms", "--no-chaos", url=f"{orders.url}/hooks")

    out = capsys.readouterr().out.splitlines()
    assert code == 0
    assert out[-1] == "  the time was up before all was tried"
    assert not [line for line in out if line.startswith("  faults:")]


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["mine.yaml"], "scope-simulator explore: there is nobody to deliver to; expected --target URL. "),
        (
            ["mine.yaml", "--examples", "0"],
            "--examples: the value does not fit; expected a whole number from 1 to",
        ),
        (
            ["mine.yaml", "--steps", "many"],
            "--steps: the value does not fit; expected a whole number from 1 to 100",
        ),
        (["mine.yaml", "--deadline", "soon"], "--deadline: "),
        (
            ["mine.yaml", "--out", "nowhere/x.yaml"],
            "--out: the file cannot be written; found no such file or directory",
        ),
        (["open.yaml"], "open.yaml:3:5: the script does not say what must always hold; "),
    ],
)
def test_what_somebody_must_change_is_told(file, argv, message, capsys):
    file()
    file(STORY.partition("  - expect")[0], "open.yaml")
    url = None if argv == ["mine.yaml"] else dead_url()

    assert explore(*argv, url=url) == 2
    assert capsys.readouterr().err.startswith(message)


def test_without_the_library_the_extra_is_named(file, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "hypothesis", None)

    assert explore(file(), url=dead_url()) == 2
    assert "pip install 'scope-simulator[explore]'" in capsys.readouterr().err


def test_whoever_watches_sees_how_far_it_is_and_no_secret_is_written(file, tmp_path, monkeypatch):
    mine = file()
    argv = (
        mine,
        "--search",
        "11",
        "--secret",
        "hush",
        "--header",
        "X-Key: hush",
        "--no-insecure",
        "--retry",
        "none",
    )
    with (
        in_thread(lambda: keeping_work_orders("refuses")) as orders,
        terminal(monkeypatch) as shown,
    ):
        code = explore(*argv, "--out", "found.yaml", url=f"{orders.url}/hooks")

    text = (tmp_path / "found.yaml").read_text()
    assert code == 1
    assert re.search(r"\[#*\.+\] \d+ of 100 sequences, none failed", shown.text)
    assert re.search(r"\d+ sequences, shortest failure: \d+ steps", shown.text)
    assert "hush" not in text
    again = f"scope-simulator replay found.yaml --target {orders.url}/hooks --no-insecure --retry none"
    assert f"# Play again: {again}" in text


def test_interrupted_search_tells_what_it_has(file, tmp_path):
    mine = str(tmp_path / file())
    with in_thread(keeping_work_orders) as orders:
        argv = ("explore", mine, "--examples", "100000", "--json", "--target", f"{orders.url}/hooks")
        with Command(*argv) as command:
            command.line('{"kind":"sequence"')
            code, out, err = command.end(signal.SIGINT)

    assert code == 130
    assert json.loads(out.splitlines()[-1])["kind"] == "explored"
    assert "Traceback" not in err


def test_interrupted_before_it_began_it_just_ends(file, tmp_path):
    mine = str(tmp_path / file())
    with in_thread(receiving) as receiver:
        receiver.hold.clear()
        with Command("explore", mine, "--target", receiver.url) as command:
            command.line("Scope is at ")
            code, out, err = command.end(signal.SIGTERM)

    assert (code, out, err) == (130, "", "")


def test_sequence_that_cannot_be_played_after_all_is_no_failure(file, capsys, monkeypatch):
    mine = file()
    # As if the world had allowed what it does not: to pause a session twice.
    monkeypatch.setattr(Sketch, "legal", lambda _self, _name: [("pause", True)])
    monkeypatch.setattr(Sketch, "take", lambda _self, step: "pause" in step)
    with in_thread(keeping_work_orders) as orders:
        code = explore(mine, "--examples", "4", "--no-chaos", url=f"{orders.url}/hooks")

    assert code == 0
    assert "nothing found" in capsys.readouterr().out
