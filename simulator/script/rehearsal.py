"""A dry run: plays all steps on a copy of the platform, so that what a world alone can tell is known before the first step.

Illegal moves, unknown fields and values that do not fit are found with their line. Time jumps, nobody is told, and what a
receiver must do is only read, not waited for. After a step that failed nothing is said of steps about the same things,
since they would only fail for the same reason; all other steps are judged.

A repeat is rehearsed for at most ``MOST_ROUNDS`` rounds. When one was cut short, the copy is no longer quite what the
platform will be: the first thing that fails after that ends the rehearsal unsaid, and is found when the step is played.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.script.document import Path, ScriptError
from simulator.script.model import Act, Emit, Expect, Pass, Repeat, Script, SetFaults, Step
from simulator.script.references import Reference, parse_template
from simulator.script.steps import Run
from simulator.wire import JSON

__all__ = ["MOST_ROUNDS", "MOST_STEPS", "rehearse"]

MOST_ROUNDS: Final = 100
MOST_STEPS: Final = 20_000
"""Repeats inside repeats multiply: after so many steps the rehearsal ends."""
_NO_TARGET: Final = "http://127.0.0.1/"
"""What ``${target}`` stands for in a rehearsal without a target."""


def rehearse(platform: Platform, script: Script) -> None:
    """Raise ``ScriptError`` with all that would go wrong if ``script`` were played on ``platform`` now.

    The platform itself is left as it is.
    """
    targets = [target.url for target in platform.targets] or (_NO_TARGET,) * 100
    try:
        run = Run(platform.fork(), script, targets=targets)
    except UsageError as error:
        raise ScriptError([error]) from None
    rehearsal = _Rehearsal(run)
    rehearsal.steps(script.steps)
    if rehearsal.problems:
        raise ScriptError(rehearsal.problems)


class _Rehearsal:
    def __init__(self, run: Run) -> None:
        self._run = run
        self._failed: set[Path] = set()
        self._doubtful: set[str] = set()
        self._played = 0
        self._cut = False
        self._over = False
        self.problems: list[UsageError] = []

    def steps(self, steps: Sequence[Step]) -> None:
        """Play steps, noting what goes wrong, until nothing more can be judged."""
        for step in steps:
            self._played += 1
            if self._over or self._played > MOST_STEPS:
                self._over = True
                return
            if step.path in self._failed:
                self._doubt(step)
            elif isinstance(step, Repeat):
                self._repeat(step)
            elif self._doubtful and not self._doubtful.isdisjoint(_about(step)):
                self._doubt(step)
            else:
                self._step(step)

    def _step(self, step: Act | Emit | Pass | Expect | SetFaults) -> None:
        try:
            if isinstance(step, Act):
                self._run.act(step)
            elif isinstance(step, Emit):
                self._run.emit(step)
            elif isinstance(step, Pass):
                self._run.jump(step)
            elif isinstance(step, SetFaults):
                self._run.set_faults(step)
            else:
                self._run.expectations(step)
                self._run.until(step)
                self._run.timeout(step)
        except UsageError as error:
            self._fail(step, error)

    def _repeat(self, repeat: Repeat) -> None:
        try:
            rounds = self._run.times(repeat)
        except UsageError as error:
            self._fail(repeat, error)
            return
        for index in range(min(rounds, MOST_ROUNDS)):
            self._run.scope.enter_round(index)
            self.steps(repeat.steps)
            self._run.scope.leave_round()
        self._cut = self._cut or rounds > MOST_ROUNDS

    def _fail(self, step: Step, error: UsageError) -> None:
        if self._cut:
            self._over = True
            return
        self.problems.append(error)
        self._failed.add(step.path)
        self._doubt(step)

    def _doubt(self, step: Step) -> None:
        """Say nothing more of what a step that failed was about."""
        if isinstance(step, Repeat):
            for inner in step.steps:
                self._doubt(inner)
        elif isinstance(step, Act):
            subject = None if step.verb == "create" else step.subject
            self._doubtful.update(name for name in (step.name, subject) if name is not None)


def _about(step: Act | Emit | Pass | Expect | SetFaults) -> Iterator[str]:
    """Yield every text of a step and the first name of every reference: the names it is about are among them."""
    for text in _all_texts(dict(step.raw)):
        yield text
        for part in parse_template(text):
            if isinstance(part, Reference):
                yield part.root


def _all_texts(value: JSON) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _all_texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _all_texts(one)
    elif isinstance(value, str):
        yield value
