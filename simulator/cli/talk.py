"""Everything a command prints: lines for people, JSON lines for programs, complaints.

With ``--json`` standard output holds JSON lines alone, and what is said to people goes to standard error. Whoever reads
us may stop reading: a pipe that was closed takes nothing more and ends no command, and one that is full is not waited
for where that would stop the simulator.
"""

from __future__ import annotations

import asyncio
import os
import select
import sys
from collections.abc import Iterable
from typing import TextIO

from simulator.wire import JSON, dump

__all__ = ["Talk"]

_MOMENT = 0.05
"""Wall seconds that nobody who reads notices."""


class Talk:
    """One command's way to whoever started it."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self._people = sys.stderr if as_json else sys.stdout
        self._soon: list[str] = []
        self.lost = 0
        """How many lines nobody was ready to read."""

    def say(self, *lines: str) -> None:
        """Say something to people."""
        self._catch_up()
        for line in lines:
            _write(self._people, line)

    def say_soon(self, line: str) -> None:
        """Say something to people, in a moment: lines that come many at a time are written together.

        It is for coroutines, and what is said later never comes before it.
        """
        if not self._soon:
            asyncio.get_running_loop().call_later(_MOMENT, self._catch_up)
        self._soon.append(line)

    def mention(self, line: str) -> None:
        """Say something that matters less than going on: it is lost when it could only be written later."""
        if _has_room(self._people):
            self.say(line)
        else:
            self.lost += 1

    def tell(self, value: JSON) -> None:
        """Tell programs something; nothing without ``--json``."""
        if self.as_json:
            _write(sys.stdout, dump(value).decode())

    def _catch_up(self) -> None:
        if self._soon:
            _write(self._people, "\n".join(self._soon))
            self._soon.clear()

    def complain(self, lines: Iterable[object]) -> None:
        """Say what is wrong."""
        for line in lines:
            _write(sys.stderr, str(line))


def _write(stream: TextIO, line: str) -> None:
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        stream.flush()
    except BrokenPipeError:
        # Nobody reads any more: let this line and all that follow go nowhere, the last flush at exit too.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _has_room(stream: TextIO) -> bool:
    """Return whether a line can be written at once; a file always can."""
    try:
        return bool(select.select([], [stream.fileno()], [], 0)[1])
    except (OSError, ValueError):
        # No file beneath, or a system that only knows this of sockets.
        return True
