"""How sessions of the base went: as long as their steps take, one thing after the other."""

from __future__ import annotations

from simulator.clock import VIRTUAL_START
from simulator.settings import Settings
from simulator.world.histories import Histories
from simulator.world.shifts import DAY, HOUR, MINUTE

HISTORIES = Histories(Settings().replace(sessions=400, scenarios=12), VIRTUAL_START)
ALL = [HISTORIES.history(session) for session in range(1, 401)]


def test_a_session_lasts_as_long_as_its_viewed_steps_usually_take() -> None:
    for history in ALL:
        usual = history.plan.begins[history.viewed] * MINUTE
        assert (
            0.7 < history.worked / usual < 1.7
            if history.viewed
            else 2 * MINUTE < history.worked < 15 * MINUTE
        )


def test_no_session_reaches_into_the_present() -> None:
    assert all(history.stretches[-1][1] - history.stretches[0][0] < DAY for history in ALL)
    assert all(history.stretches[-1][1] < HISTORIES.midnight for history in ALL)


def test_some_pauses_last_until_the_next_morning() -> None:
    pauses = [
        after[0] - before[1]
        for history in ALL
        for before, after in zip(history.stretches, history.stretches[1:], strict=False)
    ]

    assert min(pauses) >= 10 * MINUTE
    assert 0 < sum(pause > 12 * HOUR for pause in pauses) < len(pauses) / 3


def test_later_places_are_later_moments_in_some_stretch() -> None:
    for history in (one for one in ALL if one.viewed):
        moments = [history.moment(place / 4) for place in range(4 * history.viewed)]

        assert moments == sorted(set(moments))
        for moment in moments:
            begin, end = history.stretches[history.stretch_at(moment)]
            assert begin <= moment <= end


def test_events_stand_at_rising_places_and_a_ticked_box_alone_at_its_step() -> None:
    for history in ALL:
        many = len(HISTORIES.events.children(history.number))
        places = [HISTORIES.event_place(history.number, index, 899 - index) for index in range(many)]

        standing = [step + within for step, within in places]
        assert standing == sorted(set(standing))
        assert all(0 <= within < 1 and step < history.viewed for step, within in places)
        ticking = [step for step, _ in places if HISTORIES.check_at(history.number, step) is not None]
        assert len(ticking) == len(set(ticking))


def test_boxes_of_skipped_steps_are_not_ticked() -> None:
    left = next(one for one in ALL if 0 < one.viewed < len(one.plan.actions))

    ticked = [HISTORIES.ticked(left.number, place) for place in range(len(left.plan.actions))]

    assert any(map(any, ticked[: left.viewed]))
    assert not any(map(any, ticked[left.viewed :]))


def test_a_colleague_takes_over_at_times() -> None:
    workers = [HISTORIES.worker(session, 1) == HISTORIES.worker(session, 0) for session in range(1, 200)]

    assert 0 < sum(workers) < len(workers)
