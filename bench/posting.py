"""``posting.py URL POSTS``: what ``emit -n`` does, without its command: the same webhook many times, 16 in flight."""

from __future__ import annotations

import sys

from simulator.cli.garbage import seldom
from simulator.control.waits import drained
from simulator.engine import Platform
from simulator.server.loop import run
from simulator.server.pump import Pump
from simulator.server.sender import Sender
from simulator.settings import Settings
from simulator.webhooks.payloads import Payload


async def main(url: str, posts: int) -> None:
    platform = Platform(Settings().replace(ordering="none"), base_url="http://127.0.0.1:54321")
    session = platform.apply("create", "ScenarioSession")
    platform.add_target(url)
    sender = Sender()
    pump = Pump(platform, sender)
    platform.announce(Payload("update", session.type, session.id), times=posts)
    await pump.wait(drained(platform))
    await pump.close()
    await sender.close()
    assert platform.tally().delivered == posts, platform.tally()


if __name__ == "__main__":
    with seldom():
        run(main(sys.argv[1], int(sys.argv[2])))
