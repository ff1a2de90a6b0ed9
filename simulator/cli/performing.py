"""Plays a script here: on a platform of its own, which listens while all runs of the script take place.

Decides what is noted of each run and when. It must not say anything of what happens: a ``Teller`` does.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import field, replace
from typing import Protocol

from simulator.cli.gather import blaming
from simulator.cli.signals import Interrupted, Signals
from simulator.cli.talk import Talk
from simulator.clock import Stopwatch
from simulator.control import Stage
from simulator.effects import Effect
from simulator.engine import Platform, Snapshot, Wait
from simulator.errors import UsageError
from simulator.journal import Entry, FaultNoted, StepPlayed
from simulator.report.signatures import explain_refusals
from simulator.report.summary import Summary, stopped_short, summary_of
from simulator.report.text import tally_line, undelivered_lines
from simulator.script import Report, Script, play_all
from simulator.script.model import Step
from simulator.server.run import Running, running
from simulator.settings import Resolved, Settings
from simulator.values import dataclass
from simulator.wire import JSON

__all__ = ["Prepared", "Teller", "play_here"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A script that was found sound, and the settings to play it with."""

    script: Script
    resolved: Resolved
    command: str
    """The shell line that plays it again."""
    source: str = ""
    """The script as it was named."""
    vars: Mapping[str, JSON] = field(default_factory=dict)
    """What its variables were given."""

    @property
    def settings(self) -> Settings:
        return self.resolved.settings


class Teller(Protocol):
    """Who is told of a script's runs."""

    def begun(self, title: str, steps: Sequence[Step]) -> None:
        """Hear that a run begins, and which steps it has."""

    def show(self, entry: Entry) -> None:
        """Hear of an entry of the journal."""

    def ended(self, summary: Summary) -> None:
        """Hear how a run ended."""


async def play_here(
    prepared: Prepared,
    talk: Talk,
    heard: Signals,
    *,
    around: Callable[[Running], AbstractAsyncContextManager[None]],
    teller: Teller,
    ending: Callable[[Platform], Wait] | None,
    note: Callable[[Summary], None] = lambda _summary: None,
    host: Callable[[Stage], AbstractAsyncContextManager[Running]] = running,
) -> list[Summary] | None:
    """Play every run of a script and return how each ended; None when a signal came first.

    They are played inside the context that ``around`` makes once the platform listens. ``note`` gets how each ended,
    whatever ended it. ``ending`` makes what is waited for after the last step of a run, ``host`` has the platform listen.
    """
    performance = _Performance(prepared, talk, teller, ending, note)
    try:
        with blaming(prepared.resolved):
            await heard.during(performance.play(around, host))
    except Interrupted:
        summary = performance.stopped("somebody ended the command")
        note(summary)
        left = undelivered_lines(summary.undelivered)
        lines = [tally_line(summary.tally), *(f"  {line}" for line in left)]
        talk.say("stopped before its end; expectations were not judged", *(f"  {line}" for line in lines))
        return None
    except UsageError as error:
        note(performance.stopped(str(error)))
        raise
    return performance.summaries


class _Performance:
    """All runs of one script, and the hall they take place in."""

    def __init__(
        self,
        prepared: Prepared,
        talk: Talk,
        teller: Teller,
        ending: Callable[[Platform], Wait] | None,
        note: Callable[[Summary], None],
    ) -> None:
        self._prepared = prepared
        self._script = prepared.script
        self._talk = talk
        self._teller = teller
        self._ending = ending
        self._note = note
        self._watch = Stopwatch()
        self._stage = Stage(prepared.settings)
        self._untold: list[Entry] = []
        self.summaries: list[Summary] = []

    async def play(
        self,
        around: Callable[[Running], AbstractAsyncContextManager[None]],
        host: Callable[[Stage], AbstractAsyncContextManager[Running]],
    ) -> None:
        """Play every run."""
        work = play_all(self._stage.platform, self._script, self, begun=self._begun, ended=self._ended)
        async with host(self._stage) as simulator, around(simulator):
            simulator.live.pump.afterwards = self._catch_up
            await simulator.live.pump.drive(work)

    def fresh(self, script: Script) -> Platform:  # noqa: ARG002 - the settings are this script's
        return self._stage.reset()

    def restore(self, snapshot: Snapshot) -> Platform:
        return self._stage.restore(snapshot, journal="goes back")

    def stopped(self, why: str) -> Summary:
        """Return what there is to tell of a run that did not come to its end."""
        self._catch_up()
        self._talk.end_progress()
        platform = self._stage.platform
        summary = stopped_short(
            self._script,
            why,
            tally=platform.tally(),
            journal=platform.journal,
            seed=platform.seed.value,
            took=self._watch.seconds,
            command=self._prepared.command,
        )
        explain_refusals(platform, summary.undelivered)
        return summary

    def _begun(self, title: str, steps: Sequence[Step]) -> None:
        self._watch = Stopwatch()
        self._script = replace(self._prepared.script, title=title)
        self._teller.begun(title, steps)
        journal = self._stage.platform.journal
        if not journal.counts[StepPlayed.kind]:
            for entry in journal.select(kinds=[FaultNoted.kind]):
                # Those that were set by a flag were there before anybody listened.
                self._teller.show(entry)
        journal.follow(self._untold.append)

    def _catch_up(self) -> None:
        """Tell what has happened: no post waits for the words."""
        untold, self._untold[:] = tuple(self._untold), ()
        for entry in untold:
            self._teller.show(entry)

    def _ended(self, report: Report, platform: Platform) -> Generator[Effect, bool, None]:
        if self._ending is not None:
            yield self._ending(platform)
        self._catch_up()
        self._talk.end_progress()
        summary = summary_of(
            self._script,
            replace(report, audit=self._stage.audited()),
            tally=platform.tally(),
            journal=platform.journal,
            took=self._watch.seconds,
            command=self._prepared.command,
        )
        explain_refusals(platform, summary.undelivered)
        self._note(summary)
        self.summaries.append(summary)
        self._teller.ended(summary)
