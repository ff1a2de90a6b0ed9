"""How lines look to somebody who watches a terminal: in colour, above a line that says how far things are.

Decides what a terminal is and which signs it gets; it must not print, nor know what is told. Everybody else, and who sets
NO_COLOR, gets plain lines. Written by hand, since the library for it takes longer to load than the simulator to start,
and a hundred times as long for a line, which is as long as a post takes.
"""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal, TextIO, TypeAlias

__all__ = ["Terminal", "Tone", "bar", "is_terminal"]

Tone: TypeAlias = Literal["plain", "good", "bad", "asked", "strong", "quiet"]
"""What a line is about, which is all that its colour says."""

_SIGNS: Mapping[Tone, str] = MappingProxyType(
    {
        "good": "\x1b[32m",
        "bad": "\x1b[31m",
        "asked": "\x1b[36m",
        "strong": "\x1b[1m",
        "quiet": "\x1b[2m",
    }
)
_PLAIN = "\x1b[0m"
_ERASE = "\r\x1b[K"
_ERASE_ABOVE = "\x1b[A\x1b[K"
_BAR = 20


def is_terminal(stream: TextIO) -> bool:
    """Return whether somebody watches ``stream`` who can see colours and wants to."""
    known = os.environ.get("TERM", "") not in ("", "dumb", "unknown")
    return known and not os.environ.get("NO_COLOR") and stream.isatty()


class Terminal:
    """What to write to one terminal, whose last lines may say how far things are."""

    def __init__(self) -> None:
        self._shown = ""

    def show(self, lines: Iterable[tuple[str, Tone]] = (), *, status: str = "") -> str:
        """Return what puts ``lines`` above the status, and ``status`` in its place; without one it is taken away."""
        size = shutil.get_terminal_size()
        rows = [_fit(row, size.columns - 1) for row in status.split("\n")[: max(1, size.lines - 1)]]
        before, self._shown = self._shown, "\n".join(rows)
        text = "".join(f"{_painted(line, tone)}\n" for line, tone in lines)
        if not text and before == self._shown:
            return ""
        erased = _ERASE + _ERASE_ABOVE * before.count("\n") if before else ""
        return f"{erased}{text}{self._shown}"


def bar(done: int, total: int) -> str:
    """Return a bar that fills up."""
    full = _BAR * min(done, total) // max(total, 1)
    return f"[{'#' * full}{'.' * (_BAR - full)}]"


def _painted(line: str, tone: Tone) -> str:
    sign = _SIGNS.get(tone)
    return f"{sign}{line}{_PLAIN}" if sign and line else line


def _fit(text: str, columns: int) -> str:
    """Return as much of ``text`` as one row holds; a row that wraps could not be taken back."""
    used = 0
    for place, sign in enumerate(text):
        used += 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if used > columns:
            return text[:place]
    return text
