"""Records to draw: journals whose moments and wall times are chosen."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from simulator.clock import Moment
from simulator.journal import (
    AttemptMade,
    ChangeMade,
    DeliveryPlanned,
    Entry,
    Fact,
    OutcomeSeen,
    StepPlayed,
)
from simulator.report.record import Record
from simulator.wire import Attempt, Outcome
from tests.expect.story import HOOKS, NOW

SECOND, HOUR, DAY = 1000, 3_600_000, 86_400_000


class Film:
    """A record in the making. ``after`` moves the simulated clock, each entry takes ``tick`` seconds of the wall."""

    def __init__(self, tick: float = 0.01) -> None:
        self._entries: list[Entry] = []
        self._walls: list[float] = []
        self._at, self._wall, self._tick, self._deliveries = NOW, 0.0, tick, 0

    def add(self, *facts: Fact) -> Film:
        for fact in facts:
            self._entries.append(Entry(len(self._entries) + 1, self._at, fact))
            self._walls.append(round(self._wall, 6))
            self._wall += self._tick
        return self

    def after(self, millis: int) -> Film:
        self._at = Moment(self._at + millis)
        return self

    def step(self, text: str, line: int = 2, track: str | None = None) -> Film:
        return self.add(StepPlayed(f"a.yaml:{line}", text, track))

    def change(
        self, verb: str = "finish", by: str | None = None, words: Iterable[str] = ("finished",)
    ) -> Film:
        return self.add(ChangeMade(verb, "ScenarioSession", "A", tuple(words), by))

    def plan(self, word: str = "finished", url: str = HOOKS, **more) -> DeliveryPlanned:
        self._deliveries += 1
        planned = DeliveryPlanned(self._deliveries, url, word, "ScenarioSession", "A", **more)
        self.add(planned)
        return planned

    def begin(self, planned: DeliveryPlanned, number: int = 1, **more) -> AttemptMade:
        made = AttemptMade(
            planned, Attempt(planned.delivery, number, planned.target, (), b"{}", 10.0), **more
        )
        self.add(made)
        return made

    def end(self, made: AttemptMade, status: int | None = 200, verdict: str = "delivered", **more) -> Film:
        outcome = Outcome(status, None if status else "reset", took=more.pop("took", 0.01))
        return self.add(OutcomeSeen(made.planned, made.attempt, outcome, verdict, **more))

    def post(self, status: int = 200, verdict: str = "delivered", **more) -> Film:
        return self.end(self.begin(self.plan(**more)), status, verdict)

    @property
    def record(self) -> Record:
        return Record(tuple(self._entries), tuple(self._walls))


def texts(picture: str, kind: str) -> list[str]:
    """Return what the texts of a kind say, in their order."""
    return [one.text for one in ET.fromstring(picture).iter("text") if kind in one.get("class", "").split()]


def shapes(picture: str, kind: str) -> list[dict[str, str]]:
    """Return the attributes of the forms of a kind."""
    return [one.attrib for one in ET.fromstring(picture).iter() if kind in one.get("class", "").split()]
