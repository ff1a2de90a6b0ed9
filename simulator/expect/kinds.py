"""What can be expected of a receiver, as values, and how each reads in a report.

Decides the vocabulary alone; what fits is decided in ``match``, what is enough in ``watch``. Resources are node
ids here: who reads a script or a test resolves its names, and hands the name over for the texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar, Final, TypeAlias

from simulator.errors import UsageError
from simulator.values import dataclass
from simulator.wire import JSON, Headers, dump

__all__ = [
    "QUIET",
    "SUCCESS",
    "Answered",
    "Delivered",
    "Expectation",
    "GivenUp",
    "Order",
    "Queried",
    "Receiver",
    "Rest",
    "SignedIn",
    "Statuses",
    "about",
    "brief",
    "number_of",
    "parse_statuses",
    "short",
]

QUIET: Final = 0.3
"""Wall seconds without movement before an exact number is final."""

_BRIEF = 120
_LIST = re.compile(r"\s*\[(.*)\]\s*")
_STATUS = re.compile(r"[1-5](?:[0-9][0-9]|xx)")


@dataclass(frozen=True, slots=True)
class Statuses:
    """A set of HTTP statuses, with the text that names it."""

    text: str
    spans: tuple[range, ...]

    def __contains__(self, status: int) -> bool:
        return any(status in span for span in self.spans)


SUCCESS: Final = Statuses("2xx", (range(200, 300),))


def parse_statuses(value: object) -> Statuses:
    """Read ``200``, ``"200"``, ``"2xx"``, a list of these, or a list's text such as ``"[200, 204]"``."""
    if isinstance(value, str):
        inner = _LIST.fullmatch(value)
        items: Sequence[object] = (inner[1] if inner else value).split(",")
    else:
        items = value if isinstance(value, Sequence) else [value]
    names = [str(item).strip().lower() for item in items]
    if not names or not all(_STATUS.fullmatch(name) for name in names):
        raise UsageError(
            "the status cannot be read",
            expected="one such as 200, a class such as 2xx, or a list such as [200, 204]",
            found=repr(value),
        )
    lows = [int(name.replace("x", "0")) for name in names]
    spans = [range(low, low + (100 if "x" in name else 1)) for low, name in zip(lows, names, strict=True)]
    return Statuses(" or ".join(names), tuple(spans))


@dataclass(frozen=True, slots=True)
class Answered:
    """A webhook was answered. What is None is not looked at.

    ``event`` may be spelt either way; ``of`` is a node id; ``type`` is the resource's type or the payload's own;
    ``took`` is the most wall seconds the attempt may take; ``target`` is the URL that answered; ``name`` is what texts
    call the resource.
    """

    event: str | None = None
    of: str | None = None
    type: str | None = None
    status: Statuses = SUCCESS
    took: float | None = None
    name: str | None = None
    target: str | None = None

    def __post_init__(self) -> None:
        if self.took is not None and self.took < 0:
            raise UsageError("no answer takes less than no time", place="in", found=f"{self.took:g} s")

    def __str__(self) -> str:
        kind = f" of type {self.type}" if self.type else ""
        limit = "" if self.took is None else f" within {self.took:g} s"
        by = "" if self.target is None else f" by {self.target}"
        return f"{self.event or 'any webhook'}{kind}{about(self)} answered {self.status.text}{by}{limit}"


@dataclass(frozen=True, slots=True)
class Queried:
    """The API was asked. What is None or empty is not looked at.

    ``of`` is a node id that the request names; ``fields`` are all used beneath it; ``times`` is exact; ``after`` is
    the word of an attempt about the same resource; ``name`` is what texts call the resource.
    """

    of: str | None = None
    fields: tuple[str, ...] = ()
    operation: str | None = None
    times: int | None = None
    after: str | None = None
    name: str | None = None

    def __post_init__(self) -> None:
        _check_times(self.times)

    def __str__(self) -> str:
        fields = f" using {', '.join(self.fields)}" if self.fields else ""
        operation = f" in operation {self.operation}" if self.operation else ""
        after = f" after {self.after} began" if self.after else ""
        return f"{_times(self.times, 'request')}{about(self)}{fields}{operation}{after}"


@dataclass(frozen=True, slots=True)
class Rest:
    """A route of the vendor's was asked that is not GraphQL's endpoint. What is None is not looked at.

    ``path`` is as it is asked, without a query; ``:id`` in it stands for anything up to the next slash. ``of`` is a node id
    that the request names; ``times`` is exact; ``name`` is what texts call the resource.
    """

    method: str | None = None
    path: str | None = None
    of: str | None = None
    status: Statuses = SUCCESS
    times: int | None = None
    name: str | None = None

    def __post_init__(self) -> None:
        _check_times(self.times)

    def __str__(self) -> str:
        what = " ".join(part for part in (self.method, self.path) if part) or "REST"
        return f"{_times(self.times, f'{what} request')}{about(self)} answered {self.status.text}"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody signed in and got a token. ``of`` is the node id of the user, None is anybody; ``times`` is exact; ``name`` is
    what texts call the user."""

    of: str | None = None
    times: int | None = None
    name: str | None = None

    def __post_init__(self) -> None:
        _check_times(self.times)

    def __str__(self) -> str:
        by = "" if self.of is None else f" of {self.name or short(self.of)}"
        return f"{_times(self.times, 'sign-in')}{by}"


@dataclass(frozen=True, slots=True)
class Order:
    """Webhooks arrived in this order: of each event word its first arrival, of one that stands twice the first two.

    Others may come between. Each target is judged for itself; ``target`` names one. ``of`` is a node id; ``name`` is what texts
    call the resource.
    """

    events: tuple[str, ...]
    of: str | None = None
    target: str | None = None
    name: str | None = None

    def __post_init__(self) -> None:
        if len(self.events) < 2:
            raise UsageError(
                "an order has at least two events", place="events", found=", ".join(self.events) or "none"
            )

    def __str__(self) -> str:
        at = "" if self.target is None else f" at {self.target}"
        return f"{', '.join(self.events)}{about(self)} arrived{at} in this order"


@dataclass(frozen=True, slots=True)
class Receiver:
    """The integration's own URL answers so: its state at the end, as it tells of it itself.

    ``json`` is part of what the body holds: keys that it does not name are not looked at. ``paths`` are pairs of a path into
    the body, such as ``$.orders[0].state``, and what stands there.
    """

    of: ClassVar[None] = None
    name: ClassVar[None] = None

    url: str
    method: str = "GET"
    headers: Headers = ()
    body: bytes = b""
    status: Statuses = SUCCESS
    json: tuple[JSON] | None = None
    """Within a tuple, since None is a JSON value too."""
    paths: tuple[tuple[str, JSON], ...] = ()

    def __str__(self) -> str:
        wanted = [f"answers {self.status.text}"]
        wanted += [] if self.json is None else [f"holds {brief(self.json[0])}"]
        wanted += [f"has {path} = {brief(value)}" for path, value in self.paths]
        return f"{self.method} {self.url} {' and '.join(wanted)}"


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A delivery was given up: its last attempt failed, and there is none to come. What is None is not looked at.

    ``event`` may be spelt either way; ``of`` is a node id; ``type`` is the resource's type or the payload's own; ``target`` is
    the URL that did not take it; ``name`` is what texts call the resource.
    """

    event: str | None = None
    of: str | None = None
    type: str | None = None
    target: str | None = None
    name: str | None = None

    def __str__(self) -> str:
        return f"{_delivery(self)} given up"


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery has arrived. What is None is not looked at; ``attempts`` is how many it took, exactly."""

    event: str | None = None
    of: str | None = None
    type: str | None = None
    target: str | None = None
    attempts: int | None = None
    name: str | None = None

    def __post_init__(self) -> None:
        if self.attempts is not None and self.attempts < 1:
            raise UsageError(
                "nothing is delivered by less than 1 attempt", place="attempts", found=str(self.attempts)
            )

    def __str__(self) -> str:
        by = "" if self.attempts is None else f" by attempt {self.attempts}"
        return f"{_delivery(self)} delivered{by}"


Expectation: TypeAlias = Answered | Queried | Rest | SignedIn | Order | GivenUp | Delivered | Receiver


def _delivery(wanted: GivenUp | Delivered) -> str:
    kind = f" of type {wanted.type}" if wanted.type else ""
    to = "" if wanted.target is None else f" to {wanted.target}"
    return f"{wanted.event or 'any webhook'}{kind}{about(wanted)}{to}"


def _check_times(times: int | None) -> None:
    if times is not None and times < 0:
        raise UsageError("nothing happens less than 0 times", place="times", found=str(times))


def _times(times: int | None, what: str) -> str:
    """Return how many of something there are to be, exactly where there is a number."""
    return f"a {what}" if times is None else f"{'exactly ' if times else ''}{number_of(times, what)}"


def about(wanted: Expectation) -> str:
    """Return `` about`` and the resource that is meant, or nothing when any will do."""
    return "" if wanted.of is None else f" about {wanted.name or short(wanted.of)}"


def short(node_id: str) -> str:
    """Return enough of an id to tell it from others."""
    return node_id if len(node_id) <= 16 else f"{node_id[:12]}..."


def brief(value: JSON) -> str:
    """Return a value as JSON, cut where it is long."""
    text = dump(value).decode()
    return text if len(text) <= _BRIEF else f"{text[:_BRIEF]}..."


def number_of(count: int, noun: str, many: str | None = None) -> str:
    """Return the count with its noun, in words fit for a sentence; ``many`` is the plural where it is not regular."""
    return f"{count or 'no'} {noun if count == 1 else many or f'{noun}s'}"
