"""The example receiver of signed webhooks, as its first lines promise, with nothing but the standard library."""

from __future__ import annotations

import ast
import http.client
import importlib.util
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from simulator import Simulator
from simulator.webhooks.signing import HEADER, Secrets, signature

FILE = Path(__file__).parent.parent.parent / "examples" / "signed_receiver" / "receiver.py"
BODY = b'{"data":{"id":"t5V3","url":"http://h/api/v3/graphql/object/t5V3"}}'


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("signed_receiver", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


receiver = _load()


class Running:
    """The receiver in threads of its own, one connection to it, and what it worked on."""

    def __init__(self, secrets: list[str]) -> None:
        self.worked: list[tuple[str, str]] = []
        self.server, self.inbox = receiver.make_server(secrets, lambda *args: self.worked.append(args))
        self.http = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=10)

    def post(self, body: bytes = BODY, path: str = receiver.PATH, **headers: str) -> int:
        self.http.request(
            "POST", path, body, {name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = self.http.getresponse()
        assert answer.read() == b""
        return answer.status


@contextmanager
def running(*secrets: str) -> Iterator[Running]:
    here = Running(list(secrets))
    thread = threading.Thread(target=here.server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield here
    finally:
        here.http.close()
        here.server.shutdown()
        here.server.server_close()
        thread.join()


def signed(body: bytes = BODY, *secrets: str) -> dict[str, str]:
    value = " ".join(signature(body, secret) for secret in secrets)
    return {HEADER.replace("-", "_"): value}


def test_it_needs_nothing_but_the_standard_library():
    tree = ast.parse(FILE.read_text("utf-8"))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
    }

    assert imported - set(sys.stdlib_module_names) == set()


@pytest.mark.parametrize(
    ("secrets", "signing", "status"),
    [
        (["new"], ["new"], 200),
        (["new", "old"], ["new"], 200),
        (["new", "old"], ["old"], 200),
        (["new"], ["new", "old"], 200),
        (["old"], ["new", "old"], 200),
        (["new"], ["old"], 401),
        (["new"], [], 401),
    ],
)
def test_one_fitting_signature_is_enough_and_none_is_too_few(secrets, signing, status):
    with running(*secrets) as here:
        answered = here.post(**signed(BODY, *signing))

    assert answered == status
    assert here.worked == ([("", "t5V3")] if status == 200 else [])


def test_every_header_that_the_simulator_makes_is_taken():
    ways = [
        Secrets("new"),
        Secrets("new", "old"),
        Secrets("new", "old", "old"),
        Secrets("new", "old", "both"),
        Secrets("ключ €"),
    ]
    with running("new", "old", "ключ €") as here:
        statuses = [here.post(**{HEADER.replace("-", "_"): way.header(BODY) or ""}) for way in ways]

    assert statuses == [200] * 5


@pytest.mark.parametrize(
    "header",
    ["", " ", "ä", signature(BODY, "new").lower(), signature(BODY, "new").rstrip("="), signature(b"", "new")],
)
def test_what_is_not_signed_is_refused(header):
    with running("new") as here:
        status = here.post(**{HEADER.replace("-", "_"): header})

    assert (status, dict(here.inbox.counts), here.worked) == (401, {"refused": 1}, [])


def test_retry_is_answered_and_not_worked_on_again():
    with running("new", "old") as here:
        told = {"X_Scope_Webhook_Id": "1d", "X_Scope_Topic": "scenario_session/completed"}
        statuses = [here.post(**signed(BODY, secret), **told) for secret in ("old", "new")]
        here.http.request("GET", "/")
        shown = json.loads(here.http.getresponse().read())

    assert statuses == [200, 200]
    assert here.worked == [("scenario_session/completed", "t5V3")]
    assert shown == {"signed with the old secret": 1, "signed with the new secret": 1, "repeated": 1}


def test_only_so_many_ids_are_remembered(monkeypatch):
    monkeypatch.setattr(receiver, "MOST_IDS", 2)
    with running("new") as here:
        for webhook_id in ("a", "b", "c", "a"):
            here.post(**signed(BODY, "new"), X_Scope_Webhook_Id=webhook_id)

    assert len(here.worked) == 4


@pytest.mark.parametrize(
    ("body", "status", "worked"),
    [
        (b'{"data":{"node":{"id":"n0","state":"FINISHED"}}}', 200, [("", "n0")]),
        (b'{"data":{"node":null}}', 200, [("", "")]),
        (b'{"data":null}', 200, [("", "")]),
        (b'{"nothing":1}', 400, []),
        (b"[]", 400, []),
        (b"not json", 400, []),
    ],
)
def test_id_is_found_in_either_body(body, status, worked):
    with running("new") as here:
        answered = here.post(body, **signed(body, "new"))

    assert (answered, here.worked) == (status, worked)


def test_other_path_takes_nothing():
    with running("new") as here:
        assert here.post(path="/", **signed(BODY, "new")) == 404


@pytest.mark.parametrize(
    ("head", "status"),
    [("Content-Length: 1000001", 413), ("Content-Length: x", 411), ("Content-Length: 10", 400)],
)
def test_body_that_cannot_be_read_is_refused(head, status):
    with running("new") as here, socket.create_connection(here.server.server_address[:2], 10) as line:
        line.sendall(f"POST {receiver.PATH} HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\nabc".encode())
        line.shutdown(socket.SHUT_WR)
        answer = line.makefile().read()

    assert answer.startswith(f"HTTP/1.1 {status} ")


def failing_first(take):
    """Make an inbox answer 503 to the first attempt of each webhook, after it has looked at the signature."""
    seen = set()

    def shaky(body, headers) -> int:
        status = take(body, headers)
        known = headers["X-Scope-Webhook-Id"] in seen
        seen.add(headers["X-Scope-Webhook-Id"])
        return status if known or status != 200 else 503

    return shaky


def test_every_signature_of_a_run_with_retries_and_a_rotated_secret_is_right():
    with running("new", "old") as here, Simulator(retry="1s,5s") as scope:
        here.inbox.take = failing_first(here.inbox.take)
        url = f"http://127.0.0.1:{here.server.server_port}{receiver.PATH}"
        query = (
            "query ($nodeId: ID!) { node(id: $nodeId) { id ... on ScenarioSession { state externalData } } }"
        )
        subscriptions = [
            scope.subscribe("scenario_session/updated", url, secret="old"),
            scope.subscribe("scenario_session/completed", url, secret="old", query=query),
        ]
        session = scope.create("ScenarioSession", externalData={"order": "Größe 7 €"})
        for change in ({}, {"sharedSecret": "new", "signing": "old"}, {"signing": "both"}):
            for one in subscriptions:
                scope.update(one, **change)
            scope.pause(session)
            scope.drain()
            scope.resume(session)
            scope.drain()
        # The secret is replaced for good while a retry waits: the retry is signed with the new one.
        scope.finish(session)
        scope.expect_answered(status=503, event="scenario_session/completed", of=session)
        for one in subscriptions:
            scope.update(one, signing="new")
        scope.drain()
        stories = scope.deliveries()

    headers = [
        [len(dict(made.attempt.headers)[HEADER].split()) for made in story.attempts] for story in stories
    ]
    assert headers == [[1, 1]] * 4 + [[2, 2]] * 2 + [[2, 1]] * 2
    assert [story.state for story in stories] == ["delivered"] * 8
    assert here.worked == [
        (topic, session.id)
        for topic in (
            *["scenario_session/updated"] * 6,
            *("scenario_session/completed", "scenario_session/updated"),
        )
    ]
    assert here.inbox.counts == {
        "signed with the old secret": 8,
        "signed with the new secret": 8,
        "repeated": 8,
    }


def test_command_receives_until_it_is_ended():
    environ = os.environ | {"SCOPE_SECRET": "new", "SCOPE_OLD_SECRET": "old", "NO_PROXY": "*"}
    with subprocess.Popen(
        [sys.executable, FILE, "--port", "0"], env=environ, stdout=subprocess.PIPE, text=True
    ) as process:
        url = process.stdout.readline().split()[-1]
        with closing(http.client.HTTPConnection(url.split("/")[2], timeout=10)) as line:
            line.request("POST", receiver.PATH, BODY, {HEADER: signature(BODY, "old")})
            status = line.getresponse().status
        said = process.stdout.readline()
        process.terminate()

    assert (status, said) == (200, "t5V3\n")


def test_missing_secret_is_told():
    with pytest.raises(SystemExit, match="Set SCOPE_SECRET"):
        receiver.secrets_from({"SCOPE_OLD_SECRET": "old"})
