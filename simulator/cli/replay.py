"""``replay``: scripts on platforms of their own, delivered to the targets, with a summary and a verdict.

Everything that can be known before the first step is checked first, for all scripts, so that a mistake in the last one
does not cost the time of the others.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from functools import partial

from simulator.cli.choosing import Choice, Chosen
from simulator.cli.garbage import seldom
from simulator.cli.gather import blaming, checked, warnings, write_ready
from simulator.cli.live import Live, say_summary
from simulator.cli.repeat import command_of
from simulator.cli.reports import reporting
from simulator.cli.signals import Interrupted, Signals, signals
from simulator.cli.talk import Talk
from simulator.clock import Stopwatch
from simulator.control import Stage
from simulator.control.views import show_entry
from simulator.control.waits import drained
from simulator.engine import Platform, Wait
from simulator.errors import UsageError
from simulator.journal import Entry, FaultNoted
from simulator.report.signatures import explain_refusals
from simulator.report.summary import Summary, stopped_short, summary_of
from simulator.report.text import printable, tally_line, undelivered_lines
from simulator.script import Report, Script, play, rehearse_all, variants_of
from simulator.server.loop import run
from simulator.server.run import Running, running
from simulator.settings import CONFIG_VARIABLE, Resolved, Settings, resolve
from simulator.values import dataclass

__all__ = ["Prepared", "play_here", "prepare", "replay"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A script that was found sound, and the settings to play it with."""

    script: Script
    resolved: Resolved
    command: str
    """The shell line that plays it again."""

    @property
    def settings(self) -> Settings:
        return self.resolved.settings


def replay(
    choice: Choice,
    flags: Mapping[str, object],
    talk: Talk,
    *,
    drain: bool = True,
    config: str | None = None,
    ready_file: str | None = None,
    reports: Sequence[str] = (),
) -> int:
    """Play scripts one after the other; return 0 only when all that was due was delivered and all expected was done."""
    prepared: list[Prepared] = []
    problems: list[UsageError] = []
    for one in choice.opened(talk, problems):
        try:
            prepared += prepare(one, flags, config=config, defaults={"port": 0}, drain=drain)
        except UsageError as error:
            problems.append(error)
    if problems:
        # One that concerns every script, such as a wrong flag, is said once.
        talk.complain(dict.fromkeys(str(problem) for problem in problems))
        return 2
    if not all(one.settings.targets for one in prepared):
        raise UsageError(
            "there is nobody to deliver to",
            place="scope-simulator replay",
            expected="--target URL, or --api URL",
            remedy="Say where your receiver listens, such as --target http://127.0.0.1:8000/hooks/scopear.",
        )
    talk.complain(dict.fromkeys(line for one in prepared for line in warnings(one.resolved)))
    with reporting(reports) as note, seldom():
        return run(_replay(prepared, talk, note, drain=drain, ready_file=ready_file))


def prepare(
    chosen: Chosen,
    flags: Mapping[str, object],
    *,
    config: str | None = None,
    defaults: Mapping[str, object],
    drain: bool = True,
) -> list[Prepared]:
    """Find the settings of a script and rehearse it on a platform of its own; return each combination of its matrix."""
    script = chosen.script
    resolved = resolve(
        flags=flags,
        environ=os.environ,
        config=config,
        script=script.settings(),
        script_place=script.file,
        defaults=defaults,
    )
    settings = checked(resolved)
    platform = Platform(settings)
    for url in settings.targets:
        platform.add_target(url)
    runs = variants_of(script)
    rehearse_all(runs, platform)
    command = partial(
        command_of, chosen.source, resolved, config=config or os.environ.get(CONFIG_VARIABLE), drain=drain
    )
    return [Prepared(one, resolved, command(variables={**chosen.vars, **one.combination})) for one in runs]


async def _replay(
    prepared: Sequence[Prepared],
    talk: Talk,
    note: Callable[[Summary], None],
    *,
    drain: bool,
    ready_file: str | None,
) -> int:
    @asynccontextmanager
    async def around(simulator: Running) -> AsyncIterator[None]:
        if ready_file is not None:
            write_ready(ready_file, simulator.ready)
        talk.say(f"Scope is at {simulator.base_url}, token {simulator.ready['token']}")
        yield

    ok = True
    with signals() as heard:
        for one in prepared:
            talk.say(printable(f"playing {one.script.file}: {one.script.title}"))
            ending = drained if drain else None
            show = _shower(talk, one.script)
            summary = await play_here(one, talk, heard, around=around, show=show, ending=ending, note=note)
            if summary is None:
                return 130
            say_summary(talk, summary)
            talk.say("")
            ok = ok and summary.ok
    return 0 if ok else 1


async def play_here(
    prepared: Prepared,
    talk: Talk,
    heard: Signals,
    *,
    around: Callable[[Running], AbstractAsyncContextManager[None]],
    show: Callable[[Entry], None],
    ending: Callable[[Platform], Wait] | None,
    note: Callable[[Summary], None] = lambda _summary: None,
) -> Summary | None:
    """Play one script on a platform of its own and return how it ended; None when a signal came first.

    It is played inside the context that ``around`` makes once the platform listens. ``show`` gets each entry of the
    journal, ``note`` how it ended, whatever ended it. ``ending`` makes what is waited for after the last step.
    """
    stage = Stage(prepared.settings)
    platform = stage.platform
    platform.journal.follow(show)
    for entry in platform.journal.select(kinds=[FaultNoted.kind]):
        # Those that were set by a flag were there before anybody listened.
        show(entry)
    watch = Stopwatch()

    def stopped(why: str) -> Summary:
        talk.end_progress()
        summary = stopped_short(
            prepared.script,
            why,
            tally=platform.tally(),
            journal=platform.journal,
            seed=platform.seed.value,
            took=watch.seconds,
            command=prepared.command,
        )
        explain_refusals(platform, summary.undelivered)
        return summary

    async def work() -> Report:
        async with running(stage) as simulator, around(simulator):
            report = await simulator.live.pump.drive(play(platform, prepared.script))
            if ending is not None:
                await simulator.live.pump.wait(ending(platform))
            return replace(report, audit=stage.audited())

    try:
        with blaming(prepared.resolved):
            report = await heard.during(work())
    except Interrupted:
        summary = stopped("somebody ended the command")
        note(summary)
        left = undelivered_lines(summary.undelivered)
        lines = [tally_line(platform.tally()), *(f"  {line}" for line in left)]
        talk.say("stopped before its end; expectations were not judged", *(f"  {line}" for line in lines))
        return None
    except UsageError as error:
        note(stopped(str(error)))
        raise
    talk.end_progress()
    summary = summary_of(
        prepared.script,
        report,
        tally=platform.tally(),
        journal=platform.journal,
        took=watch.seconds,
        command=prepared.command,
    )
    explain_refusals(platform, summary.undelivered)
    note(summary)
    return summary


def _shower(talk: Talk, script: Script) -> Callable[[Entry], None]:
    """Return what shows each entry: a line of JSON for programs, a line for people where it is worth one."""
    live = Live(talk, script)

    def show(entry: Entry) -> None:
        if talk.as_json:
            talk.tell(show_entry(entry))
        live.tell(entry)

    return show
