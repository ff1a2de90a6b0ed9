"""``replay --api``: scripts on a simulator that runs already, through its control side."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from simulator.cli.choosing import Choice, Refusal
from simulator.cli.connect import connected
from simulator.cli.gather import checked
from simulator.cli.live import Live, say_summary
from simulator.cli.mirror import Mirror
from simulator.cli.repeat import command_on
from simulator.cli.reports import reporting
from simulator.cli.sending import Sent
from simulator.cli.signals import Interrupted, Signals, signals
from simulator.cli.talk import Talk
from simulator.client import Client, ProblemError
from simulator.clock import Stopwatch
from simulator.engine import Tally
from simulator.errors import ExpectationError, UsageError
from simulator.report.auditing import read_audit
from simulator.report.deliveries import undelivered
from simulator.report.summary import Judgement, Summary, stopped_short
from simulator.report.text import (
    idle_faults,
    printable,
    tally_line,
    turned_away_line,
    undelivered_lines,
)
from simulator.script import variants_of
from simulator.script.runs import steps_of
from simulator.settings import FIELDS, Resolved, resolve

__all__ = ["replay_on"]

_PAUSES = (0.02, 0.04, 0.08, 0.2)
"""Wall seconds from one look at how a script is doing to the next: most scripts end soon. The last one stays."""

_USEFUL = ("targets", "control_token")
"""The settings that mean something for a simulator that runs already."""

_PATIENCE = "1s"
"""How long the simulator may wait, each time it is asked to wait until nothing is due."""


def replay_on(
    api: str,
    choice: Choice,
    flags: Mapping[str, object],
    talk: Talk,
    *,
    drain: bool = True,
    config: str | None = None,
    ready_file: str | None = None,
    reports: Sequence[str] = (),
) -> int:
    """Play scripts one after the other on the simulator at ``api``; return as ``replay`` does."""
    _refuse_the_useless({**flags, "--config": config, "--ready-file": ready_file})
    resolved = resolve(flags={name: flags[name] for name in _USEFUL}, environ=os.environ)
    checked(resolved, remembers=True)
    with reporting(reports) as note:
        scripts = _sent(api, choice, resolved, talk, note, drain=drain)
        return 2 if scripts is None else asyncio.run(_replay(api, resolved, scripts, talk, note, drain=drain))


def _sent(
    api: str,
    choice: Choice,
    resolved: Resolved,
    talk: Talk,
    note: Callable[[Summary], None],
    *,
    drain: bool,
) -> list[Sent] | None:
    """Return each combination of each script; None, and what is wrong is told and noted, when one of them is not sound."""
    refusals: list[Refusal] = []
    scripts = [
        Sent(
            one.source,
            run,
            command_on(api, one.source, resolved, drain=drain, variables={**one.vars, **run.combination}),
        )
        for one in choice.opened(talk, refusals)
        for run in variants_of(one.script)
    ]
    if not refusals:
        return scripts
    talk.complain(one.error for one in refusals)
    for one in refusals:
        note(one.summary)
    return None


def _refuse_the_useless(flags: Mapping[str, object]) -> None:
    for name, value in flags.items():
        if name not in _USEFUL and value not in (None, ()):
            raise UsageError(
                "the flag has no effect together with --api",
                place=(FIELDS[name].flag or name) if name in FIELDS else name,
                found=", ".join(map(str, value)) if isinstance(value, tuple) else str(value),
                remedy="Give it to scope-simulator serve, which runs the simulator.",
            )


async def _replay(
    api: str,
    resolved: Resolved,
    scripts: Sequence[Sent],
    talk: Talk,
    note: Callable[[Summary], None],
    *,
    drain: bool,
) -> int:
    ok = True
    with signals() as heard:
        async with connected(api, resolved) as client:
            for url in resolved.settings.targets:
                await client.call("add_target", body={"url": url})
            for one in scripts:
                talk.say(printable(f"playing {one.script.file} on {api}: {one.script.title}"))
                playing = _Playing(client, one, talk, heard)
                try:
                    summaries = await heard.during(playing.play(drain=drain))
                except Interrupted:
                    lines = await playing.left()
                    note(playing.stopped("somebody ended the command"))
                    talk.say(*lines)
                    return 130
                except UsageError as error:
                    note(playing.stopped(str(error)))
                    raise
                talk.end_progress()
                for summary in summaries:
                    note(summary)
                    say_summary(talk, summary)
                    talk.say("")
                    ok = ok and summary.ok
    return 0 if ok else 1


class _Playing:
    """One script on its way."""

    def __init__(self, client: Client, sent: Sent, talk: Talk, heard: Signals) -> None:
        self._client = client
        self._sent = sent
        self._talk = talk
        self._heard = heard
        self._mirror = Mirror(client, after=0)
        endings = sent.script.endings
        inner = (step for ending in endings for step in steps_of(sent.script, ending))
        self._live = Live(talk, (*sent.script.steps, *inner))
        self._watch = Stopwatch()
        self._seed: int | None = None

    async def play(self, *, drain: bool) -> list[Summary]:
        """Play it to its end and return how each of its runs ended."""
        client, script = self._client, self._sent.script
        if not script.wants_world:
            self._mirror = Mirror(client, after=await self._last_entry())
        try:
            run: Any = await client.call("play", query={"name": script.file}, body=self._sent.text)
        except ProblemError as error:
            raise ProblemError(self._sent.translated(str(error)), status=error.status) from None
        here: Any = await client.call("health")
        self._seed = here["seed"]
        self._talk.say(printable(f"Scope is at {here['base_url']}, token {here['token']}"))
        pauses = iter(_PAUSES)
        while run["state"] == "playing":
            await self._heard.pause(next(pauses, _PAUSES[-1]))
            await self._tell_news()
            run = await client.call("run", path={"run": run["run"]})
        if drain:
            await self._drain()
            # What was given up since the last step may be what an expectation names.
            run = await client.call("run", path={"run": run["run"]})
        await self._tell_news()
        if run["state"] == "stopped":
            raise ProblemError(self._sent.translated(run["error"]))
        reports = run["reports"]
        if len(reports) == 1:
            return [self._summary(reports[0], self._mirror)]
        summaries = []
        for number, report in enumerate(reports, 1):
            # What happened in one of them may be undone by now, or the journal may have begun anew.
            mirror = Mirror(client, after=report["since"], run=run["run"], report=number)
            await mirror.catch_up()
            summaries.append(replace(self._summary(report, mirror), tally=Tally(**report["tally"])))
        return summaries

    def _summary(self, report: dict[str, Any], mirror: Mirror) -> Summary:
        if mirror.missed:
            raise UsageError(
                "what came of the script is not known, since the simulator's journal is too short",
                expected="each entry to be there when it is read",
                found=f"{mirror.missed} that were gone",
                remedy="Raise its setting journal_bound.",
            )
        script, journal = self._sent.script, mirror.journal
        return Summary(
            file=report["file"],
            title=report["title"],
            seed=report["seed"],
            steps=report["steps"],
            started=report["started"],
            ended=report["ended"],
            tally=self._tally(),
            judgements=tuple(
                Judgement(
                    **{**one, "misses": tuple(one["misses"]), "place": self._sent.translated(one["place"])}
                )
                for one in report["expectations"]
            ),
            undelivered=tuple(undelivered(journal, report["excused"])),
            took=self._watch.seconds,
            turned_away=turned_away_line(journal, report["seed"], script="seed" in script.settings()),
            idle=tuple(idle_faults(journal)),
            excused=len(report["excused"]),
            record=mirror.record,
            command=self._sent.command,
            label=script.label,
            tags=script.tags,
            audit=None if report["audit"] is None else read_audit(report["audit"]),
        )

    def stopped(self, why: str) -> Summary:
        """Return what there is to tell when it did not come to its end."""
        self._talk.end_progress()
        return stopped_short(
            self._sent.script,
            why,
            tally=self._tally(),
            journal=self._mirror.journal,
            seed=self._seed,
            took=self._watch.seconds,
            command=self._sent.command,
        )

    async def left(self) -> list[str]:
        """Return what there is to say when it is left alone before its end."""
        await self._tell_news()
        lines = [tally_line(self._tally()), *undelivered_lines(undelivered(self._mirror.journal))]
        return ["stopped watching; the simulator plays the script on", *(f"  {line}" for line in lines)]

    async def _drain(self) -> None:
        while True:
            try:
                await self._client.call("wait_deliveries", body={"within": _PATIENCE})
            except ExpectationError:
                await self._tell_news()
            else:
                return

    async def _tell_news(self) -> None:
        last = self._mirror.journal.last
        for shown in await self._mirror.catch_up():
            self._talk.tell(shown)
        for entry in self._mirror.journal.since(last):
            self._live.tell(entry)

    async def _last_entry(self) -> int:
        page: Any = await self._client.call("journal", query={"after": str(2**53)})
        last: int = page["next"]
        return last

    def _tally(self) -> Tally:
        counts, ends = self._mirror.journal.counts, self._mirror.ends
        return Tally(
            planned=ends["planned"],
            attempts=counts["attempt"],
            delivered=ends["delivered"],
            given_up=ends["given_up"],
            dropped=ends["dropped"],
            pending=ends["planned"] - ends["delivered"] - ends["given_up"] - ends["dropped"],
            requests=counts["request"],
        )
