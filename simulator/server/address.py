"""An address to listen on: takes it, has a handler answer there, and lets it go again.

Decides how an address is taken and what is said when it cannot be had. It must not know what is served. Stopping polls for
nothing and sleeps for nothing.
"""

from __future__ import annotations

import errno
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

from aiohttp import HttpVersion11, web
from aiohttp.http_exceptions import HttpProcessingError

from simulator.errors import UsageError
from simulator.server.middleware import Handler

__all__ = ["Ending", "answering", "take_address"]

Ending: TypeAlias = Callable[[], Awaitable[None]]
"""What is done at the end."""

_UNFINISHED = 0.25
"""Wall seconds that a client in the middle of its request is given when we stop."""


_log = logging.getLogger("simulator.http")


def _in_one_line(record: logging.LogRecord) -> bool:
    """Tell what is no HTTP in one line: it is no mistake of ours, so a traceback would only frighten."""
    failure = record.exc_info[1] if record.exc_info else None
    if isinstance(failure, HttpProcessingError):
        record.msg, record.exc_info = "a request could not be read: %s", None
        record.args = (" ".join(failure.message.split()),)
    return True


_log.addFilter(_in_one_line)


def take_address(host: str, port: int) -> socket.socket:
    """Return a socket that listens there, port 0 for a free one.

    Raises UsageError, whose place is the setting's name, when that address cannot be had.
    """
    try:
        family, *_, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError):
        raise UsageError(
            f"the host {host!r} is not known", place="host", remedy="Give an address of this machine."
        ) from None
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        # Else a port stays taken for a minute after the last simulator on it has gone. On Windows the option means
        # something else: that several may listen.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, os.name == "posix")
        sock.bind(address)
        sock.listen(128)
    except OSError as error:
        sock.close()
        raise _cannot_listen(error, host, port) from None
    sock.settimeout(0)
    return sock


@asynccontextmanager
async def answering(
    handler: Handler, sock: socket.socket, *, ending: Ending | None = None, as_it_comes: bool = False
) -> AsyncIterator[None]:
    """Have ``handler`` answer whatever is asked at ``sock``, which is the caller's, until the context ends.

    ``ending`` is awaited then, before the connections are closed, so that whoever waits in the handler gets an answer.
    ``as_it_comes``: a body arrives compressed where it was sent so, and a request is carried out though its sender has
    gone.
    """

    def answer(request: web.BaseRequest) -> Awaitable[web.StreamResponse]:
        return _after_leave(request, handler) if "Expect" in request.headers else handler(request)

    # No aiohttp application: its router and signals would be made anew for each test, and passed by each request.
    server = web.Server(
        answer,
        access_log=None,
        logger=_log,
        handler_cancellation=not as_it_comes,
        auto_decompress=not as_it_comes,
    )
    runner = _Runner(server, ending)
    try:
        await runner.setup()
        await web.SockSite(runner, sock).start()
        yield
    finally:
        await runner.cleanup()


class _Runner(web.ServerRunner):
    """Tells of the end before it closes the connections."""

    def __init__(self, server: web.Server, ending: Ending | None) -> None:
        super().__init__(server, shutdown_timeout=_UNFINISHED)
        self._ending = ending

    async def shutdown(self) -> None:
        if self._ending is not None:
            await self._ending()


async def _after_leave(request: web.BaseRequest, handler: Handler) -> web.StreamResponse:
    """Answer a client that waits for leave to send its body, as curl does with a large one, once it was told that it may."""
    if request.version >= HttpVersion11:
        if request.headers["Expect"].lower() != "100-continue":
            raise web.HTTPExpectationFailed
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        # Nothing of the answer itself has been sent.
        request.writer.output_size = 0
    return await handler(request)


def _cannot_listen(error: OSError, host: str, port: int) -> UsageError:
    if error.errno == errno.EADDRINUSE:
        return UsageError(
            f"port {port} on {host} is in use",
            place="port",
            remedy="Stop what listens there, or choose another port; 0 takes a free one.",
        )
    if error.errno == errno.EACCES:
        return UsageError(
            f"port {port} on {host} needs special rights",
            place="port",
            remedy="Choose a port above 1023; 0 takes a free one.",
        )
    return UsageError(
        f"{host} is no address of this machine",
        place="host",
        found=os.strerror(error.errno or 0).lower(),
        remedy="Leave the host out to listen on 127.0.0.1.",
    )
