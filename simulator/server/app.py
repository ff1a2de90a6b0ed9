"""The aiohttp application: both sides of one stage, with the pump in the application's own loop.

Decides how the parts of the server fit together and in which order they start and stop. It must not listen: see
``run`` for that, or hand the application to any server, such as pytest-aiohttp's ``aiohttp_client``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import field
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Middleware

from simulator.control import Stage
from simulator.server.control_routes import control_handler
from simulator.server.middleware import CONTROL_PREFIX, Gate, Handler
from simulator.server.platform_routes import platform_handler
from simulator.server.pump import Pump
from simulator.server.sender import Sender
from simulator.server.tls import tls_context
from simulator.values import dataclass

__all__ = ["LIVE", "Live", "base_url_of", "make_app"]


@dataclass(frozen=True, slots=True)
class Live:
    """What runs while an application does: the stage, its pump, the loop both live in, and scripts that are playing."""

    stage: Stage
    pump: Pump
    loop: asyncio.AbstractEventLoop
    background: set[asyncio.Task[None]] = field(default_factory=set)


LIVE: web.AppKey[Live] = web.AppKey("live", Live)
"""Where a started application holds its ``Live``."""


def make_app(stage: Stage) -> web.Application:
    """Return the application of ``stage``; UsageError when receivers' certificates cannot be checked as was asked for.

    The stage's address is the caller's to set. Unset, it becomes that of the first request: an application in somebody
    else's server cannot know its own address before.
    """
    settings = stage.start_settings
    tls = tls_context(settings)
    public = urlsplit(settings.public_url or "").hostname
    hosts = frozenset({settings.host, *settings.allow_hosts, *([public] if public else ())})
    middlewares = [Gate(hosts, stage.control_token, stage.guarded, stage.note).middleware]
    if not stage.address:
        stage.found_at(base_url_of(settings.host, settings.port))
        middlewares.append(_learn_address(stage))
    app = web.Application(middlewares=middlewares)

    closing = asyncio.Event()

    async def lifetime(app: web.Application) -> AsyncIterator[None]:
        sender = Sender(tls)
        pump = Pump(stage.platform, sender)
        unwatch = stage.watch(pump.swap)
        app[LIVE] = Live(stage, pump, asyncio.get_running_loop())
        yield
        unwatch()
        await sender.close()

    async def stop(app: web.Application) -> None:
        # Before the connections: whoever waits in a handler gets an answer, so that no connection is waited for.
        closing.set()
        await app[LIVE].pump.close()
        await asyncio.gather(*app[LIVE].background)

    app.cleanup_ctx.append(lifetime)
    app.on_shutdown.append(stop)
    app.router.add_route("*", "/{tail:.*}", _either(stage, lambda: app[LIVE], closing))
    return app


def _either(stage: Stage, live: Callable[[], Live], closing: asyncio.Event) -> Handler:
    """Return the handler of both sides; a router with a route for each would be made anew for each test."""
    control, platform = control_handler(stage, live), platform_handler(stage, closing)

    async def handle(request: web.Request) -> web.StreamResponse:
        path = request.rel_url.raw_path
        side = control if f"{path}/".startswith(f"{CONTROL_PREFIX}/") else platform
        return await side(request)

    return handle


def base_url_of(host: str, port: int) -> str:
    """Return the address to ask; a host that means every address is reached by the loopback one."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - only compared
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _learn_address(stage: Stage) -> Middleware:
    learned = False

    @web.middleware
    async def learn(request: web.Request, handler: Handler) -> web.StreamResponse:
        nonlocal learned
        if not learned:
            learned = True
            stage.found_at(f"{request.scheme}://{request.host}")
        return await handler(request)

    return learn
