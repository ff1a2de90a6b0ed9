"""What the picture of a run shows: lanes, and on each of them marks that begin and end at entries of the journal.

Decides what becomes a mark, on which lane, and what it is called. A step is one mark with the changes that it made; a post
lasts from its attempt to its outcome; a request is a point, tied to the post that caused it as ``causes`` knows. A test's own
requests are none of the receiver's. This module must not know where on a page anything stands.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from simulator.clock import iso_millis
from simulator.expect.kinds import short
from simulator.journal import (
    AttemptMade,
    ChangeMade,
    DeliveryPlanned,
    Entry,
    FaultNoted,
    Noted,
    OutcomeSeen,
    RequestAnswered,
    StepPlayed,
)
from simulator.report.causes import Causes
from simulator.report.record import Record
from simulator.report.summary import Judgement
from simulator.report.text import answer_line, entry_words, is_trouble

__all__ = ["MOST_LANES", "Lane", "Mark", "Marks", "marks_of"]

MOST_LANES = 12
"""How many tracks, and how many targets, have a lane of their own; what is beyond shares the last one."""


@dataclass(slots=True)
class Mark:
    """One thing on a lane, from entry ``begin`` to entry ``end``, which are places in the record.

    ``form`` is what it is, ``tone`` how it went: ``ok``, ``bad``, ``retry``, ``open`` or ``plain``. ``label`` and
    ``under`` are short, ``title`` tells all. ``after`` is the attempt before it, ``cause`` the attempt that made the receiver ask.
    """

    form: str
    lane: Lane
    begin: int
    end: int
    number: int
    tone: str = "plain"
    label: str = ""
    under: str = ""
    title: str = ""
    struck: bool = False
    after: Mark | None = None
    cause: Mark | None = None
    changes: list[ChangeMade] = field(default_factory=list)
    row: int = 0
    delivery: int = 0
    """The number of the delivery that an attempt belongs to."""


@dataclass(slots=True)
class Lane:
    """``kind`` is ``script``, ``target`` or ``receiver``; ``rows`` is how many of its marks overlap at most."""

    kind: str
    name: str
    marks: list[Mark] = field(default_factory=list)
    rows: int = 1


@dataclass(slots=True)
class Marks:
    """All lanes, in the order they stand."""

    lanes: list[Lane]

    @property
    def all(self) -> list[Mark]:
        return [mark for lane in self.lanes for mark in lane.marks]


def marks_of(record: Record, judgements: Sequence[Judgement] = ()) -> Marks:
    """Return what there is to draw of a run."""
    return _Drawer(record, judgements).draw()


class _Drawer:
    def __init__(self, record: Record, judgements: Sequence[Judgement]) -> None:
        self._record = record
        self._script: dict[str, Lane] = {}
        self._targets: dict[str, Lane] = {}
        self._receiver = Lane("receiver", "what the receiver asked")
        self._causes = Causes(self._written)
        self._attempts: dict[int, Mark] = {}
        """By the entry of the attempt."""
        self._newest: dict[int, Mark] = {}
        """By delivery: its newest attempt."""
        self._waiting: dict[int, Mark] = {}
        """By delivery: what has been planned and was never tried."""
        self._step: Mark | None = None
        """The step that changes belong to: nothing but its changes and their deliveries came since."""
        self._track: str | None = None
        self._rulings = _Rulings(record, judgements)
        self._first = record.entries[0].number if record.entries else 0

    def _written(self, number: int) -> float | None:
        return self._record.walls[number - self._first]

    def draw(self) -> Marks:
        for place, entry in enumerate(self._record.entries):
            self._causes.see(entry)
            self._see(place, entry)
        for delivery in self._waiting.values():
            delivery.lane.marks.append(delivery)
        self._tie()
        lanes = [*self._script.values(), *self._targets.values(), self._receiver]
        for lane in lanes:
            lane.marks.sort(key=lambda one: one.begin)
            _put_in_rows(lane)
            for mark in lane.marks:
                _name_changes(mark)
        if self._targets and not self._receiver.marks:
            self._receiver.name += ": nothing"
        return Marks([lane for lane in lanes if lane.marks or (lane is self._receiver and self._targets)])

    def _see(self, place: int, entry: Entry) -> None:
        fact = entry.fact
        if not isinstance(fact, ChangeMade | DeliveryPlanned):
            self._step = None
        match fact:
            case StepPlayed(track=track, text=text):
                self._track = track
                self._step = self._add("step", self._acting(), place, entry, text)
                self._rulings.judge(self._step, fact)
            case ChangeMade():
                if self._step is None:
                    self._add("change", self._acting(), place, entry, fact.verb).changes.append(fact)
                else:
                    self._step.changes.append(fact)
            case DeliveryPlanned():
                self._plan(place, entry, fact)
            case AttemptMade():
                self._begin(place, entry, fact)
            case OutcomeSeen():
                self._end(place, fact)
            case RequestAnswered(observer=False):
                label = fact.operation or fact.route.replace("_", " ")
                asked = self._add("request", self._receiver, place, entry, label)
                asked.tone = "bad" if is_trouble(fact.answer) else "ok"
                asked.under = str(fact.answer.status)
                asked.struck = bool(fact.faults)
            case FaultNoted(line=line, state=state):
                self._add("fault", self._acting(), place, entry, line).under = state
            case Noted(text=text):
                self._add("note", self._acting(), place, entry, text)
            case _:
                pass

    def _add(self, form: str, lane: Lane, place: int, entry: Entry, label: str) -> Mark:
        title = f"{iso_millis(entry.at)}  {entry_words(entry)}"
        mark = Mark(form, lane, place, place, entry.number, label=label, title=title)
        lane.marks.append(mark)
        return mark

    def _acting(self) -> Lane:
        name = "script" if self._track is None else f"track {self._track}"
        if name not in self._script:
            if len(self._script) >= MOST_LANES:
                last = list(self._script.values())[-1]
                last.name = "the other tracks"
                return last
            self._script[name] = Lane("script", name)
        return self._script[name]

    def _target(self, url: str) -> Lane:
        if url not in self._targets:
            if len(self._targets) >= MOST_LANES:
                last = list(self._targets.values())[-1]
                last.name = "the other targets"
                return last
            self._targets[url] = Lane("target", url)
        return self._targets[url]

    def _plan(self, place: int, entry: Entry, fact: DeliveryPlanned) -> None:
        title = f"{iso_millis(entry.at)}  {entry_words(entry)}"
        word = fact.topic or fact.word
        form, tone, under = ("lost", "bad", "dropped") if fact.dropped else ("waiting", "open", "waiting")
        lane = self._target(fact.target)
        mark = Mark(form, lane, place, place, entry.number, tone, word, under, f"{title}: {under}")
        mark.struck = bool(fact.faults)
        self._waiting[fact.delivery] = mark

    def _begin(self, place: int, entry: Entry, fact: AttemptMade) -> None:
        planned = fact.planned
        self._waiting.pop(planned.delivery, None)
        mark = self._add("attempt", self._target(planned.target), place, entry, planned.topic or planned.word)
        mark.tone, mark.end, mark.under = "open", len(self._record.entries) - 1, "in flight"
        mark.struck = bool(fact.faults or planned.faults)
        mark.after = self._newest.get(planned.delivery)
        mark.delivery = planned.delivery
        self._attempts[entry.number] = self._newest[planned.delivery] = mark

    def _end(self, place: int, fact: OutcomeSeen) -> None:
        mark = self._newest.get(fact.planned.delivery)
        if mark is None or mark.tone != "open":
            return
        mark.end = place
        mark.tone = {"delivered": "ok", "retry": "retry", "given_up": "bad"}.get(fact.verdict, "plain")
        sign = "✓" if mark.tone == "ok" else "✗"
        mark.under = f"{sign} {fact.outcome.status or 'none'}, {_wall(fact.outcome.took)}"
        mark.title += f": {answer_line(fact.outcome)}, {fact.verdict.replace('_', ' ')}"
        if fact.again is not None:
            mark.title += f", again at {iso_millis(fact.again)}"
        mark.struck = mark.struck or bool(fact.faults)

    def _tie(self) -> None:
        """Tie each request to the attempt that caused it."""
        asked = {mark.number: mark for mark in self._receiver.marks}
        for cause in self._causes.causes:
            for delivery in cause.deliveries:
                for attempt in delivery.attempts:
                    for request in attempt.requests:
                        mark = asked[request.entry]
                        mark.cause = self._attempts[attempt.entry]
                        mark.title += f", after {delivery.planned.word} (tied by {request.tie})"


class _Rulings:
    """Finds the step that a judgement belongs to: the last that begins before its line, in each round anew."""

    def __init__(self, record: Record, judgements: Sequence[Judgement]) -> None:
        places = {entry.fact.place for entry in record.entries if isinstance(entry.fact, StepPlayed)}
        begins = sorted((file, int(line)) for file, _, line in (place.rpartition(":") for place in places))
        self._of: dict[tuple[str, int], dict[str, deque[Judgement]]] = {}
        for one in judgements:
            file, line, _ = one.place.rsplit(":", 2)
            before = bisect_right(begins, (file, int(line)))
            if before and begins[before - 1][0] == file:
                mine = self._of.setdefault(begins[before - 1], {})
                mine.setdefault(one.place, deque()).append(one)

    def judge(self, mark: Mark, step: StepPlayed) -> None:
        """Make the mark of a step tell what was judged in it."""
        file, _, line = step.place.rpartition(":")
        queues = self._of.get((file, int(line)), {}).values()
        judged = [queue.popleft() for queue in queues if queue]
        if judged:
            unmet = sum(not one.met for one in judged)
            mark.form, mark.label = "expect", "expect"
            mark.tone, mark.under = ("bad", f"✗ {unmet} not met") if unmet else ("ok", "✓ met")
            mark.title += "".join(f"\n{told}" for one in judged for told in one.lines)


def _name_changes(mark: Mark) -> None:
    """Say what a step or a command changed, and who did it."""
    if not mark.changes:
        if mark.form == "step":
            mark.label = mark.label.split(",")[0]
        return
    first = mark.changes[0]
    times = f" x{len(mark.changes)}" if mark.changes[1:] else ""
    mark.label = f"{first.verb}{times}"
    who = dict.fromkeys(one.by for one in mark.changes if one.by is not None)
    mark.under = ", ".join(who)
    told = Counter(f"{one.verb} {one.type} {short(one.id)}" for one in mark.changes)
    mark.title += "".join(f"\n{what}{f' x{many}' if many > 1 else ''}" for what, many in told.items())
    mark.title += f"\nby {mark.under}" if mark.under else ""
    words = [word for one in mark.changes for word in one.words]
    mark.title += f"\ntold as {', '.join(dict.fromkeys(words))}" if words else "\ntold to nobody"


def _wall(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _put_in_rows(lane: Lane) -> None:
    """Give marks that overlap rows of their own."""
    free: list[int] = []
    for mark in lane.marks:
        row = next((number for number, end in enumerate(free) if end < mark.begin), len(free))
        if row == len(free):
            if row == _MOST_ROWS:
                row -= 1
            else:
                free.append(0)
        free[row] = max(free[row], mark.end)
        mark.row = row
    lane.rows = max(1, len(free))


_MOST_ROWS = 8
"""How many posts to one target that are in flight at once stand beside each other."""
