"""The ground of a picture."""

from __future__ import annotations

from simulator.report.page.axis import lay_out
from simulator.report.page.ground import HEAD, Ground, LaneShape
from simulator.report.page.marks import marks_of
from tests.report.page.drawing import DAY, Film, shapes, texts

USED = {(0, 0), (0, 1), (1, 1)}


def ground(width: float = 400.0) -> Ground:
    record = Film().step("a").after(DAY).step("b").after(10).step("c").step("d").record
    marks = marks_of(record).all
    axis = lay_out(record, marks, width=width, needs=dict.fromkeys(range(1, 5), 100.0))
    return Ground(
        axis,
        [LaneShape("script", "script", 40), LaneShape("http://a.example/" + "x" * 90, "target", 60)],
        USED,
    )


def test_each_strip_has_all_lanes_with_their_names_and_its_moments():
    picture = ground().picture([], "two lanes")

    assert picture.startswith('<svg viewBox="0 0 400 ')
    assert 'role="img" aria-label="two lanes"' in picture
    assert texts(picture, "name") == ["script", f"http://a.example/{'x' * 46}…"] * 2
    assert texts(picture, "day") == ["1 Mar 2021", "2 Mar 2021", "2 Mar 2021"]
    assert texts(picture, "clock") == ["08:00:00"] * 3
    assert texts(picture, "wall") == ["0.000 s", "0.010 s", "0.020 s", "0.030 s"]


def test_fold_says_how_long_it_was():
    picture = ground().picture([], "")

    assert texts(picture, "gap") == ["1 d"]
    assert len(shapes(picture, "long")) == 2
    assert "<title>1 d of simulated time in which nothing happened</title>" in picture


def test_lanes_follow_one_another_strip_by_strip():
    one = ground()

    assert one.bottom(0, 0) + HEAD == one.top(0, 1)
    assert one.bottom(0, 1) < one.top(1, 0) - HEAD


def test_of_a_lane_on_which_nothing_stands_there_is_only_its_name():
    one = ground()

    assert one.bottom(0, 0) - one.top(0, 0) == 40 - HEAD
    assert one.bottom(1, 0) - one.top(1, 0) == 3
    assert one.bottom(1, 1) - one.top(1, 1) == 60 - HEAD


def test_nothing_is_an_empty_picture():
    record = Film().record
    axis = lay_out(record, [], width=400.0, needs={})

    assert 'viewBox="0 0 400 0"' in Ground(axis, [], ()).picture([], "nothing")
