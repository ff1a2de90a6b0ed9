"""Chance: one seed, many independent streams, each named by its purpose.

A value depends on the seed, the purpose and the numbers given, and on nothing else: neither on the order of
the questions nor on how many other streams exist. So a new field on a User changes no id of a Call. Only this
module may use ``random``, ``uuid`` or ``secrets``.
"""

from __future__ import annotations

import hashlib
import random
from itertools import count
from uuid import UUID, uuid4

from simulator.errors import UsageError
from simulator.values import dataclass

__all__ = ["LARGEST_SEED", "Seed", "fresh_request_id", "fresh_token"]

LARGEST_SEED = 10**18 - 1
"""The largest number of 18 digits."""

_FIRST = str(uuid4())[:23]
_COUNT = count(1)


@dataclass(frozen=True, slots=True)
class Seed:
    """One seed and the streams drawn from it; any whole number of at most 18 digits will do."""

    value: int

    def __post_init__(self) -> None:
        if abs(self.value) > LARGEST_SEED:
            raise UsageError("the seed is too large", expected="a whole number of at most 18 digits")

    def digest(self, purpose: str, *numbers: int, size: int = 16) -> bytes:
        """Return ``size`` (1 to 64) bytes that only ``purpose`` and ``numbers`` decide."""
        state = hashlib.blake2b(purpose.encode(), digest_size=size, key=b"%d" % self.value)
        for number in numbers:
            state.update(b"/%d" % number)
        return state.digest()

    def number(self, purpose: str, *numbers: int) -> int:
        """Return a 64-bit number."""
        return int.from_bytes(self.digest(purpose, *numbers, size=8), "big")

    def of_lot(self, lot: int) -> Seed:
        """Return the seed that the ids of one lot of many are drawn from; lot 0 is this seed's own."""
        return self if lot == 0 else Seed(self.number("lot", lot) % LARGEST_SEED)

    def stream(self, purpose: str, *numbers: int) -> random.Random:
        """Return a generator of its own, for choices whose count is not known beforehand."""
        return random.Random(self.number(purpose, *numbers))

    def uuid(self, purpose: str, *numbers: int) -> str:
        """Return a version 4 UUID in the usual 36 characters."""
        return str(UUID(bytes=self.digest(purpose, *numbers), version=4))

    def text(self, purpose: str, length: int) -> str:
        """Return ``length`` (up to 128) lower-case hexadecimal digits, for tokens and passwords."""
        return self.digest(purpose, size=(length + 1) // 2).hex()[:length]


def fresh_request_id() -> str:
    """Return a UUID that no seed decides, for ``x-request-id`` alone: its first half is drawn once, its last part counts."""
    return f"{_FIRST}-{next(_COUNT):012x}"


def fresh_token() -> str:
    """Return a secret that no seed decides, for the control side of a server that other machines can reach."""
    return uuid4().hex
