"""What whoever works with a platform asks of whoever drives it, as values that any driver understands.

Work is a generator that yields effects and is sent what came of each. It decides what is to happen, never how: only a driver
waits.
"""

from __future__ import annotations

from collections.abc import Callable

from simulator.clock import Moment
from simulator.values import dataclass

__all__ = ["Wait"]


@dataclass(frozen=True, slots=True)
class Wait:
    """What somebody waits for, as a value that any driver understands.

    ``ready`` gets the wall seconds since anything moved (0 while something is in flight); True ends the wait.

    ``until`` is how far a virtual clock may run for it, None to whatever is due next. ``timeout`` is wall seconds, None
    for ever. After ``quiet`` idle wall seconds ``ready`` is evaluated again at the latest, though nothing moved.
    """

    ready: Callable[[float], bool]
    until: Moment | None = None
    timeout: float | None = None
    quiet: float | None = None
