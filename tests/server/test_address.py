"""An address is taken, or it is said why it cannot be had."""

from __future__ import annotations

import asyncio
import errno
import gzip
import socket

import aiohttp
import pytest
from aiohttp import web

from simulator.errors import UsageError
from simulator.server.address import _cannot_listen, answering, take_address


def test_free_port_is_taken_and_listens():
    with take_address("127.0.0.1", 0) as sock, socket.create_connection(sock.getsockname()):
        assert sock.getsockname()[1] > 0


def test_port_in_use_names_the_flag():
    with take_address("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError) as raised:
            take_address("127.0.0.1", port)

    assert (raised.value.problem, raised.value.place) == (f"port {port} on 127.0.0.1 is in use", "port")


@pytest.mark.parametrize(
    ("host", "problem"),
    [
        ("no-such-host.invalid", "the host 'no-such-host.invalid' is not known"),
        ("192.0.2.1", "192.0.2.1 is no address of this machine"),
    ],
)
def test_host_that_cannot_be_had_names_the_flag(host, problem):
    with pytest.raises(UsageError) as raised:
        take_address(host, 0)

    assert (raised.value.problem, raised.value.place) == (problem, "host")


def test_port_with_special_rights_is_a_usage_error():
    error = _cannot_listen(OSError(errno.EACCES, ""), "127.0.0.1", 80)

    assert str(error) == (
        "port: port 80 on 127.0.0.1 needs special rights. Choose a port above 1023; 0 takes a free one."
    )


async def test_application_answers_until_the_context_ends():
    sock = take_address("127.0.0.1", 0)
    url = f"http://127.0.0.1:{sock.getsockname()[1]}/"
    async with aiohttp.ClientSession() as http:
        async with answering(web.Application(), sock), http.get(url) as answer:
            status = answer.status
        with pytest.raises(aiohttp.ClientConnectionError):
            await http.get(url)

    assert status == 404


async def test_what_is_no_http_is_told_in_one_line(caplog):
    sock = take_address("127.0.0.1", 0)
    async with answering(web.Application(), sock):
        reader, writer = await asyncio.open_connection(*sock.getsockname())
        writer.write(b"GET / HTTP/1.1\r\nHost h\r\n\r\n")
        answer = await reader.read()
        writer.close()

    assert b" 400 " in answer
    assert caplog.text.count("\n") == 1
    assert "a request could not be read: " in caplog.text


async def test_mistake_of_ours_keeps_its_traceback(caplog):
    async def fail(_request: web.Request) -> web.Response:
        raise ZeroDivisionError

    app, sock = web.Application(), take_address("127.0.0.1", 0)
    app.router.add_get("/", fail)
    async with answering(app, sock), aiohttp.ClientSession() as http:
        answer = await http.get(f"http://127.0.0.1:{sock.getsockname()[1]}/")

    assert answer.status == 500
    assert "ZeroDivisionError" in caplog.text


async def test_as_it_comes_a_body_stays_compressed():
    sent, bodies = gzip.compress(b"{}"), []

    async def keep(request: web.Request) -> web.Response:
        bodies.append(await request.read())
        return web.Response()

    for plain in (True, False):
        app, sock = web.Application(), take_address("127.0.0.1", 0)
        app.router.add_post("/", keep)
        async with answering(app, sock, as_it_comes=not plain), aiohttp.ClientSession() as http:
            url = f"http://127.0.0.1:{sock.getsockname()[1]}/"
            await http.post(url, data=sent, headers={"Content-Encoding": "gzip"})

    assert bodies == [b"{}", sent]
