"""The operations as methods that are awaited, and the journal as a stream."""

from __future__ import annotations

import asyncio

import pytest

from simulator.client import Client
from simulator.errors import UsageError
from simulator.server.handle import Simulator
from tests.client.test_calling import listening


async def test_story_over_the_control_side():
    async with Simulator(seed=7) as scope, Client(scope.base_url) as client:
        assert (await client.health())["ready"]
        target = await client.add_target("http://127.0.0.1:9/hook")
        session = await client.create("ScenarioSession", sessionType="PERSISTENT", externalData={"n": 1})
        await client.update(session, externalData={"n": 2})
        await client.view(session)
        await client.record(session, type="PHOTO")
        await client.check(session, checkbox=1)
        await client.pause(session)
        await client.take_snapshot("paused")
        await client.resume(session)
        await client.finish(session)
        await client.restore("paused")
        assert (await client.snapshots())[0]["name"] == "paused"
        await client.delete_snapshot("paused")
        assert (await client.resource(session.id))["state"] == "PAUSED"
        call = await client.create("Call")
        colleague = (await client.resources("User", after=2, limit=1))[0]
        await client.join(call, by=colleague.id)
        await client.leave(call, by=colleague.id)
        await client.delete(call)
        await client.emit(type="iot", event="connected")
        await client.disable_target(target["id"])
        await client.enable_target(target["id"])
        subscribed = await client.subscribe(topic="call/completed", target="http://127.0.0.1:9/two")
        assert await client.subscriptions() == [await client.subscription(subscribed["id"])]
        await client.update_subscription(subscribed["id"], secret="s2")
        await client.unsubscribe(subscribed["id"])
        await client.set_faults(api=[{"latency": "1ms"}])
        assert len((await client.faults())["api"]) == 1
        await client.end_faults()
        await client.advance(to="2021-03-02T00:00:00Z")
        assert (await client.wait_deliveries())["met"]
        assert (await client.wait_requests(times=0, within=0.5))["met"]
        with pytest.raises(UsageError):
            await client.wait_expectations()
        await client.settle()
        (first, *_) = await client.deliveries()
        assert (await client.delivery(first["id"])) == first
        await client.resend(first["id"])
        await client.resend_many(state="given_up")
        assert (await client.tree())["causes"]
        assert await client.requests() == []
        run = await client.play("title: x\nsteps: [{wait: 1s}]", wait=False)
        assert (await client.run(run["run"]))["run"] == run["run"]
        run = await client.play("title: x\nsteps: [{wait: 1s}]")
        assert (await client.run_journal(run["run"], limit=1))["entries"][0]["kind"] == "step"
        assert not (await client.explain_signature("abc", body="{}", secrets=["s"]))["right"]
        assert (await client.openapi())["openapi"] == "3.1.0"
        assert len(await client.targets()) >= 1
        await client.remove_target(target["id"])
        assert (await client.set_clock("max"))["mode"] == (await client.clock())["mode"]
        assert (await client.journal(after=3, limit=2))["next"] == 5
        assert (await client.reset())["ready"]


async def test_stream_tells_of_resets_and_ends_with_the_simulator():
    simulator = Simulator()
    scope = await simulator.__aenter__()
    async with Client(scope.base_url) as client:
        await client.create("Call")
        told = client.stream(kinds=["change", "note"])
        kinds = [(await anext(told))["kind"]]
        await scope.reset(seed=9)
        kinds += [(await anext(told))["kind"] for _ in range(2)]
        await simulator.__aexit__(None, None, None)
        kinds += [one["kind"] async for one in told]

        with pytest.raises(UsageError, match="nobody listens there"):
            await anext(client.stream())

    assert kinds == ["change", "reset", "note"]


async def test_stream_that_is_read_too_slowly_is_cut():
    async with Simulator(journal_bound=3) as scope, Client(scope.base_url) as client:
        scope._live.stage.note("first")
        scope._live.stage.note("second")
        told = client.stream(after=1)
        assert (await anext(told))["number"] == 2
        # All at once, so that nothing can be read in between.
        for _ in range(10):
            scope._live.stage.note("x")

        with pytest.raises(UsageError) as error:
            async for _ in told:
                pass

    assert str(error.value).startswith(
        "the stream was cut, since it was read too slowly; found the journal holds"
    )


async def end_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 0\r\n\r\n")


async def test_stream_that_breaks_off_is_no_end():
    async with Simulator() as scope, Client(scope.base_url) as client, listening(end_at_once) as address:
        client._base = f"http://{address}"

        with pytest.raises(UsageError, match="what answers hangs up"):
            await anext(client.stream())


async def test_wrong_question_about_a_stream_is_an_objection():
    async with Simulator() as scope, Client(scope.base_url) as client:
        with pytest.raises(UsageError, match="there is no kind 'chnge'"):
            await anext(client.stream(kinds=["chnge"]))
