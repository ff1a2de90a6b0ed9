"""Reading the fields a command was given: by name and type, each used, none ignored.

Every field that is read is taken; ``done`` refuses what is left over, by name and with the nearest known field. A wrong
type names the field, what was expected and what was found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from simulator.errors import UsageError, did_you_mean
from simulator.wire import JSON, dump

__all__ = ["Fields"]

D = TypeVar("D")


class Fields:
    """The fields of one command; ``what`` names the command in errors."""

    def __init__(self, given: Mapping[str, JSON], what: str) -> None:
        self._given = given
        self._what = what
        self._known: list[str] = []

    def json(self, name: str, *, default: JSON = None) -> JSON:
        """Return any JSON value, unchanged."""
        self._known.append(name)
        return self._given.get(name, default)

    def text(self, name: str, *, default: str | D) -> str | D:
        """Return a string that is not empty."""
        value = self._take(name)
        if value is None:
            return default
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(name, "a text that is not empty", value)
        return value

    def text_or_nothing(self, name: str, *, default: str | None) -> str | None:
        """Return a string that is not empty, or None when null was given."""
        return self.text(name, default=None if name in self._given else default)

    def choice(self, name: str, options: Sequence[str], *, also: Sequence[str] = (), default: str) -> str:
        """Return one of ``options``, or of those that will do as well."""
        value = self._take(name)
        if value is None:
            return default
        if not isinstance(value, str) or value not in (*options, *also):
            near = did_you_mean(value, options) if isinstance(value, str) else ()
            raise self._wrong(name, f"one of {', '.join(options)}", value, near)
        return value

    def number(self, name: str, *, default: int | None, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``; a default may lie outside."""
        value = self._take(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self._wrong(name, f"a whole number from {low} to {high}", value)
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self._take(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false", value)
        return value

    def mapping(self, name: str) -> dict[str, JSON]:
        """Return an object, by default an empty one."""
        value = self._take(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self._wrong(name, "an object", value)
        return value

    def texts(self, name: str) -> list[str] | None:
        """Return a list of strings, or None when it was not given."""
        value = self._take(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self._wrong(name, "a list of texts", value)
        return [str(one) for one in value]

    def several(self, name: str, expected: str) -> list[JSON] | None:
        """Return a list of whatever, or None when it was not given."""
        value = self._take(name)
        if value is not None and not isinstance(value, list):
            raise self._wrong(name, expected, value)
        return value

    def done(self) -> None:
        """Refuse the fields that nobody read."""
        unknown = [name for name in self._given if name not in self._known]
        if not unknown:
            return
        known = ", ".join(dict.fromkeys(self._known)) or "none"
        raise UsageError(
            f"{self._what}: unknown field {unknown[0]!r}",
            place=unknown[0],
            nearest=did_you_mean(unknown[0], self._known),
            remedy=f"Fields: {known}.",
        )

    def _take(self, name: str) -> JSON:
        self._known.append(name)
        return self._given.get(name)

    def _wrong(self, name: str, expected: str, found: JSON, nearest: Sequence[str] = ()) -> UsageError:
        shown = "nothing" if found is None else dump(found).decode()
        return UsageError(
            f"{self._what}: the value of {name!r} does not fit",
            place=name,
            expected=expected,
            found=shown if len(shown) <= 80 else shown[:77] + "...",
            nearest=nearest,
        )
