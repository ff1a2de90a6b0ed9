"""A server that is killed at a hundred random moments has lost nothing that anybody was told of."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import simulator
from simulator.engine import Platform
from simulator.seeds import Seed
from simulator.settings import Settings

KILLS = 100
CREATIONS = 30
"""So many are asked for in each life, most of which end before."""


class Receiver(ThreadingHTTPServer):
    """Counts how often it was told of each resource."""

    def __init__(self) -> None:
        self.told: Counter[str] = Counter()
        told = self.told

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                hook = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                told[hook["data"]["resource-id"]] += 1
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_: object) -> None:
        """Whoever posted was killed."""


@contextmanager
def served(file: Path, target: str, folder: Path) -> Iterator[tuple[int, dict]]:
    """Serve the file in a process of its own, made from this one, since a start that imports anew would take half a second."""
    ready_file = folder / "ready"
    ready_file.unlink(missing_ok=True)
    pid = os.fork()
    if pid == 0:
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(quiet, stream)
        from simulator.cli import main

        argv = ["serve", "--port", "0", "--db", str(file), "--target", target, "--ordering", "none"]
        os._exit(main([*argv, "--ready-file", str(ready_file)]))
    try:
        waiting = threading.Event()
        while not ready_file.exists():
            waiting.wait(0.005)
        yield pid, json.loads(ready_file.read_text())
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def load_all() -> None:
    """Load what a server needs once for all of its lives."""
    home = Path(simulator.__file__).parent
    for module in sorted(home.rglob("*.py")):
        name = ".".join(module.relative_to(home.parent).with_suffix("").parts)
        if "_vendor" not in name and not name.endswith("__"):
            import_module(name)
    platform = Platform(Settings(), targets=["http://127.0.0.1:9/"])
    platform.apply("create", "ScenarioSession")
    platform.due()


def asking(ready: dict) -> closing[HTTPConnection]:
    return closing(HTTPConnection(urlsplit(ready["base_url"]).netloc, timeout=10))


def ask(connection: HTTPConnection, method: str, path: str, body: object = None) -> dict:
    data = None if body is None else json.dumps(body).encode()
    connection.request(method, path, data, {"Content-Type": "application/json"})
    return json.loads(connection.getresponse().read())


def created(connection: HTTPConnection) -> set[str]:
    """Return the ids of all sessions that were created."""
    found: list[dict] = [{"databaseId": "40"}]
    while more := ask(
        connection, "GET", f"/_simulator/resources/ScenarioSession?after={found[-1]['databaseId']}&limit=1000"
    )["resources"]:
        found += more
    return {one["id"] for one in found[1:]}


def test_nothing_is_lost_at_a_hundred_random_moments(tmp_path):
    chance = Seed(1).stream("kills")
    receiver, told = Receiver(), []
    target = f"http://127.0.0.1:{receiver.server_port}/hook"
    file = tmp_path / "scope.db"
    load_all()
    for life in range(KILLS + 1):
        with served(file, target, tmp_path) as (pid, ready), asking(ready) as connection:
            if life == KILLS:
                ask(connection, "POST", "/_simulator/deliveries/wait", {"within": "20s"})
                tally = ask(connection, "GET", "/_simulator/health")["deliveries"]
                known = created(connection)
                continue
            end = threading.Timer(chance.random() * 0.1, os.kill, (pid, signal.SIGKILL))
            end.start()
            try:
                for _ in range(CREATIONS):
                    made = ask(connection, "POST", "/_simulator/resources/ScenarioSession", {})
                    told.append(made["id"])
            except (OSError, HTTPException, ValueError):
                pass
            end.join()
    receiver.shutdown()
    receiver.server_close()

    assert set(told) <= known
    assert tally == {**tally, "pending": 0, "given_up": 0, "delivered": tally["planned"]}
    assert known == set(receiver.told)
    assert len(told) > KILLS
    # 16 are in flight at most when a life ends, and each of these may come once more.
    assert sum(receiver.told.values()) <= tally["planned"] + 16 * KILLS
    sys.stdout.write(f"{len(told)} sessions in {KILLS} lives, {sum(receiver.told.values())} webhooks\n")
