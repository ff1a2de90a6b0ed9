"""The shell line that repeats a run: the script, the seed, and each setting that somebody gave, whatever place it came from.

Decides how a run is told as a command. No secret stands in it: its variable stands there instead.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from simulator.cli.flags import NAME
from simulator.settings import FIELDS, Field, Resolved
from simulator.wire import JSON, dump

__all__ = ["command_of", "command_on"]


def command_of(
    source: str,
    resolved: Resolved,
    *,
    config: str | None = None,
    drain: bool = True,
    variables: Mapping[str, JSON] = MappingProxyType({}),
) -> str:
    """Return the line for a script as it was named; ``config`` is the file whose settings count too, ``variables`` the
    values of the script's variables that were given, or that a matrix has for this run."""
    before: list[str] = []
    parts = [NAME, "replay", shlex.quote(source)]
    for name, field in FIELDS.items():
        origin, value = resolved.origins[name].source, getattr(resolved.settings, name)
        if origin == "environment":
            before.append(f"{field.variable}={','.join(_written(field, value))}")
        elif field.flag is not None and (origin == "flag" or (origin == "default" and name == "seed")):
            parts += _flag(field, field.flag, value)
    parts += _variables(variables)
    parts += [] if config is None else ["--config", shlex.quote(config)]
    return " ".join([*before, *parts, *([] if drain else ["--no-drain"])])


def command_on(
    api: str,
    source: str,
    resolved: Resolved,
    *,
    drain: bool = True,
    variables: Mapping[str, JSON] = MappingProxyType({}),
) -> str:
    """Return the line for a script as it was named, played on the simulator at ``api``."""
    parts = [NAME, "replay", shlex.quote(source), "--api", shlex.quote(api)]
    for name in ("targets", "control_token"):
        field = FIELDS[name]
        if field.flag is not None and resolved.origins[name].source == "flag":
            parts += _flag(field, field.flag, getattr(resolved.settings, name))
    parts += _variables(variables)
    return " ".join([*parts, *([] if drain else ["--no-drain"])])


def _variables(variables: Mapping[str, JSON]) -> Iterator[str]:
    for name, value in variables.items():
        if not isinstance(value, list | dict):
            yield from ("--var", shlex.quote(f"{name}={_scalar(value)}"))


def _flag(field: Field, flag: str, value: object) -> Iterator[str]:
    if isinstance(value, bool):
        yield flag if value else f"--no-{flag.removeprefix('--')}"
    elif field.repeated:
        for one in _written(field, value):
            yield from (flag, one)
    else:
        yield from (flag, ",".join(_written(field, value)))


def _scalar(value: JSON) -> str:
    """Return the plain value of YAML that reads as ``value``."""
    from simulator.script.loader import read_scalar

    return value if isinstance(value, str) and read_scalar(value) == value else dump(value).decode()


def _written(field: Field, value: object) -> list[str]:
    """Return a value as a shell reads it, in as many parts as it has."""
    if field.secret:
        return [f'"${field.variable}"']
    written = field.form.write(value)
    return [shlex.quote(str(one)) for one in (written if isinstance(written, list) else [written])]
