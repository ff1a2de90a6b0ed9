"""The application under test: what it cannot look up it answers with 500, so that the webhook comes again."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

QUERY = "query State($id: ID!) { node(id: $id) { ... on ScenarioSession { state } } }"


class MyApp:
    """Keeps the state of each session that a webhook has named, and counts the webhooks it could not make use of."""

    def __init__(self, graphql_url, token):
        self.states, self.failed = {}, 0
        app = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                try:
                    session_id = json.loads(body)["data"]["resource-id"]
                    app.states[session_id] = app.look_up(graphql_url, token, session_id)
                    status = 200
                except (URLError, ValueError, LookupError, TypeError, OSError):
                    app.failed += 1
                    status = 500
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = False
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=[0.02]).start()

    def look_up(self, graphql_url, token, session_id):
        body = json.dumps({"query": QUERY, "variables": {"id": session_id}}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        with urlopen(Request(graphql_url, body, headers)) as answer:
            return json.load(answer)["data"]["node"]["state"]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def my_app(scope_simulator):
    app = MyApp(scope_simulator.graphql_url, scope_simulator.token)
    scope_simulator.add_target(app.url)
    yield app
    app.stop()
