"""Names that are numbers: work orders, cases, tags of equipment and spare parts, each written from a number and read back.

What the base writes into external data follows from numbers alone, so that whoever asks for a work order is led to its
session without a search. Reading is strict: a text that would be written otherwise is nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = [
    "case",
    "part",
    "procedure",
    "read_case",
    "read_part",
    "read_procedure",
    "read_tag",
    "read_work_order",
    "tag",
    "work_order",
]

_WORK_ORDERS, _CASES, _PARTS = 10_000, 2000, 1000
_TEXT = re.compile(r"([A-Z]{1,4})-([1-9][0-9]{0,17})")
_PROCEDURE = re.compile(r"(.+) ([A-Z]{1,4}-[0-9]+)(?:, variant ([0-9]{1,18}))?")
_PART = re.compile(r"([1-9][0-9]{0,17})-([A-Z]{4})")


def work_order(session: int) -> str:
    """Return the work order of a session of the base."""
    return f"WO-{_WORK_ORDERS + session}"


def read_work_order(text: str) -> int | None:
    """Return the session whose work order this would be."""
    return _number(text, "WO", _WORK_ORDERS)


def case(call: int) -> str:
    """Return the case that a call of the base was about."""
    return f"CASE-{_CASES + call}"


def read_case(text: str) -> int | None:
    """Return the call whose case this would be."""
    return _number(text, "CASE", _CASES)


def tag(letters: Sequence[str], first: int, number: int) -> str:
    """Return the tag of a machine: its class's letters in turn, and a number from ``first`` on."""
    rank, place = divmod(number - 1, len(letters))
    return f"{letters[place]}-{first + rank}"


def read_tag(letters: Sequence[str], first: int, text: str) -> int | None:
    """Return the number of the machine with this tag."""
    match = _TEXT.fullmatch(text)
    if match is None or match[1] not in letters or int(match[2]) < first:
        return None
    return (int(match[2]) - first) * len(letters) + letters.index(match[1]) + 1


def procedure(title: str, tag: str, variant: int) -> str:
    """Return what a scenario is called: its task, its machine, and which of several it is."""
    return f"{title} {tag}, variant {variant}" if variant > 1 else f"{title} {tag}"


def read_procedure(text: str) -> tuple[str, str, int] | None:
    """Return title, tag and variant of what a scenario is called."""
    match = _PROCEDURE.fullmatch(text)
    return (match[1], match[2], int(match[3] or 1)) if match else None


def part(scenario: int, code: str) -> str:
    """Return the number of a spare part that a scenario uses, such as 1004-SEAL."""
    return f"{_PARTS + scenario}-{code}"


def read_part(text: str) -> tuple[int, str] | None:
    """Return the scenario and the code of a spare part."""
    match = _PART.fullmatch(text)
    if match is None or int(match[1]) <= _PARTS:
        return None
    return int(match[1]) - _PARTS, match[2]


def _number(text: str, word: str, behind: int) -> int | None:
    match = _TEXT.fullmatch(text)
    if match is None or match[1] != word or int(match[2]) <= behind:
        return None
    return int(match[2]) - behind
