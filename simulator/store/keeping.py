"""From facts to rows: what happens to the present platform is gathered, and goes into the file in one piece.

Decides what is kept of each fact, and for how long: of what is settled only counts and what the journal's bound keeps. It
must not decide when: whoever tells somebody of something commits before. A platform that was made but is not in place yet
gathers its facts for itself.

Theory. Facts that are told one by one (records, deliveries, targets, tokens, entries) are gathered in the form of the last
that is known of each thing, so that a tick in which something changes twice writes it once. What is small (the clock, counts,
faults) is looked at when the rest is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from simulator.auth import Token
from simulator.clock import Moment
from simulator.control.stage import Stage
from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.fast import stored_json
from simulator.frozen import to_plain
from simulator.journal import AttemptMade, Entry, OutcomeSeen, Undone
from simulator.store.file import File
from simulator.store.retelling import retell
from simulator.store.shapes import changed_settings, shape_of
from simulator.webhooks.outbox import Condition, Delivery
from simulator.webhooks.targets import Standing
from simulator.wire import JSON, dump
from simulator.world.changes import Written
from simulator.world.resources import Record, Ref

__all__ = ["MARGIN", "UNDONE", "Keeping", "Notes"]

MARGIN = 1000
"""So many entries more than the journal's bound are kept, so that an outcome need not repeat an attempt that is near."""

UNDONE = "undone "
"""What stands before the kind of an entry that is undone."""

_Statements: TypeAlias = Iterator[tuple[str, Sequence[tuple[Any, ...]]]]
_ENDED = frozenset({"delivered", "given_up"})
_OF_ATTEMPT = frozenset({"planned", "attempt"})


class _Row:
    """What is to be written of a delivery; ``delivery`` is None where the file has it already."""

    __slots__ = ("condition", "delivery", "entry", "fate")

    def __init__(self) -> None:
        self.delivery: Delivery | None = None
        self.condition = Condition()
        self.fate: str | None = None
        self.entry: int | None = None


class Notes:
    """The facts of one platform that are not in the file yet. ``excused`` are those deliveries that the file calls so."""

    def __init__(self, platform: Platform, *, excused: Iterable[int] = ()) -> None:
        self._platform = platform
        self._records: dict[Ref, Record] = {}
        self._links: list[tuple[str, int, int]] = []
        self._gone: list[tuple[str, int]] = []
        self._targets: dict[str, Standing | None] = {}
        self._tokens: dict[str, Token | None] = {}
        self._rows: dict[int, _Row] = {}
        self._dropped: set[int] = set()
        self._entries: list[tuple[Entry, int | None]] = []
        self._excused = set(excused)
        self._excuses: dict[int, bool] = {}
        self._begun: dict[int, int] = {}
        """Of each delivery in flight, the entry that tells of its attempt."""
        self._faults: JSON = None
        self._moment: Moment | None = None
        self._pruned = platform.journal.last

    # facts

    def wrote(self, written: Sequence[Written]) -> None:
        for ref, record, links in written:
            if record is None:
                self._gone.append(ref)
                continue
            self._records[ref] = record
            self._links += [(link.name, parent, ref.number) for link, parent in links]

    def target(self, id: str, standing: Standing | None) -> None:
        self._targets[id] = standing

    def token(self, text: str, token: Token | None) -> None:
        self._tokens[text] = token

    def delivery(self, delivery: Delivery, condition: Condition | None) -> None:
        number = delivery.number
        if condition is None:
            self._dropped.add(number)
            return
        row = self._row(number)
        if not condition.tries or condition.was is not None:
            row.delivery = delivery
        row.condition, row.fate, row.entry = condition, None, None

    def entered(self, entry: Entry) -> None:
        fact, near = entry.fact, None
        if isinstance(fact, AttemptMade):
            self._begun[fact.attempt.delivery] = entry.number
        elif isinstance(fact, OutcomeSeen):
            begun = self._begun.pop(fact.attempt.delivery, None)
            near = begun if begun is not None and entry.number - begun < MARGIN else None
            if fact.verdict in _ENDED:
                self._ended(fact, entry.number)
        self._entries.append((entry, near))

    def _ended(self, fact: OutcomeSeen, entry: int) -> None:
        # It was told to be settled just before; while the journal knows of it, it may be sent again.
        number = fact.attempt.delivery
        row = self._row(number)
        row.condition, row.fate, row.entry = Condition(tries=fact.attempt.number), fact.verdict, entry
        excused = fact.verdict == "given_up" and bool(fact.faults)
        if excused or (number in self._excused and fact.verdict == "delivered"):
            self._excuses[number] = excused
            (self._excused.add if excused else self._excused.discard)(number)

    def _row(self, number: int) -> _Row:
        self._dropped.discard(number)
        row = self._rows.get(number)
        if row is None:
            row = self._rows[number] = _Row()
        return row

    # writing

    @property
    def anything(self) -> bool:
        """Whether anything has happened that the file does not know."""
        gathered = (
            self._entries,
            self._rows,
            self._dropped,
            self._records,
            self._gone,
            self._targets,
            self._tokens,
        )
        clock = self._platform.clock
        return any(gathered) or (clock.speed.virtual and clock.now() != self._moment)

    def taken(self, operators: Sequence[str]) -> _Statements:
        """Yield what brings the file up to this moment; it is gone from here then."""
        for taking in (self._world, self._told, self._post, self._journal):
            yield from taking()
        yield _META, self._whole(operators)

    def _world(self) -> _Statements:
        if self._records:
            rows = [(kind, number, _dump(to_plain(one))) for (kind, number), one in self._records.items()]
            yield "INSERT OR REPLACE INTO records VALUES (?, ?, ?)", rows
            self._records = {}
        if self._links:
            yield "INSERT OR IGNORE INTO links VALUES (?, ?, ?)", self._links
            self._links = []
        if self._gone:
            yield "INSERT OR IGNORE INTO gone VALUES (?, ?)", self._gone
            self._gone = []

    def _told(self) -> _Statements:
        for number, standing in self._targets.items():
            if standing is None:
                yield "DELETE FROM targets WHERE id = ?", [(int(number),)]
            else:
                yield (
                    "INSERT OR REPLACE INTO targets VALUES (?, ?)",
                    [(int(number), _dump(to_plain(standing)))],
                )
        for text, token in self._tokens.items():
            if token is None:
                yield "DELETE FROM tokens WHERE text = ?", [(text,)]
            else:
                yield "INSERT OR REPLACE INTO tokens VALUES (?, ?, ?)", [token]
        self._targets, self._tokens = {}, {}

    def _post(self) -> _Statements:
        whole, changed = [], []
        for number, row in self._rows.items():
            one = row.condition
            state = (one.tries, one.due, one.in_flight, one.in_place, one.was, row.fate, row.entry)
            if row.delivery is None:
                changed.append((*state, number))
            else:
                whole.append((number, _dump(to_plain(row.delivery)), *state))
        if whole:
            yield "INSERT OR REPLACE INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", whole
        if changed:
            yield _CHANGED, changed
        if self._dropped:
            yield "DELETE FROM deliveries WHERE number = ?", [(number,) for number in self._dropped]
        for number, excused in self._excuses.items():
            verb = (
                "INSERT OR IGNORE INTO excused VALUES (?)"
                if excused
                else "DELETE FROM excused WHERE number = ?"
            )
            yield verb, [(number,)]
        self._rows, self._dropped, self._excuses = {}, set(), {}

    def _journal(self) -> _Statements:
        if self._entries:
            yield "INSERT INTO journal VALUES (?, ?, ?, ?, ?)", [_entry_row(*one) for one in self._entries]
            self._entries = []
        last = self._platform.journal.last
        if last - self._pruned >= MARGIN:
            self._pruned = last
            oldest = last - self._platform.settings.journal_bound
            yield "DELETE FROM journal WHERE number <= ?", [(oldest - MARGIN,)]
            yield "DELETE FROM deliveries WHERE entry <= ?", [(oldest,)]
            # What cannot be sent again stays excused; how many these are is in the state.
            over = [one for one in self._excused if not self._platform.dispatch.may_be_unexcused(one)]
            self._excused.difference_update(over)
            yield "DELETE FROM excused WHERE number = ?", [(one,) for one in over]

    def _whole(self, operators: Sequence[str]) -> list[tuple[str, bytes]]:
        platform = self._platform
        dispatch, journal, clock = platform.dispatch, platform.journal, platform.clock
        self._moment = platform.now
        state = {
            "now": self._moment,
            "counts": to_plain(dispatch.outbox.counts),
            "targets": dispatch.targets.added,
            "tokens": platform.auth.signed_in,
            "last": journal.last,
            "entries": dict(journal.counts),
            "excused": dispatch.excused,
            "speed": None if clock.speed == platform.settings.speed else clock.speed.name,
            "operators": operators,
        }
        rows = [("state", _dump(state))]
        faults = _faults(platform)
        if faults != self._faults:
            self._faults = faults
            rows.append(("faults", _dump(faults)))
        return rows


class Keeping:
    """Keeps the facts of a stage's present platform in a file."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._notes: WeakKeyDictionary[Platform, Notes] = WeakKeyDictionary()
        self._present: Notes | None = None
        self._stage: Stage | None = None
        self._afresh = False
        self._failed: UsageError | None = None
        self._closed = False

    def record(self, platform: Platform) -> None:
        notes = self._notes[platform] = Notes(platform)
        retell(platform, notes)
        platform.tell_facts(notes)

    def begin(self, platform: Platform, stage: Stage) -> None:
        self._present, self._stage, self._afresh = self._notes[platform], stage, True

    def go_on(self, platform: Platform, stage: Stage, *, excused: Iterable[int]) -> None:
        """Keep the facts of a platform whose past the file holds."""
        notes = self._notes[platform] = Notes(platform, excused=excused)
        platform.tell_facts(notes)
        self._present, self._stage = notes, stage

    def commit(self) -> None:
        if self._failed is not None:
            raise self._failed
        notes, stage = self._present, self._stage
        assert notes is not None
        assert stage is not None
        if not (self._afresh or notes.anything):
            return
        batch = list(notes.taken(stage.operators))
        if self._afresh:
            batch.append((_META, _meta_of(stage)))
        try:
            self._file.write(batch, afresh=self._afresh)
        except UsageError as error:
            self._failed = error
            raise
        self._afresh = False

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            if self._failed is None:
                self.commit()
        finally:
            self._file.close()


_META = "INSERT OR REPLACE INTO meta VALUES (?, ?)"
_CHANGED = "UPDATE deliveries SET tries = ?, due = ?, in_flight = ?, in_place = ?, was = ?, fate = ?, entry = ? WHERE number = ?"


def _entry_row(entry: Entry, near: int | None) -> tuple[Any, ...]:
    """Return the row of an entry; an outcome leaves out what the entry ``near`` it says of the attempt."""
    fact = entry.fact
    if isinstance(fact, Undone):
        return entry.number, entry.at, f"{UNDONE}{fact.was.kind}", _dump(to_plain(fact.was)), None
    without = () if near is None else _OF_ATTEMPT
    return entry.number, entry.at, fact.kind, _dump(to_plain(fact, without=without)), near


def _faults(platform: Platform) -> dict[str, JSON]:
    given: list[JSON] = [
        {
            "side": one.fault.side,
            "fault": one.fault.shown,
            "number": one.number,
            "since": one.since,
            "matched": one.matched,
            "struck": one.struck,
            "over": one.over,
        }
        for one in platform.faults.given
    ]
    return {"numbered": platform.faults.numbered, "given": given}


def _meta_of(stage: Stage) -> list[tuple[str, bytes]]:
    """Return what is known of a platform from its beginning on."""
    begun, platform = stage.start_settings, stage.platform
    values: dict[str, JSON] = {
        "shape": shape_of(begun),
        "begun_faults": [fault.line for fault in begun.faults],
        "changed": changed_settings(platform.settings, begun),
        "began": platform.world.base.midnight,
    }
    return [(key, _dump(value)) for key, value in values.items()]


def _dump(value: object) -> bytes:
    """Return JSON that nobody but us reads."""
    return stored_json(value) or dump(value)
