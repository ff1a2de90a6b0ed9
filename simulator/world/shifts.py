"""When a plant works: early, late and night shifts on weekdays, and little at weekends.

Work is spread over a span of days as a weight for each hour; a place in the span, counted in weighted milliseconds, is a
moment, and places that rise give moments that rise. Times are UTC.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from simulator.clock import Moment

__all__ = ["DAY", "HEAVIEST", "HOUR", "MINUTE", "Calendar", "shift_of"]

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_WEEKDAY = (*(1,) * 6, 3, 7, 7, 7, 7, 7, 3, 5, *(4, 4, 4, 3, 2, 3, 2, 1), 1, 1)
_WEEKEND = (*(0,) * 6, *(1,) * 8, *(0,) * 10)
_ENDS = {weights: tuple(accumulate(weights)) for weights in (_WEEKDAY, _WEEKEND)}
HEAVIEST = max(_WEEKDAY)
"""So many places of one hour may be the same millisecond."""
_THURSDAY = 3
"""The weekday, counted from Monday, on which moments begin."""


class Calendar:
    """``days`` days from the midnight ``begin`` on; ``span`` is how many places they have."""

    def __init__(self, begin: Moment, days: int) -> None:
        self._begin = begin
        first = begin // DAY + _THURSDAY
        self._days = tuple(_WEEKEND if (first + day) % 7 > 4 else _WEEKDAY for day in range(days))
        self._ends = tuple(accumulate(_ENDS[weights][-1] for weights in self._days))
        self.span = self._ends[-1] * HOUR

    def moment(self, place: int) -> Moment:
        """Return the moment at a place from 0 on, below ``span``."""
        day = bisect_right(self._ends, place // HOUR)
        weights = self._days[day]
        ends = _ENDS[weights]
        left = place - (self._ends[day] - ends[-1]) * HOUR
        hour = bisect_right(ends, left // HOUR)
        into = (left - (ends[hour] - weights[hour]) * HOUR) // weights[hour]
        return Moment(self._begin + day * DAY + hour * HOUR + into)


def shift_of(moment: Moment) -> str:
    """Return the name of the shift that works at ``moment``."""
    return ("night", "early", "late", "night")[(moment % DAY // HOUR + 2) // 8]
