"""Four small integrations that keep work orders: a correct one, a silent one, a slow one, and one that does everything twice.

    python -m tests.workorders correct      # prints its URL and runs until it is stopped

Each is told of sessions, asks the API about a session when it begins and when it has finished, and tells the state of an order at
``/orders/NAME``. The token of the API is in ``SCOPE_TOKEN``; where the API is, the webhook says.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

__all__ = ["KINDS", "working"]

KINDS = ("correct", "silent", "slow", "twice")

SLOWNESS = 0.7
"""Wall seconds that the slow one takes for a session that has finished."""

QUERY = "query Order($id: ID!) { node(id: $id) { ... on ScenarioSession { state externalData } } }"


class WorkOrders(ThreadingHTTPServer):
    """One of them, on a free port of this machine."""

    daemon_threads = True

    def __init__(self, kind: str, token: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.kind = kind
        self.token = token
        self.orders: dict[str, dict[str, object]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def told(self, hook: dict) -> None:
        """Act on a webhook."""
        event = hook["event"]
        if self.kind == "silent" or event not in ("create", "finished"):
            return
        for _ in range(2 if self.kind == "twice" else 1):
            session = self._ask(hook["data"])
            order = self.orders.setdefault(session["externalData"]["work_order_id"], {"closings": 0})
            order["state"] = "done" if session["state"] == "FINISHED" else "open"
            order["closings"] += event == "finished"
        if self.kind == "slow" and event == "finished":
            time.sleep(SLOWNESS)  # noqa: TID251 (it is slow on purpose)

    def _ask(self, data: dict) -> dict:
        place = urlsplit(data["resource-url"])
        body = json.dumps({"query": QUERY, "variables": {"id": data["resource-id"]}}).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        with urlopen(Request(f"{place.scheme}://{place.netloc}/api/v3/graphql", body, headers)) as answer:
            return json.load(answer)["data"]["node"]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: WorkOrders

    def do_POST(self) -> None:
        self.server.told(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer(200, {})

    def do_GET(self) -> None:
        order = self.server.orders.get(self.path.rpartition("/")[2])
        self._answer(200 if order else 404, order or {"error": "there is no such order"})

    def _answer(self, status: int, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def working(kind: str, token: str) -> Iterator[str]:
    """Run one of them in a thread of its own and give its URL."""
    server = WorkOrders(kind, token)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.url
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main() -> None:
    with working(sys.argv[1], os.environ["SCOPE_TOKEN"]) as url:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
