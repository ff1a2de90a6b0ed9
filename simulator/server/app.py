"""Both sides of one stage and the pump that drives it, in the loop of whatever server they are behind.

Decides how the parts of the server fit together and in which order they start and stop. It must not listen: see
``run`` for that, or hand the aiohttp application to any server, such as pytest-aiohttp's ``aiohttp_client``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import field
from urllib.parse import urlsplit

from aiohttp import web

from simulator.control import Stage
from simulator.errors import PlatformError, UsageError
from simulator.server.control_routes import control_handler
from simulator.server.explorer import EXPLORER, explorer_handler
from simulator.server.middleware import CONTROL_PREFIX, Gate, Handler, is_below
from simulator.server.platform_routes import platform_handler
from simulator.server.pump import Pump
from simulator.server.sender import Sender
from simulator.server.tls import tls_context
from simulator.values import dataclass

__all__ = ["LIVE", "Live", "Service", "base_url_of", "make_app"]


@dataclass(frozen=True, slots=True)
class Live:
    """What runs while a service does: the stage, its pump, the loop both live in, and scripts that are playing."""

    stage: Stage
    pump: Pump
    loop: asyncio.AbstractEventLoop
    background: set[asyncio.Task[None]] = field(default_factory=set)


LIVE: web.AppKey[Live] = web.AppKey("live", Live)
"""Where a started application holds its ``Live``."""


class Service:
    """Both sides of a stage, whatever server they are behind; ``handle`` answers while it is started.

    Raises UsageError when receivers' certificates cannot be checked as was asked for. The stage's address is the caller's to
    set. Unset, it becomes that of the first request: an application in somebody else's server cannot know its own before.
    """

    live: Live

    def __init__(self, stage: Stage) -> None:
        settings = stage.start_settings
        self._stage = stage
        self._tls = tls_context(settings)
        public = urlsplit(settings.public_url or "").hostname
        hosts = frozenset({settings.host, *settings.allow_hosts, *([public] if public else ())})
        self._closing = asyncio.Event()
        handle = _either(stage, lambda: self.live, self._closing)
        if not stage.address:
            stage.found_at(base_url_of(settings.host, settings.port))
            handle = _learning_address(stage, handle)
        gate = Gate(hosts, stage.control_token, stage.guarded, stage.note, self._commit)
        self.handle = gate.around(handle)

    def start(self) -> Live:
        """Begin to drive the stage in the loop that runs."""
        self._sender = Sender(self._tls)
        commit = self._stage.commit if self._stage.remembers else None
        pump = Pump(self._stage.platform, self._sender, commit=commit)
        if self._stage.remembers:
            # Something may be due from before.
            pump.nudge()
        self._unwatch = self._stage.watch(pump.swap)
        self.live = Live(self._stage, pump, asyncio.get_running_loop())
        return self.live

    async def stop(self) -> None:
        """End what goes on, before the connections: whoever waits in a handler gets an answer."""
        self._closing.set()
        await self.live.pump.close()
        await asyncio.gather(*self.live.background)

    def _commit(self) -> None:
        try:
            self.live.pump.commit()
        except UsageError as failure:
            raise PlatformError(503, f"The simulator has stopped. {failure}") from None

    async def close(self) -> None:
        """Let go of the stage, after the connections."""
        self._unwatch()
        await self._sender.close()


def make_app(stage: Stage) -> web.Application:
    """Return the application of ``stage``, to be mounted in any server of aiohttp's; UsageError as for ``Service``."""
    service = Service(stage)
    app = web.Application()

    async def lifetime(app: web.Application) -> AsyncIterator[None]:
        app[LIVE] = service.start()
        yield
        await service.close()
        stage.close()

    async def stop(_app: web.Application) -> None:
        await service.stop()

    app.cleanup_ctx.append(lifetime)
    app.on_shutdown.append(stop)
    app.router.add_route("*", "/{tail:.*}", service.handle)
    return app


def _either(stage: Stage, live: Callable[[], Live], closing: asyncio.Event) -> Handler:
    """Return the handler of both sides, and of the explorer."""
    control, platform = control_handler(stage, live, closing), platform_handler(stage, closing)
    explorer = explorer_handler(stage)
    ours = (CONTROL_PREFIX, EXPLORER)

    def handle(request: web.BaseRequest) -> Awaitable[web.StreamResponse]:
        if not request.rel_url.raw_path.startswith(ours):
            return platform(request)
        if is_below(CONTROL_PREFIX, request):
            return control(request)
        return (explorer if is_below(EXPLORER, request) else platform)(request)

    return handle


def base_url_of(host: str, port: int) -> str:
    """Return the address to ask; a host that means every address is reached by the loopback one."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - only compared
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _learning_address(stage: Stage, handler: Handler) -> Handler:
    learned = False

    async def learn(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal learned
        if not learned:
            learned = True
            stage.found_at(f"{request.scheme}://{request.host}")
        return await handler(request)

    return learn
