"""Which faults there are, by side: what each does in a sentence, how its value is written, what may stand beside it.

Scripts, contracts, documents and readers all go by these tables. This module must not read a fault, nor know what one does
to a post or an answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from simulator.errors import UsageError
from simulator.settings.forms import Form, choice, duration, integer, text
from simulator.values import dataclass
from simulator.wire import JSON, dump

__all__ = [
    "BESIDE",
    "DAMAGES",
    "FAULTS",
    "MATCHES",
    "SIDES",
    "Fault",
    "FaultKind",
    "FaultValue",
    "Rate",
]

SIDES: Final = ("delivery", "api")

DAMAGES: Final = (
    *("truncate", "corrupt", "missign", "unsigned", "stale"),
    *("unknown_event", "unknown_type", "extra_field", "null_field", "big"),
)
"""The ways in which a post can be damaged."""

_SLOW = 2_000
"""Over how many milliseconds ``slow_body: true`` sends a body."""


class Rate(NamedTuple):
    """So many requests in so many milliseconds."""

    requests: int
    millis: int


FaultValue: TypeAlias = bool | int | str | Rate


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One fault by name: what it does in a sentence, how its value is written, and an example of it.

    ``attempt``: it is decided anew for each attempt, all others once, when a delivery is planned. ``routes`` are those
    of the API whose requests it can strike; none means all.
    """

    name: str
    summary: str
    form: Form
    example: JSON
    attempt: bool = False
    routes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong on purpose. ``lasts`` and ``retry_after`` are milliseconds; durations among the values too.

    ``match`` holds the conditions that were written, by key; all must hold.
    """

    side: str
    name: str
    value: FaultValue
    times: int | None = None
    chance: float = 1.0
    lasts: int | None = None
    retry_after: int | None = None
    match: tuple[tuple[str, str | int], ...] = ()

    @property
    def shown(self) -> dict[str, JSON]:
        """The fault as a script writes it."""
        shown: dict[str, JSON] = {self.name: FAULTS[self.side][self.name].form.write(self.value)}
        if self.retry_after is not None:
            shown["retry_after"] = _DURATION.write(self.retry_after)
        if self.times is not None:
            shown["times"] = self.times
        if self.chance < 1:
            shown["chance"] = self.chance
        if self.lasts is not None:
            shown["for"] = _DURATION.write(self.lasts)
        if self.match:
            shown["match"] = dict(self.match)
        return shown

    @property
    def line(self) -> str:
        """The fault in one line, as the flag takes it."""
        shown = self.shown
        del shown[self.name]
        match = shown.pop("match", {})
        assert isinstance(match, dict)
        return ",".join([self.head, *(f"{key}={_quoted(one)}" for key, one in (shown | match).items())])

    @property
    def head(self) -> str:
        """What the line begins with: the side, the name and the value."""
        value = self.shown[self.name]
        title = f"{self.side}.{self.name}"
        return title if value is True else f"{title}={_quoted(value)}"


def _quoted(value: JSON) -> str:
    said = value if isinstance(value, str) else dump(value).decode()
    return f'"{said}"' if "," in said else said


# ------------------------------------------------------------------------------------------------- the vocabulary


def _just_true() -> Form:
    def read(value: object) -> bool:
        if value is not True and value != "true":
            raise _wrong("true", value)
        return True

    return Form(read, {"const": True})


def _true_or_duration() -> Form:
    inner = duration()

    def read(value: object) -> object:
        return _SLOW if value is True or value == "true" else inner.read(value)

    schema: Mapping[str, JSON] = {"anyOf": [{"const": True}, dict(inner.schema)]}
    return Form(read, schema, inner.write)


def _rate() -> Form:
    units = {"s": 1000, "m": 60_000, "h": 3_600_000}

    def read(value: object) -> Rate:
        said = re.fullmatch(r"([1-9][0-9]{0,5})/(s|m|h)", value) if isinstance(value, str) else None
        if said is None:
            raise _wrong("so many in a second, minute or hour, such as 10/s, 100/m or 1000/h", value)
        return Rate(int(said[1]), units[said[2]])

    def write(value: object) -> JSON:
        assert isinstance(value, Rate)
        unit = next(unit for unit, millis in units.items() if millis == value.millis)
        return f"{value.requests}/{unit}"

    return Form(read, {"type": "string", "pattern": "^[1-9][0-9]{0,5}/(s|m|h)$"}, write)


def _chance() -> Form:
    def read(value: object) -> float:
        try:
            number = float(value) if isinstance(value, int | float | str) and value is not True else 0.0
        except ValueError:
            number = 0.0
        if not 0 < number <= 1:
            raise _wrong("a number above 0 and up to 1, such as 0.3", value)
        return number

    return Form(read, {"type": "number", "exclusiveMinimum": 0, "maximum": 1})


def _wrong(expected: str, value: object) -> UsageError:
    return UsageError("the value does not fit", expected=expected, found=repr(value))


_DURATION: Final = duration()
_WORD: Final = text(r".*\S.*", "text")
_ASKED: Final = ("graphql", "object", "sessions")
"""The routes that need a token."""

_KINDS: Final[Mapping[str, tuple[FaultKind, ...]]] = {
    "delivery": (
        FaultKind("drop", "The delivery never goes out; it ends as dropped.", _just_true(), example=True),
        FaultKind(
            "duplicate",
            "The delivery goes out again so many times, each a delivery of its own with the same Webhook-Id.",
            integer(1, 100),
            example=1,
        ),
        FaultKind(
            "reorder",
            "The delivery is set aside until up to so many later ones to the same target have gone out.",
            integer(1, 1000),
            example=3,
        ),
        FaultKind(
            "delay",
            "The first attempt is made so much later, on the simulator's clock; nothing waits for it.",
            duration(),
            example="30s",
        ),
        FaultKind(
            "early",
            "The post goes out before its change is applied: the API shows the change only so much later, on the "
            "simulator's clock.",
            duration(),
            example="2s",
        ),
        FaultKind(
            "unreachable",
            "The post fails as if nobody listened, and is tried again like any that failed.",
            _just_true(),
            example=True,
            attempt=True,
        ),
        FaultKind(
            "answer_lost",
            "The receiver gets the post, but its answer is lost on the way, so the post is tried again.",
            _just_true(),
            example=True,
            attempt=True,
        ),
        FaultKind(
            "damage",
            "The post arrives damaged: " + ", ".join(DAMAGES) + ".",
            choice(*DAMAGES),
            example="truncate",
            attempt=True,
        ),
    ),
    "api": (
        FaultKind(
            "status",
            "The request is answered with this status and is not carried out; retry_after adds the header Retry-After.",
            integer(400, 599),
            example=503,
        ),
        FaultKind("latency", "The answer comes so much later, in wall time.", duration(), example="2s"),
        FaultKind(
            "graphql_error",
            "The request is answered with this GraphQL error and without data, and is not carried out.",
            _WORD,
            example="try later",
            routes=("graphql",),
        ),
        FaultKind(
            "unauthorized_node",
            "What the request asks for at its top is null, with the error Not authorized to read object.",
            _just_true(),
            example=True,
            routes=("graphql",),
        ),
        FaultKind(
            "expired_token",
            "The request is answered with 401. A session token stays expired; a permanent one is refused this once.",
            _just_true(),
            example=True,
            routes=_ASKED,
        ),
        FaultKind(
            "hang_up",
            "The request is carried out, but the connection closes without an answer.",
            _just_true(),
            example=True,
        ),
        FaultKind(
            "slow_body",
            "The head of the answer comes at once, the body in pieces over so much wall time; true is 2s.",
            _true_or_duration(),
            example="2s",
        ),
        FaultKind(
            "lag",
            "The answer is that of the world as it was so long ago, on the simulator's clock.",
            duration(),
            example="5s",
            routes=_ASKED,
        ),
        FaultKind(
            "rate_limit",
            "Requests beyond so many, in wall time, are answered with 429 and Retry-After, and are not carried out.",
            _rate(),
            example="10/s",
        ),
    ),
}

FAULTS: Final[Mapping[str, Mapping[str, FaultKind]]] = MappingProxyType(
    {side: MappingProxyType({kind.name: kind for kind in kinds}) for side, kinds in _KINDS.items()}
)
"""All faults, by side and name."""

MATCHES: Final[Mapping[str, Mapping[str, Form]]] = MappingProxyType(
    {
        "delivery": {
            "event": _WORD,
            "of": _WORD,
            "type": _WORD,
            "target": _WORD,
            "topic": _WORD,
            "attempt": integer(1, 1000),
        },
        "api": {
            "operation": _WORD,
            "of": _WORD,
            "field": _WORD,
            "route": choice("graphql", "object", "sign_in", "sessions", "file"),
            "method": choice("GET", "POST", "HEAD"),
        },
    }
)
"""The conditions of each side, by key."""

BESIDE: Final[Mapping[str, Form]] = MappingProxyType(
    {
        "times": integer(1, 1_000_000),
        "chance": _chance(),
        "for": _DURATION,
        "retry_after": _DURATION,
    }
)
"""What may stand beside a fault besides ``match``; ``retry_after`` goes with status alone."""
