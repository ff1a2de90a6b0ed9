"""What the marks of a picture mean, and what all pictures of a page share."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.report.page.marks import Marks
from simulator.report.page.markup import Markup, element

__all__ = ["PATTERNS", "legend"]

PATTERNS = element(
    "svg",
    element(
        "defs",
        element(
            "pattern",
            element("rect", width=6, height=6, class_="hatch-ground"),
            element("path", d="M0 6L6 0M-1 1L1 -1M5 7L7 5", class_="hatch-line"),
            id="hatch",
            width=6,
            height=6,
            patternUnits="userSpaceOnUse",
        ),
    ),
    width=0,
    height=0,
    aria_hidden="true",
    class_="defs",
)
"""What all pictures of a page share."""


def legend(marks: Marks, *, crowded: bool) -> Markup:
    """Return the meaning of each mark that is there, drawn as in the pictures."""
    used = {"fold"}
    for one in marks.all:
        form = "step" if one.changes else "other" if one.form in {"step", "note"} else one.form
        used |= {form, f"{form} {one.tone}"}
        used |= {
            name for name, held in (("link", one.after), ("tie", one.cause), ("fault", one.struck)) if held
        }
    shown = [
        element("li", _sample(kind, forms), told)
        for name, kind, forms, told in _MARKS
        if name in used and (not crowded or kind in _CROWDED)
    ]
    return element("ul", *shown, class_="legend")


def _sample(kind: str, forms: Sequence[Markup]) -> Markup:
    return element(
        "svg",
        element("g", *forms, class_=f"mark {kind}"),
        width=16,
        height=14,
        viewBox="0 0 16 14",
        aria_hidden="true",
        class_="picture-sign",
    )


def _bar() -> Markup:
    return element("rect", x=0.5, y=1, width=15, height=12, rx=2, class_="bar")


def _path(d: str, kind: str) -> Markup:
    return element("path", d=d, class_=kind)


_BOLT = "M7 1l4.5 0l-2.5 4l3 0l-6 7l2 -6l-3 0z"
_MARKS: tuple[tuple[str, str, tuple[Markup, ...], str], ...] = (
    ("step", "step", (_path("M8 2l5 5l-5 5l-5 -5z", "form"),), "a change, and who made it"),
    ("other", "step", (element("circle", cx=8, cy=7, r=2.5, class_="form"),), "another step or note"),
    ("attempt ok", "attempt ok", (_bar(),), "a post, answered 2xx"),
    ("attempt retry", "attempt retry", (_bar(),), "failed, tried again"),
    ("attempt bad", "attempt bad", (_bar(), _path("M4 3l8 8m0 -8l-8 8", "cross")), "failed, given up"),
    ("attempt open", "attempt open", (_bar(),), "not ended"),
    ("lost", "lost bad", (_path("M3 2l10 10m0 -10l-10 10", "gone"),), "dropped by a fault"),
    ("waiting", "waiting", (element("circle", cx=8, cy=7, r=5, class_="hollow"),), "waits to be posted"),
    ("link", "", (_path("M0 7h16", "link"),), "from an attempt to the next"),
    (
        "request ok",
        "request ok",
        (element("circle", cx=8, cy=7, r=4.5, class_="form"),),
        "the receiver asked the API",
    ),
    ("request bad", "request bad", (_path("M8 2l5.5 9.5h-11z", "form"),), "it got an error"),
    ("tie", "", (_path("M0 7h16", "tie"),), "what made it ask"),
    ("fault", "fault", (_path(_BOLT, "struck"),), "a fault"),
    ("fold", "fold", (_path("M8 0l-4 3.5l8 3.5l-8 3.5l4 3.5", "tooth"),), "simulated time that is folded"),
)
"""What each is for, how it is drawn, and what it means."""

_CROWDED = frozenset({"attempt ok", "attempt retry", "attempt bad", "attempt open", "fold"})
"""What is drawn where several marks stand together."""
