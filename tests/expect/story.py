"""Writes journals by hand, as a platform would: posts, what came back, and what the receiver asked."""

from __future__ import annotations

from simulator.clock import Moment
from simulator.journal import (
    Asked,
    AttemptMade,
    DeliveryPlanned,
    Journal,
    Noted,
    OutcomeSeen,
    RequestAnswered,
)
from simulator.wire import Answer, Attempt, Outcome, Request, dump

HOOKS = "http://127.0.0.1:9000/hooks"
NOW = Moment(1_614_585_600_000)


class Story:
    """A journal and the pen that fills it."""

    def __init__(self, bound: int = 100_000) -> None:
        self.journal = Journal(bound)
        self.deliveries = 0

    def note(self, text: str = "") -> None:
        self.journal.append(NOW, Noted(text))

    def begin(
        self, word: str, about: str | None = "A", *, kind: str = "ScenarioSession", url: str = HOOKS
    ) -> AttemptMade:
        return self.attempt(self.plan(word, about, kind=kind, url=url))

    def plan(
        self, word: str, about: str | None = "A", *, kind: str = "ScenarioSession", url: str = HOOKS
    ) -> DeliveryPlanned:
        self.deliveries += 1
        planned = DeliveryPlanned(self.deliveries, url, word, kind, about)
        self.journal.append(NOW, planned)
        return planned

    def attempt(self, planned: DeliveryPlanned, number: int = 1, *more: tuple[str, str]) -> AttemptMade:
        body = dump({"event": planned.word, "data": {"resource-id": planned.id}})
        headers = (("Content-Type", "application/json"), *more)
        attempt = Attempt(planned.delivery, number, planned.target, headers, body, 10.0)
        made = AttemptMade(planned, attempt)
        self.journal.append(NOW, made)
        return made

    def end(
        self,
        made: AttemptMade,
        status: int | None = 200,
        *,
        took: float = 0.01,
        verdict: str | None = None,
    ) -> None:
        error = None if status else "connection refused"
        ok = status is not None and 200 <= status < 300
        self.journal.append(
            NOW,
            OutcomeSeen(
                made.planned,
                made.attempt,
                Outcome(status, error, took=took),
                verdict or ("delivered" if ok else "given_up"),
            ),
        )

    def post(self, word: str, about: str | None = "A", status: int | None = 200, **more) -> None:
        took = more.pop("took", 0.01)
        self.end(self.begin(word, about, **more), status, took=took)

    def ask(self, *ids: str, fields: str = "state", **more) -> None:
        self.journal.append(NOW, request(*ids, fields=fields, **more))


def request(
    *ids: str,
    fields: str = "state",
    operation: str | None = None,
    status: int = 200,
    route: str = "graphql",
    observer: bool = False,
    path: str = "/api/v3/graphql",
    body: bytes = b"{}",
    faults: tuple[str, ...] = (),
) -> RequestAnswered:
    asked = tuple(Asked(one, frozenset(fields.split())) for one in ids)
    answer = Answer(status, body)
    spoilt = bool(faults)
    return RequestAnswered(Request("POST", path), answer, route, operation, asked, observer, faults, spoilt)
