"""Believable words: people and companies from Faker, procedures of a plant from lists of our own.

Each thing is decided by the seed, its purpose and its number, never by what was asked before. Faker loads at the first
name that is read, not before.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from simulator.seeds import Seed

if TYPE_CHECKING:
    from faker import Faker

__all__ = [
    "GROUP_NAMES",
    "JOB_TITLES",
    "Procedure",
    "checkbox_texts",
    "company",
    "faker",
    "person_name",
    "phase",
    "procedure",
    "step_name",
]

GROUP_NAMES = (
    "Field Service",
    "Maintenance",
    "Quality",
    "Commissioning",
    "Training",
    "Line 1",
    "Line 2",
    "Contractors",
)
JOB_TITLES = (
    "Field Technician",
    "Maintenance Technician",
    "Electrician",
    "Instrument Technician",
    "Rotating Equipment Specialist",
    "Shift Supervisor",
    "Reliability Engineer",
    "Quality Inspector",
)

_EQUIPMENT = (
    ("centrifugal pump", "P"),
    ("screw compressor", "K"),
    ("heat exchanger", "E"),
    ("gearbox", "G"),
    ("control valve", "FV"),
    ("conveyor drive", "CV"),
    ("cooling fan", "F"),
    ("switchgear panel", "SW"),
)
_TASKS = (
    ("Replace the mechanical seal of", "Seal replacement"),
    ("Inspect the bearings of", "Bearing inspection"),
    ("Change the oil of", "Oil change"),
    ("Align the coupling of", "Coupling alignment"),
    ("Commission", "Commissioning"),
    ("Overhaul", "Overhaul"),
    ("Calibrate the transmitter of", "Calibration"),
    ("Tighten and torque the flanges of", "Flange torque"),
)
_PHASES = (
    (
        "Prepare",
        (
            "Read the work permit",
            "Isolate and lock out",
            "Verify zero energy",
            "Lay out tools and parts",
            "Put on protective equipment",
            "Photograph the name plate",
        ),
    ),
    (
        "Carry out",
        (
            "Remove the guard",
            "Drain and vent",
            "Mark and loosen the fasteners",
            "Take out the worn part",
            "Clean the seating surfaces",
            "Fit the new part",
            "Torque to the stated value",
            "Check the clearance",
        ),
    ),
    (
        "Close out",
        (
            "Refit the guard",
            "Remove locks and tags",
            "Run and check for leaks",
            "Record the readings",
            "Photograph the finished work",
            "Hand over to operations",
        ),
    ),
)
_CHECKS = (
    "Done",
    "No leak visible",
    "Torque confirmed",
    "Lock removed",
    "Area clean",
    "Second person has verified",
)


class Procedure(NamedTuple):
    """The words of one scenario: its name and description."""

    name: str
    description: str


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


def procedure(seed: Seed, number: int) -> Procedure:
    """Return the words of the scenario with this number."""
    draw = seed.number("procedure", number)
    equipment, letter = _EQUIPMENT[draw % len(_EQUIPMENT)]
    task, short = _TASKS[draw // 8 % len(_TASKS)]
    tag = f"{letter}-{101 + draw // 64 % 800}"
    return Procedure(f"{short} {tag}", f"{task} the {equipment} {tag}, step by step.")


def phase(number: int) -> str:
    """Return the name of the sequence with this place in its release, from 0."""
    return _PHASES[number % len(_PHASES)][0]


def step_name(seed: Seed, release: int, place: int, index: int) -> str:
    """Return a step's name; ``place`` is its sequence's place in the release, ``index`` its own in the sequence."""
    names = _PHASES[place % len(_PHASES)][1]
    return names[(seed.number("step-offset", release, place) + index) % len(names)]


def checkbox_texts(seed: Seed, step: int) -> tuple[str, ...]:
    """Return the texts to tick on a step: none, one or two."""
    draw = seed.number("checkboxes", step)
    first = draw // 4 % len(_CHECKS)
    second = (first + 1 + draw // 64 % (len(_CHECKS) - 1)) % len(_CHECKS)
    return (_CHECKS[first], _CHECKS[second])[: (0, 0, 1, 2)[draw % 4]]
