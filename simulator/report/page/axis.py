"""Where on a page each moment of a run stands.

Decides how time becomes distance. It is not to scale: a gap is as wide as its logarithm, be it simulated time or, where that
stands still, wall time; a gap of simulated time in which nothing happened and that is longer than a few seconds is folded, and
says how long it was. A long run is broken into strips, as music is, at a fold where that does not leave half a strip empty.

Theory: the entries that marks begin or end at are *stops*. They are placed from left to right, each as far from the one before as
the gap wants and as what stands on its lanes needs. When a stop does not fit any more, a strip ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import log10

from simulator.clock import Moment
from simulator.report.page.marks import Mark
from simulator.report.record import Record

__all__ = ["FOLD_FROM", "LEFT", "Axis", "Fold", "Spot", "Tick", "elapsed", "lay_out"]

LEFT = 10.0
"""Where the first stop of a strip stands."""

FOLD_FROM = 5000
"""From how many simulated milliseconds a gap is folded."""

_CLOCK = 58.0
"""How wide a time of day is."""

_UNITS = (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000), ("ms", 1))
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Spot:
    """A place on the page: which strip, and how far from its left."""

    strip: int
    x: float


@dataclass(frozen=True)
class Fold:
    """A gap that is folded, ending at ``spot``; ``label`` says how long it was."""

    spot: Spot
    width: float
    label: str
    long: bool


@dataclass(frozen=True)
class Tick:
    """A time at a spot; ``day`` is given where another day begins."""

    spot: Spot
    label: str
    day: str | None = None


@dataclass
class Axis:
    """Where all stops stand. ``ends`` is how far each strip reaches."""

    width: float
    spots: dict[int, Spot] = field(default_factory=dict)
    folds: list[Fold] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)
    walls: list[Tick] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)


def lay_out(
    record: Record,
    marks: Sequence[Mark],
    *,
    width: float,
    needs: Mapping[int, float],
    scale: float = 1.0,
    gaps: Mapping[int, int] | None = None,
) -> Axis:
    """Return the axis for ``marks`` on strips of ``width``; ``needs`` is how much room each mark wants, by its entry's number.

    ``scale`` is how much room gaps get. ``gaps`` are the simulated milliseconds that are folded before a stop, unless the
    stops themselves say so.
    """
    return _Layout(record, marks, width=width, needs=needs, scale=scale, gaps=gaps).lay()


class _Layout:
    def __init__(
        self,
        record: Record,
        marks: Sequence[Mark],
        *,
        width: float,
        needs: Mapping[int, float],
        scale: float,
        gaps: Mapping[int, int] | None,
    ) -> None:
        self._record = record
        self._width = width
        self._needs = needs
        self._scale = scale
        self._folded = gaps
        self._begins: dict[int, list[Mark]] = {}
        self._ends: dict[int, list[Mark]] = {}
        for mark in marks:
            self._begins.setdefault(mark.begin, []).append(mark)
            if mark.end != mark.begin:
                self._ends.setdefault(mark.end, []).append(mark)
        self._stops = sorted({*self._begins, *self._ends})
        self._axis = Axis(width)
        self._free: dict[tuple[int, int], float] = {}
        """By lane and row: from where on there is room."""

    def lay(self) -> Axis:
        strip, x, number, scene, head = 0, LEFT, 0, 0, 0
        spots = self._axis.spots
        while number < len(self._stops):
            stop, first = self._stops[number], number == head
            fold = self._fold(number)
            x = self._wanted(number, x, fold, first=first)
            if not first and x + self._extent(stop, fold) > self._width:
                self._axis.ends.append(self._width)
                if not fold and scene > head and spots[self._stops[scene]].x > 0.45 * self._width:
                    number = scene
                strip, x, head, scene = strip + 1, LEFT, number, number
                self._free.clear()
                continue
            spots[stop] = Spot(strip, x)
            if fold:
                scene = number
            self._reserve(stop, x, fold or first)
            number += 1
        if self._stops:
            reach = max([x + self._extent(self._stops[-1], None), *self._free.values()])
            self._axis.ends.append(min(self._width, reach))
        self._tell()
        return self._axis

    def _gap(self, number: int) -> tuple[int, float]:
        """Return the simulated milliseconds, and those of the wall, since the stop before."""
        if number == 0:
            return 0, 0.0
        before, here = self._stops[number - 1], self._stops[number]
        entries, walls = self._record.entries, self._record.walls
        began, ended = walls[before], walls[here]
        wall = 0.0 if began is None or ended is None else (ended - began) * 1000
        return entries[here].at - entries[before].at, wall

    def _fold(self, number: int) -> int | None:
        """Return the simulated milliseconds that are folded before a stop."""
        if self._folded is not None:
            return self._folded.get(self._stops[number])
        simulated, _ = self._gap(number)
        return simulated if simulated >= FOLD_FROM else None

    def _wanted(self, number: int, x: float, fold: int | None, *, first: bool) -> float:
        """Return where a stop wants to stand when the one before it stands at ``x``."""
        if fold:
            x = max([x, *self._free.values()])
            x += _fold_width(elapsed(fold))
        elif not first:
            x += (6 + 10 * log10(1 + max(self._gap(number)))) * self._scale
        stop = self._stops[number]
        for mark in self._begins.get(stop, ()):
            x = max(x, self._free.get((id(mark.lane), mark.row), LEFT))
        if not first:
            spots = self._axis.spots
            strip = spots[self._stops[number - 1]].strip
            begun = [spots[mark.begin] for mark in self._ends.get(stop, ())]
            x = max([x, *(spot.x + 8 * self._scale + 2 for spot in begun if spot.strip == strip)])
        return x

    def _extent(self, stop: int, fold: int | None) -> float:
        """Return how far what begins at a stop reaches to the right."""
        needs = [self._needs[mark.number] for mark in self._begins.get(stop, ())]
        return max([8.0, *needs, *([_CLOCK] if fold else [])])

    def _reserve(self, stop: int, x: float, labelled: object) -> None:
        for mark in self._begins.get(stop, ()):
            self._free[id(mark.lane), mark.row] = x + self._needs[mark.number]
        for mark in self._ends.get(stop, ()):
            key = id(mark.lane), mark.row
            self._free[key] = max(self._free.get(key, LEFT), x + 4)
        if labelled:
            # The next fold leaves room for this moment's time of day.
            self._free[0, 0] = x + _CLOCK

    def _tell(self) -> None:
        """Write moments and gaps along the axis."""
        axis, entries, walls = self._axis, self._record.entries, self._record.walls
        strip, free, wall_free, told, day = -1, LEFT, LEFT, "", ""
        stands, limits = self._stands(), self._limits()
        for number, stop in enumerate(self._stops):
            spot, fold = axis.spots[stop], self._fold(number)
            if fold:
                label = elapsed(fold)
                axis.folds.append(Fold(spot, _fold_width(label), label, fold >= 86_400_000))
            begins, clock = spot.strip != strip, _clock(entries[stop].at)
            if begins:
                strip, free, wall_free = spot.strip, LEFT, LEFT
            room = free <= spot.x <= limits[number] - _CLOCK
            if begins or fold or (clock != told and room):
                today = _day(entries[stop].at)
                axis.ticks.append(Tick(spot, clock, today if begins or today != day else None))
                free, told, day = spot.x + _CLOCK, clock, today
            wall = walls[stop]
            if stands and wall is not None and wall_free <= spot.x <= self._width - 44:
                axis.walls.append(Tick(spot, f"{wall:.3f} s"))
                wall_free = spot.x + 50

    def _limits(self) -> list[float]:
        """Return for each stop where the next fold on its strip begins, or the strip ends."""
        limits: list[float] = []
        strip, limit = -1, self._width
        for number in reversed(range(len(self._stops))):
            spot, fold = self._axis.spots[self._stops[number]], self._fold(number)
            if spot.strip != strip:
                strip, limit = spot.strip, self._width
            limits.append(limit)
            if fold:
                limit = spot.x - _fold_width(elapsed(fold))
        return limits[::-1]

    def _stands(self) -> bool:
        """Return whether simulated time is another than that of the wall, so that both are worth telling."""
        if not self._stops:
            return False
        begin, end = self._stops[0], self._stops[-1]
        began, ended = self._record.walls[begin], self._record.walls[end]
        if began is None or ended is None:
            return False
        simulated = (self._record.entries[end].at - self._record.entries[begin].at) / 1000
        return abs(simulated - (ended - began)) > 0.1 * max(simulated, 0.001)


def elapsed(millis: int) -> str:
    """Return how long a gap is, in its largest unit, and the next smaller where that matters."""
    rest, counts = millis, []
    for name, size in _UNITS:
        count, rest = divmod(rest, size)
        counts.append((count, name))
    first = next(place for place, (count, _) in enumerate(counts) if count)
    # Of many of a unit the next smaller says little: the moments stand beside it.
    told = counts[first : first + (2 if counts[first][0] < 10 else 1)]
    return " ".join(f"{count} {name}" for count, name in told if count)


def _fold_width(label: str) -> float:
    return 16 + 5.8 * len(label)


def _clock(at: Moment) -> str:
    return _date(at).strftime("%H:%M:%S")


def _day(at: Moment) -> str:
    date = _date(at)
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def _date(at: Moment) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
