"""The commands that run no platform: they look at scripts, webhooks, signatures, contracts or a running simulator.

What each does stands in a module that is loaded when it runs.
"""

from __future__ import annotations

import click

from simulator.cli.flags import (
    API,
    CONFIG,
    JSON_LINES,
    READY_FILE,
    SECRETS,
    TAG,
    VAR,
    example,
    setting_flags,
    settings_given,
)
from simulator.cli.mistakes import Command, Commands
from simulator.cli.talk import Talk
from simulator.errors import UsageError

__all__ = ["LISTEN_DEFAULTS", "check", "journal", "listen", "scenarios", "schema", "show", "sign", "verify"]

LISTEN_DEFAULTS = {"port": "8000"}
"""Where the examples of all other commands post to."""


@click.command(
    cls=Command,
    short_help="Receive webhooks and show what is wrong with them.",
    epilog=example(
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


@click.command(cls=Command, short_help="Validate scripts.", epilog=example("check mine.yaml"))
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@VAR
@TAG
def check(*, files: tuple[str, ...], variables: tuple[str, ...], tags: tuple[str, ...]) -> int:
    """Validate scripts: where something is wrong, what was expected and what was found.

    FILE may be the name of a bundled script too. Ends with 2 when anything is wrong.
    """
    from simulator.cli.choosing import Choice
    from simulator.cli.scripts import check as run

    return run(Choice(files, variables, tags), Talk())


@click.group(
    cls=Commands,
    invoke_without_command=True,
    short_help="List or print the bundled scripts.",
    epilog=example("scenarios", "scenarios show created-and-finished > mine.yaml"),
)
@TAG
@click.pass_context
def scenarios(context: click.Context, *, tags: tuple[str, ...]) -> int:
    """List the bundled scripts with their titles."""
    if context.invoked_subcommand is not None:
        return 0
    from simulator.bundled import scenario_names
    from simulator.cli.choosing import Choice
    from simulator.cli.scripts import list_bundled

    return list_bundled(Choice(scenario_names(), tags=tags), Talk())


@scenarios.command(epilog=example("scenarios show created-and-finished > mine.yaml"))
@click.argument("name", metavar="NAME")
def show(*, name: str) -> int:
    """Print a bundled script."""
    from simulator.cli.scripts import show_bundled

    return show_bundled(name, Talk())


@click.command(
    cls=Command,
    short_help="Print the SDL, a JSON Schema or the control API.",
    epilog=example(
        "schema > scope.graphql",
        "schema webhook/resource",
        "schema openapi > control.json",
        "schema --diff mine.graphql",
    ),
)
@click.argument("name", required=False, metavar="[NAME]")
@click.option("--list", "listing", is_flag=True, help="List the names with what each is.")
@click.option(
    "--diff",
    metavar="FILE",
    help="Compare ours with another GraphQL schema, as SDL or as the answer to an introspection query: a line for each "
    "difference, with + for what ours lacks, - for what the file lacks, ~ for what is typed otherwise.",
)
@CONFIG
def schema(*, name: str | None, listing: bool, diff: str | None, config: str | None) -> int:
    """Print something that is described for machines.

    NAME is sdl (the GraphQL schema, which is also printed without a NAME), introspection (the same, as clients ask for
    it), openapi (the control API) or the name of a JSON Schema such as webhook/resource. Where the setting enum_names
    spells values otherwise, in the environment or in --config, so does the GraphQL schema.
    """
    from simulator.cli.schema import DEFAULT, list_schemas, show_drift, show_schema

    if diff is not None:
        if name is not None or listing:
            raise UsageError(
                "the flag compares and prints nothing else", place="--diff", remedy="Give it alone."
            )
        return show_drift(diff, Talk())
    if not listing:
        return show_schema(name or DEFAULT, Talk(), config=config)
    if name is not None:
        raise UsageError("the flag lists them all", place="--list", remedy=f"Leave --list or {name} out.")
    return list_schemas(Talk())


@click.command(
    cls=Command,
    short_help="Show or follow the journal of a running simulator.",
    epilog=example(
        "journal --follow",
        "journal --kind change,outcome --after 120 --limit 20",
        "journal --tree --about ID",
        "journal --graphql",
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
    help="Only these kinds: change, delivery, attempt, outcome, request, step, fault, note. Repeat it for more.",
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
@click.option(
    "--graphql",
    is_flag=True,
    help="Show what was asked by GraphQL, taken together: operations, fields, arguments, deprecated and invented ones, objects "
    "asked for one by one, and the least role that would do.",
)
@JSON_LINES
def journal(  # noqa: PLR0913 - one for each option
    *,
    api: str,
    kinds: tuple[str, ...],
    about: str | None,
    after: str | None,
    limit: str | None,
    follow: bool,
    tree: bool,
    graphql: bool,
    as_json: bool,
    **values: object,
) -> int:
    """Show what has happened at a running simulator, oldest first: changes, webhooks, requests, steps of scripts.

    Each entry is a line: its number, when it happened, its kind and what there is to tell. With --json an entry is
    what the control API tells of it, raw bytes included.
    """
    from simulator.cli.journal import Filter, show_habits, show_journal

    wanted = Filter(kinds, about, after, limit)
    if graphql:
        talk = Talk(as_json=as_json)
        return show_habits(
            api, wanted, settings_given(values), talk, others={"--follow": follow, "--tree": tree}
        )
    return show_journal(api, wanted, settings_given(values), Talk(as_json=as_json), follow=follow, tree=tree)


@click.command(
    cls=Command,
    short_help="Print the signature of a body.",
    epilog=example(
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


@click.command(
    cls=Command,
    short_help="Say whether a signature is right, and if not, why.",
    epilog=example(
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
