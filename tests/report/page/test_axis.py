"""Where each moment stands."""

from __future__ import annotations

import pytest

from simulator.report.page.axis import LEFT, Axis, lay_out
from simulator.report.page.marks import marks_of
from simulator.report.record import Record
from tests.report.page.drawing import DAY, HOUR, SECOND, Film


def laid(film: Film, *, width: float = 1000.0, need: float = 40.0, **more) -> Axis:
    marks = marks_of(film.record).all
    return lay_out(film.record, marks, width=width, needs={one.number: need for one in marks}, **more)


def elapsed_of(millis: int) -> str:
    (fold,) = laid(Film().step("a").after(millis).step("b")).folds
    return fold.label


@pytest.mark.parametrize(
    ("millis", "label"),
    [
        (5 * SECOND, "5 s"),
        (5_500, "5 s 500 ms"),
        (12 * 60 * SECOND, "12 min"),
        (2 * HOUR + 5 * SECOND, "2 h"),
        (35 * 60_000 + HOUR, "1 h 35 min"),
        (12 * HOUR + 60_000, "12 h"),
        (4 * DAY, "4 d"),
        (DAY + 3 * HOUR + 5, "1 d 3 h"),
    ],
)
def test_long_gap_is_folded_and_says_how_long_it_was(millis, label):
    assert elapsed_of(millis) == label


def test_fold_is_as_wide_whatever_it_folds():
    hour, days = (laid(Film().step("a").after(gap).step("b")) for gap in (2 * HOUR, 9 * DAY))

    assert hour.spots[1] == days.spots[1]
    assert ([one.long for one in hour.folds], [one.long for one in days.folds]) == ([False], [True])


def test_gap_that_is_not_folded_is_wider_the_longer_it_is():
    gaps = (0, 20, 400, 4000)
    places = [laid(Film(0.0).step("a").after(gap).step("b"), need=1.0).spots[1].x for gap in gaps]

    assert places == sorted(set(places))
    assert places[-1] < 60


def test_wall_time_gives_room_where_simulated_time_stands():
    slow, quick = (laid(Film(tick).step("a").step("b"), need=1.0).spots[1].x for tick in (3.0, 0.001))

    assert slow > quick


def test_marks_of_a_lane_leave_room_for_what_stands_beside_them():
    axis = laid(Film().step("a").step("b").step("c"), need=100.0)

    assert [axis.spots[place].x for place in range(3)] == [LEFT, LEFT + 100, LEFT + 200]


def test_moments_stand_above_and_wall_times_below():
    axis = laid(Film(0.5).step("a").step("b").after(DAY).step("c").after(SECOND).step("d"), need=70.0)

    assert [(one.label, one.day) for one in axis.ticks] == [
        ("08:00:00", "1 Mar 2021"),
        ("08:00:00", "2 Mar 2021"),
        ("08:00:01", None),
    ]
    assert [one.label for one in axis.walls] == ["0.000 s", "0.500 s", "1.000 s", "1.500 s"]


def test_moment_stands_only_where_there_is_room():
    film = Film().step("a").after(SECOND).step("b").after(SECOND).step("c").after(HOUR).step("d")
    narrow = laid(film, need=20.0)

    assert [one.label for one in narrow.ticks] == ["08:00:00", "09:00:02"]


def test_wall_times_are_not_told_when_the_clocks_agree():
    film = Film(1.0)
    for number in range(4):
        film.step(str(number)).after(SECOND)

    assert laid(film).walls == []


def test_wall_times_are_not_told_when_they_are_not_known():
    record = Film().step("a").step("b").record
    record = Record(record.entries, (None, None))
    marks = marks_of(record).all

    axis = lay_out(record, marks, width=100.0, needs={1: 10.0, 2: 10.0})

    assert (axis.walls, sorted(axis.spots)) == ([], [0, 1])


def test_what_does_not_fit_begins_another_strip():
    film = Film()
    for number in range(5):
        film.step(str(number))

    axis = laid(film, width=250.0, need=100.0)

    assert [axis.spots[place].strip for place in range(5)] == [0, 0, 1, 1, 2]
    assert (axis.spots[2].x, axis.ends) == (LEFT, [250.0, 250.0, LEFT + 100])
    assert [one.day for one in axis.ticks] == ["1 Mar 2021"] * 3


def test_strip_ends_at_a_fold_when_that_leaves_it_well_filled():
    film = Film().step("a").step("b").after(HOUR).step("c").step("d")

    axis = laid(film, width=400.0, need=100.0)

    assert [axis.spots[place].strip for place in range(4)] == [0, 0, 1, 1]
    assert len(axis.folds) == 1


def test_strip_does_not_end_at_a_fold_that_would_leave_it_empty():
    film = Film().step("a").after(HOUR).step("b").step("c").step("d")

    axis = laid(film, width=400.0, need=100.0)

    assert [axis.spots[place].strip for place in range(4)] == [0, 0, 0, 1]


def test_post_is_as_long_as_a_bar_is_at_least():
    axis = laid(Film(0.0).post(), need=1.0)

    assert axis.spots[2].x >= axis.spots[1].x + 10


def test_post_may_end_on_a_later_strip():
    film = Film()
    made = film.begin(film.plan())
    for number in range(3):
        film.step(str(number))
    film.end(made)

    axis = laid(film, width=250.0, need=110.0)

    assert (axis.spots[1].strip, axis.spots[5].strip) == (0, 1)


def test_nothing_takes_no_room():
    assert laid(Film()) == Axis(1000.0)


def test_folds_may_be_chosen():
    axis = laid(Film().step("a").after(HOUR).step("b").step("c"), scale=0.0, gaps={2: DAY})

    assert [(one.spot, one.label) for one in axis.folds] == [(axis.spots[2], "1 d")]
    assert axis.spots[1].x == LEFT + 40
