"""Plays a script on a platform, as a generator that says what it waits for.

Whoever drives the platform drives the player too: it takes each ``Wait`` the player yields, does what a driver owes the
platform until the wait is over, and sends True, or False when it timed out. The player never waits, sends or reads a
clock of its own.

On a clock that stands until it is moved, the player waits after each step until nothing is in flight or could be sent, so
that the posts of a step are attempted before the next step begins; only ``ordering: none`` and running clocks do without.
An unmet expectation does not end a script: it goes on, so that one run tells all that is wrong, and the report says what
was unmet. Expectations count from the beginning of the run. Among tracks that overlap on such a clock one that is waited for in wall time holds its
track, and the clock, only once the track has more to do than to let time pass. A step that cannot be carried out ends the script
with a usage error that names its line.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Final

from simulator.audit.findings import Audited, Finding
from simulator.clock import Moment
from simulator.effects import Effect, Wait
from simulator.engine import Platform, Snapshot
from simulator.expect import Expectation, GivenUp, Verdict, Within, excused, judging
from simulator.journal import Journal
from simulator.script.model import Checkpoint, Expect, Pass, Play, Repeat, Script, Step, Together
from simulator.script.resetting import reset_receiver
from simulator.script.steps import Run
from simulator.script.tracks import Track, interleave
from simulator.values import dataclass

__all__ = ["Player", "Playing", "Point", "Report", "Ruling", "play"]

Playing = Generator[Effect, bool, "Report"]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What became of one expectation, and where it stands: ``place`` is ``file:line:column``."""

    place: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a run. ``steps`` counts those begun, each round of a repeat anew."""

    title: str
    file: str
    seed: int
    steps: int
    rulings: tuple[Ruling, ...]
    started: Moment
    ended: Moment
    since: int = 0
    """The number of the journal's last entry before it began."""
    named: frozenset[int] = frozenset()
    """The deliveries that were given up by then and that an expectation names."""
    audit: Audited | None = None
    """What was found by comparing what was told with what the API answers; None when nobody did."""
    label: str = ""
    """Which combination of the script's matrix it was."""
    tags: tuple[str, ...] = ()
    also: tuple[Report, ...] = ()
    """Where a script has several runs and this is its first: the reports of the others."""

    @property
    def ok(self) -> bool:
        """Whether every expectation was met, and nothing that was told is contradicted by the API, in every run."""
        met = all(ruling.verdict.met for ruling in self.rulings) and (self.audit is None or self.audit.ok)
        return met and all(one.ok for one in self.also)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Where what was told and what the API answers disagree though no fault asked for it."""
        return () if self.audit is None else self.audit.findings

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts alone, in the order of the steps."""
        return tuple(ruling.verdict for ruling in self.rulings)

    def excused(self, journal: Journal) -> frozenset[int]:
        """Return the deliveries that are given up by now and that an expectation names, or a fault."""
        given_up = [one.expectation for one in self.verdicts if isinstance(one.expectation, GivenUp)]
        return excused(journal, given_up, since=self.since, before=self.named)


def play(platform: Platform, script: Script) -> Playing:
    """Play the steps of ``script``, which ``rehearse`` found fit for this platform; return the report.

    ``script`` is one combination of its matrix. See ``runs`` for its endings.
    """
    return Player(platform, script).play(script.steps)


@dataclass(frozen=True, slots=True)
class Point:
    """How far a run had come at a checkpoint: the platform, the names, and what the run counts."""

    snapshot: Snapshot
    run: Run
    played: int
    started: Moment
    since: int
    named: frozenset[int]


class _Pending:
    """An expectation of a track that is judged aside, while time passes for the track too; ``seconds`` is how long at most."""

    __slots__ = ("over", "seconds")

    def __init__(self, seconds: float) -> None:
        self.seconds: Final = seconds
        self.over = False

    def until_over(self, judged: Track) -> Track:
        yield from judged
        self.over = True

    def ready(self, _idle: float) -> bool:
        return self.over


class Player:
    """One run of a script: from its beginning or, given a ``point``, from there on a platform that was put back to it.

    Where the run ``keeps`` its checkpoints they are found in ``points`` by their names.
    """

    def __init__(
        self, platform: Platform, script: Script, *, point: Point | None = None, keeps: bool = False
    ) -> None:
        self._platform = platform
        self._script = script
        self._point = point
        self._keeps = keeps
        self._in_turn = platform.clock.speed.virtual and platform.settings.ordering != "none"
        self._rulings: list[list[Ruling]] = []
        """Those of each expectation step, in the order in which they began."""
        self._aside: list[Track] = []
        self._pending: dict[str, _Pending] = {}
        """By track, the expectation that it has gone on from."""
        self._played = point.played if point else 0
        self._since = point.since if point else platform.journal.last
        self._started = point.started if point else platform.now
        self._named = point.named if point else frozenset()
        self.points: Final[dict[str, Point]] = {}

    def play(self, steps: Sequence[Step], *, title: str | None = None) -> Playing:
        """Play ``steps``, and return the report under ``title``, the script's own without one."""
        platform, script = self._platform, self._script
        if self._point is not None:
            run = self._point.run.on(platform)
        else:
            run = Run(platform, script, targets=[target.url for target in platform.targets])
            url = run.reset_url()
            if url is not None:
                yield from reset_receiver(url, script)
        yield from self._steps(run, steps)
        platform.faults.tell_idle(platform.now)
        return Report(
            title=title or script.title,
            file=script.file,
            seed=platform.seed.value,
            steps=self._played,
            rulings=tuple(ruling for rulings in self._rulings for ruling in rulings),
            started=self._started,
            ended=platform.now,
            since=self._since,
            named=self._named,
            label=script.label,
            tags=script.tags,
        )

    def _steps(self, run: Run, steps: Sequence[Step]) -> Track:
        for step in steps:
            if self._pending and not isinstance(step, (Pass, Repeat, Play)):
                yield from self._settle(run)
            self._played += 1
            run.note(step)
            if isinstance(step, Pass):
                yield self._pass(run, step)
            elif isinstance(step, Expect):
                yield from self._expect(run, step)
            elif isinstance(step, Repeat):
                yield from self._repeat(run, step)
            elif isinstance(step, Together):
                yield from self._together(run, step)
            elif isinstance(step, Play):
                inner = run.inside(step)
                yield from self._steps(inner, step.script.steps)
            elif not isinstance(step, Checkpoint):
                run.carry_out(step)
            elif self._keeps and not run.prefix:
                self.points[step.name] = self._reached(run)
            if self._in_turn and self._platform.busy:
                yield Wait(ready=lambda _: not self._platform.busy, until=self._platform.now)

    def _repeat(self, run: Run, step: Repeat) -> Track:
        for index in range(run.times(step)):
            run.scope.enter_round(index)
            yield from self._steps(run, step.steps)
            run.scope.leave_round()

    def _together(self, run: Run, step: Together) -> Track:
        runs = [run.fork(number) for number in range(1, len(step.tracks) + 1)]
        tracks = [self._steps(*pair) for pair in zip(runs, step.tracks, strict=True)]
        aside = self._aside if run.track is None else None
        yield from interleave(self._platform, tracks, in_turn=self._in_turn, aside=aside)
        for one in runs:
            yield from self._settle(one)
            run.scope.learn(one.scope)

    def _reached(self, run: Run) -> Point:
        platform = self._platform
        return Point(
            platform.snapshot(), run.on(platform), self._played, self._started, self._since, self._named
        )

    def _pass(self, run: Run, step: Pass) -> Wait:
        end = run.end_of(step)
        return Wait(ready=lambda _: self._platform.now >= end, until=end)

    def _expect(self, run: Run, step: Expect) -> Track:
        expectations, within = run.expectations(step), run.within(step)
        rulings: list[Ruling] = []
        self._rulings.append(rulings)
        places = [run.place(need.path) for need in step.needs]
        judged = self._judge(expectations, within, places, rulings)
        if run.track is None or within.seconds is None or not self._platform.clock.speed.virtual:
            yield from judged
        else:
            pending = self._pending[run.track] = _Pending(within.seconds)
            self._aside.append(pending.until_over(judged))

    def _settle(self, run: Run) -> Track:
        """Wait until what a track expects is judged: it has something to do, before which the receiver was to do its part."""
        pending = self._pending.pop(run.track or "", None)
        while pending is not None and not pending.over:
            yield Wait(ready=pending.ready, timeout=pending.seconds)

    def _judge(
        self,
        expectations: Sequence[Expectation],
        within: Within,
        places: Sequence[str],
        rulings: list[Ruling],
    ) -> Track:
        verdicts = yield from judging(self._platform, expectations, within=within, since=self._since)
        rulings += [Ruling(*pair) for pair in zip(places, verdicts, strict=True)]
        given_up = [one for one in expectations if isinstance(one, GivenUp)]
        if given_up:
            self._named = excused(self._platform.journal, given_up, since=self._since, before=self._named)
