"""The GraphQL programs of others, as they are, against a served simulator."""

from __future__ import annotations

import json
import shutil
import venv
from pathlib import Path

import pytest

from simulator.engine import Platform
from simulator.settings import Settings
from simulator.world.resources import Kind, Ref
from tests.all.conftest import CLIENTS, ROOT, run, serving

SESSION = Platform(Settings()).ids.encode(Ref(Kind.SESSION, 1))
"""The id of the first session, which the seed decides."""


def installed(factory, name: str, *packages: str) -> Path:
    """Give the interpreter of a fresh environment that has these packages."""
    folder = factory.mktemp(name)
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    done = run(
        python,
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        *packages,
        folder=folder,
        PYTHONPATH="",
    )
    if done.returncode != 0:
        pytest.skip(f"pip cannot install {' and '.join(packages)} here: {done.stderr.strip()[-300:]}")
    return python


@pytest.fixture(scope="module")
def asking(tmp_path_factory) -> Path:
    return installed(tmp_path_factory, "asking", "gql[aiohttp]==4.4.0", "schemathesis==4.32.5")


@pytest.fixture(scope="module")
def generating(tmp_path_factory) -> Path:
    return installed(tmp_path_factory, "generating", "ariadne-codegen==0.19.0")


def told(done) -> object:
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_gql_walks_a_thousand_sessions_both_ways_while_sessions_are_added(asking, tmp_path):
    with serving(tmp_path, "--sessions", "1000") as served:
        done = run(
            asking,
            CLIENTS / "pages.py",
            served.base_url,
            served.ready["token"],
            folder=tmp_path,
            PYTHONPATH="",
        )
    seen = told(done)

    # Four were added on the way there, and four on the way back, behind who walks.
    assert seen["forwards"] == list(range(1, 1005))
    assert seen["backwards"] == list(range(1004, 0, -1))
    assert [error["path"] for error in seen["refused"]] == [["users"]]


@pytest.mark.needs_node
def test_graphql_request_and_urql_ask_and_read_errors(node_clients, tmp_path):
    with serving(tmp_path) as served:
        ready = served.ready
        done = run("node", "ask.mjs", ready["graphql_url"], ready["token"], SESSION, folder=node_clients)

    data = {"node": {"__typename": "ScenarioSession", "databaseId": "1", "state": "FINISHED"}}
    wrong = ["Field 'wages' doesn't exist on type 'User'"]
    assert told(done) == {"graphql-request": [data, 400, wrong], "urql": [data, data, wrong]}


def test_a_client_generated_from_the_sdl_asks_and_changes(generating, tmp_path):
    shutil.copytree(CLIENTS / "codegen", tmp_path, dirs_exist_ok=True)
    shutil.copy(ROOT / "schemas" / "scope.graphql", tmp_path)
    made = run(generating.parent / "ariadne-codegen", folder=tmp_path, PYTHONPATH="")
    assert made.returncode == 0, made.stdout + made.stderr

    with serving(tmp_path) as served:
        ready = served.ready
        done = run(
            generating,
            "use.py",
            ready["graphql_url"],
            ready["token"],
            SESSION,
            folder=tmp_path,
            PYTHONPATH="",
        )

    assert told(done) == ["ScenarioSession", "1", "FINISHED", 2, "Eva Novak"]


def test_a_thousand_made_up_queries_meet_no_server_at_a_loss(asking, tmp_path):
    with serving(tmp_path) as served:
        ready = served.ready
        done = run(
            asking,
            CLIENTS / "fuzz.py",
            ready["graphql_url"],
            ready["token"],
            "1000",
            folder=tmp_path,
            PYTHONPATH="",
        )
    seen = told(done)

    assert seen["asked"] == 1000
    # Not all of them end at the first mistake.
    assert seen["asked"] - seen["with errors"] > 200
