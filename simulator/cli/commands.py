"""The commands and their flags, as click reads them. What a command does stands in a module that is loaded when it runs.

Exit codes: 0 all well, 1 a delivery was given up, an expectation was not met or a signature is wrong, 2 the person must change
something, 130 interrupted. Who must change something never sees a traceback; a mistake of ours shows one.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from simulator import __version__
from simulator.cli.flags import (
    API,
    CONFIG,
    JSON_LINES,
    READY_FILE,
    REPORT,
    SECRETS,
    setting_flags,
    settings_given,
)
from simulator.cli.mistakes import Commands
from simulator.cli.talk import Talk
from simulator.errors import ScopeSimulatorError, UsageError

__all__ = [
    "DEMO_DEFAULTS",
    "LISTEN_DEFAULTS",
    "NAME",
    "SERVE_DEFAULTS",
    "check",
    "demo",
    "emit",
    "entry",
    "journal",
    "listen",
    "main",
    "replay",
    "scenarios",
    "schema",
    "scope_simulator",
    "serve",
    "show",
    "sign",
    "verify",
]

NAME = "scope-simulator"
"""What the command is called, however it was started."""

SERVE_DEFAULTS = {"speed": "real"}
"""Somebody lives with a platform that is served, at the pace of the day."""

DEMO_DEFAULTS = {"speed": "900", "port": "0"}
"""A quarter of an hour a second: the demo's two and a half hours pass in ten seconds."""

LISTEN_DEFAULTS = {"port": "8000"}
"""Where the examples of all other commands post to."""

_ALL = (
    *("targets", "headers", "ca", "insecure", "seed", "speed"),
    *("host", "port", "public_url", "allow_hosts", "allow_targets", "control_token"),
    *("event_names", "updates", "types", "timeout", "ordering", "retry"),
    *("users", "groups", "catalogs", "scenarios", "sessions", "calls", "history_days"),
)
_EMIT = tuple(
    name for name in _ALL if name not in ("targets", "allow_targets", "event_names", "updates", "types")
)
"""Who is told stands first, and what is told is said by the event itself."""
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


@scope_simulator.command(
    short_help="Post webhooks about one resource.",
    epilog=_example(
        f"emit ScenarioSession.paused {_TARGET}",
        f"emit ScenarioSession.update -n 1000 {_TARGET}",
        f"emit Call.create --set data.resource-id=nobody {_TARGET}",
        f"""emit --raw --event connected --type iot --data '{{"device_id": "5c4b"}}' {_TARGET}""",
    ),
)
@click.argument("event", required=False, metavar="[EVENT]")
@setting_flags("targets")
@click.option("-n", "count", metavar="N", help="How many to post, all alike. [default: 1]")
@click.option("--id", metavar="ID", help="Tell of this resource of the world, as it is, not of a fresh one.")
@click.option(
    "--set",
    "replacements",
    multiple=True,
    metavar="PATH=VALUE",
    help="Put another value, JSON or text, in a place of the webhook such as time or data.resource-id. What comes of "
    "it is posted whatever its contract says. Repeat it for more.",
)
@click.option("--raw", is_flag=True, help="Post what --event, --type and --data say, about no resource.")
@click.option("--event", "word", metavar="WORD", help="The event word of a raw webhook.")
@click.option("--type", metavar="TYPE", help="The type of a raw webhook.")
@click.option("--data", metavar="JSON", help="The data of a raw webhook, an object. [default: {}]")
@setting_flags(*_EMIT, port="0", ordering="none", retry="none")
@CONFIG
@JSON_LINES
@READY_FILE
def emit(
    *,
    config: str | None,
    as_json: bool,
    ready_file: str | None,
    **values: object,
) -> int:
    """Post one webhook and nothing else, or many of the same.

    EVENT is a type and an event word, such as ScenarioSession.paused or Call.created, and is posted as it is spelt.
    It tells of a fresh resource of a world of its own, in a state that fits. While it posts, and until the receiver
    has been quiet for a moment, the platform listens and answers what is asked about it. Ends with 1 when an answer
    was no success.
    """
    from simulator.cli.emit import Wanted
    from simulator.cli.emit import emit as run

    flags = settings_given(values)
    wanted: dict[str, Any] = {name: value for name, value in values.items() if name not in flags}
    return run(Wanted(**wanted), flags, Talk(as_json=as_json), config=config, ready_file=ready_file)


@scope_simulator.command(
    short_help="Receive webhooks and show what is wrong with them.",
    epilog=_example(
        "listen",
        "listen --status 500",
        "listen --secret hush",
        "listen --port 9000 --forward http://127.0.0.1:8000/hooks/scopear",
    ),
)
@click.option("--status", metavar="N", help="The status to answer with. [default: 200]")
@click.option(
    "--forward", metavar="URL", help="Pass everything on to this address and answer what comes back."
)
@SECRETS
@click.option("--verbose", is_flag=True, help="Show headers too.")
@setting_flags("host", "port", "timeout", "ca", "insecure", **LISTEN_DEFAULTS)
@JSON_LINES
@READY_FILE
def listen(
    *,
    status: str | None,
    forward: str | None,
    secrets: tuple[str, ...],
    verbose: bool,
    as_json: bool,
    ready_file: str | None,
    **values: object,
) -> int:
    """Receive webhooks at every path of an address, show each and say what is wrong with it.

    The body is checked against the contract that it should keep (scope-simulator schema webhook/resource prints one)
    and shown as it came. With --secret its signature is checked, and if it is wrong, it is told why. With --forward its
    bytes and headers are passed on unchanged; --timeout, --ca and --insecure are about that. Ctrl-C ends with a summary.
    """
    from simulator.cli.listen import listen as run

    return run(
        settings_given(values),
        Talk(as_json=as_json),
        defaults=LISTEN_DEFAULTS,
        status=status,
        forward=forward,
        secrets=secrets,
        verbose=verbose,
        ready_file=ready_file,
    )


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


@scope_simulator.command(
    short_help="Print the SDL, a JSON Schema or the control API.",
    epilog=_example("schema > scope.graphql", "schema webhook/resource", "schema openapi > control.json"),
)
@click.argument("name", required=False, metavar="[NAME]")
@click.option("--list", "listing", is_flag=True, help="List the names with what each is.")
def schema(*, name: str | None, listing: bool) -> int:
    """Print something that is described for machines.

    NAME is sdl (the GraphQL schema, which is also printed without a NAME), introspection (the same, as clients ask for
    it), openapi (the control API) or the name of a JSON Schema such as webhook/resource.
    """
    from simulator.cli.schema import DEFAULT, list_schemas, show_schema

    if not listing:
        return show_schema(name or DEFAULT, Talk())
    if name is not None:
        raise UsageError("the flag lists them all", place="--list", remedy=f"Leave --list or {name} out.")
    return list_schemas(Talk())


@scope_simulator.command(
    short_help="Show or follow the journal of a running simulator.",
    epilog=_example(
        "journal --follow",
        "journal --kind change,outcome --after 120 --limit 20",
        "journal --tree --about ID",
        "journal --api http://127.0.0.1:9000 --json",
    ),
)
@API
@setting_flags("control_token")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="KIND,...",
    help="Only these kinds: change, delivery, attempt, outcome, request, step, note. Repeat it for more.",
)
@click.option("--about", metavar="ID", help="Only entries about the resource with this id.")
@click.option("--after", metavar="N", help="Only entries with a higher number. [default: 0]")
@click.option("--limit", metavar="N", help="Show so many and end. Without it all are shown.")
@click.option(
    "--follow", is_flag=True, help="Go on with what comes, until Ctrl-C or until --limit is reached."
)
@click.option(
    "--tree",
    is_flag=True,
    help="Show what followed from what: each change, its webhooks, and what the receiver asked because of each.",
)
@JSON_LINES
def journal(
    *,
    api: str,
    kinds: tuple[str, ...],
    about: str | None,
    after: str | None,
    limit: str | None,
    follow: bool,
    tree: bool,
    as_json: bool,
    **values: object,
) -> int:
    """Show what has happened at a running simulator, oldest first: changes, webhooks, requests, steps of scripts.

    Each entry is a line: its number, when it happened, its kind and what there is to tell. With --json an entry is
    what the control API tells of it, raw bytes included.
    """
    from simulator.cli.journal import Filter, show_journal

    wanted = Filter(kinds, about, after, limit)
    return show_journal(api, wanted, settings_given(values), Talk(as_json=as_json), follow=follow, tree=tree)


@scope_simulator.command(
    short_help="Print the signature of a body.",
    epilog=_example(
        "sign body.json --secret hush",
        "sign - --secret hush",
        "sign body.json --secret new --secret old",
    ),
)
@click.argument("file", metavar="FILE|-")
@SECRETS
@JSON_LINES
def sign(*, file: str, secrets: tuple[str, ...], as_json: bool) -> int:
    """Print what the header X-Scope-Hmac-Sha256 of a webhook with this body holds.

    The bytes of FILE, or of standard input for -, are signed as they are. With two secrets both sign, in this order.
    """
    from simulator.cli.sign import sign as run

    return run(file, secrets, Talk(as_json=as_json))


@scope_simulator.command(
    short_help="Say whether a signature is right, and if not, why.",
    epilog=_example(
        "verify body.json --secret hush --signature XWmrwMey6OsLMeiZKwP4FppHH3cmAiiJJAweH5Jo4bM=",
        "verify body.json --secret new --secret old --computed 5d69abc0c7b2e8eb0b31e8992b03f816",
    ),
)
@click.argument("file", metavar="FILE|-")
@SECRETS
@click.option("--signature", "header", metavar="TEXT", help="What the header of the webhook holds.")
@click.option(
    "--computed", metavar="TEXT", help="What the receiver computed; if it is wrong, it is told why."
)
@JSON_LINES
def verify(
    *, file: str, secrets: tuple[str, ...], header: str | None, computed: str | None, as_json: bool
) -> int:
    """Say whether the signature of a body is right, and if not, by which mistake somebody came to it.

    FILE holds the body byte for byte as it was posted; - is standard input. Of several secrets the newest stands first.
    Tried are JSON that was written again, other spellings, keys and algorithms, parts of the body and much else, alone
    and two together. Ends with 1 when something is not right.
    """
    from simulator.cli.sign import verify as run

    return run(file, secrets, Talk(as_json=as_json), header=header, computed=computed)


@scope_simulator.command(short_help="See it all work, in under a minute.", epilog=_example("demo"))
@setting_flags("seed", "speed", "port", **DEMO_DEFAULTS)
def demo(**values: object) -> int:
    """Platform, example receiver and one script together, in one terminal, in under a minute."""
    from simulator.cli.demo import demo as run

    return run(settings_given(values), Talk(), defaults=DEMO_DEFAULTS)
