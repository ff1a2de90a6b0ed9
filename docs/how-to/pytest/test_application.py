async def test_scope_as_an_application(scope_simulator_app, aiohttp_client):
    client = await aiohttp_client(scope_simulator_app)

    made = await client.post("/_simulator/resources/ScenarioSession", json={})

    assert made.status == 201
