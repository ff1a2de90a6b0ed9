"""What ``explore`` tells at its end: what was tried, what was found, and the script of it.

Decides on words alone. It must not play or search anything.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from simulator.cli.flags import NAME
from simulator.cli.talk import Talk
from simulator.expect.kinds import number_of
from simulator.explore.plot import Plot
from simulator.explore.search import Finding, Judged, Limits, Search
from simulator.explore.writing import as_yaml
from simulator.report.summary import Summary
from simulator.report.text import printable, undelivered_lines
from simulator.script import Script
from simulator.settings import FIELDS, Settings
from simulator.values import dataclass
from simulator.wire import JSON

__all__ = ["COMMENT", "Job", "Wanted", "say_end", "written"]

COMMENT: Final = 4
"""How many lines of comment stand above a script that was found."""
_SECRET: Final = ("secret", "headers", "control_token")
"""Settings that are written nowhere."""
_LISTED: Final = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for besides settings. ``deadline`` is wall seconds, ``out`` where the shortest failure is written."""

    limits: Limits
    deadline: float | None = None
    out: str | None = None
    variables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """One search as it was asked for: by ``source`` and ``flags`` as they were typed; ``out`` is a file."""

    script: Script
    plot: Plot
    settings: Settings
    wanted: Wanted
    out: str
    source: str
    flags: Mapping[str, object]
    config: str | None = None
    variables: Sequence[str] = ()

    @property
    def look_again(self) -> str:
        """The command that finds the same."""
        limits, plain = self.wanted.limits, Limits()
        own = [
            *("--examples", str(limits.examples), "--steps", str(limits.steps), "--search", str(limits.draw)),
            *(["--no-chaos"] if limits.chaos != plain.chaos else []),
        ]
        given = [word for one in self.variables for word in ("--var", one)]
        return shlex.join([NAME, "explore", self.source, *own, *given, *self._settings()])

    @property
    def play_again(self) -> str:
        """The command that plays the script that was written."""
        return shlex.join([NAME, "replay", self.out, *self._settings()])

    def _settings(self) -> Iterator[str]:
        """Yield the flags of settings as they were typed, without what is secret."""
        for name, value in self.flags.items():
            flag = FIELDS[name].flag
            if flag is None or value is None or name in _SECRET:
                continue
            if isinstance(value, bool):
                yield flag if value else f"--no-{flag.removeprefix('--')}"
                continue
            for one in value if isinstance(value, tuple) else (value,):
                yield from (flag, str(one))
        if self.config is not None:
            yield from ("--config", self.config)


def say_end(talk: Talk, job: Job, search: Search, finding: Finding | None, *, took: float) -> None:
    """Tell programs and people what was tried and what was found."""
    limits, seed = job.wanted.limits, job.settings.seed
    told: dict[str, JSON] = {
        "kind": "explored",
        "ok": finding is None,
        "file": job.script.file,
        "title": job.script.title,
        "seed": seed,
        "search": limits.draw,
        "sequences": search.played,
        "steps": search.steps,
        "took": round(took, 3),
        "timed_out": search.timed_out,
        "moves": {" ".join(move): many for move, many in sorted(search.made.items())},
        "faults": dict(sorted(search.faults.items())),
        "finding": None if finding is None else _shown(job, finding),
    }
    talk.tell(told)
    title = printable(f"{job.script.title} ({job.script.file})")
    if finding is None:
        talk.say(f"nothing found: {title}", tone="good")
    else:
        talk.say(f"FOUND: {title}", tone="bad")
    played = f"{number_of(search.played, 'sequence')}, {number_of(search.steps, 'step')}, {took:.1f} s"
    lines = [f"seed {seed}, search {limits.draw}: {played}", *_covered(search, chaos=limits.chaos)]
    lines += ["the time was up before all was tried"] if search.timed_out else []
    talk.say(*(f"  {line}" for line in lines))
    if finding is not None:
        _say_finding(talk, job, finding)


def _say_finding(talk: Talk, job: Job, finding: Finding) -> None:
    calm = f", then {job.plot.calm} pass" if finding.sequence.calm else ""
    first, last = len(finding.first.steps), len(finding.sequence.steps)
    talk.say(f"  shortened from {number_of(first, 'step')} to {last}{calm}:")
    shown = as_yaml({"steps": list(finding.sequence.steps)}, comment=()).splitlines()[2:]
    talk.say(*(f"  {line}" for line in shown))
    talk.say(*(f"  {line}" for line in _reasons(finding.judged)), tone="bad")
    if not finding.again:
        talk.say(
            "  played once more it did not fail: what the receiver does depends on more than these steps",
            tone="bad",
        )
    talk.say(f"  written to {job.out}; again: {job.play_again}")


def written(job: Job, search: Search, finding: Finding) -> str:
    """Return the script of a failure, with how it was found above it."""
    first, last = len(finding.first.steps), len(finding.sequence.steps)
    reasons = [*_reasons(finding.judged), "it failed once only"]
    comment = [
        f"Found by explore after {number_of(search.played, 'sequence')}, shortened from {number_of(first, 'step')} to {last}.",
        f"What broke: {reasons[0].strip()}",
        f"Search again: {job.look_again}",
        f"Play again: {job.play_again}",
    ]
    title = f"{job.plot.root['title']}: what explore found"
    return as_yaml(job.plot.compose(finding.sequence, title=title), comment=map(printable, comment))


def _shown(job: Job, finding: Finding) -> JSON:
    return {
        "out": job.out,
        "first": [dict(one) for one in finding.first.steps],
        "steps": [dict(one) for one in finding.sequence.steps],
        "calm": job.plot.calm if finding.sequence.calm else None,
        "again": finding.again,
        "reasons": list(_reasons(finding.judged)),
    }


def _reasons(judged: Judged) -> list[str]:
    """Return why a run failed."""
    if not isinstance(judged, Summary):
        return []
    lines = [line for one in judged.judgements if not one.met for line in one.lines]
    return [*lines, *undelivered_lines(judged.undelivered)]


def _covered(search: Search, *, chaos: bool) -> Iterator[str]:
    """Yield which moves were made of those that the states allow, and which faults were set."""
    known, made = search.known_moves, set(search.made)
    yield f"moves: {len(known & made)} of {len(known)} that the state tables allow"
    left = [f"{verb} a {state} {kind}" for kind, state, verb in sorted(known - made)]
    if left:
        more = f" and {len(left) - _LISTED} more" if len(left) > _LISTED else ""
        yield f"  not tried: {', '.join(left[:_LISTED])}{more}"
    if chaos:
        yield f"faults: {', '.join(f'{fault} {many}' for fault, many in sorted(search.faults.items())) or 'none'}"
