"""The picture of a run."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from simulator.clock import Moment
from simulator.journal import FaultNoted, Noted
from simulator.report.page.marks import marks_of
from simulator.report.page.picture import draw
from simulator.report.summary import Judgement
from tests.expect.story import NOW, request
from tests.report.page.drawing import DAY, Film, shapes, texts

RETRY = {"verdict": "retry", "again": Moment(NOW + 4 * DAY)}


def drawn(
    film: Film, *judgements: Judgement, width: float = 1120.0, tight: bool = False, linked=frozenset()
) -> str:
    marks = marks_of(film.record, judgements)
    picture = draw(film.record, marks, width=width, run=2, linked=linked, alternative="in words", tight=tight)
    ET.fromstring(picture)
    return picture


def forms(picture: str) -> list[str]:
    """Return the class of each mark."""
    return [one["class"].removeprefix("mark ") for one in shapes(picture, "mark")]


def everything() -> Film:
    film = (
        Film().add(Noted("begun"), FaultNoted(1, "api.lag", "set")).step("finish: session").change(by="ana")
    )
    planned = film.plan()
    film.end(film.begin(planned, faults=("fault 1",)), 503, **RETRY).add(
        request("A"), request("A", status=500)
    )
    film.plan("update", dropped=True)
    film.plan("create")
    film.post(500, "given_up").step("expect: x", 3).step("expect: y", 4).after(4 * DAY)
    film.end(film.begin(planned, 2))
    film.begin(film.plan("paused"))
    return film


def test_each_mark_has_a_form_a_title_and_labels():
    judged = [Judgement(f"a.yaml:{line}:1", met=line == 3, expected="e", seen="s") for line in (3, 4)]
    picture = drawn(everything(), *judged)

    assert forms(picture) == [
        "note plain",
        "fault plain",
        "step plain",
        "expect ok",
        "expect bad",
        "attempt retry",
        "lost bad",
        "waiting open",
        "attempt bad",
        "attempt ok",
        "attempt open",
        "request ok",
        "request bad",
    ]
    titles = [
        mark.find("title")
        for mark in ET.fromstring(picture).iter("g")
        if "mark" in mark.get("class", "").split()
    ]
    assert all(title.text.startswith("2021-03-0") for title in titles)
    assert texts(picture, "label") == [
        "api.lag", "finish", "expect", "expect", "finished", "update", "create", "finished", "finished", "paused",
        "graphql", "graphql",
    ]  # fmt: skip
    assert texts(picture, "under") == [
        "set", "ana", "✓ met", "✗ 1 not met", "✗ 503, 10 ms", "dropped", "waiting", "✗ 500, 10 ms", "✓ 200, 10 ms", "in flight",
        "200", "500",
    ]  # fmt: skip
    assert (len(shapes(picture, "tie")), len(shapes(picture, "link")), len(shapes(picture, "struck"))) == (
        2,
        1,
        2,
    )
    assert 'aria-label="in words"' in picture


def test_tight_picture_has_the_same_marks_without_labels():
    wide, tight = drawn(everything()), drawn(everything(), tight=True)

    assert forms(tight) == forms(wide)
    assert texts(tight, "label") == []
    assert len(tight) < len(wide)


def test_mark_leads_to_its_entry_when_that_is_in_the_table():
    picture = drawn(Film().step("wait: 1s").step("wait: 2s"), linked={2})

    assert re.findall(r'href="([^"]+)" tabindex="-1"', picture) == ["#run-2-entry-2"]


def test_long_label_is_cut():
    assert texts(drawn(Film().step("wait: until the part is there")), "label") == ["wait: until the…"]


@pytest.mark.parametrize("width", [1120.0, 360.0])
def test_nothing_stands_outside(width):
    film = Film()
    for number in range(30):
        film.step(f"step {number}").post(word="create").after(number * 1000)
    picture = drawn(film, width=width)

    places = [
        float(one.get("x", 0)) + float(one.get("width", 0)) for one in ET.fromstring(picture).iter("rect")
    ]
    labels = [
        float(one.get("x")) + 5 * len(one.text)
        for one in ET.fromstring(picture).iter("text")
        if one.get("class") in ("label", "under", "clock", "wall")
    ]
    assert max(places) <= width
    assert max(labels) <= width


def test_labels_of_a_lane_do_not_touch():
    film = Film()
    for _ in range(30):
        film.post(word="finished").add(request("A", operation="Session"))
    lines: dict[str, list[tuple[float, float]]] = {}
    for one in ET.fromstring(drawn(film)).iter("text"):
        if one.get("class") in ("label", "under"):
            x = float(one.get("x"))
            lines.setdefault(one.get("y"), []).append((x, x + 4.6 * len(one.text)))

    for line in lines.values():
        line.sort()
        assert all(end < begin for (_, end), (begin, _) in pairwise(line))


def test_post_that_reaches_over_strips_is_drawn_on_each():
    film = Film()
    made = film.begin(film.plan())
    for number in range(12):
        film.step(f"step number {number}")
    film.add(request("A")).end(made)

    picture = drawn(film, width=360.0)

    strips = Counter(one["y"] for one in shapes(picture, "bar"))
    assert (len(strips), set(strips.values())) == (4, {1})
    assert shapes(picture, "tie") == []


def test_link_over_strips_leaves_one_and_enters_another():
    film = Film()
    planned = film.plan()
    film.end(film.begin(planned), 503, **RETRY)
    for number in range(4):
        film.step(f"step number {number}")
    film.end(film.begin(planned, 2))

    assert len(shapes(drawn(film, width=360.0), "link")) == 2


def test_request_while_its_post_is_in_flight_over_strips_is_tied_to_its_beginning():
    film = Film()
    made = film.begin(film.plan())
    film.add(request("A"))
    for number in range(6):
        film.step(f"step number {number}")
    film.end(made)

    assert len(shapes(drawn(film, width=360.0), "tie")) == 1


def test_stale_post_is_crossed_out_in_no_colour_of_its_own():
    film = Film()
    film.end(film.begin(film.plan()), verdict="stale")

    assert forms(drawn(film)) == ["attempt plain"]
    assert len(shapes(drawn(film), "cross")) == 1
