"""Commands as processes, and receivers that fail in their own ways."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self
from urllib.request import Request, urlopen

__all__ = ["ROOT", "Command", "ask", "dead_url", "hanging_up", "interrupting"]

ROOT = Path(__file__).parent.parent.parent


class Command:
    """A command in a process of its own; leaving the context ends it whatever became of the test."""

    def __init__(self, *argv: str, **environ: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "simulator", *argv],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | environ,
            cwd=ROOT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def ready(self) -> dict:
        """Return the first line that ``--json`` prints."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        return json.loads(line)

    def line(self, start: str, *, of: str = "stdout") -> str:
        """Return the next line that begins so."""
        stream = self.process.stdout if of == "stdout" else self.process.stderr
        assert stream is not None
        return next(line.rstrip("\n") for line in stream if line.startswith(start))

    def end(self, number: int = signal.SIGINT) -> tuple[int, str, str]:
        """Send a signal and return the exit code and what else was printed."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out, err


def ask(method: str, url: str, body: object = None) -> dict:
    """Ask the control side."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, {"Content-Type": "application/json"}, method=method)
    with urlopen(request, timeout=10) as answer:
        text = answer.read()
    return json.loads(text) if text else {}


def dead_url() -> str:
    """Return a URL at which nobody listens: the port of discard, which no test may take."""
    return "http://127.0.0.1:9/hook"


@asynccontextmanager
async def hanging_up() -> AsyncIterator[str]:
    """A receiver that closes the connection as soon as something arrives."""

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"


@asynccontextmanager
async def interrupting(number: int = signal.SIGINT) -> AsyncIterator[str]:
    """A receiver that never answers, and sends a signal to this process when something arrives."""
    over = asyncio.Event()

    async def interrupt(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        os.kill(os.getpid(), number)
        await over.wait()
        writer.close()

    server = await asyncio.start_server(interrupt, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
        over.set()
