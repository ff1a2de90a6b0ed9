"""The way to a simulator elsewhere: what is wrong names the flag, the address and what to do."""

from __future__ import annotations

import pytest
from aiohttp import web

from simulator.cli.connect import connected
from simulator.errors import UsageError
from simulator.settings import resolve
from tests.server.serving import serving


async def test_client_of_a_simulator_that_is_there():
    async with serving() as served, connected(served.here.base_url, resolve()) as client:
        health = await client.call("health")

    assert health["base_url"] == served.here.base_url


async def test_error_of_what_is_done_there_is_nobody_elses():
    async with serving() as served:
        with pytest.raises(UsageError) as raised:
            async with connected(served.here.base_url, resolve()):
                raise UsageError("mine")

    assert str(raised.value) == "mine."


@pytest.mark.parametrize(
    ("api", "message"),
    [
        (
            "127.0.0.1:9",
            "--api: the URL does not begin with http:// or https://; expected an address such as "
            "http://127.0.0.1:8000/hooks, found '127.0.0.1:9'. Did you mean http://127.0.0.1:9?",
        ),
        (
            "http://127.0.0.1:9",
            "--api: no simulator answers at http://127.0.0.1:9; found nobody listens there. "
            "Start one with: scope-simulator serve",
        ),
    ],
)
async def test_nobody_at_the_address(api, message):
    with pytest.raises(UsageError) as raised:
        async with connected(api, resolve()):
            pass

    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "hello",
            "--api: what answers at {url} is no simulator. Give the address that scope-simulator serve prints.",
        ),
        (
            '{"version": "99.0.0"}',
            "--api: the simulator at {url} is of another version; expected {version}, found 99.0.0. "
            "Install the same version on both sides.",
        ),
    ],
)
async def test_somebody_else_at_the_address(text, message):
    from simulator import __version__

    async def answer(_request: web.BaseRequest) -> web.Response:
        return web.Response(text=text)

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        with pytest.raises(UsageError) as raised:
            async with connected(url, resolve()):
                pass
    finally:
        await runner.cleanup()

    assert str(raised.value) == message.format(url=url, version=__version__)


@pytest.mark.parametrize(
    ("given", "found"), [({}, "none"), ({"SCOPE_SIMULATOR_CONTROL_TOKEN": "x"}, "another one")]
)
async def test_token_that_is_missing_or_wrong(given, found):
    async with serving(control_token="mine") as served:
        with pytest.raises(UsageError) as raised:
            async with connected(served.here.base_url, resolve(environ=given)):
                pass

    assert str(raised.value) == (
        f"{next(iter(given), '--control-token')}: the simulator at {served.here.base_url} asks for its control token; "
        f"found {found}. Give the one that it told at its start, with --control-token or SCOPE_SIMULATOR_CONTROL_TOKEN."
    )


async def test_name_that_it_does_not_answer_to_is_worded_by_it():
    async with serving() as served:
        port = served.here.base_url.rpartition(":")[2]
        with pytest.raises(UsageError) as raised:
            async with connected(f"http://0.0.0.0:{port}", resolve()):
                pass

    assert str(raised.value).startswith(f"The simulator does not answer to the host '0.0.0.0:{port}'. ")
