"""Believable people: names and companies from Faker, roles and groups of a plant from lists of our own.

Each thing is decided by the seed, its purpose and its number, never by what was asked before. Faker loads at the first
name that is read, not before. A role's licences keep the vendor's rule: Author and Viewer exclude each other, Analyst
goes with any. [documented: HC "CMS: Licensing and License Management"]
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from simulator.seeds import Seed

if TYPE_CHECKING:
    from faker import Faker

__all__ = ["GROUP_NAMES", "ROLES", "TECHNICIAN", "Role", "company", "faker", "person_name"]


class Role(NamedTuple):
    """What somebody is at the plant: the job titles it goes by, and the licences it needs."""

    titles: tuple[str, ...]
    licences: tuple[str, ...]


TECHNICIAN = Role(
    ("Maintenance Technician", "Electrician", "Instrument Technician", "Mechanical Fitter"), ("VIEWER",)
)
_FIELD = Role(("Field Technician", "Service Technician"), ("VIEWER", "TECH"))
_SUPERVISOR = Role(("Shift Supervisor", "Maintenance Supervisor"), ("VIEWER", "ANALYST"))
_ENGINEER = Role(("Reliability Engineer", "Process Engineer"), ("AUTHOR", "ANALYST"))
_SPECIALIST = Role(("Rotating Equipment Specialist", "Control Systems Specialist"), ("VIEWER", "EXPERT"))
_INSPECTOR = Role(("Quality Inspector",), ("VIEWER",))
_COORDINATOR = Role(("Digital Work Coordinator",), ("COMPANY_ADMINISTRATOR", "AUTHOR"))
_CONTRACTOR = Role(("Contractor",), ("GUEST",))

ROLES = (
    *(TECHNICIAN,) * 6,
    *(_FIELD,) * 4,
    *(_SUPERVISOR,) * 2,
    *(_ENGINEER,) * 2,
    _SPECIALIST,
    _INSPECTOR,
    _COORDINATOR,
    _CONTRACTOR,
)
"""Roles as often as they occur."""

GROUP_NAMES = (
    "Maintenance",
    "Field Service",
    "Line 1",
    "Line 2",
    "Utilities",
    "Quality",
    "Commissioning",
    "Training",
    "Contractors",
)


@lru_cache(maxsize=1)
def faker() -> Faker:
    """Return the one Faker instance; whoever uses it seeds it first."""
    from faker import Faker

    return Faker("en_US", use_weighting=False)


def person_name(seed: Seed, number: int) -> tuple[str, str]:
    """Return first and last name of the user with this number."""
    fake = faker()
    fake.seed_instance(seed.number("person", number))
    return fake.first_name(), fake.last_name()


def company(seed: Seed) -> str:
    """Return the organisation's name."""
    fake = faker()
    fake.seed_instance(seed.number("company"))
    return fake.company()
