"""Words: decided by the seed and the number alone, and believable."""

from __future__ import annotations

from simulator.seeds import Seed
from simulator.world import fakes


def test_a_persons_name_depends_on_seed_and_number_alone() -> None:
    first = fakes.person_name(Seed(1), 3)
    fakes.person_name(Seed(2), 9)

    assert fakes.person_name(Seed(1), 3) == first
    assert len({fakes.person_name(Seed(1), n) for n in range(2, 40)}) > 30


def test_procedures_differ_and_say_what_is_done_to_what() -> None:
    procedures = [fakes.procedure(Seed(1), n) for n in range(1, 21)]

    assert len({one.name for one in procedures}) > 15
    for one in procedures:
        tag = one.name.rpartition(" ")[2]
        assert tag in one.description


def test_a_step_never_has_the_same_checkbox_twice() -> None:
    texts = [fakes.checkbox_texts(Seed(1), n) for n in range(1, 200)]

    assert {len(one) for one in texts} == {0, 1, 2}
    assert all(len(set(one)) == len(one) for one in texts)
