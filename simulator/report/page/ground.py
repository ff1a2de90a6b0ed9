"""What a picture stands on: the lanes with their names, the moments above and below them, and the folds between.

Decides how an axis looks, strip by strip. It must not know what stands on the lanes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from simulator.report.page.axis import Axis, Fold, Tick
from simulator.report.page.markup import Markup, element

__all__ = ["HEAD", "Ground", "LaneShape"]

HEAD = 15.0
"""How much of a lane its name takes."""

_TOP, _BETWEEN = 32.0, 18.0


@dataclass(frozen=True)
class LaneShape:
    """A lane to be: what it is called, which kind it is, and how high."""

    name: str
    kind: str
    height: float


class Ground:
    """The ground of a picture, and where each lane begins on it. ``used`` are the strips and lanes on which something stands:
    of another lane there is only its name."""

    def __init__(self, axis: Axis, lanes: Sequence[LaneShape], used: Collection[tuple[int, int]]) -> None:
        self._axis = axis
        self._lanes = lanes
        self._edges: list[list[float]] = []
        """By strip: where each lane begins, and where the last one ends."""
        self._height = 0.0
        for strip in range(len(axis.ends)):
            y = self._height + (_BETWEEN if strip else 0.0) + _TOP
            edges = [y]
            for number, lane in enumerate(lanes):
                y += lane.height if (strip, number) in used else HEAD + 3
                edges.append(y)
            self._edges.append(edges)
            self._height = y + (16.0 if axis.walls else 4.0)

    def top(self, strip: int, lane: int) -> float:
        """Return where the marks of a lane begin, below its name."""
        return self._edges[strip][lane] + HEAD

    def bottom(self, strip: int, lane: int) -> float:
        """Return where a lane ends."""
        return self._edges[strip][lane + 1]

    def picture(self, layers: Sequence[Markup], alternative: str) -> Markup:
        """Return the whole picture, with ``layers`` on the ground; ``alternative`` says in words what is seen."""
        ground = [part for strip in range(len(self._edges)) for part in self._draw(strip)]
        return element(
            "svg",
            *ground,
            *layers,
            viewBox=f"0 0 {self._axis.width:g} {self._height:g}",
            width=self._axis.width,
            height=self._height,
            role="img",
            aria_label=alternative,
            class_="picture",
        )

    def _draw(self, strip: int) -> Iterator[Markup]:
        edges, width = self._edges[strip], self._axis.ends[strip]
        for number in range(len(self._lanes)):
            shade = "lane even" if number % 2 else "lane"
            high = edges[number + 1] - edges[number]
            yield element("rect", x=0, y=edges[number], width=width, height=high, class_=shade)
        for fold in self._axis.folds:
            if fold.spot.strip == strip:
                yield _fold(fold, edges[0], edges[-1])
        for tick in self._axis.ticks:
            if tick.spot.strip == strip:
                yield from _tick(tick, edges[0], edges[-1])
        for number, lane in enumerate(self._lanes):
            name = _fitting(lane.name, self._axis.width)
            yield element("text", name, x=4, y=edges[number] + 11, class_=f"name {lane.kind}")
        for wall in self._axis.walls:
            if wall.spot.strip == strip:
                yield element("text", wall.label, x=wall.spot.x - 2, y=edges[-1] + 11, class_="wall")


def _tick(tick: Tick, top: float, bottom: float) -> Iterator[Markup]:
    x = tick.spot.x
    yield element("line", x1=x, y1=top - 6, x2=x, y2=bottom, class_="tick")
    yield element("text", tick.label, x=x - 2, y=top - 9, class_="clock")
    if tick.day:
        yield element("text", tick.day, x=x - 2, y=top - 21, class_="day")


def _fold(fold: Fold, top: float, bottom: float) -> Markup:
    left, middle = fold.spot.x - fold.width + 2, fold.spot.x - fold.width / 2 - 3
    teeth = [f"M{middle:.1f} {top:.1f}"]
    y, side = top, 3.5
    while y < bottom:
        y, side = min(y + 6, bottom), -side
        teeth.append(f"L{middle + side:.1f} {y:.1f}")
    long = " long" if fold.long else ""
    return element(
        "g",
        element("title", f"{fold.label} of simulated time in which nothing happened"),
        element("rect", x=left, y=top, width=fold.width - 10, height=bottom - top, class_="fold"),
        element("path", d="".join(teeth), class_=f"tooth{long}"),
        element("text", fold.label, x=middle, y=top - 3, class_=f"gap{long}"),
    )


def _fitting(name: str, width: float) -> str:
    most = int(width / 6.2)
    return name if len(name) <= most else f"{name[: most - 1]}…"
