"""Event loops of our own: of the faster kind where the extra ``[fast]`` is installed.

Decides which kind. It must not be used for a loop that is somebody else's: a test's own, or the one an application of ours
is mounted in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

from simulator import fast

__all__ = ["run"]

T = TypeVar("T")


def run(main: Coroutine[None, None, T]) -> T:
    """Run ``main`` in a new event loop to its end and return its result, as ``asyncio.run`` does."""
    with asyncio.Runner(loop_factory=fast.loop_factory()) as runner:
        return runner.run(main)
