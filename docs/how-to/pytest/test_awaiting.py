from aiohttp import web


async def test_receiver_in_the_loop_of_the_test(scope_simulator_async, aiohttp_server):
    told = []

    async def receive(request):
        told.append((await request.json())["event"])
        return web.Response()

    app = web.Application()
    app.router.add_post("/hooks", receive)
    server = await aiohttp_server(app)
    await scope_simulator_async.add_target(str(server.make_url("/hooks")))

    session = await scope_simulator_async.create("ScenarioSession")
    await scope_simulator_async.finish(session)
    await scope_simulator_async.drain()

    assert told == ["create", "finished", "update"]
