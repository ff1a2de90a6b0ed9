"""When a plant works: rising moments, mostly on weekdays and by day."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import Moment, parse_moment
from simulator.world.shifts import DAY, HEAVIEST, Calendar, shift_of

MONDAY = parse_moment("2021-03-01T00:00:00Z")


@given(st.integers(0, 30), st.integers(1, 40), st.data())
def test_moments_rise_with_places_and_lie_within_the_days(later: int, days: int, data: st.DataObject) -> None:
    begin = Moment(MONDAY + later * DAY)
    calendar = Calendar(begin, days)
    places = sorted(data.draw(st.sets(st.integers(0, calendar.span // HEAVIEST - 1), max_size=30)))

    moments = [calendar.moment(place * HEAVIEST) for place in places]

    assert moments == sorted(set(moments))
    assert all(begin <= moment < begin + days * DAY for moment in moments)


def test_the_first_and_the_last_place_have_moments() -> None:
    calendar = Calendar(MONDAY, 7)

    assert calendar.moment(0) == MONDAY
    assert MONDAY + 6 * DAY <= calendar.moment(calendar.span - 1) < MONDAY + 7 * DAY


def test_most_work_is_done_early_on_weekdays() -> None:
    calendar = Calendar(MONDAY, 28)

    moments = [calendar.moment(place) for place in range(0, calendar.span, calendar.span // 2000)]

    shifts = Counter(map(shift_of, moments))
    weekend = sum(datetime.fromtimestamp(moment / 1000, UTC).weekday() > 4 for moment in moments)
    assert shifts["early"] > shifts["late"] > shifts["night"] > 0
    assert 0 < weekend < len(moments) / 10


def test_a_shift_is_known_by_its_hours() -> None:
    hours = {hour: shift_of(Moment(MONDAY + hour * 3_600_000)) for hour in (0, 5, 6, 13, 14, 21, 22, 23)}

    assert hours == {
        **dict.fromkeys((0, 5, 22, 23), "night"),
        **dict.fromkeys((6, 13), "early"),
        **dict.fromkeys((14, 21), "late"),
    }
