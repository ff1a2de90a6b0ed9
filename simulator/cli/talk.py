"""Everything a command prints: lines for people, JSON lines for programs, complaints.

With ``--json`` standard output holds JSON lines alone, and what is said to people goes to standard error. Whoever reads
us may stop reading: a pipe that was closed takes nothing more and ends no command, and one that is full is not waited
for where that would stop the simulator. Who watches a terminal sees colours, and how far things are.
"""

from __future__ import annotations

import asyncio
import os
import select
import sys
from collections.abc import Iterable
from typing import TextIO

from simulator.cli.terminal import Terminal, Tone, is_terminal
from simulator.clock import wall_seconds
from simulator.wire import JSON, dump

__all__ = ["Talk"]

_MOMENT = 0.05
"""Wall seconds that nobody who reads notices."""
_MOST_MENTIONED = 500
"""So many lines that matter less are said in a second; nobody could read as many."""


class Talk:
    """One command's way to whoever started it."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self._people = sys.stderr if as_json else sys.stdout
        self._terminal = Terminal() if is_terminal(self._people) else None
        self._soon: list[tuple[str, Tone]] = []
        self._status = ""
        self._waiting: asyncio.TimerHandle | None = None
        self._second = 0
        self._mentioned = 0
        self.lost = 0
        """How many lines nobody was ready to read."""
        self.gone = False
        """Whether whoever read the lines has gone for good."""

    @property
    def watched(self) -> bool:
        """Whether somebody sees how far things are: with ``--json`` the lines for programs may go to the same
        terminal, so nothing of it is shown."""
        return self._terminal is not None and not self.as_json

    def say(self, *lines: str, tone: Tone = "plain") -> None:
        """Say something to people."""
        self._soon += [(line, tone) for line in lines]
        self._catch_up()

    def say_soon(self, line: str, *, tone: Tone = "plain") -> None:
        """Say something to people, in a moment: lines that come many at a time are written together.

        It is for coroutines, and what is said later never comes before it.
        """
        self._soon.append((line, tone))
        self._catch_up_soon()

    def mention(self, line: str, *, tone: Tone = "plain") -> None:
        """Say something that matters less than going on: it is lost when it could only be written later."""
        if _has_room(self._people):
            self.say(line, tone=tone)
        else:
            self.lost += 1

    def spare(self) -> bool:
        """Return whether there is time for another line that matters less; one that there is none for counts as lost."""
        second = int(wall_seconds())
        if second != self._second:
            self._second, self._mentioned = second, 0
        self._mentioned += 1
        if self._mentioned <= _MOST_MENTIONED:
            return True
        self.lost += 1
        return False

    def progress(self, text: str) -> None:
        """Show on a terminal, in a moment, how far things are, beneath all that is said; it is for coroutines."""
        if self.watched:
            self._status = text
            self._catch_up_soon()

    def end_progress(self) -> None:
        """Show no longer how far things are."""
        self._status = ""
        self._catch_up()

    def tell(self, value: JSON) -> None:
        """Tell programs something; nothing without ``--json``."""
        if self.as_json:
            self.gone |= not _write(sys.stdout, f"{dump(value).decode()}\n")

    def complain(self, lines: Iterable[object]) -> None:
        """Say what is wrong."""
        for line in lines:
            self.end_progress()
            _write(sys.stderr, f"{line}\n")

    def _catch_up_soon(self) -> None:
        if self._waiting is None:
            self._waiting = asyncio.get_running_loop().call_later(_MOMENT, self._catch_up)

    def _catch_up(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        if self._terminal is None:
            text = "".join(f"{line}\n" for line, _ in self._soon)
        else:
            text = self._terminal.show(self._soon, status=self._status)
        self._soon.clear()
        if text:
            self.gone |= not _write(self._people, text)


def _write(stream: TextIO, text: str) -> bool:
    """Write, and say whether anybody can read it."""
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        # Nobody reads any more: let this line and all that follow go nowhere, the last flush at exit too.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
        return False
    return True


def _has_room(stream: TextIO) -> bool:
    """Return whether a line can be written at once; a file always can."""
    try:
        return bool(select.select([], [stream.fileno()], [], 0)[1])
    except (OSError, ValueError):
        # No file beneath, or a system that only knows this of sockets.
        return True
