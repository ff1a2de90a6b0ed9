"""Whether a run that was repeated went as the box says: the same failure or not, and where the journals part.

Theory of operation. Two runs are compared in *lanes*, since their journals may differ in what happened at once: what the platform
did by itself and was told to do is one lane, the attempts of each delivery are one, and so are the requests about each resource.
Within a lane everything has one order. The first difference is that of the lane that parts first, by the recorded numbers.

What is compared of an entry is what follows from the run: not how long things took, nor headers and bodies of answers that a
receiver gave. Where the simulator and its targets were is called alike on both sides; on a clock that runs by itself
moments are not compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from simulator.box.file import Box, Failure
from simulator.values import dataclass
from simulator.wire import dump

__all__ = ["Difference", "Repetition", "compare", "origin"]

_Shown: TypeAlias = Mapping[str, Any]

_PLANNED: Final = ("delivery", "target", "event", "type", "resource", "topic", "faults", "copy_of", "dropped")
_COMPARED: Final[Mapping[str, Sequence[str]]] = {
    "step": ("place", "text"),
    "change": ("verb", "type", "about", "events", "by"),
    "delivery": _PLANNED,
    "attempt": ("delivery", "attempt", "url", "headers", "body", "body_base64", "struck"),
    "outcome": ("delivery", "attempt", "status", "error", "verdict", "again", "struck"),
    "request": (
        *("route", "method", "path", "query", "operation", "asked", "body", "body_base64"),
        *("status", "faults", "spoilt", "observer"),
    ),
    "fault": ("fault", "line", "state"),
    "note": ("text",),
}
"""What is compared of each kind of entry."""
_FOLLOWING: Final = ("attempt", "outcome", "fault")
"""What may follow after the end of a record."""
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_SHORT: Final = 160


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two journals part: the number of the entry, as recorded or, where nothing is recorded there, as it is now; either
    entry in words, and the fields that differ as (name, recorded, now)."""

    number: int
    recorded: str | None
    now: str | None
    fields: tuple[tuple[str, str, str], ...] = ()

    @property
    def lines(self) -> list[str]:
        """The difference for people."""
        return [
            f"it differs first at entry {self.number}",
            f"  recorded: {self.recorded or 'nothing more of this'}",
            f"  now:      {self.now or 'nothing more of this'}",
            *(f"  {name}: {recorded} was recorded, now it is {now}" for name, recorded, now in self.fields),
        ]


@dataclass(frozen=True, slots=True)
class Repetition:
    """What came of repeating a box: the failures that happened ``again``, those that did not (``gone``) and others (``fresh``).

    ``compared`` is how many entries the recorded journal has.
    """

    again: tuple[Failure, ...]
    gone: tuple[Failure, ...]
    fresh: tuple[Failure, ...]
    compared: int
    difference: Difference | None = None

    @property
    def failed(self) -> bool:
        """Whether it failed this time."""
        return bool(self.again or self.fresh)

    @property
    def lines(self) -> list[str]:
        """What came of it, for people."""
        if self.again and not self.gone and not self.fresh:
            lines = ["the same failure happened again:"]
        elif self.again:
            lines = ["the same failure happened again, though not all of it is the same:"]
        elif self.fresh:
            lines = ["it failed, but otherwise than recorded:"]
        elif self.gone:
            lines = ["it did not fail this time:"]
        else:
            lines = ["what failed was judged outside of the simulator, which cannot be repeated:"]
        for heading, failures in (("again", self.again), ("gone", self.gone), ("new", self.fresh)):
            lines += [f"  {heading + ':':<6} {one.line}" for one in failures]
        if self.difference is None:
            return [*lines, f"the journal is the recorded one, entry by entry ({self.compared})"]
        return [*lines, *self.difference.lines]


def compare(box: Box, now: Box, *, played_back: bool = False) -> Repetition:
    """Compare the box of a run with that of its repetition; ``played_back``: on the receiver that is recorded in it.

    That one is done at once, so that what would have come next may come before the end: it is no difference.
    """
    then, here = _Names(box), _Names(now)
    recorded = {_key(one, then): one for one in box.failures if one.what != "test"}
    seen = {_key(one, here): one for one in now.failures}
    return Repetition(
        tuple(one for key, one in seen.items() if key in recorded),
        tuple(one for key, one in recorded.items() if key not in seen),
        tuple(one for key, one in seen.items() if key not in recorded),
        len(box.entries),
        _first_difference(box, now, then, here, played_back=played_back),
    )


def origin(url: str) -> str:
    """Return the part of a URL that says where it is, without a path."""
    return urlsplit(url)._replace(path="", query="", fragment="").geturl()


class _Names:
    """What is called otherwise where a run took place: the simulator, its targets, on some clocks every moment."""

    def __init__(self, box: Box) -> None:
        places = {origin(url): f"(host of target {place})" for place, url in enumerate(box.targets, 1)}
        places |= {box.base_url: "(the simulator)"}
        places |= {url: f"(target {place})" for place, url in enumerate(box.targets, 1)}
        self._places = sorted(places.items(), key=lambda pair: -len(pair[0]))
        self._timeless = box.mode not in ("max", "manual")

    def __call__(self, value: Any) -> Any:  # noqa: ANN401 - whatever stands in an entry
        if isinstance(value, dict):
            return {key: self(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self(one) for one in value]
        if not isinstance(value, str):
            return value
        for url, name in self._places:
            value = value.replace(url, name) if url else value
        return _MOMENT.sub("(a moment)", value) if self._timeless else value


def _key(failure: Failure, names: _Names) -> tuple[str, str, str]:
    return failure.what, failure.place, names(failure.text)


def _first_difference(
    box: Box, now: Box, then: _Names, here: _Names, *, played_back: bool
) -> Difference | None:
    recorded, seen = _lanes(box.entries), _lanes(now.entries)
    found: list[Difference] = []
    for lane in dict.fromkeys([*recorded, *seen]):
        for one, other in zip_longest(recorded.get(lane, ()), seen.get(lane, ())):
            if played_back and one is None and other is not None and other["kind"] in _FOLLOWING:
                break
            difference = _difference(one, other, then, here)
            if difference is not None:
                found.append(difference)
                break
    return min(found, key=lambda one: one.number, default=None)


def _lanes(entries: Iterable[_Shown]) -> dict[tuple[object, ...], list[_Shown]]:
    lanes: dict[tuple[object, ...], list[_Shown]] = {}
    for written in entries:
        undone = written["kind"] == "undone"
        entry = {**written["was"], "undone": True} if undone else written
        lanes.setdefault(tuple(_lane(entry)), []).append(entry)
    return lanes


def _lane(entry: _Shown) -> Iterator[object]:
    match entry["kind"]:
        case "attempt" | "outcome":
            yield from ("post", entry["delivery"])
        case "request":
            yield from ("request", *(entry["about"][:1] or [entry["path"]]))
        case _:
            yield "platform"


def _difference(recorded: _Shown | None, now: _Shown | None, then: _Names, here: _Names) -> Difference | None:
    if recorded is None or now is None:
        known = recorded or now
        assert known is not None
        return Difference(
            known["number"],
            None if recorded is None else _line(recorded),
            None if now is None else _line(now),
        )
    ours, theirs = _compared(recorded, then), _compared(now, here)
    if ours == theirs:
        return None
    fields = [name for name in dict.fromkeys([*ours, *theirs]) if ours.get(name) != theirs.get(name)]
    return Difference(
        recorded["number"],
        _line(recorded),
        _line(now),
        tuple((name, _short(ours.get(name)), _short(theirs.get(name))) for name in fields),
    )


def _compared(entry: _Shown, names: _Names) -> dict[str, Any]:
    at = {} if names("2021-03-01T08:00:00Z").startswith("(") else {"at": entry["at"]}
    kind = entry["kind"]
    return {"kind": kind, **at, "undone": entry.get("undone", False)} | {
        name: names(entry[name]) for name in _COMPARED.get(kind, ()) if name in entry
    }


def _line(entry: _Shown) -> str:
    """Return an entry in a line."""
    match entry["kind"]:
        case "attempt" | "outcome" | "delivery" as kind:
            about = " ".join(filter(None, (entry["event"], entry["type"], entry["resource"])))
            attempt = f", attempt {entry['attempt']}" if kind != "delivery" else ""
            came = f": {entry['status'] or entry['error']}, {entry['verdict']}" if kind == "outcome" else ""
            told = f"{kind} {about} to {entry['target']}{attempt}{came}"
        case "request":
            told = f"request {entry['method']} {entry['path']} {entry['operation'] or ''}: {entry['status']}"
        case "step":
            told = f"step {entry['place']}: {entry['text']}"
        case "change":
            told = f"change {entry['verb']} {entry['type']} {' '.join(entry['about'])}"
        case kind:
            told = f"{kind} {entry.get('line') or entry.get('text')}"
    return _short(f"{entry['at']}  {told}")


def _short(value: object) -> str:
    text = value if isinstance(value, str) else dump(value).decode()
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}..."
