"""A simulator elsewhere is driven through the same table; whatever is in the way is told in words."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from aiohttp import web

from simulator import __version__
from simulator.client import Client, ProblemError, Remote
from simulator.errors import ExpectationError, NotFoundError, UsageError
from simulator.server.handle import Simulator
from tests.server.receiving import receiving

SCRIPT = "title: x\nseed: 9\nsteps: [{create: Call}, {expect: {answered: {event: create}}}]\n"


@pytest.fixture
def scope() -> Iterator[Simulator]:
    with Simulator() as running:
        yield running


@pytest.mark.parametrize("ending", ["", "/", "/_simulator", "/_simulator/"])
def test_simulator_is_found_by_any_of_its_addresses(scope, ending):
    with Remote(scope.base_url + ending) as remote:
        assert remote.call("health")["base_url"] == scope.base_url


async def test_operations_take_paths_queries_and_bodies():
    async with receiving() as receiver, Simulator() as scope, Client(scope.base_url) as client:
        target = await client.call("add_target", body={"url": receiver.url})
        made = await client.call("create_resource", path={"resource": "Call"}, query={"by": "integrator"})
        read = await client.call("read_resource", path={"resource": made["id"]})
        run = await client.call("play", query={"wait": "true"}, body=SCRIPT)
        gone = await client.call("remove_target", path={"id": target["id"]})

    assert (read, run["state"], gone) == (made, "passed", None)
    assert receiver.words[-1] == "create"


def test_objection_of_the_simulator_is_worded_by_it(scope):
    with Remote(scope.base_url) as remote:
        with pytest.raises(ProblemError) as raised:
            remote.call("remove_target", path={"id": "9"})
        with pytest.raises(ExpectationError, match="expectation not met: a request"):
            remote.call("wait_requests", body={"within": 0.01})

    assert (raised.value.status, str(raised.value)) == (404, "there is no target '9'. Targets: none.")


def test_unknown_operation_is_named(scope):
    with Remote(scope.base_url) as remote, pytest.raises(NotFoundError, match="Did you mean reset"):
        remote.call("rest")


def test_beyond_loopback_the_token_is_needed_and_sent():
    with Simulator(host="0.0.0.0") as scope:
        with pytest.raises(ProblemError, match="the token was printed at the start"), Remote(scope.base_url):
            pass
        with Remote(scope.base_url, token=scope._live.stage.control_token) as remote:
            assert remote.call("clock")["mode"] == "max"


def test_nobody_there_names_the_remedy():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(UsageError) as raised, Remote(url):
        pass

    assert raised.value.problem == f"no simulator answers at {url}"
    assert raised.value.remedy == "Start one with: scope-simulator serve"


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("127.0.0.1:7267", "Did you mean http://127.0.0.1:7267?"),
        ("ftp://localhost", "only http and https"),
        ("http://", "names no host"),
        ("http://[::1", "cannot be read"),
    ],
)
def test_address_that_is_none_is_told(url, text):
    with pytest.raises(UsageError) as raised:
        Client(url)

    assert text in str(raised.value)


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        (200, "<html>", "what answers at {url} is no simulator"),
        (404, '{"message": "x"}', "what answers at {url} is no simulator"),
        (200, "[]", "what answers at {url} is no simulator"),
        (200, '{"version": "99.0.0"}', "the simulator at {url} is of another version"),
    ],
    ids=["no-json", "no-problem", "no-version", "other-version"],
)
async def test_what_is_no_simulator_or_another_is_told(status, body, problem):
    async def answer(_request: web.BaseRequest) -> web.Response:
        return web.Response(status=status, text=body)

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        with pytest.raises(UsageError) as raised:
            async with Client(url):
                pass
    finally:
        await runner.cleanup()

    assert raised.value.problem == problem.format(url=url)
    assert raised.value.expected == (__version__ if "99" in body else None)
