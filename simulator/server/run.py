"""Listens: starts a stage's application on an address, says where it is, and stops it cleanly.

Decides on the address and on what "ready" tells. It must not decide what is served. Stopping polls for nothing and
sleeps for nothing: posts are cancelled, waits end, connections close.
"""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from simulator.control import Stage
from simulator.errors import UsageError
from simulator.server.app import LIVE, Live, base_url_of, make_app
from simulator.server.middleware import CONTROL_PREFIX
from simulator.values import dataclass
from simulator.wire import JSON

__all__ = ["Running", "running"]

_UNFINISHED = 0.25
"""Wall seconds that a client in the middle of its request is given when we stop."""


@dataclass(frozen=True, slots=True)
class Running:
    """A simulator that listens."""

    live: Live
    base_url: str

    @property
    def ready(self) -> dict[str, JSON]:
        """Return what somebody needs to use it, by the keys that ``serve --json`` and ``--ready-file`` promise."""
        platform = self.live.stage.platform
        return {
            "ready": True,
            "base_url": self.base_url,
            "graphql_url": f"{self.base_url}/api/v3/graphql",
            "control_url": f"{self.base_url}{CONTROL_PREFIX}/",
            "token": platform.token,
            "username": platform.username,
            "password": platform.password,
            "control_token": self.live.stage.control_token,
            "seed": platform.settings.seed,
            "pid": os.getpid(),
        }


@asynccontextmanager
async def running(stage: Stage) -> AsyncIterator[Running]:
    """Listen at the stage's host and port (0 takes a free one) until the context ends.

    Raises UsageError, whose place is the setting's name, when that address cannot be had.
    """
    settings = stage.start_settings
    sock = _listen(settings.host, settings.port)
    try:
        stage.found_at(base_url_of(settings.host, sock.getsockname()[1]))
        app = make_app(stage)
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=_UNFINISHED)
        try:
            await runner.setup()
            await web.SockSite(runner, sock).start()
            yield Running(app[LIVE], stage.address)
        finally:
            await runner.cleanup()
    finally:
        sock.close()


def _listen(host: str, port: int) -> socket.socket:
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
