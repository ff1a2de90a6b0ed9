"""Chance depends on the seed, the purpose and the numbers, and on nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import UsageError
from simulator.seeds import Seed, fresh_request_id, fresh_token

VERSION_4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
SEEDS = st.integers(min_value=-(10**18) + 1, max_value=10**18 - 1)


def test_the_same_question_has_the_same_answer_in_every_version():
    # A literal, since scripts and boxes are replayed by later versions.
    seed = Seed(1)

    assert (seed.digest("id", 1).hex(), seed.number("id", 1)) == (
        "a77e566c0099a0c5747cf79fc8e6b796",
        8553358583438186532,
    )


@given(SEEDS, st.text(), st.lists(st.integers()))
def test_answers_do_not_depend_on_what_was_asked_before(value, purpose, numbers):
    seed = Seed(value)
    first = (seed.digest(purpose, *numbers), seed.stream(purpose, *numbers).random())
    seed.stream("another").random()

    assert (seed.digest(purpose, *numbers), seed.stream(purpose, *numbers).random()) == first


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Seed(2).digest("id", 1), id="seed"),
        pytest.param(Seed(-1).digest("id", 1), id="sign"),
        pytest.param(Seed(1).digest("name", 1), id="purpose"),
        pytest.param(Seed(1).digest("id", 2), id="number"),
        pytest.param(Seed(1).digest("id", 1, 1), id="another number"),
    ],
)
def test_anything_else_gives_something_else(other):
    assert Seed(1).digest("id", 1) != other


@pytest.mark.parametrize("size", [1, 8, 64])
def test_digest_is_as_long_as_asked(size):
    assert len(Seed(1).digest("x", size=size)) == size


def test_number_has_64_bits():
    numbers = [Seed(1).number("n", i) for i in range(64)]

    assert max(numbers) < 2**64
    assert max(numbers) >= 2**63


@given(SEEDS)
def test_uuid_is_a_version_4(value):
    assert VERSION_4.fullmatch(Seed(value).uuid("webhook", 1))


@pytest.mark.parametrize("length", [1, 31, 128])
def test_text_is_hexadecimal_of_that_length(length):
    text = Seed(1).text("token", length)

    assert len(text) == length
    assert set(text) <= set("0123456789abcdef")


@pytest.mark.parametrize("value", [10**18, -(10**18), 10**100])
def test_seed_beyond_18_digits_is_refused(value):
    with pytest.raises(UsageError, match=r"too large; expected a whole number of at most 18 digits"):
        Seed(value)


def test_lots_of_a_seed_have_seeds_of_their_own_and_the_first_is_the_seed_itself():
    seed = Seed(7)

    assert seed.of_lot(0) == seed
    assert len({seed.of_lot(lot) for lot in range(100)}) == 100
    assert seed.of_lot(5) == Seed(7).of_lot(5) != Seed(8).of_lot(5)


def test_request_ids_are_fresh():
    one, other = fresh_request_id(), fresh_request_id()

    assert VERSION_4.fullmatch(one)
    assert VERSION_4.fullmatch(other)
    assert one != other


def test_control_tokens_are_fresh_and_long():
    one, other = fresh_token(), fresh_token()

    assert len(one) == len(other) == 32
    assert one != other
