"""The style reaches nothing outside the page and names no colour that dark mode does not know."""

from __future__ import annotations

import re

from simulator.report.page.style import SCRIPT, STYLE


def test_nothing_is_loaded():
    assert re.findall(r"url\((?!#)|@import|fetch|XMLHttp|//", STYLE + SCRIPT) == []


def test_every_colour_that_is_used_is_defined_for_both_modes():
    used = set(re.findall(r"var\((--[a-z-]+)\)", STYLE))
    light, dark = (set(re.findall(r"(--[a-z-]+):", part)) for part in STYLE.split("@media")[:2])

    assert (used - light, light - dark) == (set(), set())
