"""The journal of a simulator that runs elsewhere, read piece by piece into one of our own.

So whatever reads a journal here can read that one. This module is the inverse of ``control.views`` and must change with it.
"""

from __future__ import annotations

import base64
from collections import Counter, deque
from typing import Any, TypeAlias

from simulator.client import Client
from simulator.clock import parse_moment
from simulator.journal import (
    Asked,
    AttemptMade,
    ChangeMade,
    DeliveryPlanned,
    Entry,
    Fact,
    FaultNoted,
    Journal,
    Noted,
    OutcomeSeen,
    RequestAnswered,
    StepPlayed,
    Undone,
)
from simulator.report.record import Record
from simulator.wire import JSON, Answer, Attempt, Outcome, Request

__all__ = ["Mirror", "entry_of"]

_Shown: TypeAlias = dict[str, Any]

_PIECE = 500
_MOST_HELD = 100_000
"""How many entries are kept."""


class Mirror:
    """A copy of what happened after entry number ``after``, without what came of deliveries planned before it."""

    def __init__(self, client: Client, *, after: int, run: str | None = None, report: int = 1) -> None:
        """``run`` is that of a script, of which only what happened in one ``report`` is copied."""
        self.journal = Journal(_MOST_HELD)
        self._client = client
        self._run = run
        self._report = report
        self._after = after
        self._told: deque[Entry] = deque(maxlen=_MOST_HELD)
        """The entries with the numbers that they have over there."""
        self._first: int | None = None
        """The first delivery that was planned since: those with higher numbers are younger."""
        self._open: set[int] = set()
        self.missed = 0
        """How many entries left the other journal before they could be read."""
        self.ends: Counter[str] = Counter()
        """How many deliveries were ``planned``, ``delivered``, ``given_up`` and ``dropped``, also those this journal no longer
        holds."""

    async def catch_up(self) -> list[JSON]:
        """Copy what is new, and return it as it came."""
        new: list[JSON] = []
        while True:
            page = await self._page()
            if page["next"] < self._after:
                # A run of the script begins with a reset: its journal counts from the beginning.
                self._after = 0
                continue
            self.missed += max(0, page["evicted"] - self._after)
            for shown in page["entries"]:
                entry = entry_of(shown)
                if self._belongs(entry.fact):
                    self._count(entry.fact)
                    self._told.append(entry)
                    self.journal.append(entry.at, entry.fact)
            new += page["entries"]
            self._after = page["next"]
            if len(page["entries"]) < _PIECE:
                return new

    @property
    def record(self) -> Record:
        """What was copied; when each entry was written is not known here."""
        return Record(tuple(self._told), (None,) * len(self._told), self.journal.last - len(self._told))

    async def _page(self) -> dict[str, Any]:
        if self._run is None:
            return await self._client.journal(after=self._after, limit=_PIECE)
        return await self._client.run_journal(self._run, report=self._report, after=self._after, limit=_PIECE)

    def _belongs(self, fact: Fact) -> bool:
        if isinstance(fact, DeliveryPlanned) and self._first is None:
            self._first = fact.delivery
        if not isinstance(fact, AttemptMade | OutcomeSeen):
            return True
        return self._first is not None and fact.planned.delivery >= self._first

    def _count(self, fact: Fact) -> None:
        match fact:
            case DeliveryPlanned(delivery=number, dropped=dropped):
                self.ends.update(["planned", "dropped"] if dropped else ["planned"])
                self._open.add(number)
            case OutcomeSeen(planned=planned, verdict="delivered" | "given_up") if (
                planned.delivery in self._open
            ):
                self._open.remove(planned.delivery)
                self.ends[fact.verdict] += 1
            case _:
                pass


def entry_of(told: JSON) -> Entry:
    """Return the entry that the control side tells of."""
    shown: Any = told
    return Entry(shown["number"], parse_moment(shown["at"]), _fact(shown))


def _fact(shown: _Shown) -> Fact:
    match shown["kind"]:
        case ChangeMade.kind:
            (changed,) = shown["about"]
            return ChangeMade(shown["verb"], shown["type"], changed, tuple(shown["events"]), shown["by"])
        case StepPlayed.kind:
            return StepPlayed(shown["place"], shown["text"], shown["track"])
        case DeliveryPlanned.kind:
            return _planned(shown)
        case AttemptMade.kind:
            headers = tuple((name, value) for name, value in shown["headers"])
            return AttemptMade(
                _planned(shown), _attempt(shown, headers, _body(shown)), tuple(shown["struck"])
            )
        case OutcomeSeen.kind:
            outcome = Outcome(shown["status"], shown["error"], took=shown["took"])
            # What was sent stands in the entry of the attempt.
            again = None if shown["again"] is None else parse_moment(shown["again"])
            attempt = _attempt(shown, (), b"")
            return OutcomeSeen(
                _planned(shown), attempt, outcome, shown["verdict"], again, tuple(shown["struck"])
            )
        case RequestAnswered.kind:
            return _request(shown)
        case FaultNoted.kind:
            return FaultNoted(
                shown["fault"], shown["line"], shown["state"], shown["matched"], shown["struck"]
            )
        case Undone.kind:
            return Undone(_fact(shown["was"]))
        case _:
            return Noted(shown["text"])


def _planned(shown: _Shown) -> DeliveryPlanned:
    return DeliveryPlanned(
        shown["delivery"],
        shown["target"],
        shown["event"],
        shown["type"],
        shown["resource"],
        shown["topic"],
        tuple(shown["faults"]),
        shown["copy_of"],
        shown["dropped"],
    )


def _attempt(shown: _Shown, headers: tuple[tuple[str, str], ...], body: bytes) -> Attempt:
    return Attempt(shown["delivery"], shown["attempt"], shown["target"], headers, body, 0.0)


def _request(shown: _Shown) -> RequestAnswered:
    return RequestAnswered(
        Request(shown["method"], shown["path"], shown["query"], dict(shown["headers"]), _body(shown)),
        Answer(shown["status"], _body(shown["answer"])),
        shown["route"],
        shown["operation"],
        tuple(Asked(one["id"], frozenset(one["fields"])) for one in shown["asked"]),
        shown["observer"],
        tuple(shown["faults"]),
        shown["spoilt"],
    )


def _body(shown: _Shown) -> bytes:
    return base64.b64decode(shown["body_base64"]) if "body_base64" in shown else shown["body"].encode()
