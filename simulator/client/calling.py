"""Carries out operations on a simulator that runs elsewhere, through the table that its control side is made of.

Decides how a row of the table becomes an HTTP request and how a problem becomes an error again. It must not know any
operation by itself. ``Client`` is awaited, ``BlockingClient`` blocks.
"""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import AsyncGenerator, Coroutine, Iterable, Iterator, Mapping
from typing import Any, Self, TypeVar
from urllib.parse import quote, urlsplit

import aiohttp

from simulator import __version__
from simulator.addresses import check_url
from simulator.client.awaited import AwaitedOperations
from simulator.client.blocking import BlockingOperations
from simulator.client.events import Events
from simulator.client.shapes import NOTHING, Shown, Subject, id_or_none, in_query, listed, shown
from simulator.control import Operation, operation
from simulator.errors import ExpectationError, StateError, UsageError
from simulator.wire import JSON, dump, load

__all__ = ["BlockingClient", "Client", "ProblemError"]

T = TypeVar("T")

_PREFIX = "/_simulator/"
_PATIENCE = 30.0
"""Wall seconds for an answer of an operation that does not wait."""

_STREAM_PATIENCE = 60.0
"""Wall seconds without a sign of life after which a stream is taken to be dead; a sign comes every 15."""


class ProblemError(UsageError):
    """What the simulator objected to; ``status`` and ``problem`` are its problem details' own."""

    def __init__(self, problem: str, *, status: int = 400, remedy: str | None = None) -> None:
        self.status = status
        super().__init__(problem, remedy=remedy)

    def __str__(self) -> str:
        # It was worded over there, remedy included.
        return self.problem


class Client(AwaitedOperations):
    """A running simulator at ``url`` (with or without ``/_simulator/``); use it as an async context.

    Its methods may raise UsageError when there is no simulator, ProblemError for any objection of its, and ExpectationError
    when what was waited for has not come in time.
    """

    def __init__(self, url: str, *, token: str | None = None) -> None:
        self._base = _base(url)
        self._token = token

    async def __aenter__(self) -> Self:
        headers = {} if self._token is None else {"Authorization": f"Bearer {self._token}"}
        self._session = aiohttp.ClientSession(headers=headers, cookie_jar=aiohttp.DummyCookieJar())
        try:
            self._check(await self.call("health"))
        except BaseException:
            await self._session.close()
            raise
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._session.close()

    async def call(
        self,
        name: str,
        *,
        path: Mapping[str, str] = NOTHING,
        query: Mapping[str, JSON] = NOTHING,
        body: JSON = None,
    ) -> JSON:
        """Carry out an operation and return what it answers; a script's ``body`` is its text.

        Raises ExpectationError when a wait timed out, ProblemError for any other objection, and UsageError when there
        is no simulator.
        """
        row = operation(name)
        data = None if body is None else body.encode() if isinstance(body, str) else dump(body)
        kind = "application/yaml" if row.takes_text else "application/json"
        try:
            async with self._session.request(
                row.method,
                self._base + _filled(row, path),
                params=in_query(query),
                data=data,
                headers={} if data is None else {"Content-Type": kind},
                timeout=aiohttp.ClientTimeout(total=None if row.may_wait else _PATIENCE),
                allow_redirects=False,
            ) as answer:
                return _read(answer.status, await answer.read(), self._base)
        except (aiohttp.ClientError, OSError) as error:
            raise self._unreachable(error) from None

    async def stream(
        self, *, after: int = 0, kinds: Iterable[str] = (), about: Subject | None = None
    ) -> AsyncGenerator[Shown]:
        """Yield the entries of the journal, those there are and those that come, until the simulator ends.

        Of what is no entry, ``kind`` is ``missed`` (those ``from`` and ``to`` are no longer held) or ``reset`` (the journal
        begins anew). Raises UsageError when this was read too slowly.
        """
        query = {"after": after, "kind": listed(kinds), "about": id_or_none(about)}
        events = Events()
        try:
            async with self._session.get(
                self._base + _filled(operation("journal_stream"), NOTHING),
                params=in_query(query),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=_PATIENCE, sock_read=_STREAM_PATIENCE),
                allow_redirects=False,
            ) as answer:
                if answer.status != 200:
                    _read(answer.status, await answer.read(), self._base)
                async for line in answer.content:
                    event = events.line(line)
                    if event is None:
                        continue
                    if event.name == "end":
                        return
                    told = shown(load(event.data.encode()))
                    if event.name == "cut":
                        raise UsageError(
                            "the stream was cut, since it was read too slowly",
                            found=f"the journal holds nothing before entry {told['to'] + 1} any more",
                            remedy="Read faster, or give the simulator a larger journal_bound.",
                        )
                    yield {"kind": event.name, **told} if event.name else told
            raise aiohttp.ServerDisconnectedError
        except (aiohttp.ClientError, OSError) as error:
            raise self._unreachable(error) from None

    def _unreachable(self, error: Exception) -> UsageError:
        return UsageError(
            f"no simulator answers at {self._base}",
            found=_in_words(error),
            remedy="Start one with: scope-simulator serve",
        )

    def _check(self, health: JSON) -> None:
        theirs = health.get("version") if isinstance(health, dict) else None
        if not isinstance(theirs, str):
            raise _no_simulator(self._base)
        if theirs.split(".")[:2] != __version__.split(".")[:2]:
            raise UsageError(
                f"the simulator at {self._base} is of another version",
                expected=__version__,
                found=theirs,
                remedy="Install the same version on both sides.",
            )


class BlockingClient(BlockingOperations):
    """The same, blocking: ``with BlockingClient(url) as simulator: simulator.reset()``."""

    def __init__(self, url: str, *, token: str | None = None) -> None:
        self._client = Client(url, token=token)
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        try:
            self._run(self._client.__aenter__())
        except BaseException:
            self._runner.close()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        self._runner.run(self._client.__aexit__())
        self._runner.close()

    def call(
        self,
        name: str,
        *,
        path: Mapping[str, str] = NOTHING,
        query: Mapping[str, JSON] = NOTHING,
        body: JSON = None,
    ) -> JSON:
        """Carry out an operation, see ``Client.call``."""
        return self._run(self._client.call(name, path=path, query=query, body=body))

    def stream(
        self, *, after: int = 0, kinds: Iterable[str] = (), about: Subject | None = None
    ) -> Iterator[Shown]:
        """Yield the entries of the journal, see ``Client.stream``."""
        entries = self._client.stream(after=after, kinds=kinds, about=about)
        try:
            while True:
                try:
                    yield self._run(_next(entries))
                except StopAsyncIteration:
                    return
        finally:
            self._run(entries.aclose())

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return self._runner.run(work)
        work.close()
        raise StateError(
            "a blocking call was made inside a running event loop, which would stop that loop",
            remedy="Use Client and await it.",
        )


async def _next(entries: AsyncGenerator[Shown]) -> Shown:
    return await anext(entries)


def _base(url: str) -> str:
    parts = urlsplit(check_url(url))
    return f"{parts.scheme}://{parts.netloc}{parts.path.removesuffix('/').removesuffix('/_simulator')}"


def _filled(row: Operation, values: Mapping[str, str]) -> str:
    path = row.path
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    return _PREFIX + path


def _read(status: int, body: bytes, base: str) -> JSON:
    if status == 204:
        return None
    try:
        value = load(body)
    except ValueError:
        raise _no_simulator(base) from None
    if status < 300:
        return value
    if not isinstance(value, dict) or "detail" not in value:
        raise _no_simulator(base)
    detail = str(value["detail"])
    if status == 408:
        raise ExpectationError(detail)
    raise ProblemError(detail, status=status)


def _in_words(error: Exception) -> str:
    """Return why nobody answered, in words for whoever must start something or mend an address."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return f"the host {error.host} is not known"
        case aiohttp.ClientSSLError():
            return "no TLS, or a certificate that this machine does not trust"
        case TimeoutError():
            return "no answer in time"
        case OSError(errno=errno.ECONNREFUSED):
            return "nobody listens there"
        case aiohttp.ServerDisconnectedError() | OSError(errno=errno.ECONNRESET):
            return "what answers hangs up"
        case OSError(errno=int(number)):
            return os.strerror(number).lower()
        case _:
            return "what answers does not speak HTTP"


def _no_simulator(base: str) -> UsageError:
    return UsageError(
        f"what answers at {base} is no simulator",
        remedy="Give the address that scope-simulator serve prints.",
    )
