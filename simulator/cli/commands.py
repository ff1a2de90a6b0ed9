"""The commands and their flags, as click reads them. What a command does stands in a module that is loaded when it runs.

Exit codes: 0 all well, 1 a delivery was given up or an expectation was not met, 2 the person must change something, 130
interrupted. Who must change something never sees a traceback; a mistake of ours shows one.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from simulator import __version__
from simulator.cli.flags import CONFIG, JSON_LINES, READY_FILE, REPORT, setting_flags, settings_given
from simulator.cli.mistakes import Commands
from simulator.cli.talk import Talk
from simulator.errors import ScopeSimulatorError

__all__ = [
    "DEMO_DEFAULTS",
    "NAME",
    "SERVE_DEFAULTS",
    "check",
    "demo",
    "entry",
    "main",
    "replay",
    "scenarios",
    "scope_simulator",
    "serve",
    "show",
]

NAME = "scope-simulator"
"""What the command is called, however it was started."""

SERVE_DEFAULTS = {"speed": "real"}
"""Somebody lives with a platform that is served, at the pace of the day."""

DEMO_DEFAULTS = {"speed": "900", "port": "0"}
"""A quarter of an hour a second: the demo's two and a half hours pass in ten seconds."""

_ALL = (
    *("targets", "headers", "ca", "insecure", "seed", "speed"),
    *("host", "port", "public_url", "allow_hosts", "allow_targets", "control_token"),
    *("event_names", "updates", "types", "timeout", "ordering"),
    *("users", "groups", "catalogs", "scenarios", "sessions", "calls", "history_days"),
)
_TARGET = "--target http://127.0.0.1:8000/hooks/scopear"


def entry() -> None:
    """Run the command line of this process."""
    sys.exit(main())


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


def _example(*lines: str) -> str:
    """Return the end of a command's help; the sign before it keeps click from joining the lines."""
    return "\n".join(["\b", "Example:", *(f"  {NAME} {line}" for line in lines)])


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_example("demo"),
)
@click.version_option(__version__, prog_name=NAME, message="%(prog)s %(version)s")
@click.pass_context
def scope_simulator(context: click.Context) -> int:
    """A local stand-in for Scope AR's WorkLink: it emits the webhooks and answers the GraphQL and REST API."""
    if context.invoked_subcommand is not None:
        return 0  # What the command returns is what counts.
    Talk().complain([context.get_help()])
    return 2


@scope_simulator.command(short_help="Start the platform.", epilog=_example(f"serve {_TARGET}"))
@setting_flags(*_ALL, **SERVE_DEFAULTS)
@click.option(
    "--show-settings",
    is_flag=True,
    help="Say how each setting stands and where its value came from, and end.",
)
@CONFIG
@JSON_LINES
@READY_FILE
def serve(
    *, show_settings: bool, config: str | None, as_json: bool, ready_file: str | None, **values: object
) -> int:
    """Start the platform and say where it is; run until interrupted.

    Each request and what came of each webhook is told in a line. Ctrl-C ends with a summary.
    """
    flags, talk = settings_given(values), Talk(as_json=as_json)
    if show_settings:
        from simulator.cli.shown import show_settings as show

        return show(flags, talk, config=config, ready_file=ready_file, defaults=SERVE_DEFAULTS)
    from simulator.cli.serve import serve as run

    return run(flags, talk, config=config, ready_file=ready_file, defaults=SERVE_DEFAULTS)


@scope_simulator.command(
    short_help="Play scripts and deliver their webhooks.",
    epilog=_example(f"replay paused-for-a-part {_TARGET}"),
)
@click.argument("scripts", nargs=-1, required=True, metavar="SCRIPT...")
@setting_flags(*_ALL, port="0")
@click.option("--api", metavar="URL", help="Play on this running simulator; --target is optional then.")
@click.option("--no-drain", is_flag=True, help="End after the last step, though webhooks may be due.")
@REPORT
@CONFIG
@JSON_LINES
@READY_FILE
def replay(
    *,
    scripts: tuple[str, ...],
    api: str | None,
    no_drain: bool,
    reports: tuple[str, ...],
    config: str | None,
    as_json: bool,
    ready_file: str | None,
    **values: object,
) -> int:
    """Play scripts, each on a fresh platform on a free port, and deliver their webhooks.

    SCRIPT is a file, or the name of a bundled script. All are checked before the first begins. Ends with 1 when a
    webhook was given up or an expectation was not met.
    """
    flags, talk, drain = settings_given(values), Talk(as_json=as_json), not no_drain
    files = {"config": config, "ready_file": ready_file}
    if api is not None:
        from simulator.cli.remote import replay_on

        return replay_on(api, scripts, flags, talk, drain=drain, reports=reports, **files)
    from simulator.cli.replay import replay as run

    return run(scripts, flags, talk, drain=drain, reports=reports, **files)


@scope_simulator.command(short_help="Validate scripts.", epilog=_example("check mine.yaml"))
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def check(*, files: tuple[str, ...]) -> int:
    """Validate scripts: where something is wrong, what was expected and what was found.

    FILE may be the name of a bundled script too. Ends with 2 when anything is wrong.
    """
    from simulator.cli.scripts import check as run

    return run(files, Talk())


@scope_simulator.group(
    cls=Commands,
    invoke_without_command=True,
    short_help="List or print the bundled scripts.",
    epilog=_example("scenarios", "scenarios show created-and-finished > mine.yaml"),
)
@click.pass_context
def scenarios(context: click.Context) -> int:
    """List the bundled scripts with their titles."""
    if context.invoked_subcommand is not None:
        return 0
    from simulator.cli.scripts import list_bundled

    return list_bundled(Talk())


@scenarios.command(epilog=_example("scenarios show created-and-finished > mine.yaml"))
@click.argument("name", metavar="NAME")
def show(*, name: str) -> int:
    """Print a bundled script."""
    from simulator.cli.scripts import show_bundled

    return show_bundled(name, Talk())


@scope_simulator.command(short_help="See it all work, in under a minute.", epilog=_example("demo"))
@setting_flags("seed", "speed", "port", **DEMO_DEFAULTS)
def demo(**values: object) -> int:
    """Platform, example receiver and one script together, in one terminal, in under a minute."""
    from simulator.cli.demo import demo as run

    return run(settings_given(values), Talk(), defaults=DEMO_DEFAULTS)
