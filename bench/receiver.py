"""A receiver that costs next to nothing: it answers every post with 200 and forgets it. Prints its port, runs until ended."""

from __future__ import annotations

import asyncio

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self._came = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._came += data
        while (ends := self._came.find(b"\r\n\r\n")) >= 0:
            head = self._came[:ends].lower()
            _, _, length = head.partition(b"content-length:")
            ends += 4 + int(length.partition(b"\r\n")[0] or 0)
            if len(self._came) < ends:
                return
            self._came = self._came[ends:]
            self._transport.write(_ANSWER)


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(_Connection, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
