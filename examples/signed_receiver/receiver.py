"""A receiver that takes signed webhooks and nothing else. It needs Python 3.11 and no packages. Copy from it.

It shows what a receiver of signed webhooks has to get right:

* The bytes of the body are signed, so they are read once, kept, and checked before anything parses them.
* The comparison takes the same time whatever is wrong, and whoever is refused does not learn what would have been right.
* While a secret is being replaced, the sender may sign with the old one, with the new one or with both. So each signature
  in the header is compared under each secret that is known, and one that fits is enough.
* A retry is the same webhook: it has the id of the first attempt, and is answered without being worked on again.
* The headers are not signed, and neither is the time. So a webhook is a hint: only the id in the body is used, what is
  true is asked of the API, and doing it twice does no harm.

README.md says how to run it.
"""

from __future__ import annotations

import argparse
import base64
import hmac
import json
import os
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATH = "/hooks/scopear"
MOST_BYTES = 1_000_000
MOST_IDS = 10_000


def signer(body: bytes, header: str, secrets: Sequence[str]) -> int | None:
    """Return the place of the secret that a body is signed with; None when it is signed with none of them."""
    for place, secret in enumerate(secrets):
        digest = hmac.digest(secret.encode(), body, "sha256")
        right = base64.b64encode(digest)
        for one in header.split():
            if hmac.compare_digest(one.encode("utf-8", "replace"), right):
                return place
    return None


class Inbox:
    """What has come in: each webhook once, however often it was posted."""

    def __init__(self, secrets: Sequence[str], work: Callable[[str, str], None]) -> None:
        self.counts: Counter[str] = Counter()
        self._secrets = secrets
        self._work = work
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Return the status to answer with."""
        place = signer(body, headers.get("X-Scope-Hmac-Sha256") or "", self._secrets)
        if place is None:
            self._count("refused")
            return 401
        try:
            data = json.loads(body)["data"]
        except (ValueError, LookupError, TypeError):
            self._count("unreadable")
            return 400
        self._count("signed with the new secret" if place == 0 else "signed with the old secret")
        webhook_id = headers.get("X-Scope-Webhook-Id") or ""
        if webhook_id and not self._is_new(webhook_id):
            self._count("repeated")
            return 200
        # Here an application puts the id into a queue and answers; what it does then takes no time of the sender's.
        self._work(headers.get("X-Scope-Topic") or "", node_id(data))
        return 200

    def _is_new(self, webhook_id: str) -> bool:
        with self._lock:
            if webhook_id in self._seen:
                return False
            self._seen[webhook_id] = None
            if len(self._seen) > MOST_IDS:
                self._seen.popitem(last=False)
            return True

    def _count(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1


def node_id(data: object) -> str:
    """Return the id that the body names: of the usual body, or of what a subscription's query has selected."""
    node = data.get("node", data) if isinstance(data, dict) else None
    return str(node.get("id", "")) if isinstance(node, dict) else ""


class Handler(BaseHTTPRequestHandler):
    """One connection. Whoever keeps it waiting for ten seconds is hung up on."""

    protocol_version = "HTTP/1.1"
    timeout = 10
    disable_nagle_algorithm = True
    inbox: Inbox

    def do_POST(self) -> None:
        size = self.headers.get("Content-Length") or ""
        if not size.isdecimal():
            return self._refuse(411)
        if int(size) > MOST_BYTES:
            return self._refuse(413)
        body = self.rfile.read(int(size))
        if len(body) < int(size):
            return self._refuse(400)
        return self._answer(404 if self.path != PATH else self.inbox.take(body, self.headers))

    def do_GET(self) -> None:
        self._answer(200, json.dumps(self.inbox.counts).encode())

    def _refuse(self, status: int) -> None:
        self.close_connection = True
        self._answer(status)

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Leave the talking to the application."""


def make_server(
    secrets: Sequence[str], work: Callable[[str, str], None], *, host: str = "127.0.0.1", port: int = 0
) -> tuple[ThreadingHTTPServer, Inbox]:
    """Return a server that listens, and what will have come in; of ``secrets`` the new one stands first."""
    inbox = Inbox(secrets, work)
    server = ThreadingHTTPServer((host, port), type("BoundHandler", (Handler,), {"inbox": inbox}))
    return server, inbox


def say(topic: str, node_id: str) -> None:
    print(f"{topic} {node_id}".strip(), flush=True)


def secrets_from(environ: Mapping[str, str]) -> list[str]:
    """Return the secrets that the environment gives, the new one first."""
    found = [environ.get(name, "") for name in ("SCOPE_SECRET", "SCOPE_OLD_SECRET")]
    if not found[0]:
        raise SystemExit("Set SCOPE_SECRET to the shared secret of the subscription; see README.md.")
    return [secret for secret in found if secret]


def main() -> None:
    parser = argparse.ArgumentParser(description="Receives signed webhooks of Scope and refuses all others.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on; 0 takes a free one")
    given = parser.parse_args()
    server, _ = make_server(secrets_from(os.environ), say, host=given.host, port=given.port)
    with server:
        print(f"signed webhooks are received at http://{given.host}:{server.server_port}{PATH}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
