"""The picture of a long run: what happened close together stands as one column a lane, as high as it is many.

Decides what is put together: the longest gaps of simulated time stay visible as folds, and between them each column tells of
about as many marks as any other. Whatever failed keeps a part of its column, however few it was among many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from simulator.clock import iso_seconds
from simulator.expect.kinds import number_of
from simulator.report.page.axis import FOLD_FROM, LEFT, lay_out
from simulator.report.page.ground import HEAD, Ground, LaneShape
from simulator.report.page.marks import Lane, Mark, Marks
from simulator.report.page.markup import Markup, element
from simulator.report.record import Record

__all__ = ["Crowd", "crowd"]

_COLUMN = 12.0
_HIGH = 44.0
_LEAST = 3.0
"""How high a part of a column is at least."""

_FOLDS = 25
"""A gap is folded when it is at least this part of the whole: so there are at most as many."""

_STRIPS = {1120: 2, 720: 3, 360: 5}

_TONES = ("ok", "retry", "bad", "open", "plain")
_WORDS = {
    ("target", "ok"): "answered 2xx",
    ("target", "retry"): "failed and tried again",
    ("target", "bad"): "given up or dropped",
    ("target", "open"): "not ended",
    ("target", "plain"): "stale",
    ("receiver", "ok"): "answered",
    ("receiver", "bad"): "answered with an error",
}


@dataclass(slots=True)
class _Column:
    """Marks that stand together, by lane; ``gap`` is what is folded before them."""

    first: int
    last: int = 0
    gap: int | None = None
    marks: dict[int, list[Mark]] = field(default_factory=dict)


@dataclass(frozen=True)
class Crowd:
    """A picture, and how many marks stand in how many columns."""

    picture: Markup
    marks: int
    columns: int


def crowd(
    record: Record, marks: Marks, *, width: int, run: int, linked: Collection[int], alternative: str
) -> Crowd:
    """Return the picture at a width. ``linked`` are the entries that stand in the table of run ``run``."""
    columns = _columns(record, marks, round(_STRIPS[width] * (width - 2 * LEFT) / _COLUMN))
    lane = Lane("target", "")
    stand = [Mark("column", lane, one.first, one.first, one.first) for one in columns]
    axis = lay_out(
        record,
        stand,
        width=width,
        needs=dict.fromkeys((one.first for one in columns), _COLUMN),
        scale=0.0,
        gaps={one.first: one.gap for one in columns if one.gap is not None},
    )
    peaks = [max(len(one.marks.get(number, ())) for one in columns) for number in range(len(marks.lanes))]
    lanes = [
        LaneShape(f"{lane.name}, up to {peak} in a column", lane.kind, HEAD + _HIGH + 14)
        for lane, peak in zip(marks.lanes, peaks, strict=True)
    ]
    used = {(axis.spots[one.first].strip, number) for one in columns for number in one.marks}
    ground = Ground(axis, lanes, used)
    parts: list[Markup] = []
    for column in columns:
        spot = axis.spots[column.first]
        for number, mine in column.marks.items():
            bottom = ground.bottom(spot.strip, number) - 3
            drawn = element("g", *_stack(mine, spot.x, bottom, peaks[number]))
            told = element("title", _told(record, column, marks.lanes[number], mine))
            href = next((f"#run-{run}-entry-{one.number}" for one in mine if one.number in linked), None)
            shown = element("g", told, drawn, class_="mark")
            parts.append(element("a", shown, href=href, tabindex=-1) if href else shown)
    return Crowd(ground.picture(parts, alternative), len(marks.all), len(columns))


def _columns(record: Record, marks: Marks, most: int) -> list[_Column]:
    """Put the marks together in about ``most`` columns."""
    lanes = {id(lane): number for number, lane in enumerate(marks.lanes)}
    every = sorted(marks.all, key=lambda one: one.begin)
    gaps = [
        0,
        *(_at(record, one) - _at(record, before) for before, one in pairwise(every)),
    ]
    folded = max(FOLD_FROM, sum(gaps) // _FOLDS)
    cuts = frozenset(number for number, gap in enumerate(gaps) if gap >= folded)
    # A fold takes the room of about five columns.
    size = -(-len(every) // max(1, most - 5 * len(cuts)))
    columns: list[_Column] = []
    held = 0
    for number, mark in enumerate(every):
        if number in cuts or held >= size or not columns:
            columns.append(_Column(mark.begin, gap=gaps[number] if number in cuts else None))
            held = 0
        columns[-1].marks.setdefault(lanes[id(mark.lane)], []).append(mark)
        columns[-1].last = mark.begin
        held += 1
    return columns


def _at(record: Record, mark: Mark) -> int:
    return record.entries[mark.begin].at


def _stack(marks: Sequence[Mark], x: float, bottom: float, peak: int) -> Iterator[Markup]:
    """Yield the parts of a column, from below: what went well first."""
    counts = Counter(_tone(one) for one in marks)
    y = bottom
    for tone in _TONES:
        if counts[tone]:
            high = max(_LEAST, _HIGH * counts[tone] / peak)
            y -= high
            kind = f"{marks[0].lane.kind} {tone}"
            yield element(
                "g", element("rect", x=x, y=y, width=_COLUMN - 2, height=high, class_="bar"), class_=kind
            )
    if counts["bad"]:
        yield element("text", "✗", x=x + 1, y=y - 2, class_="alarm")
    if any(one.struck for one in marks):
        yield element("circle", cx=x + _COLUMN - 3, cy=y - 3, r=2, class_="struck")


def _tone(mark: Mark) -> str:
    return "retry" if mark.tone == "plain" and mark.form == "fault" else mark.tone


def _told(record: Record, column: _Column, lane: Lane, marks: Sequence[Mark]) -> str:
    counts = Counter(_tone(one) for one in marks)
    if lane.kind == "script":
        words = Counter(one.label for one in marks)
        told = [f"{many} {word}" for word, many in words.most_common(8)]
        told += ["and others"] if words.keys() - dict(words.most_common(8)).keys() else []
    else:
        told = [f"{counts[tone]} {_WORDS[lane.kind, tone]}" for tone in _TONES if counts[tone]]
    struck = sum(one.struck for one in marks)
    told += [f"{struck} struck by a fault"] if struck else []
    entries = record.entries
    first, last = entries[column.first], entries[column.last]
    when = f"{iso_seconds(first.at)} to {iso_seconds(last.at)}, entries {first.number} to {last.number}"
    return f"{when}: {number_of(len(marks), 'mark')}: {', '.join(told)}"
