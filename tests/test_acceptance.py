"""The promises of the whole, over real sockets, with a client and a receiver that know nothing of us.

The receiver is the standard library's http.server; the client asks as the vendor's public demonstration client does:
it signs in with JSON, starts a session over REST, and looks the webhook's resource up with the long sample query.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from simulator import Simulator

SCENARIO_QUERY = """
query {
  node(id: "OiSSdfK1Su4gwG4zAi2InavDB9eRE9aOnGHYRMG5dqY=") {
    ... on ScenarioSession {
      scenario {
        id
      }
    }
  }
}
"""
EVENTS_QUERY = """
query {
  node(id: "OiSSdfK1Su4gwG4zAi2InavDB9eRE9aOnGHYRMG5dqY=") {
    ... on ScenarioSession {
      scenarioSessionEvents {
        nodes {        
          id
        }
      }
    }
  }
}
"""  # noqa: W291 - as the vendor printed it
PRINTED_ID = "OiSSdfK1Su4gwG4zAi2InavDB9eRE9aOnGHYRMG5dqY="

SAMPLE_QUERY = """
query SampleScenarioSessionNodeQueryDemonstratingImportantFields($id: ID!) {
  node(id: $id) {
    ... on ScenarioSession {
      startedAt endedAt duration idleDuration
      numberOfStepsPossible numberOfStepsViewed percentOfStepsViewed
      state
      externalData  # what the deeplink carried
      scenarioRelease {
        author { id name }
        publishedAt
        scenario { author { id name } description name originGroup { id name } publishedAt }
        type
        version
      }
      events { nodes { id createdAt receivedAt type externalData } }
      steps { nodes { scenarioStep { name orderIndex scenarioSequence { name } } } }
    }
  }
}
"""

EXTERNAL = {"anything": "you_want", "even": {"deeply": {"nested": ["arguments", 1, 2.5, None, True, "ü☃"]}}}


class Hooks(BaseHTTPRequestHandler):
    """Keeps what arrives and answers 200 with an empty body."""

    kept: ClassVar[list[tuple[dict[str, str], bytes]]]
    arrived: ClassVar[threading.Condition]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.arrived:
            self.kept.append((dict(self.headers), body))
            self.arrived.notify_all()
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Receiver:
    def __init__(self, url: str, handler: type[Hooks]) -> None:
        self.url = url
        self._handler = handler

    @property
    def bodies(self) -> list[bytes]:
        return [body for _, body in self._handler.kept]

    @property
    def words(self) -> list[str]:
        return [json.loads(body)["event"] for body in self.bodies]

    def take(self, count: int) -> list[dict]:
        """Return the first ``count`` webhooks, waiting for them."""
        with self._handler.arrived:
            assert self._handler.arrived.wait_for(lambda: len(self._handler.kept) >= count, 10)
        return [json.loads(body) for body in self.bodies[:count]]


@contextmanager
def receiving() -> Iterator[Receiver]:
    handler = type("Handler", (Hooks,), {"kept": [], "arrived": threading.Condition()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield Receiver(f"http://127.0.0.1:{server.server_address[1]}/hooks", handler)
        finally:
            server.shutdown()
            thread.join()


def ask(
    method: str, url: str, body: object = None, headers: Mapping[str, str] | None = None
) -> tuple[int, dict]:
    """Ask as a plain client does; return the status and the JSON."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, {"Content-Type": "application/json", **(headers or {})}, method=method)
    try:
        with urlopen(request, timeout=10) as response:
            return response.status, json.load(response)
    except HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


@pytest.mark.parametrize(
    "spelling",
    ["Token token={}", "Bearer token={}", "Bearer {}", "Token {}"],
    ids=lambda text: text.format("T"),
)
def test_the_vendors_own_client_gets_its_external_data_back_unchanged(spelling: str) -> None:
    with Simulator() as scope, receiving() as receiver:
        scope.add_target(receiver.url)
        api = scope.base_url + "/api/"
        user = {"user": {"username": scope.username, "password": scope.password}}

        status, signed_in = ask("POST", api + "v2/users/sign_in.json", user)
        headers = {"Authorization": spelling.format(signed_in["auth_token"])}
        started, session = ask(
            "POST", api + "v2/ar_contents/1/work_instruction_sessions", {"external_data": EXTERNAL}, headers
        )
        (hook,) = receiver.take(1)
        asked, answer = ask(
            "POST",
            scope.graphql_url,
            {
                "permalink": scope.resources("Organization")[0]["permalink"],
                "query": SAMPLE_QUERY,
                "variables": {"id": hook["data"]["resource-id"]},
            },
            {**headers, "PrivateAccessCode": "Token token=anything"},
        )

    assert (status, started, asked) == (200, 200, 200)
    assert hook["data"]["resource-type"] == "ScenarioSession"
    assert hook["data"]["resource-id"] == session["node_id"]
    assert "errors" not in answer
    assert answer["data"]["node"]["externalData"] == EXTERNAL
    assert answer["data"]["node"]["scenarioRelease"]["scenario"]["originGroup"]["name"]
    assert len(answer["data"]["node"]["steps"]["nodes"]) == answer["data"]["node"]["numberOfStepsPossible"]


def test_after_a_401_a_new_sign_in_works() -> None:
    with Simulator() as scope:
        user = {"user": {"username": scope.username, "password": scope.password}}
        sign_in = scope.base_url + "/api/v2/users/sign_in.json"
        query = {"query": "{ viewer { name } }"}
        _, first = ask("POST", sign_in, user)
        scope.advance("31d")

        expired, why = ask(
            "POST", scope.graphql_url, query, {"Authorization": f"Bearer {first['auth_token']}"}
        )
        _, second = ask("POST", sign_in, user)
        again, answer = ask(
            "POST", scope.graphql_url, query, {"Authorization": f"Bearer {second['auth_token']}"}
        )

    assert (expired, again) == (401, 200)
    assert "expired" in why["error"]
    assert answer == {"data": {"viewer": {"name": "Integration Account"}}}


def test_both_queries_of_the_vendors_page_and_the_resource_url_answer_for_a_webhook() -> None:
    with Simulator() as scope, receiving() as receiver:
        scope.add_target(receiver.url)
        session = scope.create("ScenarioSession", externalData={"a": 1})
        scope.record(session, type="PHOTO")
        hook, _ = receiver.take(2)
        node_id, url = hook["data"]["resource-id"], hook["data"]["resource-url"]
        headers = {"Authorization": f"Token token={scope.token}"}

        answers = [
            ask("POST", scope.graphql_url, {"query": query.replace(PRINTED_ID, node_id)}, headers)
            for query in (SCENARIO_QUERY, EVENTS_QUERY)
        ]
        status, flat = ask("GET", url, None, headers)
        _, same = ask(
            "POST",
            scope.graphql_url,
            {"query": f'{{ node(id: "{node_id}") {{ ... on ScenarioSession {{ {" ".join(flat)} }} }} }}'},
            headers,
        )

    (one, scenario), (two, events) = answers
    assert (one, two, status) == (200, 200, 200)
    assert list(hook) == ["time", "event", "type", "data"]
    assert list(hook["data"]) == ["resource-id", "resource-url", "resource-type"]
    assert scenario["data"]["node"]["scenario"]["id"]
    assert len(events["data"]["node"]["scenarioSessionEvents"]["nodes"]) == 1
    assert flat["id"] == node_id
    assert same["data"]["node"] == flat


FIVE_DAYS = {
    "title": "Five days",
    "seed": 5,
    "start": "2021-03-01T08:00:00Z",
    "steps": [
        {"create": "ScenarioSession", "as": "session", "with": {"externalData": {"order": "${fake.uuid}"}}},
        {
            "repeat": {
                "times": 5,
                "steps": [{"wait": "12h"}, {"pause": "session"}, {"wait": "12h"}, {"resume": "session"}],
            }
        },
        {"finish": "session"},
    ],
}


def test_five_simulated_days_take_seconds_and_give_the_same_bytes_twice() -> None:
    def run() -> tuple[list[bytes], float]:
        with Simulator() as scope, receiving() as receiver:
            scope.add_target(receiver.url)
            begun = time.monotonic()
            scope.play(FIVE_DAYS)
            scope.drain()
            took = time.monotonic() - begun
            port = scope.base_url.rpartition(":")[2]
            return [body.replace(port.encode(), b"PORT") for body in receiver.bodies], took

    (one, took), (same, _) = run(), run()

    assert one == same
    assert len(one) == 1 + 5 * 4 + 2
    times = [json.loads(body)["time"] for body in one]
    assert (times[0], times[-1]) == ("2021-03-01T08:00:00Z", "2021-03-06T08:00:00Z")
    assert took < 10


@pytest.mark.parametrize(("speed", "wait"), [("real", "1s"), ("60", "1m")])
def test_at_a_real_pace_a_wait_takes_its_time(speed: str, wait: str) -> None:
    script = {"title": "Wait", "steps": [{"wait": wait}, {"create": "ScenarioSession"}]}
    with Simulator(speed=speed) as scope:
        begun = time.monotonic()
        scope.play(script)
        took = time.monotonic() - begun

    assert 1.0 <= took < 4.0


def test_reading_twice_gives_the_same_bytes_for_a_seed() -> None:
    def read() -> list[bytes]:
        with Simulator(seed=11) as scope:
            headers = {"Authorization": f"Bearer {scope.token}", "Content-Type": "application/json"}
            query = json.dumps(
                {"query": "{ scenarioSessions(first: 5) { nodes { id startedAt createdBy { name } } } }"}
            )
            bodies = []
            for path, data in (("/api/v3/graphql", query.encode()), ("/api/v3/graphql", None)):
                with urlopen(Request(scope.base_url + path, data, headers), timeout=10) as response:
                    bodies.append(response.read())
            return bodies

    one, same = read(), read()

    assert one == same
    assert re.search(rb'"startedAt":"2020-', one[0])
