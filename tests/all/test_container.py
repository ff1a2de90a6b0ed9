"""The steps of the Dockerfile and the commands of compose.yaml, carried out without a container engine."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
import time
import urllib.request
import venv

import pytest
import yaml

from tests.all.conftest import ROOT, free_port, receiving, run, serving

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


def instructions(name: str) -> list[str]:
    joined = DOCKERFILE.replace("\\\n", " ")
    return re.findall(rf"^{name} +(.*)$", joined, re.MULTILINE)


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """What the image would hold: the copied files, and an environment into which they are installed as it says."""
    folder = tmp_path_factory.mktemp("image")
    app = folder / "app"
    app.mkdir()
    for line in instructions("COPY"):
        *sources, target = line.split()
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, app / target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, app / target)
    venv.create(folder / "venv", with_pip=True)
    for line in instructions("RUN"):
        program, *arguments = shlex.split(line)
        if program == "pip":
            done = run(folder / "venv" / "bin" / "python", "-m", "pip", *arguments, folder=app, PYTHONPATH="")
            assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_simulator_and_receiver_of_the_compose_file_work_together(image, tmp_path):
    """On one machine their host names are all 127.0.0.1, and ports are free ones; all else is as written."""
    programs = image / "venv" / "bin"
    [entry] = json.loads(instructions("ENTRYPOINT")[0])
    simulator, receiver = COMPOSE["services"]["simulator"], COMPOSE["services"]["receiver"]
    port, receiver_port = free_port(), free_port()

    def here(text: str) -> str:
        text = text.replace("simulator:7267", f"127.0.0.1:{port}").replace(
            "receiver:8000", f"127.0.0.1:{receiver_port}"
        )
        return text.replace("/app/", f"{image}/app/")

    first, *arguments = [here(one) for one in simulator["command"]]
    assert first == "serve"
    environ = {name: here(value) for name, value in receiver["environment"].items()} | {"PYTHONPATH": ""}
    _, file, *flags = [here(one) for one in receiver["entrypoint"]]
    with (
        receiving(
            tmp_path,
            environ,
            *flags,
            "--port",
            str(receiver_port),
            python=str(programs / "python"),
            file=file,
        ),
        serving(tmp_path, *arguments, port=port, command=(str(programs / entry),)) as served,
    ):
        control = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {served.ready['control_token']}",
        }

        def ask(path: str, body: object = None, headers: dict[str, str] = control) -> object:
            data = None if body is None else json.dumps(body).encode()
            request = urllib.request.Request(
                path if "://" in path else f"http://127.0.0.1:{port}{path}", data, headers
            )
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)

        session = ask("/_simulator/resources/ScenarioSession", {"externalData": {"work_order_id": "WO-1"}})
        ask("/_simulator/requests/wait", {"of": session["id"], "fields": ["state"], "within": "10s"})
        deadline = time.monotonic() + 10
        while not (orders := ask(f"http://127.0.0.1:{receiver_port}/orders", headers={})):
            assert time.monotonic() < deadline

    assert orders[session["id"]]["number"] == "WO-1"


def test_health_check_is_well_when_somebody_listens(image, tmp_path):
    [check] = instructions("HEALTHCHECK")
    command = json.loads(check[check.index("[") :])
    assert command[0] == "python"

    down = run(sys.executable, *[one.replace("7267", "9") for one in command[1:]], folder=tmp_path)
    with serving(tmp_path) as served:
        port = served.base_url.rpartition(":")[2]
        up = run(sys.executable, *[one.replace("7267", port) for one in command[1:]], folder=tmp_path)

    assert (down.returncode, up.returncode) == (1, 0)
