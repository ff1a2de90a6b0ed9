"""What happens, told as it happens: a line for people where it is worth one, how far a script is, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulator.cli.talk import Talk
from simulator.cli.terminal import Tone, bar
from simulator.clock import iso_seconds
from simulator.journal import Entry, OutcomeSeen, RequestAnswered, StepPlayed
from simulator.report.text import is_trouble, live_line, printable

if TYPE_CHECKING:
    from simulator.report.summary import Summary
    from simulator.script.model import Step

__all__ = ["Live", "say_summary", "steps_in", "tell_live"]


class Live:
    """Tells the entries of one run of a script, in which ``steps`` begin."""

    def __init__(self, talk: Talk, steps: Sequence[Step]) -> None:
        self._talk = talk
        self._total = steps_in(steps)
        self._steps = self._delivered = self._given_up = 0
        self._tracks: dict[str, str] = {}

    def tell(self, entry: Entry) -> None:
        """Tell an entry, and how far the script is."""
        tell_live(self._talk, entry)
        match entry.fact:
            case StepPlayed(track=track, text=text):
                self._steps += 1
                if self._talk.watched:
                    self._follow(track, printable(f"{iso_seconds(entry.at)}  {text}"))
            case OutcomeSeen(verdict="delivered"):
                self._delivered += 1
            case OutcomeSeen(verdict="given_up"):
                self._given_up += 1
            case _:
                return
        if self._talk.watched:
            self._talk.progress(self._status(entry))

    def _follow(self, track: str | None, row: str) -> None:
        """Note what a track does now."""
        # Whoever goes on has no track inside of it any more.
        inner = "" if track is None else f"{track}."
        self._tracks = {name: row for name, row in self._tracks.items() if not name.startswith(inner)}
        if track is not None:
            self._tracks[track] = f"  [{track}] {row}"

    def _status(self, entry: Entry) -> str:
        steps = f"step {self._steps}"
        if self._total is not None:
            steps = f"{bar(self._steps, self._total)} {steps} of {self._total}"
        webhooks = f"{self._delivered} delivered, {self._given_up} given up"
        tracks = (self._tracks[track] for track in sorted(self._tracks, key=_order))
        return "\n".join([f"{steps}, {iso_seconds(entry.at)}, webhooks: {webhooks}", *tracks])


def tell_live(talk: Talk, entry: Entry, *, patient: bool = True) -> None:
    """Tell people of an entry that is worth a line; who is not ``patient`` rather loses it than waits for the reader."""
    if not patient and isinstance(entry.fact, RequestAnswered) and not talk.spare():
        return
    line = live_line(entry)
    if line is not None:
        (talk.say_soon if patient else talk.mention)(line, tone=_tone(entry))


def say_summary(talk: Talk, summary: Summary) -> None:
    """Tell programs and people how a run ended."""
    talk.tell(summary.shown)
    first, *others = summary.lines
    talk.say(first, tone="good" if summary.ok else "bad")
    for line in others:
        talk.say(line, tone="bad" if line.lstrip().startswith("NOT ") else "plain")


def steps_in(steps: Sequence[Step]) -> int | None:
    """Return how many steps will begin, or None when that is only known once they do."""
    # Whoever serves plays no script, and loads nothing of them.
    from simulator.script.model import Play, Repeat, Together

    total = len(steps)
    for step in steps:
        tracks = step.tracks if isinstance(step, Together) else ()
        for track in (step.script.steps,) if isinstance(step, Play) else tracks:
            inner = steps_in(track)
            if inner is None:
                return None
            total += inner
        if isinstance(step, Repeat):
            inner = steps_in(step.steps)
            if inner is None or not isinstance(step.times, int):
                return None
            total += step.times * inner
    return total


def _order(track: str) -> list[int]:
    return [int(number) for number in track.split(".")]


def _tone(entry: Entry) -> Tone:
    match entry.fact:
        case OutcomeSeen(verdict=verdict):
            return "good" if verdict == "delivered" else "bad"
        case RequestAnswered():
            return "bad" if is_trouble(entry.fact.answer) else "asked"
        case _:
            return "strong"
