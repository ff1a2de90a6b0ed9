"""What the marks mean."""

from __future__ import annotations

import re

from simulator.report.page.legend import PATTERNS, legend
from simulator.report.page.marks import marks_of
from tests.report.page.drawing import Film
from tests.report.page.test_picture import everything


def told(film: Film, *, crowded: bool = False) -> list[str]:
    return re.findall(r"</svg>([^<]+)</li>", legend(marks_of(film.record), crowded=crowded))


def test_legend_tells_of_what_is_there():
    assert told(Film().post()) == ["a post, answered 2xx", "simulated time that is folded"]
    assert told(everything()) == [
        "a change, and who made it",
        "another step or note",
        "a post, answered 2xx",
        "failed, tried again",
        "failed, given up",
        "not ended",
        "dropped by a fault",
        "waits to be posted",
        "from an attempt to the next",
        "the receiver asked the API",
        "it got an error",
        "what made it ask",
        "a fault",
        "simulated time that is folded",
    ]


def test_legend_of_a_crowd_tells_of_columns_alone():
    assert told(everything(), crowded=True) == [
        "a post, answered 2xx",
        "failed, tried again",
        "failed, given up",
        "not ended",
        "simulated time that is folded",
    ]


def test_pattern_has_the_name_that_the_style_knows():
    assert 'id="hatch"' in PATTERNS
