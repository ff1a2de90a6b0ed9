"""An address to listen on: takes it, has an application answer there, and lets it go again.

Decides how an address is taken and what is said when it cannot be had. It must not know what is served. Stopping polls for
nothing and sleeps for nothing.
"""

from __future__ import annotations

import errno
import logging
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from simulator.errors import UsageError

__all__ = ["answering", "take_address"]

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
    app: web.Application, sock: socket.socket, *, as_it_comes: bool = False
) -> AsyncIterator[None]:
    """Have ``app`` answer at ``sock``, which is the caller's, until the context ends.

    ``as_it_comes``: a body arrives compressed where it was sent so, and a request is carried out though its sender has
    gone.
    """
    runner = web.AppRunner(
        app,
        access_log=None,
        logger=_log,
        shutdown_timeout=_UNFINISHED,
        handler_cancellation=not as_it_comes,
        auto_decompress=not as_it_comes,
    )
    try:
        await runner.setup()
        await web.SockSite(runner, sock).start()
        yield
    finally:
        await runner.cleanup()


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
