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


async def nothing(_request: web.BaseRequest) -> web.Response:
    return web.Response(status=404)


async def test_handler_answers_until_the_context_ends():
    sock = take_address("127.0.0.1", 0)
    url = f"http://127.0.0.1:{sock.getsockname()[1]}/"
    async with aiohttp.ClientSession() as http:
        async with answering(nothing, sock), http.get(url) as answer:
            status = answer.status
        with pytest.raises(aiohttp.ClientConnectionError):
            await http.get(url)

    assert status == 404


async def test_what_is_no_http_is_told_in_one_line(caplog):
    sock = take_address("127.0.0.1", 0)
    async with answering(nothing, sock):
        reader, writer = await asyncio.open_connection(*sock.getsockname())
        writer.write(b"GET / HTTP/1.1\r\nHost h\r\n\r\n")
        answer = await reader.read()
        writer.close()

    assert b" 400 " in answer
    assert caplog.text.count("\n") == 1
    assert "a request could not be read: " in caplog.text


async def test_mistake_of_ours_keeps_its_traceback(caplog):
    async def fail(_request: web.BaseRequest) -> web.Response:
        raise ZeroDivisionError

    sock = take_address("127.0.0.1", 0)
    async with answering(fail, sock), aiohttp.ClientSession() as http:
        answer = await http.get(f"http://127.0.0.1:{sock.getsockname()[1]}/")

    assert answer.status == 500
    assert "ZeroDivisionError" in caplog.text


async def test_as_it_comes_a_body_stays_compressed():
    sent, bodies = gzip.compress(b"{}"), []

    async def keep(request: web.BaseRequest) -> web.Response:
        bodies.append(await request.read())
        return web.Response()

    for plain in (True, False):
        sock = take_address("127.0.0.1", 0)
        async with answering(keep, sock, as_it_comes=not plain), aiohttp.ClientSession() as http:
            url = f"http://127.0.0.1:{sock.getsockname()[1]}/"
            await http.post(url, data=sent, headers={"Content-Encoding": "gzip"})

    assert bodies == [b"{}", sent]


@pytest.mark.parametrize(
    ("version", "expected", "lines"),
    [
        ("1.1", "100-Continue", [b"HTTP/1.1 100 Continue", b"", b"HTTP/1.1 200 OK"]),
        ("1.1", "more", [b"HTTP/1.1 417 Expectation Failed"]),
        ("1.0", "100-continue", [b"HTTP/1.0 200 OK"]),
    ],
    ids=["leave", "unknown", "old"],
)
async def test_client_that_waits_for_leave_to_send_its_body_gets_it(version, expected, lines):
    async def echo(request: web.BaseRequest) -> web.Response:
        return web.Response(body=await request.read())

    sock = take_address("127.0.0.1", 0)
    async with answering(echo, sock):
        reader, writer = await asyncio.open_connection(*sock.getsockname())
        head = f"POST / HTTP/{version}\r\nHost: h\r\nConnection: close\r\nContent-Length: 2\r\nExpect: {expected}\r\n\r\n"
        writer.write(head.encode())
        came = b""
        if len(lines) > 1:
            came = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"ok")
        came += await reader.read()
        writer.close()

    assert came.split(b"\r\n")[: len(lines)] == lines
    assert came.endswith(b"ok") is (b"417" not in came)


async def test_whoever_waits_is_answered_before_the_connections_are_closed():
    begun, over = asyncio.Event(), asyncio.Event()

    async def wait(_request: web.BaseRequest) -> web.Response:
        begun.set()
        await over.wait()
        return web.Response(text="over")

    async def end() -> None:
        over.set()

    sock = take_address("127.0.0.1", 0)
    async with aiohttp.ClientSession() as http:
        async with answering(wait, sock, ending=end):
            asking = asyncio.ensure_future(http.get(f"http://127.0.0.1:{sock.getsockname()[1]}/"))
            await begun.wait()
        answer = await asking

        assert await answer.text() == "over"
