"""Gathers settings from flags, environment, configuration file, script and defaults, and says where each came from.

The order is that of precedence, highest first. Every value given is read, also one that another outranks: a wrong
value, an unknown variable with our prefix and an unknown key are errors by name, with the place and the nearest
spelling. This module must not know what any setting means.
"""

from __future__ import annotations

import dataclasses
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from simulator.errors import UsageError
from simulator.settings.field import PREFIX, Field
from simulator.settings.forms import unknown_name
from simulator.settings.table import FIELDS, Settings, contradiction
from simulator.values import dataclass

__all__ = ["CONFIG_VARIABLE", "Origin", "Resolved", "resolve"]

CONFIG_VARIABLE = f"{PREFIX}CONFIG"
"""The one variable with our prefix that is no setting: it names the configuration file, as ``--config`` does."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from: ``source`` is flag, environment, config, script or default."""

    source: str
    place: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """The settings and, by name, where each value came from."""

    settings: Settings
    origins: Mapping[str, Origin]

    @property
    def given(self) -> frozenset[str]:
        """The settings that somebody gave, each outweighing what a command begins with."""
        return frozenset(name for name, origin in self.origins.items() if origin.source != "default")

    def place(self, name: str) -> str:
        """Return where the value of a setting was given, or could be."""
        origin = self.origins[name]
        return (FIELDS[name].flag or name) if origin.source == "default" else origin.place

    def blame(self, error: UsageError) -> UsageError:
        """Return an error whose place is a setting's name with the place where its value was given, any other as it is."""
        if error.place is not None and error.place in self.origins:
            error.place = self.place(error.place)
        return error


class _Given(NamedTuple):
    field: Field
    value: object
    origin: Origin
    written: str


def resolve(
    *,
    flags: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
    config: str | Path | None = None,
    script: Mapping[str, object] | None = None,
    script_place: str = "the script",
    defaults: Mapping[str, object] | None = None,
) -> Resolved:
    """Return the settings that all sources make together, and where each value came from.

    ``flags``, ``script`` and ``defaults`` (a command's own) go by the settings' names; a None or an empty tuple among
    the flags is a flag that was not given. ``config`` is a TOML file; without it ``SCOPE_SIMULATOR_CONFIG`` may name one.
    """
    environ = environ or {}
    layers = (
        _from_flags(flags or {}),
        _from_environment(environ),
        _from_config(config or environ.get(CONFIG_VARIABLE)),
        _from_names(script or {}, "script", script_place),
        _from_names(defaults or {}, "default", "default"),
    )
    values: dict[str, Any] = {}
    origins = {name: Origin("default", "default") for name in FIELDS}
    for layer in layers:
        for field, value, origin, written in layer:
            read = field.read(value, place=origin.place, written=written)
            if field.name not in values:
                values[field.name] = read
                origins[field.name] = origin
    resolved = Resolved(dataclasses.replace(Settings(), **values), MappingProxyType(origins))
    contradiction(resolved.settings, {name: resolved.place(name) for name in FIELDS})
    return resolved


def _from_flags(flags: Mapping[str, object]) -> Iterator[_Given]:
    for name, value in flags.items():
        if value is not None and value != ():
            field = FIELDS[name]
            flag = field.flag or name
            yield _Given(field, value, Origin("flag", flag), f"{flag} {shlex.quote(field.example)}")


def _from_environment(environ: Mapping[str, str]) -> Iterator[_Given]:
    fields = {field.variable: field for field in FIELDS.values()}
    for variable in sorted(environ):
        if not variable.startswith(PREFIX) or variable == CONFIG_VARIABLE:
            continue
        if variable not in fields:
            raise unknown_name("no setting has this environment variable", variable, fields, place=variable)
        field = fields[variable]
        written = f"{variable}={shlex.quote(field.example)}"
        yield _Given(field, environ[variable], Origin("environment", variable), written)


def _from_config(file: str | Path | None) -> Iterator[_Given]:
    if file is None:
        return
    source = _read_file(file)
    for name, value in _parse_toml(source, file).items():
        place = f"{file}:{_line_of(name, source)}"
        if name not in FIELDS:
            raise unknown_name(f"there is no setting {name!r}", name, FIELDS, place=place)
        field = FIELDS[name]
        yield _Given(field, value, Origin("config", place), f"{name} = {field.in_toml}")


def _from_names(values: Mapping[str, object], source: str, place: str) -> Iterator[_Given]:
    for name, value in values.items():
        field = FIELDS[name]
        yield _Given(field, value, Origin(source, place), f"{name}: {field.example}")


def _read_file(file: str | Path) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(
            "the configuration file cannot be read",
            place=str(file),
            found=(error.strerror or str(error)).lower(),
            remedy="Name a TOML file that exists.",
        ) from None
    except UnicodeDecodeError:
        raise UsageError("the configuration file is not UTF-8 text", place=str(file)) from None


def _parse_toml(source: str, file: str | Path) -> dict[str, object]:
    import tomllib

    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        said = re.fullmatch(
            r"(.*?)(?: \(at (?:line (\d+), column (\d+)|end of document)\))?", str(error), re.DOTALL
        )
        assert said is not None
        problem, line, column = said.groups()
        place = f"{file}:{line}:{column}" if line else str(file)
        raise UsageError("the configuration file is not TOML", place=place, found=problem) from None


def _line_of(name: str, source: str) -> int:
    """Return the line where a top-level key or table begins; the first that fits, which is where people look."""
    begins = re.compile(rf"\s*\[*\s*[\"']?{re.escape(name)}\b")
    return next((number for number, line in enumerate(source.splitlines(), 1) if begins.match(line)), 1)
