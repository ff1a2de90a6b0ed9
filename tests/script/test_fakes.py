"""Invented data: believable, seeded, and each name a stream of its own."""

from __future__ import annotations

import re

import pytest

from simulator.script.fakes import FAKES, fake
from simulator.seeds import Seed

LOOKS = {
    "name": r"[A-Z]\S+ [A-Z].+",
    "first_name": r"[A-Z]\S+",
    "last_name": r"[A-Z].+",
    "email": r"\S+@example\.(com|org|net)",
    "company": r".+",
    "city": r"[A-Z].+",
    "word": r"[a-z]+",
    "sentence": r"[A-Z].+\.",
    "uuid": r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
}


def test_the_names_are_these():
    assert (*LOOKS, "number") == FAKES


@pytest.mark.parametrize(("name", "looks"), LOOKS.items(), ids=LOOKS)
def test_what_is_invented_looks_like_it(name, looks):
    for use in range(20):
        assert re.fullmatch(looks, str(fake(Seed(1), name, use)))


def test_number_has_four_digits():
    numbers = [fake(Seed(1), "number", use) for use in range(200)]

    assert all(isinstance(number, int) and 1000 <= number <= 9999 for number in numbers)
    assert len(set(numbers)) > 150


@pytest.mark.parametrize("name", FAKES)
def test_the_same_seed_invents_the_same_and_each_use_another(name):
    first = [fake(Seed(7), name, use) for use in range(10)]
    again = [fake(Seed(7), name, use) for use in reversed(range(10))]

    assert first == again[::-1]
    assert len({str(value) for value in first}) > 5
    assert first != [fake(Seed(8), name, use) for use in range(10)]
