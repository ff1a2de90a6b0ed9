"""One setting as people see it: its name, help, form, flag and variable, and how a wrong value is told.

This module must not know which settings there are.
"""

from __future__ import annotations

import json

from simulator.errors import UsageError
from simulator.settings.forms import Form
from simulator.values import dataclass
from simulator.wire import JSON

__all__ = ["LARGEST", "PREFIX", "Field"]

LARGEST = 10_000_000
"""The largest number of anything that a setting may ask for."""

PREFIX = "SCOPE_SIMULATOR_"
"""What the environment variables of all settings begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting as people see it. ``certainty`` marks the vendor's side of it, None where there is none.

    ``repeated``: its flag names one of several. ``secret``: no text shows its value.
    """

    name: str
    help: str
    form: Form
    example: str
    flag: str | None = None
    certainty: str | None = None
    repeated: bool = False
    secret: bool = False

    @property
    def variable(self) -> str:
        """The environment variable, named as the flag where there is one."""
        return PREFIX + (self.flag or self.name).strip("-").replace("-", "_").upper()

    @property
    def description(self) -> str:
        return f"{self.help} [{self.certainty}]" if self.certainty else self.help

    @property
    def in_toml(self) -> str:
        """The example as a configuration file writes it."""
        if self._kind in ("integer", "number", "boolean"):
            return self.example
        if self._kind == "object":
            return "{" + self.example.replace("=", ' = "') + '"}'
        return f'["{self.example}"]' if self._kind == "array" else f'"{self.example}"'

    @property
    def in_python(self) -> str:
        """The example as a keyword argument's value."""
        if self._kind == "object":
            return json.dumps(self.in_json)
        return self.in_toml.capitalize() if self._kind == "boolean" else self.in_toml

    @property
    def in_json(self) -> JSON:
        """The example as JSON."""
        if self._kind == "object":
            ours, _, wire = self.example.partition("=")
            return {ours: wire}
        value: JSON = json.loads(self.in_toml)
        return value

    @property
    def _kind(self) -> JSON:
        return self.form.schema.get("type")

    def read(self, value: object, *, place: str, written: str) -> object:
        """Return ``value`` as ``Settings`` holds it; ``written`` shows how it would be right."""
        try:
            return self.form.read(value)
        except UsageError as error:
            raise UsageError(
                error.problem,
                place=place,
                expected=error.expected,
                found=None if self.secret else error.found,
                nearest=error.nearest,
                remedy=f"Write it as in {written}.",
            ) from None
