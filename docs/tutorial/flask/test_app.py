"""The integration beside a Scope of its own, over real sockets."""

import threading

import httpx
import pytest
from app import create_app
from werkzeug.serving import make_server


@pytest.fixture
def app_url(scope_simulator):
    """Run the integration on a free port and tell Scope about it."""
    app = create_app(scope_simulator.base_url, scope_simulator.token)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=[0.02])
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    scope_simulator.add_target(url + "/hooks/scopear")
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


def test_finished_session_closes_its_work_order(scope_simulator, app_url):
    session = scope_simulator.create("ScenarioSession", externalData={"work_order_id": "WO-1"})
    scope_simulator.advance("25m")
    scope_simulator.finish(session)

    scope_simulator.expect_answered(event="finished", of=session, in_="1s")
    scope_simulator.expect_queried(of=session, fields=["state"], after="finished")
    scope_simulator.settle()
    assert httpx.get(app_url + "/orders").json() == {"WO-1": {"state": "FINISHED", "minutes": 25}}


@pytest.mark.scope_simulator(seed=7)
def test_work_order_that_waits_for_a_part(scope_simulator, app_url):
    scope_simulator.play("paused-for-a-part")

    scope_simulator.settle()
    assert httpx.get(app_url + "/orders").json() == {"WO-1042": {"state": "FINISHED", "minutes": 37}}
