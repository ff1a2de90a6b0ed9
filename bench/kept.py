"""What ``bench.remembering`` runs: ``kept.py URL POSTS FILE`` has a simulator with that file post signed webhooks, 16 in flight,
and prints how many seconds they took; without FILE it remembers nothing."""

from __future__ import annotations

import sys
import time

from simulator.control.waits import drained
from simulator.server.loop import run
from simulator.server.run import running
from simulator.settings import Settings
from simulator.store import open_stage
from simulator.webhooks.payloads import Payload, Told
from simulator.world.resources import Kind, WebhookSubscription, WebhookTopic


async def main(url: str, posts: int, file: str | None) -> None:
    named = {} if file is None else {"db": file}
    settings = Settings().replace(
        port=0, generation="2", secret="s3cret", ordering="none", retry="none", **named
    )
    async with running(open_stage(settings)) as simulator:
        platform, pump = simulator.live.stage.platform, simulator.live.pump
        target = platform.add_target(url)
        session = platform.apply("create", "ScenarioSession")
        await pump.wait(drained(platform))
        world = platform.world
        number = next(iter(world.after(Kind.SUBSCRIPTION, 0)))
        topic = world.need(WebhookTopic, world.need(WebhookSubscription, number).topic)
        told = Told(number, topic.key, topic.version)
        payload = Payload("updated", "ScenarioSession", session.id, told=told)
        began = time.perf_counter()
        for _ in range(posts):
            platform.post(payload, to=target)
        await pump.wait(drained(platform))
        print(time.perf_counter() - began)


run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3] if sys.argv[3:] else None))
