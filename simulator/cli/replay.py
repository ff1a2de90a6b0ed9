"""``replay``: scripts on platforms of their own, delivered to the targets, with a summary and a verdict.

Everything that can be known before the first step is checked first, for all scripts, so that a mistake in the last one
does not cost the time of the others.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial

from simulator.box.calls import packed
from simulator.cli.boxing import Boxing
from simulator.cli.choosing import Choice, Chosen, Refusal
from simulator.cli.garbage import seldom
from simulator.cli.gather import checked, warnings, write_ready
from simulator.cli.live import Live, say_summary
from simulator.cli.performing import Prepared, play_here
from simulator.cli.repeat import command_of
from simulator.cli.reports import reporting
from simulator.cli.signals import signals
from simulator.cli.talk import Talk
from simulator.clock import Moment
from simulator.control.views import show_entry
from simulator.control.waits import drained
from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.journal import Entry
from simulator.report.summary import Summary
from simulator.report.text import printable
from simulator.script import Script, rehearse_all, variants_of
from simulator.script.model import Step
from simulator.server.app import Live as Served
from simulator.server.loop import run
from simulator.server.run import Running
from simulator.settings import CONFIG_VARIABLE, resolve

__all__ = ["Telling", "prepare", "replay"]


def replay(
    choice: Choice,
    flags: Mapping[str, object],
    talk: Talk,
    *,
    drain: bool = True,
    config: str | None = None,
    ready_file: str | None = None,
    reports: Sequence[str] = (),
    box: str | None = None,
) -> int:
    """Play scripts one after the other; return 0 only when all that was due was delivered and all expected was done."""
    with reporting(reports) as note:
        prepared = _prepared(choice, flags, talk, note, config=config, drain=drain)
        if prepared is None:
            return 2
        talk.complain(dict.fromkeys(line for one in prepared for line in warnings(one.resolved)))
        boxing = Boxing(box, talk, drain=drain)
        try:
            with seldom():
                return run(_replay(prepared, talk, note, boxing, drain=drain, ready_file=ready_file))
        finally:
            boxing.tell()


def _prepared(
    choice: Choice,
    flags: Mapping[str, object],
    talk: Talk,
    note: Callable[[Summary], None],
    *,
    config: str | None,
    drain: bool,
) -> list[Prepared] | None:
    """Return each combination of each script; None, and what is wrong is told and noted, when one of them is not sound."""
    prepared: list[Prepared] = []
    refusals: list[Refusal] = []
    for one in choice.opened(talk, refusals):
        try:
            prepared += prepare(one, flags, config=config, defaults={"port": 0}, drain=drain)
        except UsageError as error:
            refusals.append(Refusal(one.script.file, one.script.title, error, one.script.tags))
    if refusals:
        # One that concerns every script, such as a wrong flag, is said once.
        talk.complain(dict.fromkeys(str(one.error) for one in refusals))
        for refusal in refusals:
            note(refusal.summary)
        return None
    if not all(one.settings.targets for one in prepared):
        raise UsageError(
            "there is nobody to deliver to",
            place="scope-simulator replay",
            expected="--target URL, or --api URL",
            remedy="Say where your receiver listens, such as --target http://127.0.0.1:8000/hooks/scopear.",
        )
    return prepared


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
    return [
        Prepared(one, resolved, command(variables=given), chosen.source, given)
        for one in runs
        for given in [{**chosen.vars, **one.combination}]
    ]


async def _replay(
    prepared: Sequence[Prepared],
    talk: Talk,
    note: Callable[[Summary], None],
    boxing: Boxing,
    *,
    drain: bool,
    ready_file: str | None,
) -> int:
    begun: list[tuple[Served, Moment]] = []

    @asynccontextmanager
    async def around(simulator: Running) -> AsyncIterator[None]:
        begun.append((simulator.live, simulator.live.stage.platform.now))
        if ready_file is not None:
            write_ready(ready_file, simulator.ready)
        where.append(f"Scope is at {simulator.base_url}, token {simulator.ready['token']}")
        yield

    ok = True
    where: list[str] = []
    with signals() as heard:
        for one in prepared:
            ending = drained if drain else None
            teller = Telling(talk, one.script, where)
            begun.clear()

            def ended(summary: Summary, played: Prepared = one) -> None:
                note(summary)
                # One that never began has nothing to repeat.
                for live, began in begun:
                    boxing.note(packed(played.source, played.vars), live, began, summary)

            summaries = await play_here(
                one, talk, heard, around=around, teller=teller, ending=ending, note=ended
            )
            if summaries is None:
                return 130
            ok = ok and all(summary.ok for summary in summaries)
    return 0 if ok else 1


class Telling:
    """Tells whoever started the command of each run, as it goes on and how it ended."""

    def __init__(self, talk: Talk, script: Script, where: list[str]) -> None:
        """``where`` holds what is still to be told of the place it is played at."""
        self._talk = talk
        self._script = script
        self._where = where

    def begun(self, title: str, steps: Sequence[Step]) -> None:
        self._talk.say(printable(f"playing {self._script.file}: {title}"), *self._where)
        self._where.clear()
        self._live = Live(self._talk, steps)

    def show(self, entry: Entry) -> None:
        if self._talk.as_json:
            self._talk.tell(show_entry(entry))
        self._live.tell(entry)

    def ended(self, summary: Summary) -> None:
        say_summary(self._talk, summary)
        self._talk.say("")
