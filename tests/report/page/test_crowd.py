"""The picture of a long run."""

from __future__ import annotations

import re

from simulator.report.page.crowd import crowd
from simulator.report.page.marks import marks_of
from tests.expect.story import request
from tests.report.page.drawing import DAY, SECOND, Film, shapes, texts


def long_run() -> Film:
    film = Film()
    for number in range(1000):
        film.step("finish: session").change().post(word="finished").after(2 * SECOND)
        if number == 500:
            film.post(500, "given_up").after(4 * DAY)
    film.end(film.begin(film.plan(faults=("fault 1",))), 503, "retry")
    return film.add(request("A"), request("A", status=500))


def drawn(film: Film, width: int = 1120):
    return crowd(film.record, marks_of(film.record), width=width, run=1, linked={1}, alternative="many")


def test_thousands_of_marks_stand_in_as_many_columns_as_there_is_room_for():
    for width, strips in ((1120, 2), (720, 3), (360, 5)):
        one = drawn(long_run(), width)

        assert one.marks == 2004
        assert strips * width / 12 * 0.6 < one.columns < strips * width / 12
        assert texts(one.picture, "gap") == ["4 d"]


def test_what_failed_is_seen_among_many():
    picture = drawn(long_run()).picture

    assert texts(picture, "alarm") == ["✗", "✗"]
    assert [float(one["height"]) >= 3 for one in shapes(picture, "bar")] == [True] * len(
        shapes(picture, "bar")
    )
    assert len(shapes(picture, "struck")) == 1
    assert len(shapes(picture, "retry")) == 1


def test_column_says_what_stands_in_it():
    titles = re.findall(r"<title>([^<]*)</title>", drawn(long_run()).picture)

    assert titles[1] == (
        "2021-03-01T08:00:00Z to 2021-03-01T08:00:10Z, entries 1 to 29: 6 marks: 6 finish"
    )  # fmt: skip
    assert any(title.endswith("given up or dropped") for title in titles)
    assert any(title.endswith("1 failed and tried again, 1 struck by a fault") for title in titles)
    assert any(title.endswith("2 marks: 1 answered, 1 answered with an error") for title in titles)


def test_column_of_many_kinds_of_steps_names_the_most_frequent():
    film = Film()
    for number in range(3000):
        film.step(f"wait: {number % 12}s")

    titles = re.findall(r"<title>([^<]*)</title>", drawn(film).picture)

    assert titles[0].endswith("wait: 7s, and others")


def test_lane_says_how_many_its_highest_column_holds():
    picture = drawn(long_run()).picture

    assert texts(picture, "name")[0] == "script, up to 6 in a column"
    assert re.findall(r'href="([^"]+)"', picture) == ["#run-1-entry-1"]
