"""``explore``: a platform that listens, and sequence after sequence played on it until an expectation breaks.

Every sequence has a platform of its own behind the same address: the same seed, so that a receiver's token stays good and
what is found can be repeated, but ids of its own, so that a receiver which keeps what it heard takes nothing of one
sequence for another. The search runs in a thread, since Hypothesis calls and is not called; what it plays, is played here.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from simulator.cli import whole
from simulator.cli.choosing import Choice, Chosen
from simulator.cli.explored import COMMENT, Job, Wanted, say_end, written
from simulator.cli.flags import NAME, read_number
from simulator.cli.garbage import seldom
from simulator.cli.gather import blaming, warnings
from simulator.cli.performing import Prepared
from simulator.cli.replay import prepare
from simulator.cli.signals import Interrupted, signals
from simulator.cli.talk import Talk
from simulator.cli.terminal import bar
from simulator.clock import Stopwatch, parse_duration
from simulator.control import Stage
from simulator.control.waits import drained
from simulator.engine import Platform
from simulator.errors import StateError, UsageError
from simulator.explore.moves import Moves
from simulator.explore.plot import Sequenced, StepJSON, plot_of
from simulator.explore.search import Judged, Limits, Search, need_hypothesis
from simulator.explore.sketch import Sketch
from simulator.explore.writing import as_yaml
from simulator.report.summary import Summary, summary_of
from simulator.script import Script, load, play, rehearse
from simulator.script.loader import read_document, read_source
from simulator.script.matrix import with_vars
from simulator.server.loop import run
from simulator.server.run import Running, running
from simulator.values import dataclass
from simulator.webhooks.mishaps import LONGEST_ASIDE
from simulator.wire import JSON, dump

__all__ = ["explore", "read_wanted"]

_LEAST_PATIENCE = 300
"""How many milliseconds an expectation waits at least while sequences are searched."""


def read_wanted(given: Mapping[str, object]) -> Wanted:
    """Read the flags of the command that are no settings, by their names and as they were typed."""
    plain, deadline, out = Limits(), given["deadline"], given["out"]

    def number(name: str, default: int, high: int) -> int:
        text = given[name]
        if not isinstance(text, str):
            return default
        return read_number(text, flag=f"--{name}", low=1, high=high, example=str(default))

    try:
        seconds = parse_duration(deadline) / 1000 if isinstance(deadline, str) else None
    except UsageError as error:
        raise error.at("--deadline") from None
    limits = Limits(
        examples=number("examples", plain.examples, 1_000_000),
        steps=number("steps", plain.steps, 100),
        chaos=bool(given["chaos"]),
        draw=number("search", plain.draw, 1_000_000),
    )
    variables = given["variables"]
    assert isinstance(variables, tuple)
    return Wanted(limits, seconds, out if isinstance(out, str) else None, variables)


def explore(
    choice: Choice, wanted: Wanted, flags: Mapping[str, object], talk: Talk, *, config: str | None = None
) -> int:
    """Search for a sequence after which an expectation breaks; return 1 when there is one."""
    need_hypothesis()
    source = choice.sources[0]
    chosen = Chosen(source, choice.open(source), choice.vars)
    runs = prepare(chosen, flags, config=config, defaults={"port": 0})
    prepared = runs[0]
    if len(runs) > 1:
        raise UsageError(
            f"the script has {len(runs)} runs",
            place=chosen.script.document.key_place(("for",)),
            expected="one",
            remedy="Choose one: give the variables of its matrix with --var NAME=VALUE.",
        )
    if not prepared.settings.targets:
        raise UsageError(
            "there is nobody to deliver to",
            place=f"{NAME} explore",
            expected="--target URL",
            remedy="Say where your receiver listens, such as --target http://127.0.0.1:8000/hooks/scopear.",
        )
    name, text = read_source(source)
    out = wanted.out or str(Path(name).with_suffix(".explored.yaml"))
    whole.prove(out, place="--out")
    talk.complain(warnings(prepared.resolved))
    longest = sum(prepared.settings.retry) + LONGEST_ASIDE + _LONGEST_DELAY
    # As it was written, so that nothing from the environment gets into the script that is.
    plot = plot_of(with_vars(read_document(text, name=name), choice.vars), longest=longest)
    plot = replace(plot, before=tuple(_moved(plot.before, Path(name).parent, Path(out).parent)))
    job = Job(prepared.script, plot, prepared.settings, wanted, out, source, flags, config, wanted.variables)
    with seldom():
        return run(_explore(job, prepared, talk))


def _moved(steps: Iterable[StepJSON], source: Path, target: Path) -> Iterator[StepJSON]:
    """Yield steps that play the same files when the script stands in ``target`` as it did in ``source``."""
    for step in steps:
        moved: dict[str, Any] = dict(step)
        if isinstance(played := step.get("play"), str) and (source / played).is_file():
            moved["play"] = os.path.relpath(source / played, target)
        elif "repeat" in step:
            moved["repeat"] = {
                **step["repeat"],
                "steps": list(_moved(step["repeat"]["steps"], source, target)),
            }
        elif "together" in step:
            moved["together"] = [list(_moved(track, source, target)) for track in step["together"]]
        yield moved


_LONGEST_DELAY = 3_600_000
"""How many milliseconds a fault puts a delivery off at most, see ``explore.moves``."""


@dataclass(frozen=True, slots=True)
class _Refused:
    """A sequence that could not be played as it was sketched; it says nothing of the receiver."""

    why: str
    ok: bool = True


class _Player:
    """Plays sequences on one address, each on a platform of its own."""

    def __init__(self, job: Job, here: Running, talk: Talk) -> None:
        self._job = job
        self._here = here
        self._talk = talk
        self._loop = asyncio.get_running_loop()
        self._watch = Stopwatch()
        self._auth = here.live.stage.platform.auth
        self._lots = 0
        self.patience = _LEAST_PATIENCE
        self.stopped = False
        self.search: Search | None = None

    @property
    def seconds(self) -> float:
        return self._watch.seconds

    def over(self) -> bool:
        """Say whether no time is left, or somebody wants to end it."""
        deadline = self._job.wanted.deadline
        return self.stopped or (deadline is not None and self.seconds >= deadline)

    def from_thread(self, sequence: Sequenced, *, patient: bool) -> Judged:
        """Play a sequence for a thread that waits for what comes of it."""
        return asyncio.run_coroutine_threadsafe(self.judge(sequence, patient=patient), self._loop).result()

    async def judge(self, sequence: Sequenced, *, patient: bool) -> Judged:
        job = self._job
        if patient:
            text: str | bytes = "\n" * COMMENT + as_yaml(job.plot.compose(sequence), comment=())
        else:
            text = dump(job.plot.compose(sequence, patience=self.patience))
        try:
            judged: Judged = await self.play(load(text, name=job.out, environ=os.environ))
        except StateError as error:
            judged = _Refused(str(error))
        self._tell(sequence, judged)
        return judged

    async def play(self, script: Script) -> Summary:
        """Play a script on a fresh platform."""
        stage, pump = self._here.live.stage, self._here.live.pump
        before = stage.platform
        platform = Platform(before.settings, base_url=before.base_url, lot=self._lots)
        self._lots += 1
        # Whoever has signed in stays signed in.
        platform.auth = self._auth
        for target in before.targets:
            platform.add_target(target.url)
        stage.put(platform)
        watch = Stopwatch()
        report = await pump.drive(play(platform, script))
        await pump.wait(drained(platform))
        return summary_of(
            script, report, tally=platform.tally(), journal=platform.journal, took=watch.seconds
        )

    def _tell(self, sequence: Sequenced, judged: Judged) -> None:
        search = self.search
        assert search is not None
        told: dict[str, JSON] = {
            "kind": "sequence",
            "ok": judged.ok,
            "steps": [dict(one) for one in sequence.steps],
        }
        self._talk.tell(told)
        if self._talk.watched:
            examples = self._job.wanted.limits.examples
            shortest = search.shortest
            if shortest is None:
                status = (
                    f"{bar(search.played, examples)} {search.played} of {examples} sequences, none failed"
                )
            else:
                status = f"{search.played} sequences, shortest failure: {len(shortest.steps)} steps"
            self._talk.progress(status)


async def _explore(job: Job, prepared: Prepared, talk: Talk) -> int:
    with signals() as heard, blaming(prepared.resolved):
        async with running(Stage(prepared.settings)) as here:
            talk.say(f"Scope is at {here.base_url}, token {here.ready['token']}")
            player = _Player(job, here, talk)
            sketch = Sketch.after(rehearse(here.live.stage.platform, prepared.script))
            try:
                plain = await heard.during(player.play(job.script))
                if not plain.ok:
                    talk.tell(plain.shown)
                    talk.say("the script fails as it stands, before anything is varied:", tone="bad")
                    talk.say(*plain.lines)
                    return 1
                # Once more, since whoever is asked for the first time takes longer.
                again = await heard.during(player.play(job.script))
                player.patience = max(_LEAST_PATIENCE, int(again.took * 4000))
                search = _search(job, sketch, player)
                working = asyncio.get_running_loop().run_in_executor(None, search.run)
                try:
                    finding = await heard.during(asyncio.shield(working))
                except Interrupted:
                    player.stopped = True
                    finding = await working
            except Interrupted:
                return 130
            talk.end_progress()
            if finding is not None:
                whole.write(job.out, written(job, search, finding).encode(), place="--out")
            say_end(talk, job, search, finding, took=player.seconds)
            if player.stopped:
                return 130
            return 0 if finding is None else 1


def _search(job: Job, sketch: Sketch, player: _Player) -> Search:
    taken = {*sketch.names, *job.plot.variables}
    moves = Moves.of(job.plot.before, taken=taken, retried=bool(job.settings.retry))
    search = Search(sketch, moves, job.wanted.limits, play=player.from_thread, over=player.over)
    player.search = search
    return search
