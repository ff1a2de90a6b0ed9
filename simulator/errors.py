"""Every error the simulator raises on purpose, by who must act.

Three families under one root: a *usage* error is for the person running us (a wrong flag, file, body or
move), a *platform* error becomes an answer to the vendor's client, an *expectation* error tells what a
receiver did not do. Anything else that escapes is a bug of ours and must not be caught here.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

__all__ = [
    "ContractError",
    "ExpectationError",
    "NotFoundError",
    "PlatformError",
    "ScopeSimulatorError",
    "StateError",
    "UsageError",
    "did_you_mean",
]


def did_you_mean(name: str, known: Iterable[str], *, most: int = 3) -> tuple[str, ...]:
    """Return the known names nearest to ``name``, best first; letter case does not count."""
    by_fold: dict[str, str] = {}
    for option in known:
        by_fold.setdefault(option.casefold(), option)
    close = difflib.get_close_matches(name.casefold(), by_fold, n=most, cutoff=0.6)
    return tuple(by_fold[fold] for fold in close)


class ScopeSimulatorError(Exception):
    """The root: catching it catches whatever the simulator raises on purpose."""


class UsageError(ScopeSimulatorError):
    """The person running the simulator must change something; commands exit with 2.

    ``problem`` is one sentence without a full stop. ``place`` says where (a flag, ``file:line:column``, a
    JSON pointer), ``nearest`` are names that were probably meant, ``remedy`` is the one thing to do.
    """

    def __init__(
        self,
        problem: str,
        *,
        place: str | None = None,
        expected: str | None = None,
        found: str | None = None,
        nearest: Sequence[str] = (),
        remedy: str | None = None,
    ) -> None:
        self.problem = problem
        self.place = place
        self.expected = expected
        self.found = found
        self.nearest = tuple(nearest)
        self.remedy = remedy
        super().__init__(problem)

    def __str__(self) -> str:
        text = f"{self.place}: {self.problem}" if self.place else self.problem
        if self.expected is not None:
            text += f"; expected {self.expected}"
        if self.found is not None:
            text += f", found {self.found}" if self.expected is not None else f"; found {self.found}"
        text += "."
        if self.nearest:
            text += f" Did you mean {' or '.join(self.nearest)}?"
        if self.remedy:
            text += f" {self.remedy}"
        return text

    def at(self, place: str) -> UsageError:
        """Return the same error with ``place`` in front; an inner place is kept behind it."""
        inner = f"{place}: {self.place}" if self.place else place
        return type(self)(
            self.problem,
            place=inner,
            expected=self.expected,
            found=self.found,
            nearest=self.nearest,
            remedy=self.remedy,
        )


class NotFoundError(UsageError):
    """Something was named that does not exist (control routes answer 404)."""


class StateError(UsageError):
    """A move that the resource's state does not allow (control routes answer 409)."""


class ContractError(UsageError):
    """A JSON value does not fit its contract; ``place`` ends in the JSON pointer of the fault."""


class PlatformError(ScopeSimulatorError):
    """What the vendor tells its client: an HTTP status and a sentence."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        self.message = message
        super().__init__(status, message)

    def __str__(self) -> str:
        return self.message


class ExpectationError(ScopeSimulatorError, AssertionError):
    """A receiver did not do what was expected; the text holds every unmet expectation."""
