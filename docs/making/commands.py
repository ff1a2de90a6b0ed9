"""``docs/reference/commands.md``, from the commands as click knows them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from docs.making.markdown import code, document, fence, plain, table
from simulator.cli.commands import scope_simulator
from simulator.cli.flags import NAME
from simulator.settings import FIELDS

__all__ = ["commands", "make"]

INTRODUCTION = f"""\
`{NAME} COMMAND --help` tells the same in the terminal. `python -m simulator` is the same command. A flag means the same
wherever it stands. A flag with a variable may be set in the environment or in a configuration file too, see
[settings](settings.md); the flag outranks both.
"""

EXIT_CODES = (
    ("0", "All is well."),
    ("1", "A webhook was given up, an expectation was not met, or a signature is wrong."),
    ("2", "You must change something: a flag, a file, an address in use. The message says what."),
    ("130", "Interrupted, by Ctrl-C or a signal."),
)


def make(_root: Path) -> str:
    """Return the document."""
    found = list(commands())
    listed = table(
        ["command", "what it does"],
        ((f"[{path}](#{path.replace(' ', '-')})", first_sentence(command.help)) for path, command in found),
    )
    sections = [section(path, command) for path, command in found]
    codes = "## Exit codes\n\n" + table(["code", "meaning"], EXIT_CODES)
    return document("Commands", "the command line's own help", INTRODUCTION, listed, codes, *sections)


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its full name, those below a command after it."""
    yield from _below(NAME, scope_simulator)


def first_sentence(text: str | None) -> str:
    return plain(text).split("\n\n")[0].split(". ")[0].rstrip(".") + "."


def section(path: str, command: click.Command) -> str:
    """Return what the document says of one command."""
    # As below its group, whose settings it inherits: that help has a short name too.
    group = click.Context(scope_simulator, info_name=NAME, **scope_simulator.context_settings)
    context = click.Context(command, info_name=path, parent=group)
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    parts = [f"## {path}\n", fence(usage), plain(command.help) + "\n", options(command, context)]
    lines = (command.epilog or "").removeprefix("\b").strip().splitlines()
    if lines:
        parts.append(fence("\n".join(line.strip() for line in lines[1:])))
    return "\n".join(parts)


def options(command: click.Command, context: click.Context) -> str:
    """Return the options as a table."""
    rows = []
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if isinstance(parameter, click.Option) and record is not None:
            variable = FIELDS[parameter.name].variable if parameter.name in FIELDS else ""
            rows.append((code(record[0]), record[1], code(variable)))
    return table(["option", "meaning", "variable"], rows)


def _below(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from _below(f"{path} {name}", inner)
