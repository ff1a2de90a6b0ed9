"""The world as it was: which root the API shows when it is behind, and what it does not show yet.

Decides alone which moment is seen; who is behind, and by how much, is decided elsewhere. It holds roots, which cost next to
nothing, and never a clock.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from simulator.clock import Moment
from simulator.world.changes import World

__all__ = ["Past"]

_MOST_ROOTS = 1000
"""How many moments of the world are kept; a view of an older one is that of the oldest."""


class _Veil(NamedTuple):
    """Until a moment the API does not show what a change at ``since`` made of ``root``."""

    until: Moment
    since: Moment
    root: World


class Past:
    """The world as it was: the last root of each of the newest moments at which it changed."""

    def __init__(self, root: World, now: Moment, *, most: int = _MOST_ROOTS) -> None:
        self._roots: deque[tuple[Moment, World]] = deque([(now, root)], maxlen=most)
        self._veils: deque[_Veil] = deque()

    def copy(self, later: int = 0) -> Past:
        """Return the same past, ``later`` by so many milliseconds, which goes on by itself."""
        (began, first), *others = self._roots
        copy = Past(first, Moment(began + later), most=self._roots.maxlen or _MOST_ROOTS)
        copy._roots.extend((Moment(noted + later), root) for noted, root in others)
        copy._veils.extend(
            _Veil(Moment(one.until + later), Moment(one.since + later), one.root) for one in self._veils
        )
        return copy

    def note(self, now: Moment, root: World) -> None:
        """Note that the world is ``root`` from now on."""
        # The first root stays, though the world may have changed at its very first moment.
        if len(self._roots) > 1 and self._roots[-1][0] == now:
            self._roots.pop()
        self._roots.append((now, root))

    def veil(self, until: Moment, since: Moment, root: World) -> None:
        """Have the API show ``root``, as it was before a change at ``since``, up to ``until``."""
        self._veils.append(_Veil(until, since, root))

    def veiled(self, now: Moment) -> bool:
        """Whether the API shows less than there is."""
        while self._veils and self._veils[0].until <= now:
            self._veils.popleft()
        return bool(self._veils)

    def seen(self, now: Moment, lag: int) -> tuple[Moment, World]:
        """Return the moment and the root that the API shows to somebody ``lag`` milliseconds behind.

        Changes have one order, so that what came after a veiled one is hidden with it.
        """
        moment = Moment(now - lag)
        if self.veiled(now) and moment >= self._veils[0].since:
            return moment, self._veils[0].root
        for noted, root in reversed(self._roots):
            if noted <= moment:
                return moment, root
        # Further back than anybody remembers.
        return self._roots[0]
