"""Says in words of our own what a YAML reader tripped over: where it began, and what to do.

Knows the sentences of PyYAML's reader in Python; one it does not know is passed on as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.errors import UsageError

if TYPE_CHECKING:
    from yaml import MarkedYAMLError

__all__ = ["in_our_words"]


def in_our_words(error: MarkedYAMLError, *, name: str, content: str) -> UsageError:
    """Say in our words what the YAML reader tripped over, where it began, and what to do."""
    problem = error.problem or ""
    spot, began = error.problem_mark, error.context_mark
    assert spot is not None
    lines = content.splitlines() or [""]
    before = lines[min(spot.line, len(lines) - 1)][: spot.column]
    place = f"{name}:{spot.line + 1}:{spot.column + 1}"
    if began is not None and ("end of stream" in problem or "stream end" in problem):
        what = "the quoted text" if "quoted" in (error.context or "") else "the bracket"
        return UsageError(
            f"{what} that begins here does not end",
            place=f"{name}:{began.line + 1}:{began.column + 1}",
            remedy="Close it.",
        )
    if before.rstrip().endswith("$") and "got '{'" in problem:
        return UsageError(
            "a reference inside { } or [ ] has no quotes",
            place=place,
            remedy='Put it in quotes, such as {order: "${order}"}.',
        )
    for sign, plain, remedy in _WORDINGS:
        if re.search(sign, problem):
            return UsageError(plain, place=place, remedy=remedy)
    return UsageError(
        f"the YAML cannot be read: {problem}", place=place, remedy="Check the line before it too."
    )


_WORDINGS: Final = (
    (r"'\\t'", "a tab stands where only spaces may", "Indent with spaces."),
    (
        "mapping values are not allowed",
        "a colon stands where no key can be",
        "Check the indentation, or put text with a colon in quotes.",
    ),
    (
        "could not find expected ':'",
        "a key has no colon after it",
        "Write the colon and a space, or check the indentation.",
    ),
    (
        "expected <block end>",
        "the indentation does not fit what stands above",
        "Begin each key of a mapping, and each dash of a list, in the same column.",
    ),
    (
        "expected ',' or '[]}]'",
        "a comma or the closing bracket is missing",
        "Put text with { } [ ] or , in quotes.",
    ),
    (
        "cannot start any token|expected alphabetic",
        "a word begins with a sign that YAML keeps for itself",
        "Put the text in quotes.",
    ),
    (
        "unknown escape|expected escape",
        "a backslash in double quotes begins nothing that is known",
        "Use single quotes.",
    ),
    ("expected the node content", "a value is missing", "Write the value, or quotes around it."),
)
