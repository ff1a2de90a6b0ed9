"""The application in somebody else's server: its pump lives in that loop, and it starts and stops with it."""

from __future__ import annotations

from simulator.control import Stage
from simulator.server.app import LIVE, make_app
from simulator.server.awaitable import AsyncSimulator
from simulator.settings import Settings
from simulator.store import open_stage
from tests.server.receiving import receiving


async def test_application_posts_and_answers_in_the_tests_own_loop(aiohttp_client):
    async with receiving() as receiver:
        app = make_app(Stage(Settings().replace(targets=(receiver.url,))))
        client = await aiohttp_client(app)
        scope = AsyncSimulator(app[LIVE])
        answer = await client.post("/_simulator/resources/ScenarioSession")
        session = (await answer.json())["id"]
        await scope.expect_answered(of=session, event="create")
        told = await client.get(
            f"/api/v3/graphql/object/{session}", headers={"Authorization": f"Bearer {scope.token}"}
        )

    assert (answer.status, told.status) == (201, 200)
    assert receiver.hooks[0]["data"]["resource-url"] == f"{scope.base_url}/api/v3/graphql/object/{session}"
    assert scope.base_url == f"http://127.0.0.1:{client.port}"


async def test_stage_outlives_an_application(aiohttp_client):
    stage = Stage(Settings())
    client = await aiohttp_client(make_app(stage))
    await client.close()

    stage.reset(seed=7)

    assert stage.settings.seed == 7


async def test_application_lets_go_of_its_file(aiohttp_client, tmp_path):
    settings = Settings().replace(db=str(tmp_path / "scope.db"))
    client = await aiohttp_client(make_app(open_stage(settings)))
    session = await AsyncSimulator.of(client.app).create("ScenarioSession")
    await client.close()

    stage = open_stage(settings)

    assert stage.platform.resource(session.id).id == session.id
    stage.close()
