"""How a value may be written, as text or typed, and how the same is said to a machine.

Each form reads what a flag, a variable, a file or a keyword argument holds and returns the one value that stands in
``Settings``; what does not fit is a usage error without a place, which the caller knows. A form's schema describes the
value in a configuration file. This module must not know which settings there are.
"""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

from simulator.clock import Moment, Speed, iso_millis, parse_duration, parse_moment, parse_speed
from simulator.errors import UsageError, did_you_mean
from simulator.wire import JSON

__all__ = [
    "Form",
    "address",
    "boolean",
    "choice",
    "duration",
    "fraction",
    "header",
    "host",
    "integer",
    "moment",
    "schedule",
    "several",
    "speed",
    "text",
    "unknown_name",
]


_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):(.*)", re.DOTALL)
_OURS = (
    *("connection", "content-encoding", "content-length", "content-type", "expect", "host", "keep-alive"),
    *("te", "trailer", "transfer-encoding", "upgrade"),
)
"""Headers that say how a body is framed and read: another value would break the post."""

_MOST_WAITS = 100


def _as_it_is(value: object) -> JSON:
    assert isinstance(value, str | int)
    return value


class Form(NamedTuple):
    """How a value may be written: ``read`` turns text or a typed value into what ``Settings`` holds, ``write`` that, when
    it is not None, into what a configuration file holds."""

    read: Callable[[object], object]
    schema: Mapping[str, JSON]
    write: Callable[[object], JSON] = _as_it_is


def integer(minimum: int, maximum: int) -> Form:
    expected = f"a whole number from {minimum} to {maximum}"

    def read(value: object) -> int:
        if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,20}", value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value <= maximum:
            raise _wrong(expected, value)
        return value

    return Form(read, {"type": "integer", "minimum": minimum, "maximum": maximum})


def boolean() -> Form:
    words = {
        "true": True,
        "yes": True,
        "on": True,
        "1": True,
        "false": False,
        "no": False,
        "off": False,
        "0": False,
    }

    def read(value: object) -> bool:
        if isinstance(value, bool):
            return value
        if not isinstance(value, str) or value.lower() not in words:
            raise _wrong("true or false", value)
        return words[value.lower()]

    return Form(read, {"type": "boolean"})


def choice(*options: str) -> Form:
    def read(value: object) -> str:
        if value not in options:
            nearest = did_you_mean(value, options) if isinstance(value, str) else ()
            expected = ", ".join(options[:-1]) + " or " + options[-1]
            raise UsageError("the value does not fit", expected=expected, found=repr(value), nearest=nearest)
        return str(value)

    return Form(read, {"enum": list(options)})


def text(pattern: str, expected: str) -> Form:
    def read(value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise _wrong(expected, value)
        return value

    return Form(read, {"type": "string", "pattern": f"^{pattern}$"})


def several(one: Form, *, separator: str | None, least: int) -> Form:
    """A list, or text whose parts stand between ``separator`` (None: blanks)."""

    def read(value: object) -> tuple[object, ...]:
        parts = value.split(separator) if isinstance(value, str) else value
        if not isinstance(parts, list | tuple) or len(parts) < least:
            raise _wrong("a list" if least == 0 else f"a list of at least {least}", value)
        return tuple(one.read(part.strip() if isinstance(part, str) else part) for part in parts)

    def write(values: object) -> JSON:
        assert isinstance(values, tuple)
        return [one.write(value) for value in values]

    return Form(read, {"type": "array", "items": dict(one.schema), "minItems": least}, write)


def duration() -> Form:
    def read(value: object) -> int:
        millis = parse_duration(value) if isinstance(value, str) else value
        if not isinstance(millis, int) or isinstance(millis, bool) or millis < 1:
            raise _wrong("a duration such as 10s, or milliseconds", value)
        return millis

    def write(value: object) -> JSON:
        assert isinstance(value, int)
        units = (("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1))
        return next(f"{value // size}{unit}" for unit, size in units if value % size == 0)

    return Form(read, {"type": ["string", "integer"], "minimum": 1, "minLength": 1}, write)


def schedule() -> Form:
    """How long to wait before each further attempt: durations, or the word none."""
    one = duration()
    expected = "durations such as 5s,5m,30m, or none"

    def read(value: object) -> tuple[int, ...]:
        if value == "none":
            return ()
        parts = value.split(",") if isinstance(value, str) else value
        if not isinstance(parts, list | tuple) or len(parts) > _MOST_WAITS:
            raise _wrong(f"{expected}; at most {_MOST_WAITS}", value)
        waits = []
        for part in parts:
            try:
                wait = one.read(part.strip() if isinstance(part, str) else part)
            except UsageError:
                raise _wrong(f"{expected}; {part!r} is no duration", value) from None
            assert isinstance(wait, int)
            waits.append(wait)
        return tuple(waits)

    def write(value: object) -> JSON:
        assert isinstance(value, tuple)
        return ",".join(str(one.write(wait)) for wait in value) or "none"

    items: JSON = dict(one.schema)
    return Form(read, {"type": ["string", "array"], "items": items, "maxItems": _MOST_WAITS}, write)


def fraction() -> Form:
    """A number from 0 to 1."""

    def read(value: object) -> float:
        try:
            number = float(value) if isinstance(value, str | int | float) else math.nan
        except ValueError:
            number = math.nan
        if isinstance(value, bool) or not 0 <= number <= 1:
            raise _wrong("a number from 0 to 1", value)
        return number

    def write(value: object) -> JSON:
        assert isinstance(value, float)
        return value

    return Form(read, {"type": "number", "minimum": 0, "maximum": 1}, write)


def moment() -> Form:
    def read(value: object) -> Moment:
        if isinstance(value, date):
            value = value.isoformat()
        if isinstance(value, str):
            return parse_moment(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise _wrong("a time such as 2021-03-01T08:00:00Z", value)
        return Moment(value)

    def write(value: object) -> JSON:
        assert isinstance(value, int)
        return iso_millis(Moment(value))

    # A TOML date is no JSON type; a checker of TOML files sees it as text.
    return Form(read, {"type": "string", "format": "date-time"}, write)


def speed() -> Form:
    def read(value: object) -> Speed:
        return value if isinstance(value, Speed) else parse_speed(str(value))

    def write(value: object) -> JSON:
        assert isinstance(value, Speed)
        return value.name

    return Form(read, {"type": ["string", "number"], "exclusiveMinimum": 0}, write)


def header() -> Form:
    """One header as ``Name: value``, read into the pair."""

    def read(value: object) -> tuple[str, str]:
        if isinstance(value, tuple):
            value = ": ".join(map(str, value))
        parts = _HEADER.fullmatch(value) if isinstance(value, str) else None
        if parts is None or not parts[2].replace("\t", " ").isprintable():
            raise _wrong("a header in one line, such as X-Tenant: acme", value)
        name, content = parts[1], parts[2].strip()
        if name.lower() in _OURS:
            raise UsageError(
                f"the header {name} is the post's own",
                expected="a header that does not say how the body is to be read",
                found=repr(value),
            )
        return name, content

    def write(value: object) -> JSON:
        assert isinstance(value, tuple)
        return ": ".join(value)

    return Form(read, {"type": "string", "pattern": r"^[^\s:]+:[^\r\n]*$"}, write)


def host() -> Form:
    """A host's name or address, without a port, as it is compared: in lower case, without brackets and last dot."""

    def read(value: object) -> str:
        name = value.removesuffix(".").lower() if isinstance(value, str) else ""
        if name.startswith("[") and name.endswith("]"):
            name = name[1:-1]
        if not re.fullmatch(r"[0-9a-z._-]+", name):
            try:
                name = str(ipaddress.IPv6Address(name))
            except ValueError:
                raise _wrong("a host name or an address, without a port", value) from None
        return name

    return Form(read, {"type": "string", "pattern": r"^[^\s/@]+$"})


def address() -> Form:
    """Where something is reached: scheme, host and perhaps a port and a path; the last slash goes."""
    expected = "an address such as https://scope.example"

    def read(value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(r"https?://[^\s/?#@\\]+(/[^\s?#\\]*)?", value):
            raise _wrong(expected, value)
        try:
            parts = urlsplit(value)
            usable = bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise _wrong(expected, value)
        return value.rstrip("/")

    return Form(read, {"type": "string", "pattern": r"^https?://[^\s?#@]+$"})


def unknown_name(problem: str, name: str, known: Iterable[str], *, place: str | None = None) -> UsageError:
    """Return the error for a name that stands for nothing, with the nearest or else all known ones."""
    nearest = did_you_mean(name, known, most=1)
    remedy = None if nearest else f"There are: {', '.join(known)}."
    return UsageError(problem, place=place, nearest=nearest, remedy=remedy)


def _wrong(expected: str, value: object) -> UsageError:
    return UsageError("the value does not fit", expected=expected, found=repr(value))
