"""A script with endings, played here and on a simulator that runs already."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from simulator.cli import main
from tests.cli.commanding import interrupting
from tests.examples.example import in_thread
from tests.server.receiving import receiving
from tests.server.serving import serving

ENDINGS = """\
title: A story
seed: 7
steps:
  - create: ScenarioSession
    as: session
  - wait: 10m
  - checkpoint: middle
  - finish: session
  - expect: {answered: {event: finished, of: session}, within: 100ms}
endings:
  - title: put aside
    steps:
      - pause: session
      - expect: {answered: [{event: create, of: session}, {event: paused, of: session}], within: 100ms}
  - title: never
    steps:
      - expect: {answered: {event: create, of: session, status: 418}, within: 100ms}
"""
TITLES = ["A story", "A story: put aside", "A story: never"]


@pytest.fixture
def file(tmp_path):
    def write(text: str = ENDINGS) -> str:
        path = tmp_path / "mine.yaml"
        path.write_text(text)
        return str(path)

    return write


def runs(path) -> list[tuple]:
    return [
        (one["title"], one["ok"], one["steps"], one["tally"]["delivered"])
        for one in json.loads(path.read_text())["scripts"]
    ]


EXPECTED = [
    ("A story", True, 5, 3),
    ("A story: put aside", True, 5, 3),
    ("A story: never", False, 4, 1),
]


def test_each_ending_is_a_run_of_its_own(file, tmp_path, capsys):
    results = tmp_path / "r.json"
    with in_thread(receiving) as receiver:
        assert main(["replay", file(), "--target", receiver.url, "--report", f"json:{results}"]) == 1

    assert runs(results) == EXPECTED
    assert receiver.words == ["create", "finished", "update", "paused", "update"]
    told = capsys.readouterr().out.splitlines()
    assert [line.partition(": ")[2] for line in told if line.startswith("playing ")] == TITLES
    verdicts = [line.partition(":")[0] for line in told if line.startswith(("passed", "FAILED"))]
    assert verdicts == ["passed", "passed", "FAILED"]
    assert sum(line.startswith("Scope is at ") for line in told) == 1


def test_each_ending_is_told_when_it_is_played_elsewhere(file, tmp_path):
    results = tmp_path / "r.json"
    with in_thread(receiving) as receiver, in_thread(lambda: serving(speed="max")) as served:
        argv = ["replay", file(), "--target", receiver.url, "--report", f"json:{results}"]
        assert main([*argv, "--api", served.here.base_url]) == 1

    assert runs(results) == EXPECTED
    assert receiver.words == ["create", "finished", "update", "paused", "update"]
    told = json.loads(results.read_text())["scripts"]
    verbs = [[entry["verb"] for entry in one["entries"] if entry["kind"] == "change"] for one in told]
    assert verbs == [["create", "finish"], ["create", "pause"], ["create"]]
    assert not any(entry["kind"] == "undone" for one in told for entry in one["entries"])
    (missed,) = [int(re.search(r"entry (\d+)", miss)[1]) for miss in told[2]["expectations"][0]["misses"]]
    assert [one["kind"] for one in told[2]["entries"] if one["number"] == missed] == ["attempt"]


def test_the_run_that_was_interrupted_is_the_last_that_is_told(file, tmp_path):
    results = tmp_path / "r.json"
    with in_thread(interrupting) as url:
        assert main(["replay", file(), "--target", url, "--report", f"json:{results}"]) == 130

    (told,) = json.loads(results.read_text())["scripts"]
    assert (told["title"], told["stopped"]) == ("A story", "somebody ended the command")


@asynccontextmanager
async def resettable() -> AsyncIterator[tuple[str, list[str]]]:
    """A receiver that takes a post without a body for a reset; it tells what it heard."""
    heard: list[str] = []

    async def receive(request: web.Request) -> web.Response:
        body = await request.read()
        heard.append(json.loads(body)["event"] if body else "reset")
        return web.Response()

    runner = web.ServerRunner(web.Server(receive))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/", heard
    finally:
        await runner.cleanup()


def test_a_receiver_that_is_reset_hears_every_ending_from_the_beginning(file):
    text = ENDINGS.replace("steps:", "vars: {app: none}\nreceiver: {reset: '${app}'}\nsteps:", 1)
    with in_thread(resettable) as (url, heard):
        assert main(["replay", file(text), "--target", url, "--var", f"app={url}"]) == 1

    assert heard == [
        *("reset", "create", "finished", "update"),
        *("reset", "create", "paused", "update"),
        *("reset", "create"),
    ]
