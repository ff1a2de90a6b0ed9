"""The end of a run as one value, for people and for programs: what became of the webhooks and of each expectation.

A run is good when it came to its end, every expectation was met and no delivery was given up or is held. This module must not know
where the run took place: its parts may come from a platform in this process or from another simulator's control side.
"""

from __future__ import annotations

from dataclasses import asdict

from simulator.audit.findings import Audited
from simulator.clock import iso_millis
from simulator.engine import Tally
from simulator.expect.kinds import number_of
from simulator.journal import Journal
from simulator.report.auditing import audit_lines, show_audit
from simulator.report.deliveries import DeliveryStory, undelivered
from simulator.report.entries import show_entry
from simulator.report.record import Record, record_of
from simulator.report.text import (
    idle_faults,
    printable,
    tally_line,
    turned_away_line,
    undelivered_lines,
    webhook_words,
)
from simulator.script import Report, Script
from simulator.values import dataclass
from simulator.wire import JSON, curl_line

__all__ = ["Judgement", "Summary", "refused", "stopped_short", "summary_of"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of one expectation, in words. ``place`` is ``file:line:column``."""

    place: str
    met: bool
    expected: str
    seen: str
    misses: tuple[str, ...] = ()
    curl: str | None = None
    judged: bool = True
    """Whether it could be judged: False for one that is not met since entries that may count have left the journal."""

    @property
    def lines(self) -> list[str]:
        """The judgement for people; an unmet one with all that helps to see why."""
        if self.met:
            return [printable(f"met: {self.expected}; seen: {self.seen}")]
        lines = [
            f"{'NOT MET' if self.judged else 'NOT JUDGED'}, {self.place}: {self.expected}",
            f"  seen:    {self.seen}",
        ]
        lines += [f"  nearest: {miss}" for miss in self.misses]
        lines += [f"  again:   {self.curl}"] if self.curl else []
        return [printable(line) for line in lines]


@dataclass(frozen=True, slots=True)
class Summary:
    """The end of a run. ``took`` is wall seconds, ``stopped`` is why it did not come to its end.

    Of one that stopped, ``seed``, ``started`` and ``ended`` may not be known. One that was ``refused`` at its check never began.
    """

    file: str
    title: str
    seed: int | None
    steps: int
    started: str | None
    ended: str | None
    tally: Tally
    judgements: tuple[Judgement, ...]
    undelivered: tuple[DeliveryStory, ...]
    took: float = 0.0
    stopped: str | None = None
    refused: bool = False
    turned_away: str | None = None
    """How many requests were answered with 401 and why; None when none was."""
    idle: tuple[str, ...] = ()
    """What there is to say of faults that never matched anything."""
    excused: int = 0
    """How many of those given up an expectation names: they are none of the ``undelivered``, and no reason to fail."""
    record: Record = Record()
    """All that happened, for whoever tells it at length."""
    command: str | None = None
    """The shell line that repeats the run; None when it is not known."""
    label: str = ""
    """Which of the script's runs it was, where it has several; the title says so too."""
    tags: tuple[str, ...] = ()
    audit: Audited | None = None
    """What was found by comparing what was told with what the API answers; None when nobody did."""

    @property
    def ok(self) -> bool:
        arrived = self.tally.given_up <= self.excused and self.tally.held == 0
        agreed = self.audit is None or self.audit.ok
        return self.stopped is None and arrived and agreed and all(one.met for one in self.judgements)

    @property
    def reason(self) -> str | None:
        """Why it failed, in a line; None when it passed."""
        if self.stopped is not None:
            return printable(f"{self.broke_off}: {self.stopped.split(chr(10))[0]}")
        unmet = [one for one in self.judgements if not one.met]
        if unmet:
            more = f" (and {len(unmet) - 1} more)" if unmet[1:] else ""
            cannot = "not met: " if unmet[0].judged else "it cannot be judged: "
            return printable(f"{cannot}{unmet[0].expected}; seen: {unmet[0].seen}{more}")
        gone = [one for one in self.undelivered if one.state == "given_up"]
        if self.tally.given_up > self.excused:
            first = f": {webhook_words(gone[0])}" if gone else ""
            return f"{number_of(self.tally.given_up - self.excused, 'webhook')} given up{first}"
        if self.tally.held:
            return f"{number_of(self.tally.held, 'webhook')} held for a disabled target"
        findings = () if self.audit is None else self.audit.findings
        return printable(findings[0].line) if findings else None

    @property
    def broke_off(self) -> str:
        """How one that ``stopped`` did so."""
        return "it was refused" if self.refused else "it stopped short"

    @property
    def lines(self) -> list[str]:
        """The summary for people; the first says why it failed."""
        met = sum(one.met for one in self.judgements)
        parts = [
            f"seed {self.seed}, {number_of(self.steps, 'step')}, {self.started} to {self.ended}",
            tally_line(self.tally, excused=self.excused),
            *filter(None, [self.turned_away]),
            *(f"  {line}" for line in undelivered_lines(self.undelivered)),
            *self.idle,
            f"expectations: {met} of {len(self.judgements)} met",
            *(f"  {line}" for one in self.judgements for line in one.lines),
            *([] if self.audit is None else audit_lines(self.audit)),
        ]
        verdict, why = ("passed", "") if self.ok else ("FAILED", f": {self.reason}")
        return [printable(f"{verdict}: {self.title} ({self.file}){why}"), *(f"  {part}" for part in parts)]

    @property
    def shown(self) -> dict[str, JSON]:
        """The summary for programs."""
        judgements: list[JSON] = [asdict(one) | {"misses": list(one.misses)} for one in self.judgements]
        return {
            "kind": "summary",
            "ok": self.ok,
            "file": self.file,
            "title": self.title,
            "stopped": self.stopped,
            "seed": self.seed,
            "steps": self.steps,
            "started": self.started,
            "ended": self.ended,
            "took": round(self.took, 3),
            "tally": asdict(self.tally),
            "excused": self.excused,
            "expectations": judgements,
            "undelivered": [_shown(one) for one in self.undelivered],
            "turned_away": self.turned_away,
            "idle_faults": list(self.idle),
            "audit": None if self.audit is None else show_audit(self.audit),
        }

    @property
    def told(self) -> dict[str, JSON]:
        """All there is to tell for programs: the summary, why it failed, how to repeat it, and each entry of the journal."""
        facts = {name: value for name, value in self.shown.items() if name != "kind"}
        entries: list[JSON] = [
            show_entry(entry) | {"wall": wall}
            for entry, wall in zip(self.record.entries, self.record.walls, strict=True)
        ]
        more: dict[str, JSON] = {"reason": self.reason, "command": self.command}
        more |= {"label": self.label, "tags": list(self.tags)}
        return facts | more | {"evicted": self.record.evicted, "entries": entries}


def summary_of(
    script: Script,
    report: Report,
    *,
    tally: Tally,
    journal: Journal,
    took: float = 0.0,
    command: str | None = None,
) -> Summary:
    """Return the end of a run that took place in this process."""
    excused = report.excused(journal)
    return Summary(
        file=report.file,
        title=report.title,
        seed=report.seed,
        steps=report.steps,
        started=iso_millis(report.started),
        ended=iso_millis(report.ended),
        tally=tally,
        judgements=tuple(
            Judgement(
                ruling.place,
                met=ruling.verdict.met,
                expected=ruling.verdict.expected,
                seen=ruling.verdict.seen,
                misses=ruling.verdict.misses,
                curl=ruling.verdict.curl,
                judged=ruling.verdict.judged,
            )
            for ruling in report.rulings
        ),
        undelivered=tuple(undelivered(journal, excused)),
        took=took,
        turned_away=turned_away_line(journal, report.seed, script="seed" in script.settings()),
        idle=tuple(idle_faults(journal)),
        excused=len(excused),
        record=record_of(journal),
        command=command,
        label=script.label,
        tags=script.tags,
        audit=report.audit,
    )


def stopped_short(
    script: Script,
    why: str,
    *,
    tally: Tally,
    journal: Journal,
    seed: int | None,
    took: float = 0.0,
    command: str | None = None,
) -> Summary:
    """Return what there is to tell of a run that did not come to its end; its expectations were not judged."""
    entries = list(journal.since(0))
    return Summary(
        file=script.file,
        title=script.title,
        seed=seed,
        steps=journal.counts["step"],
        started=iso_millis(entries[0].at) if entries and not journal.evicted else None,
        ended=iso_millis(entries[-1].at) if entries else None,
        tally=tally,
        judgements=(),
        undelivered=tuple(undelivered(journal)),
        took=took,
        stopped=why,
        turned_away=turned_away_line(journal, seed, script="seed" in script.settings()),
        idle=tuple(idle_faults(journal)),
        record=record_of(journal),
        command=command,
        label=script.label,
        tags=script.tags,
    )


def refused(file: str, title: str, why: str, *, tags: tuple[str, ...] = ()) -> Summary:
    """Return what there is to tell of a script that was not sound, so that nothing of it was played."""
    return Summary(
        file=file,
        title=title,
        seed=None,
        steps=0,
        started=None,
        ended=None,
        tally=Tally(0, 0, 0, 0, 0, 0, 0),
        judgements=(),
        undelivered=(),
        stopped=why,
        refused=True,
        tags=tags,
    )


def _shown(story: DeliveryStory) -> dict[str, JSON]:
    planned, last = story.planned, story.attempts[-1] if story.attempts else None
    outcome = None if last is None else last.outcome
    return {
        "at": iso_millis(story.at),
        "event": planned.word,
        "type": planned.type,
        "resource": planned.id,
        "target": planned.target,
        "state": story.state,
        "attempts": len(story.attempts),
        "status": None if outcome is None else outcome.status,
        "error": None if outcome is None else outcome.error,
        "curl": None if last is None else curl_line(last.attempt),
    }
