"""Files of this repository as hand-written documents show them: under a comment that names the file stands its text."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

__all__ = ["included", "refreshing"]

_INCLUDED = re.compile(
    r"<!-- file: (?P<file>\S+) -->\n```(?P<language>\w*)\n.*?^```$", re.DOTALL | re.MULTILINE
)


def refreshing(name: str) -> Callable[[Path], str]:
    """Return what makes a document anew from itself and from the files that it shows."""

    def make(root: Path) -> str:
        def shown(found: re.Match[str]) -> str:
            text = (root / found["file"]).read_text(encoding="utf-8").rstrip("\n")
            return f"<!-- file: {found['file']} -->\n```{found['language']}\n{text}\n```"

        return _INCLUDED.sub(shown, (root / name).read_text(encoding="utf-8"))

    return make


def included(text: str) -> list[str]:
    """Return the files that a document shows."""
    return [found["file"] for found in _INCLUDED.finditer(text)]
