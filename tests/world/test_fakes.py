"""People: decided by the seed and the number alone, and believable."""

from __future__ import annotations

import pytest

from simulator.seeds import Seed
from simulator.settings import ENUMS
from simulator.world import fakes


def test_a_persons_name_depends_on_seed_and_number_alone() -> None:
    first = fakes.person_name(Seed(1), 3)
    fakes.person_name(Seed(2), 9)

    assert fakes.person_name(Seed(1), 3) == first
    assert len({fakes.person_name(Seed(1), n) for n in range(2, 40)}) > 30


def test_a_companys_name_depends_on_the_seed_alone() -> None:
    assert fakes.company(Seed(1)) == fakes.company(Seed(1)) != fakes.company(Seed(2))


@pytest.mark.parametrize("role", fakes.ROLES, ids=lambda role: role.titles[0])
def test_a_role_has_titles_and_licences_that_go_together(role: fakes.Role) -> None:
    assert role.titles
    assert set(role.licences) <= set(ENUMS["LicenseTypeEnum"])
    assert not {"AUTHOR", "VIEWER"} <= set(role.licences)
