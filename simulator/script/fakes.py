"""Invented data for scripts: what ``${fake.NAME}`` gives.

Each use gives another value, decided by the seed, the name and how often that name was used before; so the same script
with the same seed invents the same things, and another use of ``${fake.city}`` changes no ``${fake.name}``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from simulator.seeds import Seed
from simulator.wire import JSON
from simulator.world.fakes import faker

if TYPE_CHECKING:
    from faker import Faker

__all__ = ["FAKES", "fake"]

_SPOKEN: Final[Mapping[str, Callable[[Faker], str]]] = {
    "name": lambda it: f"{it.first_name()} {it.last_name()}",
    "first_name": lambda it: it.first_name(),
    "last_name": lambda it: it.last_name(),
    "email": lambda it: it.safe_email(),
    "company": lambda it: it.company(),
    "city": lambda it: it.city(),
    "word": lambda it: it.word(),
    "sentence": lambda it: it.sentence(),
}

FAKES: Final = (*_SPOKEN, "uuid", "number")
"""The names that may stand after ``fake.``: ``uuid`` is a version 4 UUID, ``number`` a whole one from 1000 to 9999."""


def fake(seed: Seed, name: str, use: int) -> JSON:
    """Return the value that ``${fake.name}`` gives when it is used for the ``use``-th time, counted from 0."""
    purpose = f"script {name}"
    if name == "uuid":
        return seed.uuid(purpose, use)
    if name == "number":
        return 1000 + seed.number(purpose, use) % 9000
    words = faker()
    words.seed_instance(seed.number(purpose, use))
    return _SPOKEN[name](words)
