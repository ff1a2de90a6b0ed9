"""Which moment of the world is seen by whoever is behind."""

from __future__ import annotations

from simulator.clock import Moment
from simulator.past import Past
from simulator.settings import Settings
from simulator.world.changes import World
from simulator.world.populate import Base


def roots(count: int) -> list[World]:
    """Return different roots; what is in them does not matter here."""
    base = Base(Settings(), Moment(0))
    return [World(base) for _ in range(count)]


def seen(past: Past, now: int, lag: int) -> tuple[int, World]:
    return past.seen(Moment(now), lag)


def test_last_root_of_a_moment_is_seen_from_then_on():
    first, second, third, fourth = roots(4)
    past = Past(first, Moment(100))
    past.note(Moment(200), second)
    past.note(Moment(200), third)
    past.note(Moment(300), fourth)

    assert seen(past, 300, 0) == (300, fourth)
    assert seen(past, 300, 1) == (299, third)
    assert seen(past, 300, 100) == (200, third)
    assert seen(past, 300, 101) == (199, first)


def test_nothing_is_older_than_the_first_root():
    first, second = roots(2)
    past = Past(first, Moment(100))
    past.note(Moment(100), second)

    assert seen(past, 100, 0) == (100, second)
    assert seen(past, 100, 50) == (100, first)


def test_only_so_many_are_kept_and_the_oldest_stands_for_all_before():
    kept = roots(5)
    past = Past(kept[0], Moment(0), most=3)
    for moment, root in enumerate(kept[1:], 1):
        past.note(Moment(moment), root)

    assert seen(past, 4, 4) == (2, kept[2])


def test_veiled_change_and_all_after_it_are_not_seen_before_their_time():
    before, veiled, after = roots(3)
    past = Past(before, Moment(100))
    past.veil(Moment(2200), Moment(200), before)
    past.note(Moment(200), veiled)
    past.note(Moment(300), after)

    assert seen(past, 300, 0) == (300, before)
    assert seen(past, 300, 150) == (150, before)
    assert past.veiled(Moment(2199))
    assert not past.veiled(Moment(2200))
    assert seen(past, 2200, 0) == (2200, after)


def test_veils_lift_one_after_the_other():
    first, second, third = roots(3)
    past = Past(first, Moment(0))
    past.veil(Moment(2100), Moment(100), first)
    past.note(Moment(100), second)
    past.veil(Moment(2200), Moment(200), second)
    past.note(Moment(200), third)

    assert [seen(past, now, 0)[1] for now in (2000, 2100, 2200)] == [first, second, third]
