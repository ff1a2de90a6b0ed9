"""The operations on scripts: play one on the running platform, and see how it went."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from simulator.clock import iso_millis
from simulator.control.operations import Ask, Reply, Waiting
from simulator.control.record import KINDS, page_of
from simulator.control.stage import Run, Stage
from simulator.control.views import show_verdict
from simulator.control.waits import drained
from simulator.effects import Effect
from simulator.errors import NotFoundError, ScopeSimulatorError
from simulator.journal import Undone
from simulator.wire import JSON

if TYPE_CHECKING:
    from simulator.engine import Platform, Snapshot
    from simulator.script.model import Script
    from simulator.script.player import Playing, Report

__all__ = ["begin", "play", "run", "run_journal"]


def play(stage: Stage, ask: Ask) -> Reply | Waiting:
    """Play a script; ``wait=true`` answers when it has ended.

    It came over the network: ``${env.NAME}`` is refused.
    """
    from simulator.script.prepare import load

    run, work = begin(stage, load(str(ask.body), name=ask.text("name") or "script"))
    if ask.query.get("wait"):
        return _to_the_end(run, work)
    return Reply(_show(run), background=work)


def run(stage: Stage, ask: Ask) -> Reply:
    return Reply(_show(stage.run(ask.path["run"])))


def run_journal(stage: Stage, ask: Ask) -> Reply:
    """Show the journal of one run of a script: what a checkpoint that another went back to has undone is no part of it."""
    played = stage.run(ask.path["run"]).played
    number = ask.number("report", 1)
    if not 1 <= number <= len(played):
        raise NotFoundError(
            f"run {ask.path['run']!r} has no report {number}",
            remedy=f"It has {len(played)} so far; there is one once a run has ended.",
        )
    report, platform = played[number - 1]
    kinds = [kind for kind in KINDS if kind != Undone.kind]
    return page_of(platform.journal, ask, "entries", kinds, after=report.since)


def begin(stage: Stage, script: Script) -> tuple[Run, Playing]:
    """Return a run of ``script`` and the work that plays it; what the script asks of the world is a reset first.

    A script that would fail raises ScriptError, and nothing has changed.
    """
    from simulator.script.matrix import variants_of
    from simulator.script.rehearsal import rehearse_all

    scripts = variants_of(script)
    platform = stage.for_script(script)
    rehearse_all(scripts, platform)
    stage.put(platform)
    run = stage.begin_run(script.title)
    return run, _noted(run, _played(stage, run, scripts))


def _played(stage: Stage, run: Run, scripts: Sequence[Script]) -> Playing:
    """Play each combination of a script's matrix with its endings; return the report of the first run."""
    from simulator.script.runs import play_all

    hall = _Hall(stage, run, more=len(scripts) > 1 or bool(scripts[0].endings))
    for number, script in enumerate(scripts):
        platform = hall.fresh(script) if number else stage.platform
        yield from play_all(platform, script, hall, begun=lambda _title, _steps: None, ended=hall.ended)
    first, *others = (report for report, _ in run.played)
    return replace(first, also=tuple(others))


class _Hall:
    """Where the runs of a script take place; with ``more`` than one script each is waited for until nothing is due."""

    def __init__(self, stage: Stage, run: Run, *, more: bool) -> None:
        self._stage = stage
        self._run = run
        self._more = more

    def fresh(self, script: Script) -> Platform:
        return self._stage.put(self._stage.for_script(script), keep=self._run)

    def restore(self, snapshot: Snapshot) -> Platform:
        return self._stage.restore(snapshot, name="of a checkpoint")

    def ended(self, report: Report, platform: Platform) -> Generator[Effect, bool, None]:
        if self._more:
            yield drained(platform)
        self._run.played.append((replace(report, audit=self._stage.audited()), platform))


def _noted(run: Run, work: Playing) -> Playing:
    """Do ``work`` and note in ``run`` how it ends."""
    try:
        report = yield from work
    except ScopeSimulatorError as error:
        run.state, run.error = "stopped", error
        raise
    run.state = "passed" if report.ok else "failed"
    return report


def _to_the_end(run: Run, work: Playing) -> Generator[Effect, bool, Reply]:
    yield from work
    return Reply(_show(run), status=200)


def _show(run: Run) -> dict[str, JSON]:
    reports: list[JSON] = [_show_report(*played) for played in run.played]
    return {
        "run": run.id,
        "title": run.title,
        "state": run.state,
        "error": None if run.error is None else str(run.error),
        "report": reports[0] if run.state in ("passed", "failed") else None,
        "reports": reports,
    }


def _show_report(report: Report, platform: Platform) -> dict[str, JSON]:
    from simulator.report.auditing import show_audit

    return {
        "file": report.file,
        "title": report.title,
        "seed": report.seed,
        "steps": report.steps,
        "started": iso_millis(report.started),
        "ended": iso_millis(report.ended),
        "expectations": [
            {"place": ruling.place, **show_verdict(ruling.verdict)} for ruling in report.rulings
        ],
        "excused": [*sorted(report.excused(platform.journal))],
        "since": report.since,
        "tally": asdict(platform.tally()),
        "audit": None if report.audit is None else show_audit(report.audit),
    }
