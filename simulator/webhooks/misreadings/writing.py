"""JSON written again, in the ways of those who write it: what a receiver gets that parses a body before it signs it.

Decides how each well-known writer spells a value. It must not decide whether anybody did that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any, Literal, NamedTuple, TypeAlias

from simulator.wire import JSON

__all__ = ["Writer", "Writing", "writers", "writings"]

_Layout: TypeAlias = Literal["compact", "spaced", "2", "4", "tab"]
_Characters: TypeAlias = Literal["raw", "ascii", "slash", "php", "html", "gson", "dotnet"]
_Numbers: TypeAlias = Literal["kept", "javascript"]

_LAYOUTS: Mapping[_Layout, tuple[dict[str, Any], str]] = {
    "compact": ({"separators": (",", ":")}, "without spaces"),
    "spaced": ({"separators": (", ", ": ")}, "with a space after each comma and colon"),
    "2": ({"indent": 2}, "indented by two spaces"),
    "4": ({"indent": 4}, "indented by four spaces"),
    "tab": ({"indent": "\t"}, "indented by tabs"),
}
"""Each layout with what it is to ``json.dumps``, and in words."""


class Writer(NamedTuple):
    """How JSON is written."""

    layout: _Layout = "compact"
    characters: _Characters = "raw"
    numbers: _Numbers = "kept"
    by_key: bool = False


_NAMED: Mapping[Writer, str] = {
    Writer("spaced", "ascii"): "Python's json.dumps",
    Writer("compact", "raw", "javascript"): "JavaScript's JSON.stringify",
    Writer("compact", "raw"): "Ruby's JSON.generate",
    Writer("compact", "php", "javascript"): "PHP's json_encode",
    Writer("compact", "html"): "Rails' to_json",
    Writer("compact", "html", "javascript", by_key=True): "Go's json.Marshal of a map",
    Writer("compact", "ascii"): "Python's json.dumps with separators",
    Writer("spaced", "raw"): "Python's json.dumps with ensure_ascii=False",
    Writer("spaced", "ascii", by_key=True): "Python's json.dumps with sort_keys",
    Writer("compact", "gson"): "Java's Gson",
    Writer("compact", "dotnet"): "the JsonSerializer of .NET",
    Writer("2", "ascii"): "Python's json.dumps with indent=2",
    Writer("2", "raw", "javascript"): "JavaScript's JSON.stringify with indent 2",
    Writer("2", "raw"): "Ruby's JSON.pretty_generate",
    Writer("4", "ascii"): "Python's json.dumps with indent=4",
    Writer("4", "php", "javascript"): "PHP's JSON_PRETTY_PRINT",
}
"""Those who write JSON so, the likeliest first."""


def writers() -> tuple[Writer, ...]:
    """Return all ways of writing JSON, those that somebody is known for first."""
    others = product(_LAYOUTS, _CHARACTERS, ("kept", "javascript"), (False, True))
    return tuple(dict.fromkeys([*_NAMED, *(Writer(*other) for other in others)]))


class Writing(NamedTuple):
    """What a writer gives, and how it is written, in words."""

    writer: Writer
    words: str
    message: bytes


def writings(value: JSON, *, most: int | None = None) -> Iterator[Writing]:
    """Yield a value as each of ``writers`` writes it, or as the first ``most`` of them do."""
    write = _Write(value)
    for writer in writers()[:most]:
        text = write(writer)
        parts = [_LAYOUTS[writer.layout][1]]
        # What makes no difference here is not told.
        if text != write(writer._replace(characters="raw")):
            parts.append(_CHARACTERS[writer.characters][1])
        if text != write(writer._replace(by_key=False)):
            parts.append("with the keys sorted")
        if text != write(writer._replace(numbers="kept")):
            parts.append("with numbers and keys as JavaScript has them")
        who = _NAMED.get(writer)
        words = f"{', '.join(parts)}{f', as {who} does' if who else ''}"
        # Half a surrogate pair can only stand in a text as an escape; nobody's writer would get this far.
        yield Writing(writer, words, text.encode("utf-8", "replace"))


class _Write:
    """Writes one value; texts that differ in escapes alone are made of one another."""

    def __init__(self, value: JSON) -> None:
        self._values = {"kept": value, "javascript": _to_javascript(value)}
        self._texts: dict[Writer, str] = {}

    def __call__(self, writer: Writer) -> str:
        if writer not in self._texts:
            escape = _CHARACTERS[writer.characters][0]
            plain = writer._replace(characters="ascii" if writer.characters in _ESCAPING else "raw")
            self._texts[writer] = escape(self(plain)) if plain != writer else self._plain(writer)
        return self._texts[writer]

    def _plain(self, writer: Writer) -> str:
        return json.dumps(
            self._values[writer.numbers],
            ensure_ascii=writer.characters in _ESCAPING,
            sort_keys=writer.by_key,
            **_LAYOUTS[writer.layout][0],
        )


def _escape(text: str, signs: str) -> str:
    """Replace characters that only stand inside strings by their escapes."""
    for sign in signs:
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _slashes(text: str) -> str:
    return text.replace("/", "\\/")


def _dotnet(text: str) -> str:
    text = _escape(text.replace('\\"', "\\u0022"), "&'+<>`")
    return re.sub(r"\\u[0-9a-f]{4}", lambda found: f"\\u{found[0][2:].upper()}", text)


_CHARACTERS: Mapping[_Characters, tuple[Callable[[str], str], str]] = {
    "raw": (str, ""),
    "ascii": (str, "with escapes for what is not ASCII"),
    "slash": (_slashes, "with each slash escaped"),
    "php": (_slashes, "with escapes for slashes and for what is not ASCII"),
    "html": (lambda text: _escape(text, "&<>\u2028\u2029"), "with escapes for &, < and >"),
    "gson": (lambda text: _escape(text, "&<>='\u2028\u2029"), "with escapes for &, <, >, = and '"),
    "dotnet": (_dotnet, "with escapes for &, ', +, <, > and what is not ASCII"),
}
"""What each does to a text of JSON, and in words."""

_ESCAPING = frozenset({"ascii", "php", "dotnet"})
"""Those that escape whatever is not ASCII."""


def _to_javascript(value: JSON) -> JSON:
    """Return a value as JavaScript holds it: every number a double, and keys that are whole numbers first."""
    match value:
        case bool():
            return value
        case int():
            # A double holds no more; one that is beyond all doubles is nothing that anybody sends.
            return int(float(value)) if 2**53 < abs(value) < 10**300 else value
        case float():
            return int(value) if value.is_integer() and abs(value) < 1e21 else value
        case list():
            return [_to_javascript(one) for one in value]
        case dict():
            keys = sorted((key for key in value if _is_index(key)), key=int)
            keys += [key for key in value if not _is_index(key)]
            return {key: _to_javascript(value[key]) for key in keys}
        case _:
            return value


def _is_index(key: str) -> bool:
    return key.isascii() and key.isdigit() and (key == "0" or key[0] != "0") and len(key) < 10
