"""From rows to a platform: what another process left, put together again.

Decides nothing: each part of the platform says how it begins with what another left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from json import JSONDecoder
from typing import Any, get_args

from simulator.auth import Token
from simulator.clock import Moment, Speed, make_clock, system_moment
from simulator.engine import Platform
from simulator.faults import Active
from simulator.frozen import from_plain
from simulator.journal import AttemptMade, Entry, Fact, OutcomeSeen, Undone
from simulator.settings import Settings
from simulator.settings.faults import read_fault
from simulator.store.file import File
from simulator.store.keeping import MARGIN, UNDONE
from simulator.webhooks.dispatch import Ended
from simulator.webhooks.outbox import Condition, Counts, Delivery
from simulator.webhooks.targets import Standing
from simulator.wire import Attempt
from simulator.world.changes import Link, World, Written
from simulator.world.populate import Base
from simulator.world.rebuilding import rebuilt
from simulator.world.resources import RECORDS, Kind, Ref

__all__ = ["load_platform"]

_decode = JSONDecoder().decode


def _read(written: bytes) -> Any:  # noqa: ANN401 - whatever was written
    return _decode(written.decode())


_FACTS: Mapping[str, Any] = {fact.kind: fact for fact in get_args(Fact)}


def load_platform(
    file: File, settings: Settings, *, excused: Collection[int], speed: Speed | None = None
) -> Platform:
    """Return the platform that a file holds, with the settings that it is to have now.

    ``speed`` is how time is to pass, where that is not as the settings say: somebody had changed it while it ran.
    """
    speed = speed or settings.speed
    meta = {key: _read(value) for key, value in file.meta().items()}
    state = meta["state"]
    now = Moment(state["now"])
    if not speed.virtual and settings.start is None:
        # Time has gone on meanwhile, unless it had run ahead.
        now = Moment(max(now, system_moment()))
    platform = Platform(
        replace(settings, faults=()),
        clock=make_clock(speed, now),
        world=_world(file, Base(settings, Moment(meta["began"]))),
    )
    platform.settings = settings
    last, bound = state["last"], settings.journal_bound
    entries = _without_holes(_entries(file, last - bound - MARGIN))
    platform.journal.restore(
        (entry for entry in entries if entry.number > last - bound), last=last, counts=state["entries"]
    )
    platform.auth.restore(
        state["tokens"], (Token(*row) for row in file.rows("SELECT text, user, until FROM tokens"))
    )
    platform.faults.restore(meta["faults"]["numbered"], map(_fault, meta["faults"]["given"]))
    platform.dispatch.targets.restore(state["targets"], _standings(file))
    platform.dispatch.restore(
        from_plain(Counts, state["counts"]),
        _unsettled(file, entries, settings),
        _ended(file),
        excused=excused,
        excused_for_good=max(0, state.get("excused", 0) - len(excused)),
    )
    return platform


def _world(file: File, base: Base) -> World:
    links: defaultdict[Ref, list[tuple[Link, int]]] = defaultdict(list)
    for name, parent, child in file.rows("SELECT link, parent, child FROM links"):
        link = Link[name]
        links[Ref(link.kind, child)].append((link, parent))

    def written() -> Iterator[Written]:
        for name, number, fields in file.rows("SELECT kind, number, fields FROM records"):
            ref = Ref(Kind(name), number)
            yield Written(ref, from_plain(RECORDS[ref.kind], _read(fields)), tuple(links.get(ref, ())))
        for name, number in file.rows("SELECT kind, number FROM gone"):
            yield Written(Ref(Kind(name), number), None)

    return rebuilt(base, written())


def _entries(file: File, after: int) -> Iterator[Entry]:
    """Yield the entries of the journal, oldest first; one whose attempt is told of nowhere any more is left out."""
    query = "SELECT number, at, kind, fact, attempt FROM journal WHERE number > ? ORDER BY number"
    made: dict[int, AttemptMade] = {}
    fact: Fact
    for number, at, kind, written, near in file.rows(query, after):
        plain = _read(written)
        if kind.startswith(UNDONE):
            fact = Undone(from_plain(_FACTS[kind.removeprefix(UNDONE)], plain))
        elif near is None:
            fact = from_plain(_FACTS[kind], plain)
            if isinstance(fact, AttemptMade):
                made[number] = fact
        elif near in made:
            begun = made.pop(near)
            fact = from_plain(OutcomeSeen, plain, planned=begun.planned, attempt=begun.attempt)
        else:
            continue
        yield Entry(number, at, fact)


def _without_holes(entries: Iterable[Entry]) -> list[Entry]:
    """Return the newest entries, back to where the first is missing."""
    held: list[Entry] = []
    for entry in entries:
        if held and entry.number != held[-1].number + 1:
            held.clear()
        held.append(entry)
    return held


def _fault(plain: Mapping[str, Any]) -> Active:
    active = Active(plain["number"], read_fault(plain["side"], plain["fault"]), plain["since"])
    active.matched, active.struck, active.over = plain["matched"], plain["struck"], plain["over"]
    return active


def _standings(file: File) -> Iterator[Standing]:
    for (written,) in file.rows("SELECT standing FROM targets ORDER BY id"):
        yield from_plain(Standing, _read(written))


def _unsettled(
    file: File, entries: Iterable[Entry], settings: Settings
) -> Iterator[tuple[Delivery, Condition, Attempt | None]]:
    begun = {
        entry.fact.attempt.delivery: entry.fact.attempt
        for entry in entries
        if isinstance(entry.fact, AttemptMade)
    }
    query = "SELECT number, delivery, tries, due, in_flight, in_place, was FROM deliveries WHERE fate IS NULL ORDER BY number"
    for number, written, tries, due, in_flight, in_place, was in file.rows(query):
        delivery = from_plain(Delivery, _read(written))
        attempt = None
        if in_flight:
            attempt = begun.get(number)
            if attempt is None:
                # It has been in flight for longer than the journal remembers.
                attempt = Attempt(number, tries, delivery.target.url, (), b"", settings.timeout / 1000)
        yield delivery, Condition(tries, due, bool(in_flight), bool(in_place), was), attempt


def _ended(file: File) -> Iterator[Ended]:
    query = "SELECT entry, delivery, tries, fate FROM deliveries WHERE fate IS NOT NULL ORDER BY entry"
    for entry, written, tries, fate in file.rows(query):
        yield Ended(entry, from_plain(Delivery, _read(written)), tries, fate)
