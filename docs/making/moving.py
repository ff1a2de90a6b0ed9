"""The guesses that stand in ``docs/how-to/moving-to-the-real-service.md``, out of the marks in the code."""

from __future__ import annotations

import re
from pathlib import Path

from docs.making.fidelity import Statement, statements_in, texts
from docs.making.markdown import table

__all__ = ["guesses", "make"]

_PAGE = "docs/how-to/moving-to-the-real-service.md"
_BETWEEN = re.compile(r"(?<=<!-- guesses -->\n).*(?=<!-- end of guesses -->)", re.DOTALL)

HEADINGS = {
    "Webhooks": ("simulator/webhooks/",),
    "GraphQL": ("simulator/graphql/",),
    "Signing in and REST": ("simulator/auth", "simulator/rest", "simulator/routes"),
    "What may happen to a session": ("simulator/world/states",),
}
"""What an integration meets first. The types and fields are left to the fidelity page."""


def make(root: Path) -> str:
    """Return the page with its guesses brought up to date."""
    found = guesses(root)
    parts = [
        f"### {heading}\n\n"
        + table(
            ["statement", "certainty"],
            (
                (one.sentence.replace("``", "`"), one.certainty)
                for one in found
                if one.file.startswith(prefixes)
            ),
        )
        for heading, prefixes in HEADINGS.items()
    ]
    page = (root / _PAGE).read_text(encoding="utf-8")
    return _BETWEEN.sub(lambda _: "\n" + "\n".join(parts) + "\n", page)


def guesses(root: Path) -> list[Statement]:
    """Return the statements that no page of the vendor and no client of its bears out, each sentence once."""
    once: dict[str, Statement] = {}
    for text in texts(root):
        for one in statements_in(text):
            if one.certainty in ("inferred", "chosen") and one.file.startswith(
                tuple(sum(HEADINGS.values(), ()))
            ):
                once.setdefault(one.sentence, one)
    return list(once.values())
