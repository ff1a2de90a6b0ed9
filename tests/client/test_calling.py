"""A simulator elsewhere is driven through the same table; whatever is in the way is told in words."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import web

from simulator import __version__
from simulator.client import BlockingClient, Client, ProblemError
from simulator.client.calling import _in_words
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
    with BlockingClient(scope.base_url + ending) as remote:
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
    with BlockingClient(scope.base_url) as remote:
        with pytest.raises(ProblemError) as raised:
            remote.call("remove_target", path={"id": "9"})
        with pytest.raises(ExpectationError, match="expectation not met: a request"):
            remote.call("wait_requests", body={"within": 0.01})

    assert (raised.value.status, str(raised.value)) == (404, "there is no target '9'. Targets: none.")


def test_unknown_operation_is_named(scope):
    with BlockingClient(scope.base_url) as remote, pytest.raises(NotFoundError, match="Did you mean reset"):
        remote.call("rest")


def test_beyond_loopback_the_token_is_needed_and_sent():
    with Simulator(host="0.0.0.0") as scope:
        with (
            pytest.raises(ProblemError, match="the token was given or printed"),
            BlockingClient(scope.base_url),
        ):
            pass
        with BlockingClient(scope.base_url, token=scope._live.stage.control_token) as remote:
            assert remote.call("clock")["mode"] == "max"


def test_nobody_there_names_the_remedy():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(UsageError) as raised, BlockingClient(url):
        pass

    assert str(raised.value) == (
        f"no simulator answers at {url}; found nobody listens there. Start one with: scope-simulator serve"
    )


async def hang_up(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    pass


async def reset(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    linger = b"\1\0\0\0\0\0\0\0"
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


async def talk_otherwise(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.example ESMTP\r\n")


async def say_nothing(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


@asynccontextmanager
async def listening(talk: Callable[..., Awaitable[None]]) -> AsyncIterator[str]:
    """Listen for connections with which ``talk`` does as it likes; all are closed in the end."""
    writers: list[asyncio.StreamWriter] = []

    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        await talk(reader, writer)
        writer.close()

    server = await asyncio.start_server(met, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    for writer in writers:
        with suppress(OSError):
            await writer.wait_closed()


@pytest.mark.parametrize(
    ("talk", "scheme", "found"),
    [
        pytest.param(hang_up, "http", "what answers hangs up", id="closed"),
        pytest.param(reset, "http", "what answers hangs up", id="reset"),
        pytest.param(talk_otherwise, "http", "what answers does not speak HTTP", id="no HTTP"),
        pytest.param(say_nothing, "http", "no answer in time", id="silence"),
        pytest.param(
            talk_otherwise, "https", "no TLS, or a certificate that this machine does not trust", id="no TLS"
        ),
    ],
)
async def test_what_does_not_answer_as_a_simulator_is_told_plainly(talk, scheme, found, monkeypatch):
    monkeypatch.setattr("simulator.client.calling._PATIENCE", 0.2)
    async with listening(talk) as address:
        url = f"{scheme}://{address}"
        with pytest.raises(UsageError) as raised:
            async with Client(url):
                pass

    assert (raised.value.problem, raised.value.found) == (f"no simulator answers at {url}", found)


async def test_host_that_nobody_knows_is_told_plainly():
    with pytest.raises(UsageError) as raised:
        async with Client("http://no-such-host.invalid"):
            pass

    assert raised.value.found == "the host no-such-host.invalid is not known"


def test_socket_errors_that_no_test_can_provoke_have_words_too():
    assert _in_words(OSError(errno.ENETUNREACH, "x")) == os.strerror(errno.ENETUNREACH).lower()


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
