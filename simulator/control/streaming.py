"""The journal as server-sent events: which events a reader gets, and when it is told to go.

Decides what is written and in which order; it must not write, wait or know a socket. Nothing is queued for a reader: the
journal is the store, and a reader is the number of the entry that it saw last. So one that reads slowly costs nothing,
holds up nobody, and is cut when the journal has pushed out what it had not read.

An entry is an event without a name, and its number is the event's id, so that a browser's ``EventSource`` goes on where a
connection broke. The others bear names: ``missed`` (what was asked for is no longer held), ``reset`` (the journal begins
anew), and, each the last of its stream, ``cut`` and ``end``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from simulator.control.operations import Ask, Operation, Parameter, Reply
from simulator.control.record import read_kinds
from simulator.control.stage import Stage
from simulator.engine import Platform
from simulator.report.entries import show_entry
from simulator.wire import JSON, dump

__all__ = ["KEEP_ALIVE", "ROWS", "JournalStream", "journal_stream"]

KEEP_ALIVE = b": nothing new\n\n"
"""What is sent to a reader now and then, so that nobody on the way takes the connection for dead."""

_GREETING = b": entries of the journal; see GET /_simulator/openapi.json\nretry: 1000\n\n"
_PIECE = 100
"""How many entries are written at once."""


class JournalStream:
    """What one reader of the journal gets; ``open`` it, write what ``piece`` returns, and ``close`` it."""

    def __init__(
        self, stage: Stage, *, after: int = 0, kinds: Sequence[str] = (), about: str | None = None
    ) -> None:
        self._stage = stage
        self._journal = stage.platform.journal
        self._after = after
        self._kinds = tuple(kinds)
        self._about = about
        self._greeted = False
        self._ends: list[Callable[[], None]] = []
        self._wake: Callable[[], None]
        self.over = False
        """Whether the last event was returned."""

    def open(self, wake: Callable[[], None]) -> None:
        """Have ``wake`` called whenever there may be something new."""
        self._wake = wake
        self._ends = [self._journal.follow(lambda _: wake()), self._stage.watch(self._begin_anew)]

    def close(self) -> None:
        """Let go of the journal; nothing is wrong with doing so twice."""
        for end in self._ends:
            end()
        self._ends = []

    def piece(self) -> bytes:
        """Return what is to be written next; nothing when there is nothing new."""
        if not self._greeted:
            self._greeted = True
            return _GREETING + self._late()
        if self._stage.platform.journal is not self._journal:
            return self._follow_another()
        journal = self._journal
        if journal.evicted > self._after:
            self.over = True
            return _event(
                {"why": "the journal has pushed out what was not read yet", **self._gap()}, name="cut"
            )
        entries = journal.select(after=self._after, kinds=self._kinds, about=self._about, limit=_PIECE)
        self._after = entries[-1].number if len(entries) == _PIECE else journal.last
        return b"".join(_event(show_entry(entry), number=entry.number) for entry in entries)

    def end(self, why: str) -> bytes:
        """Return the last event of a stream that the simulator ends."""
        self.over = True
        return _event({"why": why}, name="end")

    def _late(self) -> bytes:
        """Return what a reader is told that asks for what is not there: no more, or not any longer."""
        if self._after > self._journal.last:
            return self._reset()
        if self._journal.evicted <= self._after:
            return b""
        gap, self._after = self._gap(), self._journal.evicted
        return _event(gap, name="missed")

    def _gap(self) -> dict[str, JSON]:
        return {"from": self._after + 1, "to": self._journal.evicted}

    def _begin_anew(self, _platform: Platform) -> None:
        self._wake()

    def _follow_another(self) -> bytes:
        """Follow the journal of the platform that was put in place."""
        before, self._journal = self._journal, self._stage.platform.journal
        self._ends[0]()
        self._ends[0] = self._journal.follow(lambda _: self._wake())
        return b": a snapshot was restored\n\n" if self._journal.continues(before) else self._reset()

    def _reset(self) -> bytes:
        self._after = 0
        return _event({"seed": self._stage.settings.seed}, name="reset", number=0)


def _event(data: dict[str, JSON], *, name: str | None = None, number: int | None = None) -> bytes:
    head = b"" if number is None else b"id: %d\n" % number
    head += b"" if name is None else b"event: %s\n" % name.encode()
    return b"%sdata: %s\n\n" % (head, dump(data))


def journal_stream(stage: Stage, ask: Ask) -> Reply:
    kinds = read_kinds(ask)
    stream = JournalStream(stage, after=ask.number("after", 0), kinds=kinds, about=ask.text("about"))
    return Reply(stream=stream)


ROWS: tuple[Operation, ...] = (
    Operation(
        "journal_stream",
        "GET",
        "journal/stream",
        "The entries of the journal as server-sent events, as they are written: each as in GET journal, with its number as the "
        "id. The header Last-Event-ID goes on where a connection broke. Events with names: missed, reset, cut, end.",
        journal_stream,
        parameters=(
            Parameter("after", "integer", "Only entries with a higher number.", 0),
            Parameter("kind", "string", "Only these kinds, separated by commas."),
            Parameter("about", "string", "Only entries about the resource with this id."),
        ),
        streams=True,
    ),
)
"""The row of the table that is a stream."""
