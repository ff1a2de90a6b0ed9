"""Every bundled script, played by the command to receivers on real sockets: the example's, and three that fail."""

from __future__ import annotations

import os
import re

import pytest

from simulator.bundled import read_scenario, scenario_names
from simulator.cli import main
from tests.cli.commanding import dead_url, hanging_up
from tests.examples.example import asking, in_thread
from tests.examples.test_signed_receiver import running as signed_receiver
from tests.server.receiving import receiving

TWO = "two-targets-one-dead"
"""The one script that is about a second target."""

SUBSCRIBED = ("rotated-secret", "subscription-with-a-stored-query")
"""Those with signed webhooks of the second generation, which the other example takes."""

SECOND = ("--generation", "2", "--secret", "hush")
"""With these, nothing comes that is not signed."""

NAMES = tuple(name for name in scenario_names() if name not in (TWO, *SUBSCRIBED))
TROUBLE = tuple(name for name in NAMES if "  - faults:\n" in read_scenario(name))
SEVERAL = ("both-session-types", "hour-of-ten-technicians", "three-endings")
"""Those of several runs or files, whose failures other tests look at."""

QUIET = tuple(name for name in NAMES if name not in (*TROUBLE, *SEVERAL))


@pytest.fixture(autouse=True)
def no_settings_in_the_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith("SCOPE_SIMULATOR_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def impatient(tmp_path):
    """Return where a bundled script lies that waits shortly for what will never come."""

    def write(name: str) -> str:
        text, changed = re.subn(r"within: 10s", "within: 100ms", read_scenario(name))
        assert changed
        path = tmp_path / f"{name}.yaml"
        path.write_text(text)
        return str(path)

    return write


@pytest.mark.parametrize("name", NAMES)
def test_script_meets_its_expectations_with_the_example_receiver(name, tmp_path, capsys):
    ready = tmp_path / "ready.json"
    with in_thread(lambda: asking(ready)) as url:
        code = main(["replay", name, "--target", url, "--ready-file", str(ready)])

    out, err = capsys.readouterr()
    assert (code, err) == (0, ""), out
    assert out.count("    met: ") > 0
    assert "NOT MET" not in out


@pytest.mark.parametrize("name", SUBSCRIBED)
def test_script_of_the_second_generation_meets_its_expectations_with_the_signed_example(name, capsys):
    with signed_receiver("new-hush", "old-hush", "hush") as receiver:
        url = f"http://127.0.0.1:{receiver.server.server_port}/hooks/scopear"
        code = main(["replay", name, *SECOND, "--target", url])

    out, err = capsys.readouterr()
    assert (code, err) == (0, ""), out
    assert "NOT MET" not in out
    assert receiver.inbox.counts["refused"] == receiver.inbox.counts["unreadable"] == 0
    assert "scenario_session/completed" in [topic for topic, _ in receiver.worked]


@pytest.mark.parametrize("name", SUBSCRIBED)
def test_script_of_the_second_generation_fails_with_a_receiver_that_knows_another_secret(
    name, tmp_path, capsys
):
    path = tmp_path / f"{name}.yaml"
    path.write_text(read_scenario(name).replace("within: 10s", "within: 100ms"))
    with signed_receiver("wrong") as receiver:
        url = f"http://127.0.0.1:{receiver.server.server_port}/hooks/scopear"
        code = main(["replay", str(path), *SECOND, "--target", url])

    assert code == 1
    assert "was answered 401, not 2xx" in capsys.readouterr().out


@pytest.mark.parametrize("name", TROUBLE)
def test_script_of_a_bad_day_fails_with_a_receiver_that_answers_500(name, impatient, capsys):
    with in_thread(lambda: receiving(500)) as receiver:
        assert main(["replay", impatient(name), "--target", receiver.url]) == 1

    assert "NOT MET" in capsys.readouterr().out


def failures(out: str) -> tuple[int, int, int]:
    """Return how many webhooks the summary says were given up, how many it lists or counts, and how many expectations were
    not met."""
    given_up = int(re.search(r"webhooks: 0 delivered, (\d+) given up", out)[1])
    listed = len(re.findall(r"^    20\S+Z  \w+ .* to \S+: (?:answered|no answer)", out, re.MULTILINE))
    more = re.search(r"^    and (\d+) more$", out, re.MULTILINE)
    return given_up, listed + (int(more[1]) if more else 0), out.count("NOT MET, ")


@pytest.mark.parametrize("name", QUIET)
def test_script_fails_with_a_receiver_that_answers_500(name, impatient, capsys):
    with in_thread(lambda: receiving(500)) as receiver:
        assert main(["replay", impatient(name), "--target", receiver.url]) == 1

    out, err = capsys.readouterr()
    given_up, listed, unmet = failures(out)
    assert err == ""
    # Each was tried once, and three times again.
    assert given_up * 4 == listed * 4 == len(receiver.hooks)
    assert unmet > 0
    assert re.search(r"NOT MET, \S+\.yaml:\d+:\d+: .* answered 2xx", out)
    assert re.search(r"nearest: entry \d+, \w+ to \S+: was answered 500, not 2xx", out)


@pytest.mark.parametrize("name", QUIET)
def test_script_fails_with_nobody_there(name, impatient, capsys):
    assert main(["replay", impatient(name), "--target", dead_url()]) == 1

    out, err = capsys.readouterr()
    given_up, listed, unmet = failures(out)
    assert err == ""
    assert given_up == listed > 0
    assert unmet > 0
    assert re.search(r"nearest: entry \d+, \w+ to \S+: got no answer: connection refused", out)


@pytest.mark.parametrize("name", QUIET)
def test_script_fails_with_a_receiver_that_hangs_up(name, impatient, capsys):
    with in_thread(hanging_up) as url:
        assert main(["replay", impatient(name), "--target", url]) == 1

    out, err = capsys.readouterr()
    given_up, listed, unmet = failures(out)
    assert err == ""
    assert given_up == listed > 0
    assert unmet > 0
    assert "got no answer: the receiver hung up before it answered" in out


def test_a_dead_target_keeps_nothing_from_the_living_one(tmp_path, capsys):
    ready = tmp_path / "ready.json"
    with in_thread(lambda: asking(ready)) as url:
        targets = ["--target", url, "--target", dead_url()]
        code = main(["replay", TWO, *targets, "--ready-file", str(ready)])

    out, err = capsys.readouterr()
    assert (code, err) == (0, ""), out
    assert "NOT MET" not in out
    assert out.count("    met: ") == 6
    assert "webhooks: 9 delivered, 9 given up (9 as expected);" in out
    assert "again: curl" not in out
