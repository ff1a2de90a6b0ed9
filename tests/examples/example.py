"""The example receiver as a module, and ways to run it: in the test's loop, or in a thread beside the test."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from aiohttp import web

__all__ = ["FILE", "FromReadyFile", "asking", "example", "in_thread", "running_example"]

T = TypeVar("T")

FILE = Path(__file__).parent.parent.parent / "examples" / "receiver" / "receiver.py"


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("example_receiver", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


example = _load()


class FromReadyFile(example.Scope):
    """The API of whatever simulator has written the ready file by the time it is first asked."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def node(self, http, kind, node_id):
        ready = json.loads(self._file.read_text())
        super().__init__(
            ready["base_url"],
            token=ready["token"],
            username=ready["username"],
            password=ready["password"],
        )
        return await super().node(http, kind, node_id)


@asynccontextmanager
async def running_example(scope: object) -> AsyncIterator[str]:
    """Run the example on a free port and give its address."""
    runner = web.AppRunner(example.make_app(scope), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def asking(ready_file: Path) -> AsyncIterator[str]:
    """Run the example against the simulator of the ready file and give the URL for webhooks."""
    async with running_example(FromReadyFile(ready_file)) as url:
        yield url + example.PATH


@contextmanager
def in_thread(make: Callable[[], AbstractAsyncContextManager[T]]) -> Iterator[T]:
    """Enter the context in an event loop of its own, in a thread that lives until this one is left."""
    started: list[T] = []
    ready, over = threading.Event(), None

    async def live() -> None:
        nonlocal over
        over = asyncio.Event()
        async with make() as thing:
            started.append(thing)
            ready.set()
            await over.wait()

    with asyncio.Runner() as runner:
        thread = threading.Thread(target=runner.run, args=(live(),))
        thread.start()
        assert ready.wait(10)
        try:
            yield started[0]
        finally:
            runner.get_loop().call_soon_threadsafe(over.set)
            thread.join()
