"""A script as YAML, the way people write one: a step a line where it fits, the rest beneath it.

Written by hand, since how a script is read is decided in ``script.loader`` and nowhere else; what this writes, that reads
back as the same values. It must not know what a script means.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

__all__ = ["as_yaml"]

_WIDTH: Final = 110
_PLAIN: Final = re.compile(
    r"[A-Za-z_/][A-Za-z0-9_./@-]*( [A-Za-z0-9_./@-]+)*|[0-9]+(ms|s|m|h|d)|-[0-9]+(ms|s|m|h|d)|[2-5]xx"
)
_WORDS: Final = frozenset(("true", "false", "null"))


def as_yaml(script: Mapping[str, object], *, comment: Iterable[str]) -> str:
    """Return a script as text, below a comment."""
    lines = [f"# {line}".rstrip() for line in comment]
    for key, value in script.items():
        lines.append("")
        if key == "steps" and isinstance(value, list):
            lines.append("steps:")
            for step in value:
                lines += _item(step, "  ")
        else:
            lines += _pair(key, value, "")
    return "\n".join([*lines, ""])


def _pair(key: str, value: object, indent: str) -> Iterator[str]:
    """Yield a key and its value: in one line where that fits, else what is in it beneath."""
    head = f"{indent}{_text(key)}:"
    flat = f"{head} {_flat(value)}"
    if len(flat) <= _WIDTH or not value or not isinstance(value, Mapping | list):
        yield flat
        return
    yield head
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _pair(name, one, f"{indent}  ")
    else:
        for one in value:
            yield from _item(one, f"{indent}  ")


def _item(value: object, indent: str) -> Iterator[str]:
    """Yield one entry of a list; the keys of a mapping stand beneath each other."""
    if not isinstance(value, Mapping) or not value:
        yield f"{indent}- {_flat(value)}"
        return
    lines = [line for key, one in value.items() for line in _pair(key, one, f"{indent}  ")]
    yield f"{indent}- {lines[0].lstrip()}"
    yield from lines[1:]


def _flat(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(key)}: {_flat(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flat, value)) + "]"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(text: str) -> str:
    """Return text as it is where nothing else could be meant, else in quotes."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())
