"""Lazy rows: arithmetic that must agree with the same thing done the long way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.world.resources import Kind
from simulator.world.rows import Chain, Deal, Head, Rows, Spread, Turned, Without, Woven

patterns = st.lists(st.integers(0, 4), min_size=1, max_size=9).filter(any)


@given(patterns, st.integers(1, 60))
def test_spread_numbers_children_without_gap_and_finds_their_parent(pattern: list[int], parents: int) -> None:
    spread = Spread(pattern)

    families = [list(spread.children(parent)) for parent in range(1, parents + 1)]

    flat = [child for family in families for child in family]
    assert flat == list(range(1, len(flat) + 1))
    assert spread.before(parents + 1) == len(flat)
    assert [spread.parent(child) for child in flat] == [
        (parent, place) for parent, family in enumerate(families, 1) for place, _ in enumerate(family)
    ]


@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=12),
    st.integers(0, 80),
    st.integers(0, 11),
    st.sets(st.integers(1, 6), min_size=1),
)
def test_deal_gives_each_owner_rising_numbers_that_are_its_own(
    deck: list[int], total: int, turn: int, owners: set[int]
) -> None:
    deal = Deal(deck, total, lambda block: (turn * block) % len(deck))

    owned = deal.owned(sorted(owners))

    assert list(owned) == [n for n in range(1, total + 1) if deal.owner(n) in owners]


def test_a_deck_is_dealt_whole_in_every_round() -> None:
    deal = Deal([7, 7, 9], 9, lambda block: block % 3)

    rounds = [[deal.owner(n) for n in range(first, first + 3)] for first in (1, 4, 7)]

    assert [sorted(one) for one in rounds] == [[7, 7, 9]] * 3


@given(st.sets(st.integers(1, 40)), st.sets(st.integers(1, 45), max_size=9))
def test_without_leaves_out_what_is_gone(all_: set[int], gone: set[int]) -> None:
    rows = Without(sorted(all_), sorted(gone))

    kept = sorted(all_ - gone)

    assert list(rows) == kept
    assert len(rows) == len(kept)
    assert [n in rows for n in range(46)] == [n in kept for n in range(46)]


def test_rows_behave_as_a_sequence() -> None:
    rows = Rows(Kind.CALL, Chain(range(1, 4), (8, 9)))

    assert list(rows) == [1, 2, 3, 8, 9]
    assert rows[-1] == 9
    assert rows[1:4] == [2, 3, 8]
    assert rows[::-1] == [9, 8, 3, 2, 1]
    assert (rows.rank(3), rows.rank(5), rows.rank(99)) == (2, 3, 5)
    assert "3" not in rows
    with pytest.raises(IndexError):
        rows[5]


@given(st.sets(st.integers(1, 30)), st.sets(st.integers(1, 30)))
def test_few_numbers_are_woven_into_many(many: set[int], few: set[int]) -> None:
    woven = Woven(sorted(many - few), sorted(few))

    assert list(woven) == sorted(many | few)
    assert [n in woven for n in range(31)] == [n in many | few for n in range(31)]


def test_few_may_be_set_in_at_places_of_their_own() -> None:
    assert list(Woven([10, 20, 30], [5, 6, 7], [0, 2, 3])) == [5, 10, 20, 6, 30, 7]


@given(
    st.sets(st.integers(1, 40)),
    st.sets(st.integers(1, 9)),
    st.integers(-9, 9),
    st.integers(-9, 9),
    st.sampled_from((1, 2, -1)),
)
def test_a_slice_holds_the_members_between(
    many: set[int], more: set[int], start: int, stop: int, step: int
) -> None:
    first = sorted(many)
    whole = first + [max(first, default=0) + number for number in sorted(more)]
    chain = Chain(first, whole[len(first) :])

    for row in (chain, Rows(Kind.EVENT, chain), Turned(Turned(Rows(Kind.EVENT, whole)))):
        assert list(row[start:stop:step]) == whole[start:stop:step]


def test_the_head_of_a_row_is_its_first_members() -> None:
    assert list(Head(range(1, 10**9), 3)) == [1, 2, 3]
    assert len(Head((), 0)) == 0


@given(st.sets(st.integers(1, 20)), st.integers(0, 21))
def test_a_turned_row_counts_from_its_end(numbers: set[int], number: int) -> None:
    row = Rows(Kind.CALL, sorted(numbers))
    turned = Turned(row)

    assert list(turned) == sorted(numbers, reverse=True)
    assert turned.before(number) == sum(one > number for one in numbers)
    assert turned.until(number) == sum(one >= number for one in numbers)
    assert (row.before(number), row.until(number)) == (
        sum(one < number for one in numbers),
        sum(one <= number for one in numbers),
    )
