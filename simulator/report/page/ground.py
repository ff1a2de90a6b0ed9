"""What a picture stands on: the lanes with their names, the moments above and below them, and the folds between.

Decides how an axis looks, strip by strip. It must not know what stands on the lanes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulator.report.page.axis import Axis, Tick
from simulator.report.page.markup import Markup, element

__all__ = ["HEAD", "Ground", "Strip"]

HEAD = 15.0
"""How much of a lane its name takes."""

_TOP, _BETWEEN = 32.0, 18.0


@dataclass(frozen=True)
class Strip:
    """A lane to be: what it is called, which kind it is, and how high."""

    name: str
    kind: str
    height: float


class Ground:
    """The ground of a picture, and where each lane begins on it."""

    def __init__(self, axis: Axis, lanes: Sequence[Strip]) -> None:
        self._axis = axis
        self._lanes = lanes
        self._tops = []
        y = _TOP
        for lane in lanes:
            self._tops.append(y)
            y += lane.height
        self._bottom = y
        self._pitch = y + (16.0 if axis.walls else 4.0) + _BETWEEN

    def top(self, strip: int, lane: int) -> float:
        """Return where the marks of a lane begin, below its name."""
        return strip * self._pitch + self._tops[lane] + HEAD

    def bottom(self, strip: int, lane: int) -> float:
        """Return where a lane ends."""
        return strip * self._pitch + self._tops[lane] + self._lanes[lane].height

    def picture(self, layers: Sequence[Markup], alternative: str) -> Markup:
        """Return the whole picture, with ``layers`` on the ground; ``alternative`` says in words what is seen."""
        strips = len(self._axis.ends)
        height = max(0.0, strips * self._pitch - _BETWEEN)
        ground = [part for strip in range(strips) for part in self._draw(strip)]
        return element(
            "svg",
            *ground,
            *layers,
            viewBox=f"0 0 {self._axis.width:g} {height:g}",
            width=self._axis.width,
            height=height,
            role="img",
            aria_label=alternative,
            class_="picture",
        )

    def _draw(self, strip: int) -> Iterator[Markup]:
        above, width = strip * self._pitch, self._axis.ends[strip]
        for number, lane in enumerate(self._lanes):
            shade = "lane even" if number % 2 else "lane"
            y = above + self._tops[number]
            yield element("rect", x=0, y=y, width=width, height=lane.height, class_=shade)
        for fold in self._axis.folds:
            if fold.spot.strip == strip:
                yield from self._fold(fold.spot.x, fold.width, fold.label, above, long=fold.long)
        for tick in self._axis.ticks:
            if tick.spot.strip == strip:
                yield from self._tick(tick, above)
        for number, lane in enumerate(self._lanes):
            name, y = _fitting(lane.name, self._axis.width), above + self._tops[number] + 11
            yield element("text", name, x=4, y=y, class_=f"name {lane.kind}")
        for wall in self._axis.walls:
            if wall.spot.strip == strip:
                y = above + self._bottom + 11
                yield element("text", wall.label, x=wall.spot.x - 2, y=y, class_="wall")

    def _tick(self, tick: Tick, above: float) -> Iterator[Markup]:
        x = tick.spot.x
        yield element("line", x1=x, y1=above + 26, x2=x, y2=above + self._bottom, class_="tick")
        yield element("text", tick.label, x=x - 2, y=above + 23, class_="clock")
        if tick.day:
            yield element("text", tick.day, x=x - 2, y=above + 11, class_="day")

    def _fold(self, x: float, width: float, label: str, above: float, *, long: bool) -> Iterator[Markup]:
        left, middle = x - width + 2, x - width / 2 - 3
        begin, end = above + _TOP, above + self._bottom
        teeth = [f"M{middle:.1f} {begin:.1f}"]
        y, side = begin, 3.5
        while y < end:
            y, side = min(y + 6, end), -side
            teeth.append(f"L{middle + side:.1f} {y:.1f}")
        yield element(
            "g",
            element("title", f"{label} of simulated time in which nothing happened"),
            element("rect", x=left, y=begin, width=width - 10, height=end - begin, class_="fold"),
            element("path", d="".join(teeth), class_="tooth long" if long else "tooth"),
            element("text", label, x=middle, y=above + 29, class_="gap long" if long else "gap"),
        )


def _fitting(name: str, width: float) -> str:
    most = int(width / 6.2)
    return name if len(name) <= most else f"{name[: most - 1]}…"
