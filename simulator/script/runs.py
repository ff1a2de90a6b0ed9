"""All runs of a script, one after the other: the steps it has, then each of its endings.

An ending begins where the first run stood at its checkpoint: the platform is put back to that, so that what had happened by then
has happened, and what came after never did. A receiver cannot be put back. It hears only the ending; or, where the script
says how it is reset, it is reset, and the steps up to the checkpoint are played anew.

Decides which runs there are and on which platform each takes place. Who drives them puts platforms in place; it must
not wait or judge.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Protocol

from simulator.effects import Effect
from simulator.engine import Platform, Snapshot
from simulator.script.model import Ending, Script, Step
from simulator.script.player import Player, Report

__all__ = ["Ended", "Hall", "play_all", "steps_of"]

Ended = Callable[[Report, Platform], Generator[Effect, bool, None]]


class Hall(Protocol):
    """Where runs take place: it has the platform that is driven."""

    def fresh(self, script: Script) -> Platform:
        """Put a platform in place on which ``script`` can begin, and return it."""

    def restore(self, snapshot: Snapshot) -> Platform:
        """Put a platform in place that stands where ``snapshot`` was taken, and return it."""


def play_all(
    platform: Platform,
    script: Script,
    hall: Hall,
    *,
    begun: Callable[[str, tuple[Step, ...]], None],
    ended: Ended,
) -> Generator[Effect, bool, tuple[Report, ...]]:
    """Play every run of ``script``, the first on ``platform``; return their reports.

    ``begun`` is told the title and the steps of each, ``ended`` is done at the end of each, before the next begins.
    """
    first = Player(platform, script, keeps=bool(script.endings) and script.reset is None)
    begun(script.title, script.steps)
    reports = [(yield from first.play(script.steps))]
    yield from ended(reports[0], platform)
    for ending in script.endings:
        title, steps = f"{script.title}: {ending.title}", steps_of(script, ending)
        if script.reset is None:
            point = first.points[ending.start]
            platform = hall.restore(point.snapshot)
            player = Player(platform, script, point=point)
        else:
            platform = hall.fresh(script)
            player = Player(platform, script)
        begun(title, steps)
        report = yield from player.play(steps, title=title)
        reports.append(report)
        yield from ended(report, platform)
    return tuple(reports)


def steps_of(script: Script, ending: Ending) -> tuple[Step, ...]:
    """Return the steps that begin in the run of an ending."""
    return ending.steps if script.reset is None else (*script.before(ending), *ending.steps)
