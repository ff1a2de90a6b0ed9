"""The commands that run a platform and post its webhooks. What each does stands in a module that is loaded when it runs."""

from __future__ import annotations

from typing import Any

import click

from simulator.cli.flags import (
    CONFIG,
    JSON_LINES,
    READY_FILE,
    REPORT,
    TAG,
    VAR,
    example,
    setting_flags,
    settings_given,
)
from simulator.cli.mistakes import Command
from simulator.cli.talk import Talk
from simulator.errors import UsageError

__all__ = ["DEMO_DEFAULTS", "SERVE_DEFAULTS", "demo", "emit", "explore", "replay", "serve"]

SERVE_DEFAULTS = {"speed": "real"}
"""Somebody lives with a platform that is served, at the pace of the day."""

DEMO_DEFAULTS = {"speed": "900", "port": "0"}
"""A quarter of an hour a second: the demo's two and a half hours pass in ten seconds."""

_ALL = (
    *("targets", "generation", "secret", "headers", "ca", "insecure", "seed", "speed"),
    *("host", "port", "public_url", "allow_hosts", "allow_targets", "control_token"),
    *("event_names", "updates", "types", "timeout", "ordering", "retry", "faults", "audit"),
    *(
        "users",
        "groups",
        "catalogs",
        "scenarios",
        "sessions",
        "calls",
        "history_days",
        "role",
        "token_groups",
        "sdl",
        "strict_limits",
    ),
)
_EMIT = tuple(
    name
    for name in _ALL
    if name
    not in (
        *("targets", "allow_targets", "event_names", "updates", "types", "faults", "audit"),
        *("role", "token_groups", "sdl", "strict_limits"),
    )
)
"""Who is told stands first, what is told is said by the event itself, and nobody asks."""
_TARGET = "--target http://127.0.0.1:8000/hooks/scopear"


@click.command(cls=Command, short_help="Start the platform.", epilog=example(f"serve {_TARGET}"))
@setting_flags(*_ALL, "db", **SERVE_DEFAULTS)
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


@click.command(
    cls=Command,
    short_help="Play scripts and deliver their webhooks.",
    epilog=example(f"replay paused-for-a-part {_TARGET}"),
)
@click.argument("scripts", nargs=-1, metavar="SCRIPT...")
@setting_flags(*_ALL, port="0")
@click.option("--api", metavar="URL", help="Play on this running simulator; --target is optional then.")
@VAR
@TAG
@click.option("--no-drain", is_flag=True, help="End after the last step, though webhooks may be due.")
@click.option(
    "--box",
    metavar="FILE",
    help="Leave the first run that fails in this file. Without a SCRIPT: repeat the run that is in it, and compare.",
)
@REPORT
@CONFIG
@JSON_LINES
@READY_FILE
def replay(
    *,
    api: str | None,
    no_drain: bool,
    box: str | None,
    reports: tuple[str, ...],
    config: str | None,
    as_json: bool,
    ready_file: str | None,
    **values: Any,  # noqa: ANN401 - as click gives them
) -> int:
    """Play scripts, each on a fresh platform on a free port, and deliver their webhooks.

    SCRIPT is a file, or the name of a bundled script. All are checked before the first begins. Ends with 1 when a
    webhook was given up or an expectation was not met. With --box FILE and no SCRIPT the run in the box is repeated: on
    --target URL, or else on the receiver that is recorded in it.
    """
    from simulator.cli.choosing import Choice

    flags, talk, drain = settings_given(values), Talk(as_json=as_json), not no_drain
    files = {"config": config, "ready_file": ready_file}
    if not values["scripts"] and box is not None:
        from simulator.cli.unboxing import repeat

        useless = {"--api": api, "--no-drain": no_drain, "--report": reports}
        useless |= {"--var": values["variables"], "--tag": values["tags"]}
        return repeat(box, flags, talk, useless=useless, **files)
    if not values["scripts"]:
        place = click.get_current_context().command_path
        raise UsageError("SCRIPT is missing", place=place, remedy=f"See: {place} --help")
    choice = Choice(values["scripts"], values["variables"], values["tags"])
    if api is not None:
        if box is not None:
            raise UsageError(
                "the flag has no effect together with --api",
                place="--box",
                found=box,
                remedy="Play the script without --api: the box is of a platform of its own.",
            )
        from simulator.cli.remote import replay_on

        return replay_on(api, choice, flags, talk, drain=drain, reports=reports, **files)
    from simulator.cli.replay import replay as run

    return run(choice, flags, talk, drain=drain, reports=reports, box=box, **files)


@click.command(
    cls=Command,
    short_help="Post webhooks about one resource.",
    epilog=example(
        f"emit ScenarioSession.paused {_TARGET}",
        f"emit ScenarioSession.update -n 1000 {_TARGET}",
        f"emit ScenarioSession.finished --generation 2 --secret s3cret {_TARGET}",
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


@click.command(
    cls=Command,
    short_help="Vary a script until an expectation breaks.",
    epilog=example(f"explore work-orders.yaml {_TARGET}"),
)
@click.argument("script", metavar="SCRIPT")
@setting_flags(*_ALL, port="0")
@VAR
@click.option("--examples", metavar="N", help="How many different sequences to try. [default: 100]")
@click.option("--steps", metavar="N", help="How many steps a sequence has at most. [default: 12]")
@click.option("--chaos/--no-chaos", default=True, help="Whether deliveries go wrong too. [default: yes]")
@click.option("--search", metavar="N", help="Another number tries other sequences. [default: 1]")
@click.option("--deadline", metavar="DURATION", help="How long to search at most, such as 2m.")
@click.option(
    "--out",
    metavar="FILE",
    help="Where to write the shortest script that fails. [default: SCRIPT.explored.yaml beside SCRIPT]",
)
@CONFIG
@JSON_LINES
def explore(
    *,
    script: str,
    config: str | None,
    as_json: bool,
    **values: object,
) -> int:
    """Try sequences of events until one breaks what a script expects, and write the shortest that does.

    The script's last expectations are what must always hold; its other steps are played first, and between the two
    comes what is tried: every move that the resources' states allow, waits, and deliveries that come late, twice, in
    another order or are lost on the way. Ends with 1 when something is found. Needs the extra [explore].
    """
    from simulator.cli.choosing import Choice
    from simulator.cli.explore import explore as run
    from simulator.cli.explore import read_wanted

    flags = settings_given(values)
    wanted = read_wanted({name: value for name, value in values.items() if name not in flags})
    choice = Choice([script], wanted.variables)
    return run(choice, wanted, flags, Talk(as_json=as_json), config=config)


@click.command(cls=Command, short_help="See it all work, in under a minute.", epilog=example("demo"))
@setting_flags("seed", "speed", "port", **DEMO_DEFAULTS)
def demo(**values: object) -> int:
    """Platform, example receiver and one script together, in one terminal, in under a minute."""
    from simulator.cli.demo import demo as run

    return run(settings_given(values), Talk(), defaults=DEMO_DEFAULTS)
