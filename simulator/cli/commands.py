"""The command line: the group of all commands in the order they are met, and how its end becomes an exit code.

Exit codes: 0 all well, 1 a delivery was given up, an expectation was not met or a signature is wrong, 2 the person must change
something, 130 interrupted. Who must change something never sees a traceback; a mistake of ours shows one.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from simulator import __version__
from simulator.cli import looking, playing
from simulator.cli.flags import NAME, example
from simulator.cli.garbage import let_go
from simulator.cli.mistakes import Commands
from simulator.cli.talk import Talk
from simulator.errors import ScopeSimulatorError

__all__ = ["entry", "main", "scope_simulator"]


def entry() -> None:
    """Run the command line of this process."""
    code = main()
    let_go()
    sys.exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out a command line and return its exit code."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    try:
        code: int = scope_simulator.main(arguments, prog_name=NAME, standalone_mode=False)
    except ScopeSimulatorError as error:
        Talk().complain([error])
        return 2
    except (KeyboardInterrupt, click.Abort):
        return 130
    return code


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=example("demo"),
)
@click.version_option(__version__, prog_name=NAME, message="%(prog)s %(version)s")
@click.pass_context
def scope_simulator(context: click.Context) -> int:
    """A local stand-in for Scope AR's WorkLink: it emits the webhooks and answers the GraphQL and REST API."""
    if context.invoked_subcommand is not None:
        return 0  # What the command returns is what counts.
    Talk().complain([context.get_help()])
    return 2


for _command in (
    *(playing.serve, playing.replay, playing.explore, playing.emit),
    *(looking.listen, looking.check, looking.scenarios, looking.schema, looking.journal),
    *(looking.sign, looking.verify, playing.demo),
):
    scope_simulator.add_command(_command)
