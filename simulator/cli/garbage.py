"""How a command that owns its process looks for garbage: seldom, and never among what it has loaded.

Nearly all that a simulator makes is kept, in the journal or the world, so that looking for circles among it finds little
and costs a sixth of the time a post takes. It must not be used where the process is somebody else's, such as a test's.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["seldom"]

_THRESHOLDS: Final = (20_000, 20, 100)


@contextmanager
def seldom() -> Iterator[None]:
    """Look seldom while the context lasts."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
