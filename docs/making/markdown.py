"""Pieces of Markdown that the generated documents are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

__all__ = ["cell", "code", "document", "fence", "plain", "table"]


def document(title: str, source: str, *parts: str) -> str:
    """Return a document that says where it comes from."""
    head = f"<!-- Made by `make docs` from {source}. Change it there, not here. -->\n\n# {title}\n"
    return "\n".join([head, *(part.rstrip("\n") + "\n" for part in parts if part)])


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; empty when there is no row."""
    lines = [f"| {' | '.join(cell(one) for one in row)} |" for row in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(header)} |", "|" + "---|" * len(header), *lines, ""])


def cell(text: str) -> str:
    """Return ``text`` on one line, so that nothing in it ends the cell."""
    return " ".join(text.replace("|", "\\|").split())


def code(text: object) -> str:
    """Return ``text`` as code, nothing as nothing."""
    return f"`{text}`" if f"{text}" else ""


def fence(text: str, language: str = "") -> str:
    return f"```{language}\n{text.rstrip()}\n```\n"


def plain(docstring: str | None) -> str:
    """Return a docstring as Markdown: double backquotes become single ones, lines of a paragraph one line."""
    paragraphs = re.split(r"\n\s*\n", (docstring or "").replace("``", "`"))
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
