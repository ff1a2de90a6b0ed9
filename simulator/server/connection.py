"""One kept connection to a receiver: sends the bytes of a post and reads its answer, one post after the other.

Decides when an answer is whole and whether the connection can serve another post. It must not know what a post is, nor
where connections come from or are kept: that is its owner's.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import suppress
from typing import Any, Protocol

from simulator.server.response import MOST_ANSWER, NotHttpError, Response

__all__ = ["Connection", "Owner"]


class Owner(Protocol):
    """Who uses connections. Both are called by the event loop, never from within ``Connection.send``, and ``lost`` again for
    what was lost already."""

    def answered(self, connection: Connection, response: Response) -> None:
        """Take the answer to what was sent: the whole of it, or all that is kept."""

    def lost(self, connection: Connection, response: Response | None, failure: Exception | None) -> None:
        """Note that the connection is of no use any more; ``response`` is what came of the answer that is still due."""


class Connection(asyncio.Protocol):
    """A connection over ``sock``; make it by way of the event loop's ``create_connection``."""

    def __init__(self, owner: Owner, sock: socket.socket) -> None:
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when it has ended."""
        self.used = False
        """Whether it has served a post before the present one."""
        self._owner = owner
        self._sock = sock
        self._response: Response | None = None
        self._transport: Any = None

    @property
    def usable(self) -> bool:
        """Whether it can serve a post: it stands, is idle, and all that was sent has left."""
        transport = self._transport
        return self._response is None and not transport.is_closing() and not transport.get_write_buffer_size()

    @property
    def untaken(self) -> bool:
        """Whether the other machine has not taken all that was sent; False where that cannot be known."""
        left = bytearray(4)
        with suppress(ImportError, OSError, ValueError):
            from fcntl import ioctl
            from termios import TIOCOUTQ

            ioctl(self._sock, TIOCOUTQ, left)
        return bool(struct.unpack("i", left)[0])

    def send(self, text: bytes, most: int = MOST_ANSWER) -> None:
        """Send a post; its answer, of which ``most`` bytes are kept, is told to the owner."""
        self._response = Response(most)
        self._transport.write(text)

    def abort(self) -> Response | None:
        """Close at once, and return what has come of the answer that was due; the owner hears nothing of that."""
        response, self._response = self._response, None
        self._transport.abort()
        return response

    def close(self) -> None:
        """Close an idle connection as is proper."""
        self._transport.close()

    # ------------------------------------------------------------------------------------------- by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        response = self._response
        if response is None:
            # Nobody has asked: whatever it is, the next answer would be taken for it.
            self._fail(None)
            return
        try:
            ended = response.feed(data)
        except NotHttpError as failure:
            self._fail(failure)
            return
        if ended:
            self._response = None
            self.used = True
            self._owner.answered(self, response)

    def connection_lost(self, failure: Exception | None) -> None:
        self.gone.set_result(None)
        self._owner.lost(self, self._response, failure)

    def _fail(self, failure: Exception | None) -> None:
        self._owner.lost(self, self.abort(), failure)
