"""A dry run: plays all steps on a copy of the platform, so that what a world alone can tell is known before the first step.

Illegal moves, unknown fields and values that do not fit are found with their line. Time jumps, nobody is told, and what a
receiver must do is only read, not waited for. After a step that failed nothing is said of steps about the same things,
since they would only fail for the same reason; all other steps are judged.

Tracks that overlap are rehearsed in the order of their times, as they are played.

A repeat is rehearsed for at most ``MOST_ROUNDS`` rounds. When one was cut short, the copy is no longer quite what the
platform will be: the first thing that fails after that ends the rehearsal unsaid, and is found when the step is played.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from heapq import heappop, heappush
from typing import Final, NamedTuple, TypeAlias

from simulator.clock import Moment
from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.script.contradictions import Causes
from simulator.script.document import Path, ScriptError
from simulator.script.model import (
    Act,
    Checkpoint,
    Emit,
    Ending,
    Expect,
    Pass,
    Play,
    Repeat,
    Script,
    SetFaults,
    Step,
    Together,
)
from simulator.script.references import Reference, parse_template
from simulator.script.steps import Run
from simulator.wire import JSON

__all__ = ["MOST_ROUNDS", "MOST_STEPS", "rehearse", "rehearse_all"]

MOST_ROUNDS: Final = 20
MOST_STEPS: Final = 20_000
"""Repeats inside repeats multiply: after so many steps the rehearsal ends."""
_NO_TARGET: Final = "http://127.0.0.1/"
"""What ``${target}`` stands for in a rehearsal without a target."""


def rehearse(platform: Platform, script: Script) -> Run:
    """Raise ``ScriptError`` with all that would go wrong if ``script`` were played on ``platform`` now.

    The platform itself is left as it is; the run that is returned has come to its end on a copy. ``script`` is one run, see
    ``variants_of``.
    """
    targets = [target.url for target in platform.targets] or (_NO_TARGET,) * 100
    copy = platform.fork()
    try:
        run = Run(copy, script, targets=targets)
        run.reset_url()
    except UsageError as error:
        raise ScriptError([error]) from None
    rehearsal = _Rehearsal(Causes(script.document, copy))
    rehearsal.play(run, copy, script.steps)
    for ending in script.endings:
        rehearsal.play_ending(ending)
    if rehearsal.problems:
        # Tracks are rehearsed in the order of their times, and told in that of the file.
        rehearsal.problems.sort(key=lambda problem: script.document.mark(problem[0]))
        problems = [error for _, error in rehearsal.problems]
        raise ScriptError(problems)
    return run


def rehearse_all(scripts: Sequence[Script], platform: Platform) -> None:
    """Rehearse the combinations of a script's matrix; a problem that not all have names the first that has it."""
    found: dict[str, list[tuple[Script, UsageError]]] = {}
    for script in scripts:
        try:
            rehearse(platform, script)
        except ScriptError as error:
            for problem in error.problems:
                found.setdefault(str(problem), []).append((script, problem))
    for script, problem in (those[0] for those in found.values() if len(those) < len(scripts)):
        problem.problem += f", with {script.label}"
    if found:
        raise ScriptError([problem for (_, problem), *_ in found.values()])


class _Turn(NamedTuple):
    """When steps go on: at a moment, and there after those that wait for no receiver if ``patient``."""

    moment: Moment
    patient: bool = False


_Simple: TypeAlias = Act | Emit | Pass | Expect | SetFaults
_Track: TypeAlias = Generator[_Turn, None, None]


class _Rehearsal:
    def __init__(self, causes: Causes) -> None:
        self._causes = causes
        self._overlaps = 0
        self._failed: set[tuple[str, Path]] = set()
        self._doubtful: set[str] = set()
        self._played = 0
        self._cut = False
        self._over = False
        self.points: dict[str, tuple[Run, Platform, frozenset[str], Causes]] = {}
        self.problems: list[tuple[Path, UsageError]] = []

    def play(self, run: Run, platform: Platform, steps: Sequence[Step]) -> None:
        """Play steps on a platform of their own, whose time jumps."""
        platform.journal.follow(self._causes.see)
        for turn in self.steps(run, steps):
            platform.advance(turn.moment)
        # What did not happen will not happen, if every step was played as it will be.
        if not (self._cut or self._over or self._failed):
            self.problems += self._causes.problems()

    def play_ending(self, ending: Ending) -> None:
        """Play an ending, unless its checkpoint was never reached."""
        if ending.start in self.points:
            run, held, doubtful, causes = self.points[ending.start]
            platform = held.fork()
            self._causes = causes.on(platform)
            self._doubtful = set(doubtful)
            self.play(run.on(platform), platform, ending.steps)

    def steps(self, run: Run, steps: Sequence[Step]) -> _Track:
        """Play steps, noting what goes wrong, until nothing more can be judged; yield when to go on."""
        for step in steps:
            self._played += 1
            if self._over or self._played > MOST_STEPS:
                self._over = True
                return
            if (run.file, step.path) in self._failed:
                self._doubt(step)
            elif isinstance(step, Repeat):
                yield from self._repeat(run, step)
            elif isinstance(step, Together):
                yield from self._together(run, step)
            elif isinstance(step, Play):
                yield from self._play(run, step)
            elif isinstance(step, Checkpoint):
                if not run.prefix:
                    run_then, held = run.held()
                    causes = self._causes.on(held)
                    self.points[step.name] = (run_then, held, frozenset(self._doubtful), causes)
            elif self._doubtful and not self._doubtful.isdisjoint(_about(step)):
                self._doubt(step)
            else:
                turn = self._step(run, step)
                if turn is not None:
                    yield turn

    def _step(self, run: Run, step: _Simple) -> _Turn | None:
        try:
            if isinstance(step, Pass):
                return _Turn(run.end_of(step))
            if isinstance(step, Expect):
                expectations = run.expectations(step)
                run.within(step)
                self._causes.expect(step, expectations, overlaps=self._overlaps > 0, prefix=run.prefix)
                return _Turn(run.now, patient=True)
            run.carry_out(step)
        except UsageError as error:
            self._fail(run, step, error)
        return None

    def _play(self, run: Run, step: Play) -> _Track:
        try:
            inner = run.inside(step)
        except UsageError as error:
            self._fail(run, step, error)
            return
        yield from self.steps(inner, step.script.steps)

    def _together(self, run: Run, together: Together) -> _Track:
        runs = [run.fork(number) for number in range(1, len(together.tracks) + 1)]
        tracks = [self.steps(*pair) for pair in zip(runs, together.tracks, strict=True)]
        turns = [(_Turn(run.now), number) for number in range(len(tracks))]
        self._overlaps += 1
        while turns:
            turn, number = heappop(turns)
            yield turn
            later = next(tracks[number], None)
            if later is not None:
                heappush(turns, (later, number))
        self._overlaps -= 1
        for one in runs:
            run.scope.learn(one.scope)

    def _repeat(self, run: Run, repeat: Repeat) -> _Track:
        try:
            rounds = run.times(repeat)
        except UsageError as error:
            self._fail(run, repeat, error)
            return
        for index in range(min(rounds, MOST_ROUNDS)):
            run.scope.enter_round(index)
            yield from self.steps(run, repeat.steps)
            run.scope.leave_round()
        self._cut = self._cut or rounds > MOST_ROUNDS

    def _fail(self, run: Run, step: Step, error: UsageError) -> None:
        if self._cut:
            self._over = True
            return
        self.problems.append(((*run.prefix, *step.path), error))
        self._failed.add((run.file, step.path))
        self._doubt(step)

    def _doubt(self, step: Step) -> None:
        """Say nothing more of what a step that failed was about."""
        if isinstance(step, Repeat):
            for inner in step.steps:
                self._doubt(inner)
        elif isinstance(step, Together):
            for track in step.tracks:
                for inner in track:
                    self._doubt(inner)
        elif isinstance(step, Act):
            subject = None if step.verb == "create" else step.subject
            self._doubtful.update(name for name in (step.name, subject) if name is not None)


def _about(step: _Simple) -> Iterator[str]:
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
