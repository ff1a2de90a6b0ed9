"""Elements of HTML and SVG whose text is escaped, whatever a script, a receiver or a client put into it.

Decides that nothing which is not ``Markup`` gets into a page as it is: all other text is escaped, and what does not print is
spelt out, so that no name turns the line around. Only ``element``, ``joined`` and constants of this package make markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TypeAlias

__all__ = ["Content", "Markup", "element", "joined", "plain", "text"]


class Markup(str):
    """Text that stands in a page as it is."""

    __slots__ = ()


Content: TypeAlias = "str | Iterable[Content] | None"

_VOID = frozenset({"meta", "input", "br"})
_FORMS = frozenset({"path", "rect", "circle", "line", "use"})
"""Elements of a picture, which may have a title in them."""
_KEPT = frozenset("\n\t")


def plain(written: str) -> str:
    """Return text in which all that does not print is spelt out, but for the ends of lines and tabs."""
    if written.isprintable():
        return written
    return "".join(sign if sign.isprintable() or sign in _KEPT else repr(sign)[1:-1] for sign in written)


def text(written: str) -> Markup:
    """Return text as markup that shows it."""
    return written if isinstance(written, Markup) else Markup(escape(plain(written), quote=True))


def joined(content: Content) -> Markup:
    """Return all parts of a content, one after the other; None is nothing."""
    if content is None:
        return Markup()
    if isinstance(content, str):
        return text(content)
    return Markup("".join(joined(one) for one in content))


def element(tag: str, *content: Content, **attributes: object) -> Markup:
    """Return an element. An attribute that is None or False is left out, True stands alone; a sign of Python's is left off a
    name's end, and ``_`` inside one is ``-``."""
    written = [tag]
    for name, value in attributes.items():
        if value is None or value is False:
            continue
        spelt = name.rstrip("_").replace("_", "-")
        written.append(spelt if value is True else f'{spelt}="{text(_number(value))}"')
    inner = joined(content)
    head = " ".join(written)
    if tag in _VOID:
        return Markup(f"<{head}>")
    if tag in _FORMS and not inner:
        return Markup(f"<{head}/>")
    return Markup(f"<{head}>{inner}</{tag}>")


def _number(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return value if isinstance(value, str) else str(value)
