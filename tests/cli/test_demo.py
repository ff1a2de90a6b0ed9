"""demo: everything that passes between the platform and the example receiver, in one terminal."""

from __future__ import annotations

import json
import os
import re
from contextlib import contextmanager
from pathlib import Path

import pytest

from simulator.cli import main
from simulator.cli.demo import SCRIPT
from simulator.cli.playing import DEMO_DEFAULTS
from simulator.clock import parse_speed
from simulator.script import open_script
from simulator.script.model import Pass
from tests.cli.commanding import Command

ENDS_AT_ONCE = "import sys; print('no such module'); print('\\x1b[31mreally'); sys.exit(1)"
SAYS_NOTHING = ""
REFUSES = """
import http.server, sys

class Refuses(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_response(500)
        self.end_headers()

    def log_message(self, *parts):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Refuses)
print(f"listening at http://127.0.0.1:{server.server_port}/", flush=True)
server.serve_forever()
"""
INTERRUPTS = """
import os, pathlib, signal, socket

pathlib.Path(__file__).with_suffix(".pid").write_text(str(os.getpid()))
server = socket.create_server(("127.0.0.1", 0))
print(f"listening at http://127.0.0.1:{server.getsockname()[1]}/", flush=True)
connection, _ = server.accept()
os.kill(os.getppid(), signal.SIGINT)
signal.pause()
"""


@pytest.fixture
def receiver(tmp_path, monkeypatch):
    """Put another receiver in the place of the example."""

    def replace(code: str) -> str:
        path = tmp_path / "receiver.py"
        path.write_text(code)

        @contextmanager
        def example_file(_name: str):
            yield path

        monkeypatch.setattr("simulator.cli.demo.example_file", example_file)
        return str(path)

    return replace


def test_every_event_is_shown_with_its_answer_the_query_and_what_it_got(capsys):
    assert main(["demo", "--speed", "max"]) == 0

    out, err = capsys.readouterr()
    assert err == ""
    for word in ("create", "paused", "resumed", "finished"):
        assert re.search(rf"webhook  {word} ScenarioSession \S+ to \S+/hooks/scopear: answered 200", out)
        assert f"  receiver | {word} of ScenarioSession" in out
    queries = re.findall(
        r"     query \| query Session\(\$id: ID!\) \{ node\(id: \$id\) .*\n       got \| (.*)\n", out
    )
    got = [json.loads(answer)["data"]["node"] for answer in queries]
    assert got[-1]["state"] == "FINISHED"
    assert got[-1]["externalData"]["work_order_id"] == "WO-1042"
    assert "  receiver | work order WO-1042 is closed: " in out
    assert re.search(
        r"\npassed: A technician waits for a part.*\n(.*\n)+  expectations: (\d) of \2 met\n", out
    )
    assert out.index("What next?") > out.index("passed: ")


def test_it_takes_ten_seconds_or_so():
    waits = [step.duration for step in open_script(SCRIPT).steps if isinstance(step, Pass)]
    speed = parse_speed(DEMO_DEFAULTS["speed"]).factor

    assert 5 < sum(waits) / 1000 / speed < 15


def test_as_a_process_it_ends_well():
    with Command("demo", "--speed", "100000") as command:
        out, err = command.process.communicate(timeout=30)

    assert (command.process.returncode, err) == (0, "")
    assert "\npassed: " in out


def test_flags_and_environment_count(monkeypatch, capsys):
    monkeypatch.setenv("SCOPE_SIMULATOR_SPEED", "max")

    assert main(["demo", "--seed", "4711"]) == 0
    assert "speed     max, seed 4711\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "found"),
    [
        pytest.param(ENDS_AT_ONCE, r"\x1b[31mreally", id="ends at once"),
        pytest.param(SAYS_NOTHING, "no word of it", id="says nothing"),
    ],
)
def test_receiver_that_does_not_start_is_told(code, found, receiver, capsys):
    file = receiver(code)

    assert main(["demo", "--speed", "max"]) == 2
    assert capsys.readouterr().err == f"{file}: the example receiver does not start; found {found}.\n"


def test_receiver_that_fails_fails_the_demo(receiver, monkeypatch, tmp_path, capsys):
    receiver(REFUSES)
    short = tmp_path / "short.yaml"
    short.write_text("title: Short\nsteps:\n  - create: Call\n")
    monkeypatch.setattr("simulator.cli.demo.SCRIPT", str(short))

    assert main(["demo", "--speed", "max"]) == 1

    out = capsys.readouterr().out
    assert "answered 500" in out
    assert "\nFAILED: Short" in out


def test_interruption_ends_the_receiver_too(receiver, capsys):
    file = receiver(INTERRUPTS)

    assert main(["demo", "--speed", "max"]) == 130

    out, err = capsys.readouterr()
    assert "stopped before its end" in out
    assert err == ""
    with pytest.raises(ProcessLookupError):
        os.kill(int(Path(file).with_suffix(".pid").read_text()), 0)
