"""The operations on scripts: play one on the running platform, and see how it went."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING

from simulator.clock import iso_millis
from simulator.control.operations import Ask, Reply, Waiting
from simulator.control.stage import Run, Stage
from simulator.control.views import show_verdict
from simulator.effects import Effect
from simulator.errors import ScopeSimulatorError
from simulator.wire import JSON

if TYPE_CHECKING:
    from simulator.journal import Journal
    from simulator.script.model import Script
    from simulator.script.player import Playing, Report

__all__ = ["begin", "play", "run"]


def play(stage: Stage, ask: Ask) -> Reply | Waiting:
    """Play a script; ``wait=true`` answers when it has ended.

    It came over the network: ``${env.NAME}`` is refused.
    """
    from simulator.script.prepare import load

    run, work = begin(stage, load(str(ask.body), name=ask.text("name") or "script"))
    if ask.query.get("wait"):
        return _to_the_end(stage, run, work)
    return Reply(_show(stage, run), background=work)


def run(stage: Stage, ask: Ask) -> Reply:
    return Reply(_show(stage, stage.run(ask.path["run"])))


def begin(stage: Stage, script: Script) -> tuple[Run, Playing]:
    """Return a run of ``script`` and the work that plays it; what the script asks of the world is a reset first.

    A script that would fail raises ScriptError, and nothing has changed.
    """
    from simulator.script.player import play as play_script
    from simulator.script.rehearsal import rehearse

    platform = stage.for_script(script)
    rehearse(platform, script)
    stage.put(platform)
    run = stage.begin_run(script.title)
    return run, _noted(stage, run, play_script(platform, script))


def _noted(stage: Stage, run: Run, work: Playing) -> Playing:
    """Do ``work`` and note in ``run`` how it ends."""
    try:
        report = replace((yield from work), audit=stage.audited())
    except ScopeSimulatorError as error:
        run.state, run.error = "stopped", error
        raise
    run.state, run.report = "passed" if report.ok else "failed", report
    return report


def _to_the_end(stage: Stage, run: Run, work: Playing) -> Generator[Effect, bool, Reply]:
    yield from work
    return Reply(_show(stage, run), status=200)


def _show(stage: Stage, run: Run) -> dict[str, JSON]:
    return {
        "run": run.id,
        "title": run.title,
        "state": run.state,
        "error": None if run.error is None else str(run.error),
        "report": None if run.report is None else _show_report(run.report, stage.platform.journal),
    }


def _show_report(report: Report, journal: Journal) -> dict[str, JSON]:
    from simulator.report.auditing import show_audit

    return {
        "file": report.file,
        "seed": report.seed,
        "steps": report.steps,
        "started": iso_millis(report.started),
        "ended": iso_millis(report.ended),
        "expectations": [
            {"place": ruling.place, **show_verdict(ruling.verdict)} for ruling in report.rulings
        ],
        "excused": [*sorted(report.excused(journal))],
        "audit": None if report.audit is None else show_audit(report.audit),
    }
