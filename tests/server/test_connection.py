"""A connection tells its owner of answers and of its end, and knows whether it can serve another post."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from simulator.server.connection import Connection
from simulator.server.response import Response
from tests.server.receiving import until

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Owner:
    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []

    def answered(self, connection: Connection, response: Response) -> None:
        assert response.head is not None
        self.told.append(("answered", response.head.status, connection.usable))

    def lost(self, connection: Connection, response: Response | None, failure: Exception | None) -> None:
        self.told.append(("lost", response is not None, type(failure).__name__))


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[Connection, socket.socket, Owner]]:
    """A connection, the socket at its other end, and its owner."""
    owner = Owner()
    with socket.create_server(("127.0.0.1", 0)) as server:
        sock = socket.create_connection(server.getsockname())
        other, _ = server.accept()
        other.setblocking(False)
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: Connection(owner, sock), sock=sock
        )
        with other:
            yield connection, other, owner
            connection.abort()
            await connection.gone


async def test_owner_is_told_of_each_answer_when_the_next_post_can_be_sent():
    async with connected() as (connection, other, owner):
        used = []
        for count in (1, 2):
            used.append(connection.used)
            connection.send(b"ping")
            assert not connection.usable
            assert await asyncio.get_running_loop().sock_recv(other, 4) == b"ping"
            other.send(ANSWER)
            await until(lambda count=count: len(owner.told) >= count)

    assert used == [False, True]
    assert owner.told[:2] == [("answered", 200, True), ("answered", 200, True)]


async def test_end_of_a_connection_is_told_with_what_was_due():
    async with connected() as (connection, other, owner):
        connection.send(b"ping")
        await asyncio.get_running_loop().sock_recv(other, 4)
        other.close()
        await connection.gone

    assert owner.told == [("lost", True, "NoneType")]


async def test_what_is_not_http_ends_it():
    async with connected() as (connection, other, owner):
        connection.send(b"ping")
        other.send(b"pong\r\n\r\n")
        await connection.gone

    assert owner.told == [("lost", True, "NotHttpError"), ("lost", False, "NoneType")]


async def test_what_nobody_asked_for_ends_it():
    async with connected() as (connection, other, owner):
        other.send(ANSWER)
        await connection.gone
        assert not connection.usable

    assert owner.told[:1] == [("lost", False, "NoneType")]


async def test_answer_so_far_is_returned_by_abort_and_not_told():
    async with connected() as (connection, other, owner):
        connection.send(b"ping")
        other.send(ANSWER[:20])
        await until(lambda: connection._response is not None and connection._response.begun)
        response = connection.abort()
        await connection.gone

    assert response is not None
    assert owner.told == [("lost", False, "NoneType")]


async def test_what_the_other_machine_has_not_taken_is_known():
    async with connected() as (connection, other, _):
        assert not connection.untaken
        connection.send(b"ping")
        # Taken as soon as it is confirmed, whether or not anybody reads it.
        await until(lambda: not connection.untaken)
        other.recv(4)
        other.close()
        connection.send(b"ping")
        assert connection.untaken


async def test_nothing_is_known_of_a_socket_that_is_closed():
    async with connected() as (connection, _, _):
        connection.abort()
        await connection.gone
        await until(lambda: connection._sock.fileno() == -1)

        assert not connection.untaken
