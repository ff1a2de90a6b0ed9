"""The operations on scripts: play one on the running platform, and see how it went."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from simulator.clock import iso_millis
from simulator.control.operations import Ask, Reply, Waiting
from simulator.control.stage import Run, Stage
from simulator.control.views import show_verdict
from simulator.control.waits import drained
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
        return _to_the_end(run, work)
    return Reply(_show(run), background=work)


def run(stage: Stage, ask: Ask) -> Reply:
    return Reply(_show(stage.run(ask.path["run"])))


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
    """Play each combination of a script's matrix, once nothing of the one before is due; return the first one's report."""
    from simulator.script.player import play as play_script

    for number, script in enumerate(scripts):
        if number:
            yield drained(stage.platform)
            stage.put(stage.for_script(script), keep=run)
        platform = stage.platform
        report = replace((yield from play_script(platform, script)), audit=stage.audited())
        run.played.append((report, platform.journal))
    first, *others = (report for report, _ in run.played)
    return replace(first, also=tuple(others))


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


def _show_report(report: Report, journal: Journal) -> dict[str, JSON]:
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
        "excused": [*sorted(report.excused(journal))],
        "audit": None if report.audit is None else show_audit(report.audit),
    }
