"""Time: what moment it is in the simulator, how fast it passes, and what falls due when.

A ``Moment`` is whole milliseconds since 1970, UTC. Real and factor clocks follow the machine's monotonic timer;
a virtual clock (``max``, ``manual``) stands still until it is moved. A clock never waits and never calls anybody:
whoever drives the platform asks what is due. Only this module reads the system's time.

Theory: a clock is read through ``now``, and a driver asks ``wall_until(moment)`` how long it may sleep. For a
virtual clock the answer is None, "never by itself": there the driver moves the clock, by the rule in
``engine.Platform.jump``, and only while somebody waits.
"""

from __future__ import annotations

import heapq
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Generic, NewType, Protocol, TypeVar

from simulator.errors import UsageError
from simulator.values import dataclass

__all__ = [
    "NOW_HEADER",
    "LAST_MOMENT",
    "VIRTUAL_START",
    "Clock",
    "Moment",
    "Speed",
    "Stopwatch",
    "Timers",
    "VirtualClock",
    "WallClock",
    "iso_millis",
    "iso_seconds",
    "make_clock",
    "parse_duration",
    "parse_moment",
    "parse_speed",
    "system_moment",
    "wall_seconds",
]

Moment = NewType("Moment", int)
"""Milliseconds since 1970-01-01T00:00:00Z on the simulator's clock."""

wall_seconds = time.monotonic
"""Wall seconds since some beginning: only the time between two readings means something."""

NOW_HEADER = "X-Scope-Simulator-Now"
"""The header that holds the present moment, where the setting ``clock_header`` is on. [chosen]"""

VIRTUAL_START = Moment(1_614_585_600_000)
"""2021-03-01T08:00:00Z: where ``max`` and ``manual`` begin unless told otherwise. [chosen]"""

LAST_MOMENT = Moment(253_402_300_799_999)
"""The end of the year 9999, beyond which no time can be written."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_YEARS = range(1900, 9001)
_LONGEST = 36_525 * 86_400_000
_UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_SHORT = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)")
_ISO = re.compile(
    r"P(?:(?P<w>[0-9.]+)W)?(?:(?P<d>[0-9.]+)D)?(?:T(?:(?P<h>[0-9.]+)H)?(?:(?P<m>[0-9.]+)M)?(?:(?P<s>[0-9.]+)S)?)?"
)


@dataclass(frozen=True, slots=True)
class Speed:
    """How time passes: ``name`` is ``real``, ``max``, ``manual`` or the factor as written."""

    name: str
    factor: float | None
    """Simulated seconds a wall second; None for a clock that stands until it is moved."""

    @property
    def virtual(self) -> bool:
        return self.factor is None


class Clock(Protocol):
    """What everybody may ask of a clock."""

    speed: Speed

    def now(self) -> Moment:
        """Return the present moment."""

    def wall_until(self, moment: Moment) -> float | None:
        """Return the wall seconds until ``moment`` (0 when past), or None when only a move brings it."""


class VirtualClock:
    """A clock that stands still until it is moved forward."""

    __slots__ = ("_now", "speed")

    def __init__(self, start: Moment, speed: Speed) -> None:
        self.speed = speed
        self._now = start

    def now(self) -> Moment:
        return self._now

    def wall_until(self, moment: Moment) -> float | None:
        return 0.0 if moment <= self._now else None

    def move(self, moment: Moment) -> None:
        """Move forward to ``moment``; an earlier one is a usage error."""
        if moment < self._now:
            raise UsageError(
                f"the clock cannot go back from {iso_millis(self._now)} to {iso_millis(moment)}",
                remedy="Reset the simulator to begin anew.",
            )
        self._now = moment


class WallClock:
    """A clock that follows the machine's monotonic timer at a constant factor."""

    __slots__ = ("_factor", "_origin", "_start", "_timer", "speed")

    def __init__(self, start: Moment, speed: Speed, *, timer: Callable[[], float] = time.monotonic) -> None:
        self.speed = speed
        self._factor = speed.factor or 1.0
        self._timer = timer
        self._origin = timer()
        self._start = start

    def now(self) -> Moment:
        return Moment(self._start + int((self._timer() - self._origin) * self._factor * 1000))

    def wall_until(self, moment: Moment) -> float | None:
        if moment <= self.now():
            return 0.0
        due = self._origin + (moment - self._start) / self._factor / 1000
        # Rounding may put `due` just before the timer while `now` has not got there: never say 0 then.
        return max(1e-6, due - self._timer())


class Stopwatch:
    """Wall seconds since it was made: how long something took, whatever clock it played on."""

    __slots__ = ("_began", "_timer")

    def __init__(self, *, timer: Callable[[], float] = time.monotonic) -> None:
        self._timer = timer
        self._began = timer()

    @property
    def seconds(self) -> float:
        return self._timer() - self._began


def make_clock(speed: Speed, start: Moment | None) -> Clock:
    """Return the clock for ``speed``; without ``start`` virtual ones begin at ``VIRTUAL_START``, others now."""
    if speed.virtual:
        return VirtualClock(VIRTUAL_START if start is None else start, speed)
    return WallClock(system_moment() if start is None else start, speed)


def system_moment() -> Moment:
    """Return the machine's own present moment."""
    return Moment(time.time_ns() // 1_000_000)


def parse_speed(text: str) -> Speed:
    """Read ``real``, ``max``, ``manual`` or a positive factor such as ``60``."""
    if text in ("max", "manual"):
        return Speed(text, None)
    if text == "real":
        return Speed(text, 1.0)
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not 0.001 <= factor <= 1_000_000:
        raise UsageError(
            "the speed cannot be used",
            expected="real, max, manual or a factor from 0.001 to 1000000, such as 60",
            found=repr(text),
        )
    return Speed(text, factor)


def parse_duration(text: str) -> int:
    """Read ``500ms``, ``3s``, ``12m``, ``2h``, ``3d``, sums such as ``1h30m``, or ISO 8601; return milliseconds.

    ISO 8601 years and months are refused, since they have no fixed length.
    """
    millis = _millis(text)
    if millis is None:
        raise UsageError(
            "the duration cannot be read",
            expected="a number with ms, s, m, h or d, such as 12m, or ISO 8601, such as PT12M",
            found=repr(text),
        )
    if millis > _LONGEST:
        raise UsageError("the duration is too long", expected="at most a century, 36525d", found=repr(text))
    return round(millis)


def _millis(text: str) -> float | None:
    short = list(_SHORT.finditer(text))
    if short and "".join(part.group() for part in short) == text:
        return sum(float(part.group(1)) * _UNITS[part.group(2)] for part in short)
    iso = _ISO.fullmatch(text)
    sizes = {unit: size for unit, size in iso.groupdict().items() if size} if iso else {}
    try:
        return sum(float(size) * _UNITS[unit] for unit, size in sizes.items()) if sizes else None
    except ValueError:
        return None


def parse_moment(text: str) -> Moment:
    """Read an ISO 8601 date and time; without an offset it is UTC."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            "the time cannot be read", expected="ISO 8601, such as 2021-03-01T08:00:00Z", found=repr(text)
        ) from None
    if read.year not in _YEARS:
        raise UsageError(
            "the time is too far away",
            expected=f"a year from {_YEARS.start} to {_YEARS[-1]}",
            found=repr(text),
        )
    if read.tzinfo is None:
        read = read.replace(tzinfo=UTC)
    return Moment((read - _EPOCH) // timedelta(milliseconds=1))


@lru_cache(maxsize=4096)
def iso_millis(moment: Moment) -> str:
    """Return ISO 8601 UTC with milliseconds, as the API writes times."""
    seconds, millis = divmod(moment, 1000)
    return f"{_iso(seconds)}.{millis:03d}Z"


def iso_seconds(moment: Moment) -> str:
    """Return ISO 8601 UTC in whole seconds, as a webhook writes its time."""
    return f"{_iso(moment // 1000)}Z"


@lru_cache(maxsize=1024)
def _iso(seconds: int) -> str:
    return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}"


T = TypeVar("T")


class Timers(Generic[T]):
    """Things that fall due, soonest first; of equal moments the one added first."""

    __slots__ = ("_count", "_heap", "_live")

    def __init__(self) -> None:
        self._heap: list[tuple[Moment, int]] = []
        self._live: dict[int, T] = {}
        self._count = 0

    def __len__(self) -> int:
        return len(self._live)

    def add(self, due: Moment, thing: T) -> int:
        """Add ``thing`` and return the number by which it can be cancelled."""
        self._count += 1
        heapq.heappush(self._heap, (due, self._count))
        self._live[self._count] = thing
        return self._count

    def cancel(self, number: int) -> None:
        """Forget a thing; one that is gone already is no error."""
        self._live.pop(number, None)
        if len(self._heap) > 2 * len(self._live) + 64:
            # Most of the heap is cancelled: forget it now, or what never falls due would pile up.
            self._heap = [item for item in self._heap if item[1] in self._live]
            heapq.heapify(self._heap)

    def next_due(self) -> Moment | None:
        """Return the moment of the soonest thing, or None."""
        while self._heap and self._heap[0][1] not in self._live:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def take(self, now: Moment) -> list[T]:
        """Remove and return all that is due at ``now``."""
        taken = []
        while (due := self.next_due()) is not None and due <= now:
            taken.append(self._live.pop(heapq.heappop(self._heap)[1]))
        return taken
