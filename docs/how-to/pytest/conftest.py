"""The application under test: it is told of sessions and asks what became of them."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import Request, urlopen

import pytest

QUERY = "query($id: ID!) { node(id: $id) { ... on ScenarioSession { state duration externalData } } }"


class MyApp:
    """Stands for yours. It needs to know where Scope is and with which token to ask."""

    def __init__(self, graphql_url, token):
        self.closed = set()
        app = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                hook = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                app.look_up(graphql_url, token, hook["data"]["resource-id"])
                self.send_response(200)
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
            session = json.load(answer)["data"]["node"]
        if session["state"] == "FINISHED":
            self.closed.add(session["externalData"]["work_order_id"])

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def my_app(scope_simulator):
    app = MyApp(scope_simulator.graphql_url, scope_simulator.token)
    scope_simulator.add_target(app.url)
    yield app
    app.stop()
