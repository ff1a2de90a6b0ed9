"""The flags: those of the settings, made from their table, and the few that are no setting; and the end of a help.

A flag means the same wherever it stands, so each is described once, here or in ``settings.FIELDS``. A value arrives as
the text that was typed; what it means and whether it fits is the settings' to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from simulator.errors import UsageError
from simulator.settings import FIELDS, Field, Settings
from simulator.settings.forms import integer

__all__ = [
    "API",
    "CONFIG",
    "JSON_LINES",
    "NAME",
    "READY_FILE",
    "REPORT",
    "SECRETS",
    "TAG",
    "VAR",
    "example",
    "read_number",
    "setting_flags",
    "settings_given",
]

NAME = "scope-simulator"
"""What the command is called, however it was started."""

Command = TypeVar("Command", bound=Callable[..., Any])

_METAVARS: Mapping[str, str] = {
    "speed": "real|N|max|manual",
    "host": "ADDRESS",
    "public_url": "URL",
    "allow_hosts": "NAME",
    "allow_targets": "HOST",
    "control_token": "TOKEN",
    "db": "FILE",
    "targets": "URL",
    "secret": "SECRET",
    "headers": '"NAME: VALUE"',
    "ca": "FILE",
    "types": "TYPE,...",
    "token_groups": "NAME,...",
    "sdl": "FILE",
    "timeout": "DURATION",
    "retry": "DURATION,...|none",
    "faults": "SPEC",
}
"""What stands for a value whose form does not say it."""

_SERVED = f"http://{Settings().host}:{Settings().port}"
"""Where ``serve`` is unless told otherwise."""

CONFIG = click.option(
    "--config", metavar="FILE", help="A TOML file with settings; flags and the environment outrank it."
)
API = click.option(
    "--api",
    default=_SERVED,
    metavar="URL",
    help=f"The address of a running simulator. [default: {_SERVED}]",
)
JSON_LINES = click.option(
    "--json", "as_json", is_flag=True, help="JSON lines on standard output; talk goes to standard error."
)
READY_FILE = click.option(
    "--ready-file",
    metavar="PATH",
    help="A file to write the address, the token and the rest to, as JSON, once it can be reached.",
)
REPORT = click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="junit:PATH|json:PATH|html:PATH",
    help="A file about each script, its expectations and all that happened: as JUnit's XML, as JSON, or as a page for "
    "people with a picture of it. Repeat it for more.",
)
VAR = click.option(
    "--var",
    "variables",
    multiple=True,
    metavar="NAME=VALUE",
    help="Another value of a variable of the script: of one in its vars, or the only value of one in its for. Repeat it "
    "for more.",
)
TAG = click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar="TAG",
    help="Only scripts with this tag. Repeat it for those with any of several.",
)

SECRETS = click.option(
    "--secret",
    "secrets",
    multiple=True,
    metavar="SECRET",
    help="The shared secret of the subscription, or the variable SCOPE_SIMULATOR_SECRET. Repeat it while a secret is being "
    "replaced: the new one first.",
)


def setting_flags(*names: str, **defaults: str) -> Callable[[Command], Command]:
    """Give a command the flags of these settings; ``defaults`` are the command's own, as they are written."""

    def decorate(command: Command) -> Command:
        for name in reversed(names):
            command = _option(FIELDS[name], defaults.get(name))(command)
        return command

    return decorate


def settings_given(values: Mapping[str, object]) -> dict[str, object]:
    """Return those of a command's values that are settings, by the settings' names."""
    return {name: value for name, value in values.items() if name in FIELDS}


def example(*lines: str) -> str:
    """Return the end of a command's help; the sign before it keeps click from joining the lines."""
    return "\n".join(["\b", "Example:", *(f"  {NAME} {line}" for line in lines)])


def read_number(text: str, *, flag: str, low: int, high: int, example: str) -> int:
    """Read the number of a flag that is no setting; what is wrong is said as for one that is."""
    try:
        value = integer(low, high).read(text)
    except UsageError as error:
        raise UsageError(
            error.problem,
            place=flag,
            expected=error.expected,
            found=error.found,
            remedy=f"Write it as in {flag} {example}.",
        ) from None
    assert isinstance(value, int)
    return value


def _option(field: Field, default: str | None) -> Callable[[Command], Command]:
    assert field.flag is not None
    shown = _default(field) if default is None else default
    help_text = f"{field.help} [default: {shown}]" if shown else field.help
    if field.form.schema.get("type") == "boolean":
        names = f"{field.flag}/--no-{field.flag.removeprefix('--')}"
        return click.option(names, field.name, default=None, help=help_text)
    more = " Repeat it for more." if field.repeated else ""
    return click.option(
        field.flag, field.name, multiple=field.repeated, metavar=_metavar(field), help=help_text + more
    )


def _metavar(field: Field) -> str:
    match field.form.schema:
        case {"enum": [*options]}:
            return "|".join(str(option) for option in options)
        case {"type": "integer"}:
            return "N"
        case _:
            return _METAVARS[field.name]


def _default(field: Field) -> str:
    value = getattr(Settings(), field.name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    written = field.form.write(value)
    return ",".join(map(str, written)) if isinstance(written, list) else str(written)
