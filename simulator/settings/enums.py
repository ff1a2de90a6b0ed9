"""How the values of the API's enums are spelt: ours, since the vendor's are hardly known, unless the user knows better.

Each enum has values of ours, which the state tables and the commands go by. A setting maps them to what stands on the wire;
the SDL, GraphQL, REST and the control side all follow it. Which values there are cannot be set: they are the states and
kinds that the simulator can play.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, TypeAlias

from simulator.errors import UsageError
from simulator.settings.forms import Form, unknown_name
from simulator.wire import JSON

__all__ = ["ENUMS", "EnumNames", "Spelling", "enum_names", "spelling"]

EnumNames: TypeAlias = tuple[tuple[str, str], ...]
"""Pairs of a value of ours, ``PHOTO`` or ``ScenarioStepItemTypeEnum.PHOTO``, and how it is spelt on the wire."""

ENUMS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "ScenarioSessionStateEnum": ("IN_PROGRESS", "PAUSED", "FINISHED"),
        "ScenarioSessionTypeEnum": ("PERSISTENT", "PASSIVE", "DEMO"),
        "ScenarioStepItemTypeEnum": ("PHOTO", "VIDEO", "TEXT", "CHECKBOX", "QUIZ", "MEASUREMENT"),
        "ScenarioReleaseTypeEnum": ("SCENARIO",),
        "CallStateEnum": ("IN_PROGRESS", "FINISHED"),
        "LicenseTypeEnum": (
            *("COMPANY_ADMINISTRATOR", "VIEWER", "AUTHOR", "ANALYST"),
            *("GUEST", "TECH", "TECH_PLUS", "EXPERT"),
        ),
        "LicenseStateEnum": ("ACTIVE", "INACTIVE"),
    }
)
"""The enums of the SDL that can be respelt, with our values."""

_WIRE = re.compile(r"(?!(?:true|false|null)$|__)[_A-Za-z][_0-9A-Za-z]*")


class Spelling:
    """The spelling of all enums, both ways."""

    __slots__ = ("_ours", "_wire", "flat")

    def __init__(self, names: EnumNames) -> None:
        given = dict(names)
        self._wire = {
            enum: {value: given.get(f"{enum}.{value}", given.get(value, value)) for value in values}
            for enum, values in ENUMS.items()
        }
        self.flat: Mapping[tuple[str, str], str] = {
            (enum, value): wire for enum, values in self._wire.items() for value, wire in values.items()
        }
        """What stands on the wire, by the enum and our value."""
        self._ours = {
            enum: {wire: value for value, wire in values.items()} for enum, values in self._wire.items()
        }

    def wire(self, enum: str, value: str) -> str:
        """Return how a value of ours stands on the wire; a value of an enum that cannot be respelt stays."""
        return self.flat.get((enum, value), value)

    def ours(self, enum: str, text: str) -> str:
        """Return our value for what may be the spelling on the wire, or ours already."""
        return self._ours[enum].get(text, text)


spelling = lru_cache(maxsize=16)(Spelling)
"""Return the spelling that these names make, worked out once."""


def enum_names() -> Form:
    """A mapping of our values to those of the wire, or text such as ``PHOTO=photo, FINISHED=completed``."""

    def read(value: object) -> EnumNames:
        pairs = tuple(sorted(_pairs(value)))
        for enum, values in ENUMS.items():
            wire = [Spelling(pairs).wire(enum, one) for one in values]
            twice = next((one for one in wire if wire.count(one) > 1), None)
            if twice is not None:
                raise UsageError(f"two values of {enum} would be spelt {twice!r}")
        return pairs

    word: JSON = {"type": "string", "pattern": f"^{_WIRE.pattern}$"}

    def write(value: object) -> JSON:
        assert isinstance(value, tuple)
        return dict(value)

    return Form(read, {"type": "object", "additionalProperties": word}, write)


_VALUES = tuple(dict.fromkeys(value for values in ENUMS.values() for value in values))
_KEYS = (*_VALUES, *(f"{enum}.{value}" for enum, values in ENUMS.items() for value in values))


def _pairs(given: object) -> Iterator[tuple[str, str]]:
    if isinstance(given, str):
        given = [part.partition("=")[::2] for part in given.split(",")]
    elif isinstance(given, Mapping):
        given = list(given.items())
    if not isinstance(given, list | tuple) or not all(
        isinstance(one, tuple) and len(one) == 2 for one in given
    ):
        raise UsageError(
            "the value does not fit",
            expected="a mapping of names to names, such as PHOTO=photo",
            found=repr(given),
        )
    for ours, wire in [(str(one).strip(), str(other).strip()) for one, other in given]:
        if ours not in _KEYS:
            raise unknown_name(f"no enum has the value {ours!r}", ours, _VALUES)
        if not _WIRE.fullmatch(wire):
            raise UsageError(
                f"{ours} cannot be spelt so", expected="a name of letters, digits and _", found=repr(wire)
            )
        yield ours, wire
