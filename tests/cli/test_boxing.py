"""replay --box FILE: the first run that fails is left in a file."""

from __future__ import annotations

import json

import pytest

from simulator import contracts
from simulator.cli import main
from tests.cli.commanding import dead_url
from tests.cli.test_replay import STORY, TOO_LONG, file
from tests.examples.example import in_thread
from tests.server.receiving import receiving

__all__ = ["file"]

ASKING = STORY.replace("A short story", "${env.TITLE}").replace(
    "answered: {event: finished, of: session}", "queried: {of: session}"
)


@pytest.fixture
def box(tmp_path):
    return tmp_path / "failed.json"


def test_run_that_fails_is_left_in_a_box(file, box, capsys, monkeypatch):
    monkeypatch.setenv("TITLE", "A story")
    mine = file(ASKING)
    with in_thread(receiving) as receiver:
        target = receiver.url
        assert main(["replay", mine, "--target", target, "--box", str(box), "--no-drain"]) == 1

    held = json.loads(box.read_text())
    assert contracts.problems("report/box", held) == []
    assert (held["kind"], held["name"], held["seed"], held["targets"]) == ("script", "A story", 7, [target])
    assert held["failures"] == [
        {
            "what": "expectation",
            "place": f"{mine}:9:16",
            "text": "a request about session",
            "seen": "no fitting requests, no requests about session in all",
        }
    ]
    assert held["script"] == {
        "name": mine,
        "text": ASKING,
        "environment": {"TITLE": "A story"},
        "vars": {},
        "files": {},
    }
    assert not held["drained"]
    assert capsys.readouterr().out.splitlines()[-4:] == [
        "",
        f"the failure of A story is in a box, repeat it: scope-simulator replay --box {box}",
        "  it holds the values of the environment variables TITLE",
        "  it holds what was posted, asked and answered, with the receiver's Authorization headers",
    ]


def test_only_the_first_that_fails_is_and_none_when_all_pass(file, box, capsys):
    argv = ["--box", str(box), "--retry", "none"]
    with in_thread(receiving) as receiver:
        assert main(["replay", file(), "--target", receiver.url, *argv]) == 0
        assert not box.exists()
    first, second = file(name="a.yaml"), file(STORY.replace("A short", "Another"), "b.yaml")

    assert main(["replay", first, second, "--target", dead_url(), *argv]) == 1

    assert json.loads(box.read_text())["name"] == "A short story"
    assert "box" not in capsys.readouterr().err


def test_script_that_stops_short_is_left_too(file, box, capsys):
    with in_thread(receiving) as receiver:
        assert main(["replay", file(TOO_LONG), "--target", receiver.url, "--box", str(box)]) == 2

    (failure,) = json.loads(box.read_text())["failures"]
    assert failure["what"] == "stopped"
    assert "cannot resume" in failure["text"]
    assert f"replay --box {box}" in capsys.readouterr().out


def test_place_is_proven_before_anything_is_played(file, tmp_path, capsys):
    argv = ["replay", file(), "--target", "http://127.0.0.1:9/", "--box", str(tmp_path / "no" / "a.json")]

    assert main(argv) == 2

    out, err = capsys.readouterr()
    assert (out, err) == (
        "",
        f"--box {tmp_path / 'no' / 'a.json'}: the file cannot be written; found no such file or directory. "
        "Name a file in a directory that exists.\n",
    )


def test_box_of_another_simulator_is_refused(file, box, capsys):
    assert main(["replay", file(), "--api", "http://127.0.0.1:9", "--box", str(box)]) == 2

    assert capsys.readouterr().err == (
        f"--box: the flag has no effect together with --api; found {box}. "
        "Play the script without --api: the box is of a platform of its own.\n"
    )


def test_script_or_box_must_be_named(capsys):
    assert main(["replay", "--target", "http://127.0.0.1:9/"]) == 2

    assert "SCRIPT" in capsys.readouterr().err
