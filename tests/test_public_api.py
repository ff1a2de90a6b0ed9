"""The public names in a program of somebody else's, without pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

PROGRAM = """\
import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from aiohttp import web

from simulator import AsyncSimulator, ExpectationError, Outcome, Simulator, SimulatorCore


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        hook = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        print("blocking:", hook["event"])
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass


def blocking():
    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        with Simulator(seed=7) as scope:
            scope.add_target(f"http://127.0.0.1:{server.server_port}/")
            session = scope.create("ScenarioSession")
            scope.finish(session)
            scope.expect_answered(event="finished", of=session)
            scope.drain()
            try:
                scope.expect_queried(of=session, within=0.01)
            except ExpectationError as error:
                print("blocking:", str(error).partition(" about ")[0])
        server.shutdown()
        thread.join()


async def awaited():
    async def receive(request):
        print("awaited:", (await request.json())["event"])
        return web.Response()

    app = web.Application()
    app.router.add_post("/", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with Simulator(seed=7) as scope:
        assert isinstance(scope, AsyncSimulator)
        await scope.add_target(f"http://127.0.0.1:{runner.addresses[0][1]}/")
        session = await scope.create("ScenarioSession")
        await scope.expect_answered(event="create", of=session)
    await runner.cleanup()


def by_hand():
    core = SimulatorCore(seed=7, targets=["http://app.example/"])
    core.create("Call")
    for attempt in core.due():
        print("by hand:", json.loads(attempt.body)["data"]["resource-type"])
        core.report(attempt, Outcome(200))
    core.expect_answered(event="create")


blocking()
asyncio.run(awaited())
by_hand()
"""


def test_program_drives_a_simulator_in_three_ways_and_leaves_nothing_open(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM, "utf-8")
    command = [sys.executable, "-X", "dev", "-W", "error", str(tmp_path / "program.py")]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}

    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, encoding="utf-8"
    )

    # Development mode also remarks on whatever a busy machine made slow.
    assert [line for line in done.stderr.splitlines() if not line.startswith("Executing <")] == []
    assert done.stdout.splitlines() == [
        "blocking: create",
        "blocking: finished",
        "blocking: update",
        "blocking: expectation not met: a request",
        "awaited: create",
        "by hand: Call",
    ]
