"""The explorer's page and files: what they hold, for whom, and that nothing is loaded from elsewhere."""

from __future__ import annotations

import hashlib
import html
import json
import re
from pathlib import Path

import pytest

import simulator
from simulator.journal import OBSERVER
from simulator.server.explorer import EXPLORER
from simulator.world.resources import Kind, Ref
from tests.server.serving import serving

FOLDER = Path(simulator.__file__).parent / "_vendor" / "graphiql"


def held(page: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in re.findall(r'data-(\w+)="([^"]*)"', page)}


@pytest.mark.parametrize("path", [EXPLORER, f"{EXPLORER}/"])
async def test_the_page_asks_as_the_default_user_and_begins_with_a_session_that_exists(path):
    async with serving() as served:
        answer = await served.ask("GET", path)
        data = held(await answer.text())
        asked = await served.ask(
            "POST",
            "/api/v3/graphql",
            json={"query": data["query"], "variables": json.loads(data["variables"])},
            headers={"Authorization": f"Bearer {data['token']}", OBSERVER: "explorer"},
        )
        whole = await asked.json()

        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert data["token"] == served.stage.platform.token
        assert json.loads(data["variables"]) == {"id": served.stage.platform.ids.encode(Ref(Kind.SESSION, 1))}
        assert list(whole["data"]["node"]) == ["scenario", "scenarioSessionEvents"]


async def test_a_world_without_sessions_has_a_page_too():
    async with serving(sessions=0) as served:
        data = held(await (await served.ask("GET", EXPLORER)).text())

    assert json.loads(data["variables"]) == {"id": ""}


@pytest.mark.parametrize(
    ("settings", "host"),
    [
        pytest.param({"control_token": "word"}, None, id="guarded"),
        pytest.param({"allow_hosts": "scope.internal"}, "scope.internal", id="asked by another name"),
    ],
)
async def test_whoever_may_be_elsewhere_is_given_no_token(settings, host):
    async with serving(**settings) as served:
        answer = await served.ask("GET", EXPLORER, headers={"Host": host} if host else {})

        assert answer.status == 200
        assert held(await answer.text())["token"] == ""


async def test_every_file_of_the_page_is_there_and_none_is_elsewhere():
    async with serving() as served:
        page = await (await served.ask("GET", EXPLORER)).text()
        files = re.findall(r'(?:src|href)="([^"]+)"', page)
        kinds = {
            file.removeprefix(f"{EXPLORER}/"): (await served.ask("GET", file)).headers["Content-Type"]
            for file in files
        }
        script = await (await served.ask("GET", f"{EXPLORER}/page.js")).text()
        entries = list(served.stage.platform.journal.since(0))

    assert kinds == {
        "graphiql.css": "text/css; charset=utf-8",
        "page.css": "text/css; charset=utf-8",
        "react.js": "text/javascript; charset=utf-8",
        "react-dom.js": "text/javascript; charset=utf-8",
        "graphiql.js": "text/javascript; charset=utf-8",
        "page.js": "text/javascript; charset=utf-8",
    }
    assert f'"{OBSERVER}": "explorer"' in script
    assert entries == []


async def test_what_is_not_there_is_said():
    async with serving() as served:
        lost = await served.ask("GET", f"{EXPLORER}/versions.json")
        wrong = await served.ask("POST", EXPLORER)

        assert (lost.status, await lost.json()) == (
            404,
            {"error": "The explorer has no file versions.json."},
        )
        assert (wrong.status, await wrong.json()) == (
            405,
            {"error": "POST is not allowed here; allowed: GET, HEAD."},
        )


def test_each_vendored_file_is_the_one_of_the_version_that_is_told_and_has_its_licence():
    told = json.loads((FOLDER / "versions.json").read_text("utf-8"))
    digests = {file: digest for package in told for file, digest in package["files"].items()}

    assert {package["package"]: package["license"] for package in told} == {
        "graphiql": "MIT",
        "react": "MIT",
        "react-dom": "MIT",
    }
    assert {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in FOLDER.iterdir()
        if path.name != "versions.json"
    } == digests
    assert {f"{package['package']}.LICENSE" for package in told} <= set(digests)
