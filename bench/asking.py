"""Asks the same again and again: ``asking.py URL REQUESTS CONNECTIONS TOKEN``, the body on stdin, over connections that stay open.

Prints as JSON the ``seconds`` that it took, and of one request the ``median`` and the ``slow``, which one in a hundred takes
longer than. It reads no more of an answer than where it ends, and that it is one.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from urllib.parse import urlsplit

__all__ = ["run"]


class _Connection(asyncio.Protocol):
    """One connection: the next request leaves when the answer to the last is there."""

    def __init__(self, request: bytes, work: _Work) -> None:
        self._request = request
        self._work = work
        self._came = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        if self._work.left <= 0:
            self._transport.close()
            return
        self._work.left -= 1
        self._asked = time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._came += data
        ends = self._came.find(b"\r\n\r\n")
        if ends < 0:
            return
        assert self._came.startswith(b"HTTP/1.1 200 "), self._came
        length = self._came[:ends].lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        if len(self._came) < ends + 4 + int(length):
            return
        self._came = b""
        self._work.done(time.perf_counter() - self._asked)
        self._ask()


class _Work:
    """How many requests are left to make, and how long the others took."""

    def __init__(self, requests: int) -> None:
        self.left = requests
        self.took: list[float] = []
        self.over = asyncio.Event()
        self._requests = requests

    def done(self, took: float) -> None:
        self.took.append(took)
        if len(self.took) == self._requests:
            self.over.set()


async def ask(url: str, requests: int, connections: int, token: str, body: bytes) -> dict[str, float]:
    parts = urlsplit(url)
    head = (
        f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Token token={token}\r\n"
        f"Content-Type: application/json\r\nAccept: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    work = _Work(requests)
    loop = asyncio.get_running_loop()
    assert parts.hostname is not None
    assert parts.port is not None
    began = time.perf_counter()
    for _ in range(connections):
        await loop.create_connection(
            lambda: _Connection(head.encode() + body, work), parts.hostname, parts.port
        )
    await work.over.wait()
    seconds = time.perf_counter() - began
    took = sorted(work.took)
    return {"seconds": seconds, "median": took[len(took) // 2], "slow": took[len(took) * 99 // 100]}


def run() -> None:
    url, requests, connections, token = sys.argv[1:]
    print(json.dumps(asyncio.run(ask(url, int(requests), int(connections), token, sys.stdin.buffer.read()))))


if __name__ == "__main__":
    run()
