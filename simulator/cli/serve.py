"""``serve``: the platform on its address until somebody ends it, with a line for each thing that happens."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from simulator.addresses import is_loopback
from simulator.cli.garbage import seldom
from simulator.cli.gather import blaming, checked, warnings, write_ready
from simulator.cli.signals import Interrupted, Signals, signals
from simulator.cli.talk import Talk
from simulator.control import Stage
from simulator.engine import Platform
from simulator.journal import Entry
from simulator.server.loop import run
from simulator.server.run import Running, running
from simulator.settings import Settings, resolve
from simulator.store import open_stage

if TYPE_CHECKING:
    from simulator.audit.findings import Audited

__all__ = ["serve"]


def serve(
    flags: Mapping[str, object],
    talk: Talk,
    *,
    defaults: Mapping[str, object],
    config: str | None = None,
    ready_file: str | None = None,
) -> int:
    """Run until a signal comes; return 130 for Ctrl-C, else whether every webhook was delivered and, where that is audited, agreed with the API."""
    resolved = resolve(flags=flags, environ=os.environ, config=config, defaults=defaults)
    settings = checked(resolved, remembers=True)
    talk.complain(warnings(resolved))
    with blaming(resolved):
        stage = open_stage(settings, given=resolved.given)
        return run(_serve(stage, talk, ready_file))


async def _serve(stage: Stage, talk: Talk, ready_file: str | None) -> int:
    with signals() as heard:
        async with running(stage) as simulator:
            if ready_file is not None:
                write_ready(ready_file, simulator.ready)
            talk.tell(simulator.ready)
            talk.say(*_where(simulator, stage.start_settings))
            # Nothing can have happened yet: no request is read before this coroutine waits.
            _tell_what_happens(stage, talk)
            with seldom():
                came = await _ended(heard, simulator)
            # What is under way now is cut off by the end; the summary says so.
            audit = stage.audited()
            ending = _ending(stage.platform, audit)
    talk.say("", *ending)
    if talk.lost:
        talk.say(f"  {talk.lost} lines were left out above because nobody could read them in time")
    if came == signal.SIGINT:
        return 130
    lost = stage.platform.tally().given_up > stage.platform.dispatch.excused
    return 1 if lost or (audit is not None and not audit.ok) else 0


async def _ended(heard: Signals, simulator: Running) -> int:
    """Return the signal that ended it; UsageError when it cannot go on."""
    try:
        raise await heard.during(simulator.live.pump.failure())
    except Interrupted:
        assert heard.came is not None
        return heard.came


@cache
def _teller() -> Callable[..., None]:
    """Return what tells an entry; it is loaded when there is something to tell, long after we listen."""
    from simulator.cli.live import tell_live

    return tell_live


def _tell_what_happens(stage: Stage, talk: Talk) -> None:
    def show(entry: Entry) -> None:
        _teller()(talk, entry, patient=False)

    def follow(platform: Platform) -> None:
        platform.journal.follow(show)

    token = stage.platform.token

    def begin(platform: Platform) -> None:
        nonlocal token
        follow(platform)
        if platform.token != token:
            token = platform.token
            talk.mention(f"a new world begins: seed {platform.seed.value}, token {token}")

    follow(stage.platform)
    stage.watch(begin)


def _ending(platform: Platform, audit: Audited | None) -> list[str]:
    from simulator.report.auditing import audit_lines
    from simulator.report.deliveries import undelivered
    from simulator.report.signatures import explain_refusals
    from simulator.report.text import idle_faults, tally_line, undelivered_lines

    left = undelivered(platform.journal)
    explain_refusals(platform, left)
    platform.faults.tell_idle(platform.now)
    lines = [
        tally_line(platform.tally()),
        *(f"  {line}" for line in undelivered_lines(left)),
        *idle_faults(platform.journal),
        *([] if audit is None else audit_lines(audit)),
    ]
    return ["stopped", *(f"  {line}" for line in lines)]


def _own_schema(settings: Settings) -> dict[str, str]:
    if settings.sdl is None:
        return {}
    from simulator.graphql.schema import own_drift

    return {"schema": f"{settings.sdl.path}; {own_drift(settings.sdl).summary}"}


def _where(simulator: Running, settings: Settings) -> list[str]:
    ready, told = simulator.ready, [target.url for target in simulator.live.stage.platform.targets]
    public = {} if settings.public_url is None else {"public": settings.public_url}
    lines = {
        "Scope": ready["base_url"],
        **public,
        "GraphQL": ready["graphql_url"],
        "control": ready["control_url"],
        "username": ready["username"],
        "password": ready["password"],
        "token": ready["token"],
        "seed": ready["seed"],
        **_own_schema(settings),
        "tells": ", ".join(told) or "nobody yet, give --target URL",
    }
    if settings.db is not None:
        lines["remembers"] = settings.db
    if settings.control_token is not None:
        lines["control token"] = "as given"
    elif not is_loopback(settings.host) or settings.public_url or settings.allow_hosts:
        lines["control token"] = ready["control_token"]
    return [*(f"{name:<13}  {value}" for name, value in lines.items()), "Ctrl-C ends it.", ""]
