"""The report for people, in a browser: it asks for nothing, nothing in it runs, and it can be read."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from simulator.cli import main
from tests.all.browser import browser
from tests.examples.example import in_thread
from tests.server.receiving import receiving

pytestmark = pytest.mark.needs_chromium

HOSTILE = (
    """<script>document.title='taken'</script><img src=http://127.0.0.1:9/x onerror=document.title='taken'>"""
)
STORY = f"""\
title: {json.dumps(f"Nobody asks {HOSTILE}")}
seed: 7
world:
  users: [{{as: ana, name: Ana Silva}}, {{as: raj, name: Raj}}]
steps:
  - create: ScenarioSession
    as: session
    by: ana
    with: {{externalData: {json.dumps(HOSTILE)}}}
  - wait: 12m
  - view: session
    steps: 3
  - pause: session
    by: ana
  - wait: 3d
  - faults:
      delivery: [{{unreachable: true, times: 2, match: {{event: finished}}}}]
  - resume: session
    by: raj
  - finish: session
    by: raj
  - expect:
      answered: {{event: finished, of: session}}
      queried: {{of: session, fields: [state]}}
      within: 300ms
"""

OVERLAPPING = """
(() => {
  const shown = [...document.querySelectorAll('svg.picture text')].filter(one => one.getClientRects().length);
  const boxes = shown.map(one => [one.textContent, one.getBoundingClientRect(), one.closest('svg')]);
  const found = [];
  boxes.forEach(([text, box, svg], at) => boxes.slice(at + 1).forEach(([other, second, same]) => {
    if (svg === same && box.left < second.right - 1 && second.left < box.right - 1
        && box.top < second.bottom - 4 && second.top < box.bottom - 4) found.push(text + ' | ' + other);
  }));
  return found;
})()
"""
OUTSIDE = """
[...document.querySelectorAll('svg.picture *')].filter(one => one.getClientRects().length).filter(one => {
  const box = one.getBoundingClientRect(), svg = one.closest('svg').getBoundingClientRect();
  return box.right > svg.right + 2 || box.left < svg.left - 8;
}).map(one => one.outerHTML.slice(0, 200))
"""
NEEDS_SCROLLING = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def page(tmp_path) -> Path:
    script, page = tmp_path / "mine.yaml", tmp_path / "report.html"
    script.write_text(STORY, "utf-8")
    with in_thread(receiving) as receiver:
        code = main(["replay", str(script), "--target", receiver.url, "--report", f"html:{page}"])
    assert code == 1
    return page


def test_report_of_a_failed_run_reads_well_and_asks_for_nothing(page, tmp_path):
    pictures = tmp_path / "pictures"
    pictures.mkdir()

    async def look() -> None:
        async with browser(tmp_path / "profile") as tab:
            await tab.look(1200)
            await tab.open(page.as_uri())
            assert await tab.evaluate("document.title") == f"FAILED: Nobody asks {HOSTILE}"
            reason = await tab.evaluate("document.querySelector('.reason').textContent")
            assert reason.startswith(
                "not met: a request about session using state; seen: no fitting requests"
            )
            for name, width, dark, media in (
                ("desk", 1200, False, "screen"),
                ("night", 1200, True, "screen"),
                ("tablet", 800, False, "screen"),
                ("phone", 390, False, "screen"),
                ("paper", 718, False, "print"),
            ):
                await tab.look(width, dark=dark, media=media)
                shown = await tab.evaluate(
                    "[...document.querySelectorAll('svg.picture')].filter(one => one.getClientRects().length).length"
                )
                assert (name, shown) == (name, 1)
                assert (name, await tab.evaluate(OVERLAPPING)) == (name, [])
                assert (name, await tab.evaluate(OUTSIDE)) == (name, [])
                assert (name, await tab.evaluate(NEEDS_SCROLLING)) == (name, False)
                picture = await tab.picture()
                (pictures / f"{name}.png").write_bytes(picture)
                assert picture.startswith(b"\x89PNG")
                assert len(picture) > 20_000
            assert tab.asked == [page.as_uri()]
            assert tab.complaints == []

    asyncio.run(look())
    assert sorted(one.name for one in pictures.iterdir()) == [
        "desk.png",
        "night.png",
        "paper.png",
        "phone.png",
        "tablet.png",
    ]


def test_entries_can_be_sifted(page, tmp_path):
    async def look() -> None:
        async with browser(tmp_path / "profile") as tab:
            await tab.open(page.as_uri())
            shown = (
                "[...document.querySelectorAll('tbody tr')].filter(one => one.getClientRects().length).length"
            )
            everything = await tab.evaluate(shown)
            await tab.evaluate("document.querySelector('input[value=delivery]').click()")
            without = await tab.evaluate(shown)
            await tab.evaluate(
                "const box = document.querySelector('input[type=search]'); box.value = 'RESUME: session';"
                "box.dispatchEvent(new Event('input'))"
            )
            assert everything > without > await tab.evaluate(shown) == 1

    asyncio.run(look())
