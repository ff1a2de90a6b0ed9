"""GraphQL: a session with its scenario and 20 events, asked for over 16 connections, beside others that give the same bytes.

Ours asks the journal and the authorisation as always. The others hold the data ready. Which of them can be run depends on
what is installed: strawberry in the interpreter that measures, graphql-yoga and mercurius in the folder ``bench/node``.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any, NamedTuple

from bench.measuring import ROOT, Line, Plan, at_least, at_most, child, free_port, last_line_of, medians, told

__all__ = ["measure"]

_ANEW = (
    "query Bench($id: ID!, $n: Int!) { node(id: $id) { ... on ScenarioSession { id state startedAt scenario { id name } "
    "events(first: $n) { nodes { id type createdAt } } } } }"
)
"""The same; the simulator remembers no answer to a query with a number among its variables."""
QUERY = (
    "query Bench($id: ID!) { node(id: $id) { ... on ScenarioSession { id state startedAt scenario { id name } "
    "events(first: 20) { nodes { id type createdAt } } } } }"
)
_PAGE = (
    "query Page($n: Int!, $after: String) { scenarioSessions(first: $n, after: $after) { nodes { id databaseId state startedAt } "
    "pageInfo { hasNextPage endCursor } } }"
)
_EVENTS = 20
_CONNECTIONS = "16"
_REQUESTS = 8_000
_FEW = 400
_SLOW_KINDS = ("naive", "strawberry")
_NODE = ROOT / "bench" / "node"


class _Server(NamedTuple):
    """A server under load: where, with which token and body, and how many requests make a round."""

    url: str
    token: str
    body: bytes
    requests: int


class _Round(NamedTuple):
    """What one round of requests came to: requests a second, and seconds of one request."""

    rate: float
    median: float
    slow: float


def measure(plan: Plan) -> Iterator[Line]:
    python, which = (plan.fast, ", with [fast]") if plan.fast else (plan.plain, "")
    with ExitStack() as stack:
        ours = stack.enter_context(_simulator(plan, python))
        answer = _post(ours)
        file = plan.folder / "answer.json"
        file.write_bytes(answer)
        asked = {"query": _ANEW, "variables": json.loads(ours.body)["variables"] | {"n": _EVENTS}}
        servers = {"ours": ours, "anew": ours._replace(body=json.dumps(asked).encode())}
        for kind in ("static", "naive", "strawberry"):
            started = stack.enter_context(_answering(plan, python, kind, ours, str(file)))
            if started is None:
                yield told(f"GraphQL, beside {kind}", "-", seen="it is not installed")
            else:
                servers[kind] = started
        for kind in ("yoga", "mercurius"):
            started = stack.enter_context(_node(plan, kind, ours, str(file)))
            if started is None:
                yield told(
                    f"GraphQL, beside {kind}", "-", seen="node or its package is missing: npm i in bench/node"
                )
            else:
                servers[kind] = started
        rounds = _rounds(plan, python, servers)
    seen = f"{_rate(rounds, 'ours'):,.0f} requests/s to {{:,.0f}}"
    for kind, bound in (("static", 0.5 if plan.fast else 0.4), ("naive", 25.0)):
        yield at_least(
            f"GraphQL, to {_CALLED[kind]}{which}",
            _ratio(rounds, kind),
            bound=bound,
            seen=seen.format(_rate(rounds, kind)),
        )
    yield told(
        f"GraphQL, of what is worked out anew, to {_CALLED['static']}{which}",
        f"{_ratio(rounds, 'static', 'anew'):.2f} x",
        seen=f"{_rate(rounds, 'anew'):,.0f} requests/s",
    )
    for kind in [kind for kind in _CALLED if kind in servers and kind not in ("static", "naive")]:
        yield told(
            f"GraphQL, to {_CALLED[kind]}{which}",
            f"{_ratio(rounds, kind):.2f} x",
            seen=seen.format(_rate(rounds, kind)),
        )
    slow, static = (
        statistics.median(one.slow / one.median for one in rounds[name]) for name in ("ours", "static")
    )
    yield at_most(
        "GraphQL, the slowest of a hundred requests to the median",
        slow,
        bound=2,
        seen=f"{statistics.median(one.slow for one in rounds['ours']) * 1e3:.1f} ms; of the static answer {static:.2f} x",
    )
    yield _page_line(plan, python)
    ratio = float(last_line_of(plan, python, "-m", "bench.first"))
    yield at_most(
        "GraphQL, the first use of a query to parsing and validating it",
        ratio,
        bound=3,
        seen="in one process",
    )


_CALLED = {
    "static": "a static answer of aiohttp",
    "naive": "graphql-core each time",
    "strawberry": "strawberry",
    "yoga": "graphql-yoga",
    "mercurius": "mercurius",
}


def _page_line(plan: Plan, python: str) -> Line:
    """A page in the middle of few sessions, and of many; both simulators run and are asked in turn."""
    with ExitStack() as stack:
        asked: list[Callable[[], float]] = []
        for sessions in (1_000, 1_000_000):
            server = stack.enter_context(_simulator(plan, python, sessions))
            half = json.loads(
                _post(
                    server, f"{{ scenarioSessions(first: {sessions // 2}) {{ pageInfo {{ endCursor }} }} }}"
                )
            )
            after = half["data"]["scenarioSessions"]["pageInfo"]["endCursor"]
            body = json.dumps({"query": _PAGE, "variables": {"n": 20, "after": after}}).encode()
            asked.append(partial(_seconds, python, server._replace(body=body)))
        few, many = medians(plan.rounds, *asked)
    return at_most(
        "GraphQL, a page of a million sessions to one of a thousand",
        many / few,
        bound=1.15,
        seen=f"{many * 1e6:.0f} us to {few * 1e6:.0f} us",
    )


def _rounds(plan: Plan, python: str, servers: dict[str, _Server]) -> dict[str, list[_Round]]:
    """Ask each server in turn, round after round, the first of which only warms up."""
    rounds: dict[str, list[_Round]] = {name: [] for name in servers}
    for turn in range(plan.rounds + 1):
        for name, server in servers.items():
            done = _ask(python, server)
            if turn:
                rounds[name].append(done)
    return rounds


def _rate(rounds: dict[str, list[_Round]], name: str) -> float:
    return statistics.median(one.rate for one in rounds[name])


def _ratio(rounds: dict[str, list[_Round]], name: str, of: str = "ours") -> float:
    pairs = zip(rounds[of], rounds[name], strict=True)
    return statistics.median(ours.rate / other.rate for ours, other in pairs)


def _ask(python: str, server: _Server) -> _Round:
    done = subprocess.run(
        (python, "-m", "bench.asking", server.url, str(server.requests), _CONNECTIONS, server.token),
        cwd=ROOT,
        input=server.body,
        capture_output=True,
        check=True,
    )
    took = json.loads(done.stdout)
    return _Round(server.requests / took["seconds"], took["median"], took["slow"])


def _seconds(python: str, server: _Server) -> float:
    return 1 / _ask(python, server).rate


@contextmanager
def _simulator(plan: Plan, python: str, sessions: int = 20) -> Iterator[_Server]:
    argv = ("-m", "simulator", "serve", "--port", "0", "--json", "--sessions", str(sessions))
    with child(plan, python, *argv) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        control = f"{ready['control_url']}resources"
        session = _send(f"{control}/ScenarioSession", {})["id"]
        for _ in range(_EVENTS):
            _send(f"{control}/{session}/record", {"type": "PHOTO"})
        body = json.dumps({"query": QUERY, "variables": {"id": session}}).encode()
        yield _Server(ready["graphql_url"], ready["token"], body, _REQUESTS)


@contextmanager
def _answering(plan: Plan, python: str, kind: str, ours: _Server, file: str) -> Iterator[_Server | None]:
    port = free_port()
    with child(plan, python, "-m", "bench.answering", kind, file, str(port)) as process:
        yield _ready(process, ours, f"http://127.0.0.1:{port}/", _FEW if kind in _SLOW_KINDS else _REQUESTS)


@contextmanager
def _node(plan: Plan, kind: str, ours: _Server, file: str) -> Iterator[_Server | None]:
    node = shutil.which("node")
    package = {"yoga": "graphql-yoga", "mercurius": "mercurius"}[kind]
    if node is None or not (_NODE / "node_modules" / package).exists():
        yield None
        return
    port = free_port()
    with child(plan, node, str(_NODE / f"{kind}.mjs"), file, str(port)) as process:
        yield _ready(process, ours, f"http://127.0.0.1:{port}/graphql", _REQUESTS // 4)


def _ready(process: subprocess.Popen[str], ours: _Server, url: str, requests: int) -> _Server | None:
    """Return a server once it says that it is ready; None when it cannot be."""
    assert process.stdout is not None
    if process.stdout.readline().strip() != "ready":
        return None
    return _Server(url, ours.token, ours.body, requests)


def _post(server: _Server, query: str | None = None) -> bytes:
    body = server.body if query is None else json.dumps({"query": query}).encode()
    headers = {"Authorization": f"Token token={server.token}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(server.url, body, headers)) as answer:
        return bytes(answer.read())


def _send(url: str, fields: dict[str, str]) -> Any:  # noqa: ANN401 - any JSON
    request = urllib.request.Request(url, json.dumps(fields).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read())
