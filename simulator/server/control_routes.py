"""The control side over HTTP: binds the table of operations to aiohttp.

Decides how a request becomes an ``Ask`` and a ``Reply`` a response, and turns usage errors into problem details. It
must not know any operation: paths, parameters and contracts are the table's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import suppress
from typing import Protocol, TypeVar

from aiohttp import web

from simulator import contracts
from simulator.control import (
    OPERATIONS,
    PROBLEM,
    Ask,
    MethodError,
    Operation,
    Reply,
    Stage,
    find,
    problem_of,
    read_query,
)
from simulator.effects import Effect
from simulator.errors import PlatformError, ScopeSimulatorError, UsageError
from simulator.server.middleware import CONTROL_PREFIX, Handler, body_at_hand, read_body
from simulator.server.streaming import send_stream
from simulator.wire import JSON, dump, load

__all__ = ["Driver", "Workshop", "control_handler"]

T = TypeVar("T")

_JSON_TYPES = ("application/json",)
_TEXT_TYPES = (
    *_JSON_TYPES,
    "application/yaml",
    "application/x-yaml",
    "text/yaml",
    "text/x-yaml",
    "text/plain",
)
_DESCRIBED = "GET /_simulator/openapi.json describes it."


class Driver(Protocol):
    """Who runs work that waits; ``server.pump.Pump`` is one."""

    def drive(self, work: Generator[Effect, bool, T]) -> Awaitable[T]:
        """Run ``work`` to its end."""

    def nudge(self) -> None:
        """Look at the platform again soon."""

    def commit(self) -> None:
        """Return when what has happened may be told to others."""


class Workshop(Protocol):
    """Where work is done: by ``pump``; what goes on after an answer is kept in ``background``."""

    @property
    def pump(self) -> Driver:
        """Who runs it."""

    @property
    def background(self) -> set[asyncio.Task[None]]:
        """What is running."""


def control_handler(stage: Stage, workshop: Callable[[], Workshop], closing: asyncio.Event) -> Handler:
    """Return the handler of all below ``/_simulator/``; ``closing`` is set when the simulator stops."""

    async def carry_out(request: web.BaseRequest) -> web.StreamResponse:
        found = find(OPERATIONS, request.method, request.rel_url.raw_path.removeprefix(CONTROL_PREFIX))
        operation = found.operation
        given = dict(request.query)
        if operation.streams and (last := request.headers.get("Last-Event-ID")):
            given["after"] = last
        query = read_query(operation, given)
        body = await _body(request, operation, stage.settings.max_body)
        result = operation.function(stage, Ask(found.path, query, body))
        live = workshop()
        reply = result if isinstance(result, Reply) else await live.pump.drive(result)
        live.pump.nudge()
        if reply.stream is not None:
            return await send_stream(request, reply.stream, closing, commit=live.pump.commit)
        if reply.background is not None:
            task = asyncio.get_running_loop().create_task(_go_on(live.pump, reply.background))
            live.background.add(task)
            task.add_done_callback(live.background.discard)
        return _respond(reply.status or operation.status, reply.body)

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        try:
            return await carry_out(request)
        except UsageError as error:
            described = problem_of(error)
            response = _respond(int(str(described["status"])), described)
            if isinstance(error, MethodError):
                response.headers["Allow"] = ", ".join(error.allowed)
            return response

    return handle


async def _go_on(driver: Driver, work: Generator[Effect, bool, object]) -> None:
    # A reset or the end may come in between: the work itself has noted that where somebody will look.
    with suppress(ScopeSimulatorError):
        await driver.drive(work)


async def _body(request: web.BaseRequest, operation: Operation, most: int) -> JSON:
    """Return the body: for most operations JSON that fits the contract, for some the text itself."""
    if not operation.body:
        return None
    raw = body_at_hand(request, most)
    if raw is None:
        raw = await read_body(request, most)
    if len(raw) > most:
        raise PlatformError(
            413, f"The body has more than {most} bytes; the setting max_body moves this limit."
        )
    if not raw.strip():
        if operation.body_required:
            raise UsageError("the body is missing", remedy=_DESCRIBED)
        return None
    kinds = _TEXT_TYPES if operation.takes_text else _JSON_TYPES
    if "Content-Type" not in request.headers or request.content_type not in kinds:
        given = request.headers.get("Content-Type", "none")
        raise PlatformError(415, f"The body's Content-Type must be {' or '.join(kinds)}, not {given}.")
    try:
        if operation.takes_text:
            return raw.decode()
        value = load(raw)
    except ValueError as error:
        raise UsageError(f"the body cannot be read: {error}", remedy=_DESCRIBED) from None
    contracts.check(operation.body, value)
    return value


def _respond(status: int, body: JSON) -> web.Response:
    if body is None:
        return web.Response(status=status)
    kind = PROBLEM if status >= 400 else "application/json; charset=utf-8"
    return web.Response(status=status, body=dump(body), headers={"Content-Type": kind})
