"""How a command that owns its process looks for garbage: seldom, never among what it has loaded, and not at all in the end.

Nearly all that a simulator makes is kept, in the journal or the world, so that looking for circles among it finds little
and costs a sixth of the time a post takes. When the process ends Python would look through all of it once more and take it
apart piece by piece, which takes a fifteenth as long as all the posts did. It must not be used where the process is somebody else's, such as a test's.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["let_go", "seldom"]

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


def let_go() -> None:
    """Have what there is go with the process, which is about to end."""
    gc.freeze()
