"""Listening: free ports, addresses that cannot be had, what ready tells, and a stop that waits for nothing."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from simulator.control import Stage
from simulator.errors import UsageError
from simulator.server.run import running
from simulator.settings import Settings
from tests.server.receiving import receiving, until
from tests.server.serving import serving

ROOT = Path(__file__).parent.parent.parent


def stage(**settings: object) -> Stage:
    return Stage(Settings().replace(**({"port": 0} | settings)))


async def test_ready_tells_all_that_is_needed_to_use_it():
    one = stage(seed=7)
    async with running(one) as here:
        ready = here.ready
        async with aiohttp.ClientSession() as http, http.get(ready["control_url"] + "health") as answer:
            health = await answer.json()

    assert ready == {
        "ready": True,
        "base_url": here.base_url,
        "graphql_url": f"{here.base_url}/api/v3/graphql",
        "control_url": f"{here.base_url}/_simulator/",
        "token": one.platform.token,
        "username": "integrator",
        "password": one.platform.password,
        "control_token": one.control_token,
        "seed": 7,
        "pid": os.getpid(),
    }
    assert health["base_url"] == here.base_url


async def test_resource_urls_begin_with_the_address_that_is_listened_on():
    async with receiving() as receiver, serving(targets=(receiver.url,)) as served:
        served.stage.platform.apply("create", "ScenarioSession")
        await receiver.has(1)
        answer = await served.http.get(
            receiver.hooks[0]["data"]["resource-url"],
            headers={"Authorization": f"Token token={served.stage.platform.token}"},
        )

    assert answer.status == 200


async def test_resource_urls_begin_with_the_public_url_where_there_is_one():
    async with (
        receiving() as receiver,
        serving(targets=(receiver.url,), public_url="https://a.example/b") as served,
    ):
        session = served.stage.platform.apply("create", "ScenarioSession")
        await receiver.has(1)
        ready = served.here.ready

    url = f"https://a.example/b/api/v3/graphql/object/{session.id}"
    assert receiver.hooks[0]["data"]["resource-url"] == url
    # Whoever is told here asks from this machine.
    assert ready["base_url"].startswith("http://127.0.0.1:")


async def test_file_without_certificates_leaves_nothing_listening():
    one = stage(ca=__file__)
    with pytest.raises(UsageError, match=r"^ca: the file holds no certificates"):
        async with running(one):
            pass

    port = int(one.address.rpartition(":")[2])
    async with running(stage(port=port)) as here:
        assert here.base_url == one.address


async def test_two_simulators_have_two_free_ports():
    async with serving() as one, serving() as two:
        assert one.here.base_url != two.here.base_url


async def test_port_in_use_names_the_port_and_the_remedy():
    async with serving() as served:
        port = int(served.here.base_url.rpartition(":")[2])
        with pytest.raises(UsageError) as raised:
            async with running(stage(port=port)):
                pass

    assert str(raised.value) == (
        f"port: port {port} on 127.0.0.1 is in use. "
        "Stop what listens there, or choose another port; 0 takes a free one."
    )


async def test_port_is_free_again_after_the_stop():
    async with serving() as served:
        port = int(served.here.base_url.rpartition(":")[2])
        await served.control("GET", "health")
    async with running(stage(port=port)) as here:
        assert here.base_url == f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("host", "problem"),
    [("no-such-host.invalid", "the host 'no-such-host.invalid' is not known"), ("192.0.2.1", "192.0.2.1 is no address of this machine")],
)  # fmt: skip
async def test_host_that_cannot_be_had_is_a_usage_error(host, problem):
    with pytest.raises(UsageError) as raised:
        async with running(stage(host=host)):
            pass

    assert (raised.value.problem, raised.value.place) == (problem, "host")


async def test_ipv6_address_stands_in_brackets():
    async with running(stage(host="::1")) as here, aiohttp.ClientSession() as http:
        answer = await http.get(f"{here.base_url}/_simulator/health")

    assert answer.status == 200

    assert here.base_url.startswith("http://[::1]:")


async def test_stop_waits_for_nobody():
    async with receiving() as receiver, aiohttp.ClientSession() as http:
        receiver.hold.clear()
        one = stage(targets=(receiver.url,), timeout="1h")
        context = running(one)
        here = await context.__aenter__()
        one.platform.apply("create", "ScenarioSession")
        waits = [
            asyncio.ensure_future(http.post(f"{here.base_url}/_simulator/{path}", json={"within": "1h"}))
            for path in ("requests/wait", "deliveries/wait")
        ]
        await receiver.has(1)
        await until(lambda: len(here.live.pump._waiters) == 2)
        began = asyncio.get_running_loop().time()
        await context.__aexit__(None, None, None)
        took = asyncio.get_running_loop().time() - began
        answers = await asyncio.gather(*waits)

    assert took < 0.2
    assert [answer.status for answer in answers] == [409, 409]


async def test_client_in_the_middle_of_its_request_holds_up_the_stop_only_shortly():
    async with running(stage()) as here:
        port = int(here.base_url.rpartition(":")[2])
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n1")
        await writer.drain()
        async with aiohttp.ClientSession() as http, http.get(f"{here.base_url}/_simulator/health"):
            began = asyncio.get_running_loop().time()
    took = asyncio.get_running_loop().time() - began
    writer.close()

    assert took < 2


def test_nothing_heavy_is_loaded_before_it_listens():
    code = (
        "import asyncio, sys\n"
        "from simulator.control import Stage\n"
        "from simulator.server.run import running\n"
        "from simulator.settings import Settings\n"
        "async def main():\n"
        "    async with running(Stage(Settings(port=0))):\n"
        "        heavy = {'graphql', 'faker', 'jsonschema', 'yaml', 'click', 'rich'}\n"
        "        later = {f'simulator.{name}' for name in ('script', 'expect', 'graphql', 'report.text', 'routes', 'rest')}\n"
        "        print(*((heavy | later) & set(sys.modules)))\n"
        "asyncio.run(main())\n"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.stdout.strip(), done.stderr) == ("", "")
