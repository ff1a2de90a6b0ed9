"""replay --box FILE without a script: the run in it is repeated, and compared."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from simulator.box.file import write_box
from simulator.box.tests import box_of_test
from simulator.cli import main
from simulator.errors import ExpectationError, UsageError
from simulator.server.handle import Simulator
from tests.box.boxes import boxed
from tests.cli.commanding import interrupting
from tests.cli.test_replay import QUERIED, STORY, TOO_LONG, file
from tests.examples.example import asking, in_thread
from tests.server.receiving import receiving

__all__ = ["file"]


def box_of(script: str, tmp_path: Path, *argv: str, status: int = 200) -> str:
    """Play a script that fails, and return its box; the script is gone then."""
    box, mine = tmp_path / "failed.json", tmp_path / "mine.yaml"
    mine.write_text(script)
    with in_thread(lambda: receiving(status=status)) as receiver:
        assert main(["replay", str(mine), "--target", receiver.url, "--box", str(box), *argv]) > 0
    mine.unlink()
    return str(box)


def changed(box: str, **values: object) -> str:
    path = Path(box)
    path.write_text(json.dumps(json.loads(path.read_text()) | values))
    return box


def repeated(capsys, *argv: str, code: int) -> list[str]:
    capsys.readouterr()
    assert main(["replay", "--box", *argv]) == code
    return capsys.readouterr().out.splitlines()


def test_failure_happens_again_on_the_receiver_that_is_recorded(tmp_path, capsys):
    box = box_of(QUERIED, tmp_path, "--retry", "none", status=500)

    lines = repeated(capsys, box, code=1)

    mine = tmp_path / "mine.yaml"
    again = [
        f"{mine}:9:16: a request about session; seen: no fitting requests, no requests about session in all",
    ]
    assert lines[:2] == [f"repeating {box}: A short story", f"  it failed: {again[0]}"]
    assert "  on the receiver that is recorded in it; --target URL repeats it on yours" in lines
    start = lines.index("the same failure happened again:")
    assert lines[start + 1] == f"    again: {again[0]}"
    assert [line.partition(" ScenarioSession ")[0] for line in lines[start + 2 : -1]] == [
        "    again: delivery 1: create",
        "    again: delivery 2: finished",
        "    again: delivery 3: update",
    ]
    assert lines[-1].startswith("  the journal is the recorded one, entry by entry (")


def test_another_receiver_may_do_better(tmp_path, capsys):
    box, ready = box_of(QUERIED, tmp_path), tmp_path / "ready.json"

    with in_thread(lambda: asking(ready)) as url:
        lines = repeated(capsys, box, "--target", url, "--ready-file", str(ready), code=0)

    start = lines.index("it did not fail this time:")
    assert lines[start + 1] == (
        f"    gone:  {tmp_path / 'mine.yaml'}:9:16: a request about session; "
        "seen: no fitting requests, no requests about session in all"
    )
    assert lines[start + 2].startswith("  it differs first at entry ")
    assert lines[start + 3] == "    recorded: nothing more of this"


def test_programs_get_what_came_of_it(tmp_path, capsys):
    box = box_of(QUERIED, tmp_path)

    told = [json.loads(line) for line in repeated(capsys, box, "--json", code=1)]

    assert told[-1] == {
        "kind": "repetition",
        "failed": True,
        "again": [
            f"{tmp_path / 'mine.yaml'}:9:16: a request about session; seen: no fitting requests, no requests about session in all"
        ],
        "gone": [],
        "new": [],
        "entries": len(json.loads(Path(box).read_text())["entries"]),
        "difference": None,
    }


def test_programs_are_told_of_a_difference(tmp_path, capsys):
    box = box_of(QUERIED, tmp_path)
    with in_thread(lambda: receiving(status=500)) as receiver:
        told = json.loads(
            repeated(capsys, box, "--json", "--target", receiver.url, "--retry", "none", code=1)[-1]
        )

    assert told["difference"]["fields"] == [["status", "200", "500"], ["verdict", "delivered", "given_up"]]
    assert (len(told["again"]), len(told["new"])) == (1, 3)


def test_script_that_stopped_short_stops_again(tmp_path, capsys):
    box = box_of(TOO_LONG, tmp_path)

    lines = repeated(capsys, box, code=1)

    assert "the same failure happened again:" in lines


def test_box_of_another_version_says_so_and_is_repeated(tmp_path, capsys):
    box = changed(box_of(QUERIED, tmp_path), version="0.0.1", evicted=3)

    lines = repeated(capsys, box, code=1)

    assert "  it was recorded by version 0.0.1, this is 0.1.0: they may differ in what they do" in lines
    assert "  the first 3 entries of its journal are not recorded" in lines


@pytest.mark.parametrize(
    ("argv", "text"),
    [
        (
            ["--target", "http://a/", "--target", "http://b/"],
            "--target: the run in BOX told 1 targets; expected one for each of URL, in this order, found 2. Give as many, or none to repeat it on the receiver that is recorded.\n",
        ),
        (["--no-drain"], "--no-drain: the flag has no effect where a box is repeated. Leave it out.\n"),
    ],
)
def test_flags_that_do_not_fit_are_refused(argv, text, tmp_path, capsys):
    box = box_of(QUERIED, tmp_path)
    capsys.readouterr()

    assert main(["replay", "--box", box, *argv]) == 2

    (url,) = json.loads(Path(box).read_text())["targets"]
    assert capsys.readouterr().err == text.replace("BOX", box).replace("URL", url)


def test_file_that_is_not_there_is_told(tmp_path, capsys):
    assert main(["replay", "--box", str(tmp_path / "no.json")]) == 2
    assert main(["replay", "--box", "a\0b"]) == 2

    assert capsys.readouterr().err.splitlines() == [
        f"--box {tmp_path / 'no.json'}: the box cannot be read; found no such file or directory. "
        "Name the file that a failed run left, or a script to play.",
        "--box a\\x00b: the box cannot be read; found embedded null byte. "
        "Name the file that a failed run left, or a script to play.",
    ]


def test_box_without_anything_to_repeat_is_told(tmp_path, capsys):
    box = tmp_path / "a.json"
    box.write_bytes(write_box(boxed(500)))

    assert main(["replay", "--box", str(box)]) == 2

    assert capsys.readouterr().err == (
        f"{box}: the box holds neither a script nor calls, so that there is nothing to repeat. "
        "Read it: it is JSON, its failures stand first.\n"
    )


# ------------------------------------------------------------------------------------------------- calls


def failing(act, tmp_path, *, status: int = 200, **settings: object) -> str:
    """Have somebody drive a handle until it raises, and return the box."""
    path = tmp_path / "test.box.json"
    with in_thread(lambda: receiving(status=status)) as receiver, Simulator(**settings) as scope:
        stage = scope._alive.stage
        calls = stage.keep_calls()
        with pytest.raises((ExpectationError, AssertionError)) as caught:
            act(scope, receiver)
        box = box_of_test(
            stage.platform,
            calls,
            "test_a.py::test_it",
            said="assert 1 == 2",
            error=caught.value,
            probes=scope._alive.pump.probed,
        )
    path.write_bytes(write_box(box))
    return str(path)


def unasked(scope, receiver) -> None:
    scope.add_target(receiver.url)
    session = scope.create("ScenarioSession", externalData={"order": "WO-1"})
    with pytest.raises(Exception, match="nobody"):
        scope.pause("nobody")
    scope.advance("12m")
    scope.finish(session, by="integrator")
    scope.expect_answered(event="finished", of=session, target=receiver.url)
    scope.expect_queried(of=session, within=0.05)


def test_calls_of_a_test_are_made_again(tmp_path, capsys):
    box = failing(unasked, tmp_path, seed=7)

    lines = repeated(capsys, box, code=1)

    assert lines[0] == f"repeating {box}: test_a.py::test_it"
    assert lines[-3] == "the same failure happened again:"
    assert lines[-2].startswith("    again: call 7, expect_queried: expectation not met: a request about ")
    assert lines[-1] == "  the journal is the recorded one, entry by entry (12)"


def test_calls_are_made_to_another_receiver(tmp_path, capsys):
    box = failing(unasked, tmp_path, seed=7)
    ready = tmp_path / "ready.json"

    with in_thread(lambda: asking(ready)) as url:
        lines = repeated(capsys, box, "--target", url, "--ready-file", str(ready), code=0)

    assert "it did not fail this time:" in lines
    assert json.loads(ready.read_text())["seed"] == 7


def test_what_a_test_judged_itself_is_said(tmp_path, capsys):
    def wrong(scope, receiver) -> None:
        scope.add_target(receiver.url)
        scope.reset(seed=9)
        scope.play({"title": "A title", "steps": [{"create": "Call"}]})
        scope.drain()
        raise AssertionError("1 == 2")

    lines = repeated(capsys, failing(wrong, tmp_path), code=0)

    assert lines[1] == "  it failed: test_a.py::test_it: assert 1 == 2"
    assert lines[-2:] == [
        "what failed was judged outside of the simulator, which cannot be repeated:",
        "  the journal is the recorded one, entry by entry (7)",
    ]


def test_call_that_fails_though_it_did_not_ends_it(tmp_path, capsys):
    def late(scope, receiver) -> None:
        scope.add_target(receiver.url)
        scope.play(played)
        scope.create("Call")
        raise AssertionError

    played = tmp_path / "played.yaml"
    played.write_text(STORY.replace("seed: 7\n", ""))
    box = failing(late, tmp_path)

    with in_thread(lambda: receiving(status=500)) as receiver:
        lines = repeated(capsys, box, "--target", receiver.url, code=1)

    assert "it failed, but otherwise than recorded:" in lines
    assert any(line.startswith("    new:   call 2, play: expectation not met:") for line in lines)


def test_call_that_this_version_does_not_know_is_told(tmp_path, capsys):
    box = failing(unasked, tmp_path)
    calls = [{"call": "base_url", "args": [], "with": {}, "entry": 0}]
    changed(box, calls=calls, version="9.0.0")

    assert main(["replay", "--box", box]) == 2

    assert capsys.readouterr().err.splitlines()[-1] == (
        "the box holds a call that this version does not know: base_url. Repeat it with version 9.0.0 of Scope Simulator."
    )


def test_calls_that_overlapped_overlap_again(tmp_path, capsys):
    box = failing(unasked, tmp_path)
    held = json.loads(Path(box).read_text())
    first, *others = held["calls"]
    waiting = {"call": "expect_answered", "args": [], "with": {"event": "finished"}, "entry": 1, "until": 5}
    changed(
        box,
        calls=[first, waiting, *others],
        failures=[held["failures"][0] | {"place": "call 8, expect_queried"}],
    )

    lines = repeated(capsys, box, code=1)

    assert "the same failure happened again:" in lines


def test_repetition_can_be_ended(tmp_path, capsys):
    script, calls = box_of(QUERIED, tmp_path), failing(unasked, tmp_path)

    for box in (script, calls):
        with in_thread(interrupting) as url:
            lines = repeated(capsys, box, "--target", url, code=130)

        assert any(line.startswith("stopped before its end") for line in lines)


def test_script_that_a_test_named_and_that_was_not_there_is_not_there_again(tmp_path, capsys):
    def lost(scope, receiver) -> None:
        scope.add_target(receiver.url)
        with pytest.raises(UsageError, match="there is no file"):
            scope.play("no-such-script")
        raise AssertionError

    lines = repeated(capsys, failing(lost, tmp_path), code=0)

    assert lines[-1] == "  the journal is the recorded one, entry by entry (1)"


def test_end_of_what_is_not_recorded_is_not_waited_for(tmp_path, capsys):
    for box in (box_of(QUERIED, tmp_path), failing(unasked, tmp_path)):
        entries = json.loads(Path(box).read_text())["entries"]
        changed(box, entries=[one for one in entries if (one["kind"], one.get("delivery")) != ("outcome", 3)])

        lines = repeated(capsys, box, "--timeout", "50ms", code=1)

        assert "the same failure happened again:" in lines


def test_snapshot_is_taken_and_restored_again(tmp_path, capsys):
    def back(scope, receiver) -> None:
        scope.add_target(receiver.url)
        session = scope.create("ScenarioSession")
        scope.drain()
        snapshot = scope.snapshot()
        scope.finish(session)
        scope.drain()
        scope.restore(snapshot)
        scope.finish(session)
        scope.expect_queried(of=session, within=0.05)

    lines = repeated(capsys, failing(back, tmp_path), code=1)

    assert "the same failure happened again:" in lines
    assert lines[-1].startswith("  the journal is the recorded one, entry by entry (")


def test_combination_of_a_matrix_and_values_from_outside_are_repeated(tmp_path, capsys):
    script = QUERIED.replace("seed: 7\n", "seed: 7\nvars: {order: WO-1}\nfor: {n: [1, 2]}\n")
    box = box_of(script, tmp_path, "--var", "order=WO-7")

    lines = repeated(capsys, box, code=1)

    assert json.loads(Path(box).read_text())["script"]["vars"] == {"order": "WO-7", "n": 1}
    assert "the same failure happened again:" in lines


def test_what_the_receiver_told_when_it_was_asked_is_told_again(tmp_path, capsys):
    def closed(scope, receiver) -> None:
        scope.add_target(receiver.url)
        scope.create("ScenarioSession")
        state = receiver.url.replace("/hook", "/state")
        scope.expect_receiver(state, post={"event": "x"})
        scope.expect_receiver(state, post={"event": "x"}, status=404, within=0.1)

    box = failing(closed, tmp_path)

    lines = repeated(capsys, box, code=1)

    assert "the same failure happened again:" in lines
    assert any(line.startswith("    again: call 4, expect_receiver: ") for line in lines)
    with in_thread(receiving) as receiver:
        assert "the same failure happened again:" in repeated(capsys, box, "--target", receiver.url, code=1)


ENDINGS = """\
title: A story with endings
seed: 7
steps:
  - create: ScenarioSession
    as: session
  - checkpoint: open
  - finish: session
endings:
  - title: it is left open
    steps:
      - wait: 1h
      - update: session
        set: {externalData: 7}
      - expect:
          queried: {of: session}
          within: 50ms
"""


def test_ending_of_a_script_is_repeated(tmp_path, capsys):
    box = box_of(ENDINGS, tmp_path)

    lines = repeated(capsys, box, code=1)

    assert json.loads(Path(box).read_text())["name"] == "A story with endings: it is left open"
    start = lines.index("the same failure happened again:")
    assert lines[start + 2].startswith("  the journal is the recorded one, entry by entry (")
    with in_thread(receiving) as receiver:
        assert "the same failure happened again:" in repeated(capsys, box, "--target", receiver.url, code=1)


def test_scripts_that_are_played_are_in_the_box(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("ORDER", "WO-9")
    other = tmp_path / "other.yaml"
    other.write_text("title: Another\nsteps:\n  - create: Call\n    with: {externalData: '${env.ORDER}'}\n")
    box = box_of(QUERIED.replace("  - wait: 2h\n", "  - play: other.yaml\n"), tmp_path)
    other.unlink()
    monkeypatch.delenv("ORDER")

    lines = repeated(capsys, box, code=1)

    held = json.loads(Path(box).read_text())["script"]
    assert (list(held["files"]), held["environment"]) == ([str(other)], {"ORDER": "WO-9"})
    assert "the same failure happened again:" in lines

    changed(box, script=held | {"files": {}})
    assert main(["replay", "--box", box]) == 2
    assert "the box does not hold what is played; found other.yaml." in capsys.readouterr().err


def test_address_in_use_is_told(tmp_path, capsys):
    box = box_of(QUERIED, tmp_path)
    capsys.readouterr()

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["replay", "--box", box, "--target", "http://127.0.0.1:9/", "--port", port]) == 2

    assert f"--port: port {port} on 127.0.0.1 is in use" in capsys.readouterr().err
