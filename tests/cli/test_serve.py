"""serve: says where it is, tells what happens, and ends with what was and was not delivered."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from simulator.cli import main
from tests.cli.commanding import ROOT, Command, ask, dead_url
from tests.examples.example import in_thread
from tests.server.certificates import Certificate
from tests.server.receiving import receiving

READY_KEYS = [
    "ready",
    "base_url",
    "graphql_url",
    "control_url",
    "token",
    "username",
    "password",
    "control_token",
    "seed",
    "pid",
]

OWN = Path(__file__).parent.parent / "graphql" / "own" / "mine.graphql"


def test_first_line_of_json_says_where_it_is_and_the_file_says_the_same(tmp_path):
    file = tmp_path / "ready.json"
    with Command("serve", "--json", "--port", "0", "--seed", "7", "--ready-file", str(file)) as command:
        ready = command.ready()
        in_file = json.loads(file.read_text())
        health = ask("GET", ready["control_url"] + "health")
        code, out, _ = command.end(signal.SIGTERM)

    assert list(ready) == READY_KEYS
    assert in_file == ready
    assert (ready["ready"], ready["seed"], ready["username"]) == (True, 7, "integrator")
    assert ready["pid"] == command.process.pid
    assert (health["base_url"], health["token"]) == (ready["base_url"], ready["token"])
    assert health["clock"]["mode"] == "real"
    assert (code, out) == (0, "")


def test_people_are_told_where_it_is():
    with Command(
        "serve", "--port", "0", "--target", "http://127.0.0.1:9/a", "--target", "http://127.0.0.1:9/b"
    ) as command:
        lines = [command.process.stdout.readline().rstrip("\n") for _ in range(10)]
        code, out, err = command.end()

    base = lines[0].split()[1]
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", base)
    assert lines[:3] == [
        f"Scope          {base}",
        f"GraphQL        {base}/api/v3/graphql",
        f"control        {base}/_simulator/",
    ]
    assert lines[3] == "username       integrator"
    assert re.fullmatch(r"password       [0-9a-f]{16}", lines[4])
    assert re.fullmatch(r"token          [0-9a-f]{40}", lines[5])
    assert lines[6:] == [
        "seed           1",
        "tells          http://127.0.0.1:9/a, http://127.0.0.1:9/b",
        "Ctrl-C ends it.",
        "",
    ]
    assert (code, err) == (130, "")
    assert out == "\nstopped\n  webhooks: 0 delivered, 0 given up; no requests answered\n"


def test_each_webhook_and_each_request_is_told_in_a_line_and_the_end_sums_up():
    with in_thread(receiving) as receiver:
        argv = (
            "serve",
            "--json",
            "--port",
            "0",
            "--speed",
            "max",
            "--retry",
            "none",
            "--target",
            receiver.url,
            "--target",
            dead_url(),
        )
        with Command(*argv) as command:
            ready = command.ready()
            session = ask("POST", ready["control_url"] + "resources/ScenarioSession", {})
            lines = sorted(command.line("2021-", of="stderr") for _ in range(2))
            with pytest.raises(OSError, match="401"):
                ask("POST", ready["graphql_url"], {"query": "{ viewer { name } }"})
            asked = command.line("2021-", of="stderr")
            code, out, err = command.end(signal.SIGTERM)

    short = f"{session['id'][:12]}..."
    start = f"2021-03-01T08:00:00Z  webhook  create ScenarioSession {short} to "
    assert re.sub(r"\(\d+ ms\)", "(1 ms)", "\n".join(lines)).split("\n") == sorted(
        [
            f"{start}{receiver.url}: answered 200 (1 ms)",
            f"{start}{dead_url()}: no answer, connection refused (1 ms)",
        ]
    )
    assert asked == "2021-03-01T08:00:00Z  asked    POST /api/v3/graphql: 401"
    # A delivery was given up, and the exit code says so.
    assert (code, out) == (1, "")
    assert "stopped\n  webhooks: 1 delivered, 1 given up; 1 request answered\n" in err
    assert f"to {dead_url()}: no answer, connection refused" in err
    assert "\n      again: curl -H 'Content-Type: application/json'" in err


def test_what_is_under_way_when_it_ends_is_told():
    with in_thread(receiving) as receiver:
        receiver.hold.clear()
        with Command("serve", "--json", "--port", "0", "--target", receiver.url) as command:
            ready = command.ready()
            session = ask("POST", ready["control_url"] + "resources/ScenarioSession", {})
            ask("POST", f"{ready['control_url']}resources/{session['id']}/finish", {})
            code, _, err = command.end()

    summary = err[err.index("stopped") :]
    assert code == 130
    assert "webhooks: 0 delivered, 0 given up, 3 not delivered yet" in summary
    assert re.findall(r"(\w+) ScenarioSession \S+ to \S+: (in flight|waiting)", summary) == [
        ("create", "in flight"),
        ("finished", "waiting"),
        ("update", "waiting"),
    ]


def test_after_a_reset_it_goes_on_telling():
    with Command("serve", "--json", "--port", "0", "--target", dead_url(), "--retry", "none") as command:
        ready = command.ready()
        ask("POST", ready["control_url"] + "reset", {})
        ask("POST", ready["control_url"] + "resources/Call", {})
        line = command.line("20", of="stderr")
        ask("POST", ready["control_url"] + "reset", {"seed": 7})
        other = command.line("a new world", of="stderr")
        ask("POST", ready["control_url"] + "reset", {})
        back = command.line("a new world", of="stderr")
        ask("POST", ready["control_url"] + "resources/Call", {})
        command.line("20", of="stderr")
        code, _, err = command.end()

    assert "webhook  create Call" in line
    assert other.startswith("a new world begins: seed 7, token ")
    assert back == f"a new world begins: seed 1, token {ready['token']}"
    assert code == 130
    assert "webhooks: 0 delivered, 1 given up" in err


def test_beyond_this_machine_the_control_token_is_told():
    with Command("serve", "--port", "0", "--host", "0.0.0.0") as command:
        told = command.line("control token")
        code, _, _ = command.end()

    assert re.fullmatch(r"control token  [0-9a-f]{32}", told)
    assert code == 130


def test_reader_who_goes_away_stops_nothing(tmp_path):
    file = tmp_path / "ready.json"
    argv = ("serve", "--port", "0", "--retry", "none", "--target", dead_url(), "--ready-file", str(file))
    with Command(*argv) as command:
        command.line("Scope")
        command.process.stdout.close()
        command.process.stdout = None
        ready = json.loads(file.read_text())
        ask("POST", ready["control_url"] + "resources/Call", {})
        ask("POST", ready["control_url"] + "deliveries/wait", {})
        health = ask("GET", ready["control_url"] + "health")
        code, _, err = command.end()

    assert health["deliveries"]["given_up"] == 1
    assert (code, err) == (130, "")


def test_reader_who_reads_nothing_stops_nothing():
    argv = ("--port", "0", "--target", dead_url(), "--ordering", "none", "--retry", "none")
    with Command("serve", "--json", *argv) as command:
        ready = command.ready()
        # More lines than a pipe holds, and nobody reads standard error.
        calls = [ask("POST", ready["control_url"] + "resources/Call", {})["id"] for _ in range(40)]
        for call in calls:
            for number in range(12):
                ask("PATCH", f"{ready['control_url']}resources/{call}", {"externalData": number})
        ask("POST", ready["control_url"] + "deliveries/wait", {"within": "60s"})
        health = ask("GET", ready["control_url"] + "health")
        code, _, err = command.end()

    assert (code, health["deliveries"]["given_up"]) == (130, 40 * 13)
    lost = int(re.search(r"(\d+) lines were left out above because nobody could read them in time", err)[1])
    assert len(re.findall(r"  webhook  ", err)) + lost == 40 * 13


def test_port_in_use_is_told(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert main(["serve", "--port", str(port)]) == 2

    assert capsys.readouterr() == (
        "",
        f"--port: port {port} on 127.0.0.1 is in use. "
        "Stop what listens there, or choose another port; 0 takes a free one.\n",
    )


def test_port_in_use_is_told_by_where_it_was_given(monkeypatch, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("SCOPE_SIMULATOR_PORT", str(port))

        assert main(["serve"]) == 2

    assert capsys.readouterr().err.startswith(f"SCOPE_SIMULATOR_PORT: port {port} on 127.0.0.1 is in use.")


@pytest.mark.parametrize(
    ("argv", "lines"),
    [
        (
            ["--public-url", "https://scope.example/"],
            ["public         https://scope.example", "control token  [0-9a-f]{32}"],
        ),
        (["--allow-host", "scope.internal"], ["control token  [0-9a-f]{32}"]),
        (["--control-token", "mine"], ["control token  as given"]),
        (
            ["--sdl", str(OWN)],
            [rf"schema         {OWN}; types of its own: 2; fields, arguments and values of its own: 5; .*"],
        ),
    ],
)
def test_what_others_need_to_reach_it_is_told(argv, lines):
    with Command("serve", "--port", "0", *argv) as command:
        told = "".join(iter(command.process.stdout.readline, "Ctrl-C ends it.\n"))
        command.end()

    for line in lines:
        assert re.search(f"^{line}$", told, re.MULTILINE)


def test_insecure_is_warned_of_and_an_own_authority_is_not(tmp_path):
    with Command("serve", "--port", "0", "--insecure") as command:
        command.line("Scope")
        _, _, warned = command.end()
    with Command("serve", "--port", "0", "--ca", str(Certificate(tmp_path).file)) as command:
        command.line("Scope")
        _, _, silent = command.end()

    assert warned == "--insecure: warning: the certificates of https receivers are not checked.\n"
    assert silent == ""


def test_ready_file_that_cannot_be_written_ends_it(tmp_path, capsys):
    file = tmp_path / "missing" / "ready.json"

    assert main(["serve", "--port", "0", "--ready-file", str(file)]) == 2
    assert capsys.readouterr() == (
        "",
        f"--ready-file {file}: the file cannot be written; found no such file or directory. "
        "Name a file in a directory that exists.\n",
    )


LATER = {
    "graphql",
    "faker",
    "jsonschema",
    "referencing",
    "yaml",
    "simulator.expect",
    "simulator.script",
    "simulator.webhooks.misreadings",
}
PROBE = """
import os, signal, sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from simulator.cli import main
from simulator.cli.talk import Talk

def tell(self, value):
    print(*sys.modules)
    os.kill(os.getpid(), signal.SIGTERM)

Talk.tell = tell
sys.exit(main(["serve", "--json", "--port", "0", "--target", "http://127.0.0.1:9/"]))
"""


def test_nothing_heavy_is_loaded_before_it_listens():
    done = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, check=False, cwd=ROOT
    )

    loaded = set(done.stdout.split())
    assert done.returncode == 0
    assert loaded & LATER == set()
    assert {"aiohttp", "simulator.server.run"} <= loaded


def test_module_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "simulator", "serve", "--port", "x"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("--port: the value does not fit")


ALL_SESSIONS = "{ scenarioSessions(first: 1000) { totalCount nodes { id state externalData startedAt } } }"


def graphql(ready: dict[str, object], query: str) -> dict:
    data = json.dumps({"query": query}).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {ready['token']}"}
    with urlopen(Request(str(ready["graphql_url"]), data, headers), timeout=10) as answer:
        return json.loads(answer.read())


def test_killed_process_loses_nothing_and_another_one_goes_on(tmp_path):
    argv = ("serve", "--json", "--port", "0", "--db", str(tmp_path / "scope.db"))
    with in_thread(receiving) as receiver:
        # The first post is answered only when there is nobody any more who could hear it.
        receiver.hold.clear()
        with Command(*argv, "--seed", "7", "--target", receiver.url) as command:
            first = command.ready()
            url = first["control_url"] + "resources/ScenarioSession"
            made = [ask("POST", url, {"externalData": {"order": n}})["id"] for n in range(200)]
            before = graphql(first, ALL_SESSIONS)
            command.process.kill()
        receiver.hold.set()
        with Command(*argv) as command:
            second = command.ready()
            after = graphql(second, ALL_SESSIONS)
            ask("POST", second["control_url"] + "deliveries/wait", {"within": "10s"})
            deliveries = ask("GET", second["control_url"] + "deliveries?limit=1000")["deliveries"]
            code, _, _ = command.end(signal.SIGTERM)

    arrived = [hook["data"]["resource-id"] for hook in receiver.hooks]
    assert sorted(set(arrived)) == sorted(made)
    assert (arrived[:2], len(arrived)) == ([made[0], made[0]], 201)
    assert after == before
    assert first["base_url"] != second["base_url"]
    assert receiver.hooks[-1]["data"]["resource-url"].startswith(second["base_url"])
    assert [attempt["error"] for attempt in deliveries[0]["attempts"]] == [
        "uncertain: the simulator ended while this was in flight, so that it may have arrived",
        None,
    ]
    assert code == 0


def test_disk_that_is_full_ends_it_with_2_and_nothing_half_written(tmp_path):
    file = tmp_path / "scope.db"
    argv = [sys.executable, "-m", "simulator", "serve", "--json", "--port", "0", "--db", str(file)]
    limited = subprocess.Popen(
        ["sh", "-c", 'ulimit -f 1000; exec "$@"', "sh", *argv],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert limited.stdout is not None
    ready = json.loads(limited.stdout.readline())
    url, made, refused = ready["control_url"] + "resources/ScenarioSession", [], ""
    try:
        while True:
            made.append(ask("POST", url, {"externalData": {"big": "x" * 20_000}})["id"])
    except HTTPError as error:
        refused = json.loads(error.read())["detail"]
    _, err = limited.communicate(timeout=30)

    with Command("serve", "--json", "--port", "0", "--db", str(file)) as command:
        known = {
            one["id"] for one in graphql(command.ready(), ALL_SESSIONS)["data"]["scenarioSessions"]["nodes"]
        }
        command.end(signal.SIGTERM)

    said = f"the file {file} cannot be used: disk I/O error. Name another file, or bring back a copy of this one."
    assert refused == f"The simulator has stopped. db: {said}"
    assert (limited.returncode, err.splitlines()[-1]) == (2, f"--db: {said}")
    assert "Traceback" not in err
    assert set(made) <= known


def test_seed_that_is_not_the_file_s_is_refused(tmp_path):
    argv = ("serve", "--json", "--port", "0", "--db", str(tmp_path / "scope.db"))
    with Command(*argv, "--seed", "7") as command:
        command.ready()
        command.end(signal.SIGTERM)

    with Command(*argv, "--seed", "8") as command:
        _, err = command.process.communicate(timeout=30)

    assert (command.process.returncode, err) == (
        2,
        f"--seed: the world in {tmp_path / 'scope.db'} was made with another value; expected 7, found 8. "
        "Leave it out to go on with that world, or name another file to begin anew.\n",
    )


def test_file_and_the_targets_that_it_knows_are_told(tmp_path):
    argv = ("serve", "--port", "0", "--db", str(tmp_path / "scope.db"))
    with Command(*argv, "--target", dead_url()) as command:
        command.line("seed")
        command.end(signal.SIGTERM)

    with Command(*argv) as command:
        lines = [command.line("tells"), command.line("remembers")]
        command.end(signal.SIGTERM)

    assert lines == [f"tells          {dead_url()}", f"remembers      {tmp_path / 'scope.db'}"]


def test_audit_is_told_at_the_end():
    with Command("serve", "--json", "--port", "0", "--audit", "--target", dead_url()) as command:
        ready = command.ready()
        ask("POST", ready["control_url"] + "resources/Call", {})
        code, _, err = command.end(signal.SIGTERM)

    assert (code, err.splitlines()[-1]) == (0, "  audit: 3 comparisons with the API: no disagreements")
