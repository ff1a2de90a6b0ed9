"""The integration and Scope in one test, both awaited."""

import asyncio
import socket

import httpx
import pytest
import uvicorn
from app import create_app

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
async def app_url(scope_simulator_async):
    """Run the integration in the test's own event loop and tell Scope about it."""
    scope = scope_simulator_async
    app = create_app(scope.base_url, scope.token)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        await scope.add_target(url + "/hooks/scopear")
        yield url
        server.should_exit = True
        await serving


async def test_finished_session_closes_its_work_order(scope_simulator_async, app_url):
    scope = scope_simulator_async
    session = await scope.create("ScenarioSession", externalData={"work_order_id": "WO-1"})
    await scope.advance("25m")
    await scope.finish(session)

    await scope.expect_answered(event="finished", of=session, in_="1s")
    await scope.expect_queried(of=session, fields=["state"], after="finished")
    await scope.settle()
    async with httpx.AsyncClient() as http:
        orders = (await http.get(app_url + "/orders")).json()
    assert orders == {"WO-1": {"state": "FINISHED", "minutes": 25}}
