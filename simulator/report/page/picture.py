"""The picture of a run: lanes from above to below, time from left to right, drawn in SVG.

Decides how marks look. Each has a form of its own beside its colour, a title that tells all of it when it is pointed at, and
leads to its entry in the table below. Bars are posts, as long as they took; broken lines lead from an attempt to the next;
lines lead from a post to what the receiver asked because of it. It must not decide where anything stands in time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from simulator.report.page.axis import LEFT, Axis, Spot, lay_out
from simulator.report.page.ground import HEAD, Ground, LaneShape
from simulator.report.page.marks import Lane, Mark, Marks
from simulator.report.page.markup import Markup, element
from simulator.report.record import Record

__all__ = ["draw"]

_SIGN = 5.9
"""How wide a sign of a label is, a little more than most are."""

_SMALL = 5.6
"""The same beneath a label."""

_LONGEST = 16
_ROW = 44.0
_ROW_TIGHT = 18.0


def draw(
    record: Record,
    marks: Marks,
    *,
    width: float,
    run: int,
    linked: Collection[int],
    alternative: str,
    tight: bool,
) -> Markup:
    """Return the picture at a width. ``linked`` are the entries that stand in the table of run ``run``.

    ``alternative`` says in words what is seen. A ``tight`` picture has no labels.
    """
    needs = {mark.number: _need(mark, tight=tight) for mark in marks.all}
    axis = lay_out(record, marks.all, width=width, needs=needs, scale=0.4 if tight else 1.0)
    return _Picture(axis, marks, run, linked, tight=tight).draw(alternative)


def _need(mark: Mark, *, tight: bool) -> float:
    if tight or mark.form in _UNLABELLED:
        return 7.0 if tight else 13.0
    longest = max(len(_cut(mark.label)) * _SIGN, len(_cut(mark.under)) * _SMALL)
    return 9.0 + longest + (8 if mark.form in _BESIDE else 0)


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"


_UNLABELLED = frozenset({"note"})
_BESIDE = frozenset({"step", "change", "expect", "fault", "request"})
"""Forms whose labels stand beside them, not beneath."""


class _Picture:
    def __init__(self, axis: Axis, marks: Marks, run: int, linked: Collection[int], *, tight: bool) -> None:
        self._axis = axis
        self._marks = marks
        self._run = run
        self._linked = linked
        self._tight = tight
        self._row = _ROW_TIGHT if tight else _ROW
        self._lanes = {id(lane): number for number, lane in enumerate(marks.lanes)}
        used = {
            (strip, self._lanes[id(mark.lane)])
            for mark in marks.all
            for strip in range(axis.spots[mark.begin].strip, axis.spots[mark.end].strip + 1)
        }
        shapes = [LaneShape(one.name, one.kind, self._height(one)) for one in marks.lanes]
        self._ground = Ground(axis, shapes, used)

    def draw(self, alternative: str) -> Markup:
        layers: list[Markup] = []
        for layer in (self._ties, self._links, self._forms):
            layers += (part for mark in self._marks.all for part in layer(mark))
        return self._ground.picture(layers, alternative)

    def _height(self, lane: Lane) -> float:
        if lane.kind == "target":
            return HEAD + 8 + lane.rows * self._row
        return HEAD + (18.0 if self._tight else 32.0)

    def _y(self, mark: Mark, strip: int) -> float:
        """Return the middle of a mark."""
        top = self._ground.top(strip, self._lanes[id(mark.lane)])
        return top + 9 if mark.lane.kind != "target" else top + 14 + mark.row * self._row

    def _spot(self, place: int) -> Spot:
        return self._axis.spots[place]

    def _ties(self, mark: Mark) -> Iterator[Markup]:
        """Yield the line from a post to what the receiver asked because of it."""
        if mark.cause is None:
            return
        asked, begin, end = self._spot(mark.begin), self._spot(mark.cause.begin), self._spot(mark.cause.end)
        if asked.strip != begin.strip:
            return
        x = asked.x if end.strip != begin.strip else min(max(asked.x, begin.x + 2), max(end.x, begin.x + 6))
        y, to = self._y(mark.cause, begin.strip) + 6, self._y(mark, asked.strip) - 5
        half = (y + to) / 2
        d = f"M{x:.1f} {y:.1f}C{x:.1f} {half:.1f} {asked.x:.1f} {half:.1f} {asked.x:.1f} {to:.1f}"
        yield element("path", d=d, class_="tie")

    def _links(self, mark: Mark) -> Iterator[Markup]:
        """Yield the line from an attempt to the next of the same delivery."""
        if mark.after is None:
            return
        begin, end = self._spot(mark.after.end), self._spot(mark.begin)
        # Deliveries that are tried again at the same time have lines of their own.
        rise = 8.5 + mark.delivery % 3 * 2.5
        low, high = self._y(mark.after, begin.strip) - 6, self._y(mark.after, begin.strip) - rise
        to = self._y(mark, end.strip)
        if begin.strip == end.strip:
            reach = max(begin.x + 2, end.x - 5)
            yield element(
                "path",
                d=f"M{begin.x:.1f} {low:.1f}V{high:.1f}H{reach:.1f}L{end.x:.1f} {to - 6:.1f}",
                class_="link",
            )
        else:
            edge = self._axis.ends[begin.strip]
            yield element("path", d=f"M{begin.x:.1f} {low:.1f}V{high:.1f}H{edge:.1f}", class_="link")
            yield element(
                "path",
                d=f"M0 {to - rise:.1f}H{max(2.0, end.x - 5):.1f}L{end.x:.1f} {to - 6:.1f}",
                class_="link",
            )

    def _forms(self, mark: Mark) -> Iterator[Markup]:
        make: Mapping[str, Callable[[Mark, float, float], list[Markup]]] = {
            "attempt": self._bar,
            "lost": _lost,
            "waiting": _waiting,
            "request": _request,
            "step": _step,
            "change": _step,
            "expect": _expect,
            "fault": _fault,
        }
        spot = self._spot(mark.begin)
        y = self._y(mark, spot.strip)
        parts = make.get(mark.form, _note)(mark, spot.x, y)
        if mark.struck:
            d = f"M{spot.x - 1:.1f} {y - 13:.1f}l4.5 0l-2.5 4l3 0l-6 7l2 -6l-3 0z"
            parts.append(element("path", d=d, class_="struck"))
        parts += self._labels(mark, spot.x, y)
        shown = element("g", element("title", mark.title), *parts, class_=f"mark {mark.form} {mark.tone}")
        if mark.number in self._linked:
            shown = element("a", shown, href=f"#run-{self._run}-entry-{mark.number}", tabindex=-1)
        yield shown

    def _labels(self, mark: Mark, x: float, y: float) -> Iterator[Markup]:
        if self._tight or mark.form in _UNLABELLED:
            return
        beside = mark.form in _BESIDE
        at, first = (x + 8, y + 3.5) if beside else (x, y + 17)
        yield element("text", _cut(mark.label), x=at, y=first, class_="label")
        if mark.under:
            yield element("text", _cut(mark.under), x=at, y=first + 11.5, class_="under")

    def _bar(self, mark: Mark, x: float, y: float) -> list[Markup]:
        begin, end = self._spot(mark.begin), self._spot(mark.end)
        pieces = [(begin.strip, x, max(x + 6, end.x))]
        if begin.strip != end.strip:
            pieces = [(begin.strip, x, self._axis.ends[begin.strip])]
            pieces += [(strip, 0.0, self._axis.ends[strip]) for strip in range(begin.strip + 1, end.strip)]
            pieces.append((end.strip, 0.0, max(LEFT, end.x)))
        parts = []
        for strip, left, right in pieces:
            top = self._y(mark, strip) - 6
            parts.append(element("rect", x=left, y=top, width=right - left, height=12, rx=2, class_="bar"))
        if mark.tone == "bad":
            parts.append(element("path", d=f"M{x + 1:.1f} {y - 4:.1f}l8 8m0 -8l-8 8", class_="cross"))
        elif mark.under.startswith("✗"):
            parts.append(element("path", d=f"M{x + 1:.1f} {y + 4:.1f}l8 -8", class_="cross"))
        return parts


def _step(mark: Mark, x: float, y: float) -> list[Markup]:
    if mark.changes:
        return [element("path", d=f"M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z", class_="form")]
    return [element("circle", cx=x, cy=y, r=2.5, class_="form")]


def _expect(mark: Mark, x: float, y: float) -> list[Markup]:
    sign = "M-2.5 0l2 2.5l3.5 -5" if mark.tone == "ok" else "M-2.5 -2.5l5 5m0 -5l-5 5"
    return [
        element("rect", x=x - 6, y=y - 6, width=12, height=12, rx=3, class_="form"),
        element("path", d=sign, transform=f"translate({x:.1f} {y:.1f})", class_="sign"),
    ]


def _fault(_mark: Mark, x: float, y: float) -> list[Markup]:
    return [element("path", d=f"M{x - 1:.1f} {y - 6:.1f}l4.5 0l-2.5 4l3 0l-6 7l2 -6l-3 0z", class_="struck")]


def _note(_mark: Mark, x: float, y: float) -> list[Markup]:
    return [element("circle", cx=x, cy=y, r=2.5, class_="hollow")]


def _lost(_mark: Mark, x: float, y: float) -> list[Markup]:
    return [element("path", d=f"M{x:.1f} {y - 5:.1f}l10 10m0 -10l-10 10", class_="gone")]


def _waiting(_mark: Mark, x: float, y: float) -> list[Markup]:
    return [element("circle", cx=x + 5, cy=y, r=5, class_="hollow")]


def _request(mark: Mark, x: float, y: float) -> list[Markup]:
    if mark.tone == "ok":
        return [element("circle", cx=x, cy=y, r=4.5, class_="form")]
    return [element("path", d=f"M{x:.1f} {y - 5:.1f}l5.5 9.5h-11z", class_="form")]
