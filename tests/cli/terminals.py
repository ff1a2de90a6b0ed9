"""A terminal in place of standard output, and what it was given."""

from __future__ import annotations

import os
import pty
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

__all__ = ["Shown", "terminal"]


class Shown:
    """What was written to the terminal; whole once its context is left."""

    def __init__(self) -> None:
        self.text = ""

    def read(self, number: int) -> None:
        pieces = []
        try:
            while piece := os.read(number, 65536):
                pieces.append(piece)
        except OSError:
            pass  # So a terminal ends on Linux; elsewhere with nothing.
        # A terminal turns each line's end into two signs.
        self.text = b"".join(pieces).decode().replace("\r\n", "\n")


@contextmanager
def terminal(
    monkeypatch: pytest.MonkeyPatch, *, stream: str = "stdout", columns: int = 120
) -> Iterator[Shown]:
    """Make a stream of this process a terminal."""
    outside, inside = pty.openpty()
    shown = Shown()
    reader = threading.Thread(target=shown.read, args=(outside,))
    reader.start()
    with os.fdopen(inside, "w", encoding="utf-8") as written, monkeypatch.context() as patched:
        patched.setenv("TERM", "xterm")
        patched.setenv("COLUMNS", str(columns))
        patched.delenv("NO_COLOR", raising=False)
        patched.setattr(sys, stream, written)
        yield shown
    reader.join()
    os.close(outside)
