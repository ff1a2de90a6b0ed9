"""A platform tells all that happens to it and that another needs to go on in its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulator.auth import Token
from simulator.engine import Platform
from simulator.journal import Entry, OutcomeSeen
from simulator.settings import Settings
from simulator.webhooks.dispatch import UNCERTAIN, Ended
from simulator.webhooks.outbox import Condition, Counts, Delivery
from simulator.webhooks.payloads import Payload
from simulator.webhooks.targets import Standing, Target
from simulator.wire import Outcome
from simulator.world.changes import Written

URL = "http://127.0.0.1:9/hooks"


class Told:
    """All facts, by what they are about."""

    def __init__(self) -> None:
        self.records: list[Written] = []
        self.entries: list[Entry] = []
        self.deliveries: dict[int, tuple[Delivery, Condition] | None] = {}
        self.targets: dict[str, Standing | None] = {}
        self.tokens: dict[str, Token | None] = {}

    def wrote(self, written: Sequence[Written]) -> None:
        self.records += written

    def entered(self, entry: Entry) -> None:
        self.entries.append(entry)

    def delivery(self, delivery: Delivery, condition: Condition | None) -> None:
        self.deliveries[delivery.number] = None if condition is None else (delivery, condition)

    def target(self, id: str, standing: Standing | None) -> None:
        self.targets[id] = standing

    def token(self, text: str, token: Token | None) -> None:
        self.tokens[text] = token


def platform(**settings: Any) -> tuple[Platform, Told]:
    one, told = Platform(Settings().replace(**settings)), Told()
    one.tell_facts(told)
    return one, told


def test_command_tells_what_it_wrote_and_what_is_to_be_delivered():
    one, told = platform()
    one.add_target(URL)

    session = one.apply("create", "ScenarioSession")

    target = Target("1", URL)
    assert told.targets == {"1": Standing(target)}
    assert told.deliveries == {
        1: (Delivery(1, target, Payload("create", "ScenarioSession", session.id)), Condition())
    }
    assert [one.world.touched.get(ref) for ref, _, _ in told.records] == [
        record for _, record, _ in told.records
    ]
    assert {ref for ref, _, _ in told.records} == set(one.world.touched)
    assert told.entries == one.journal.select()


def test_sign_in_tells_the_token():
    one, told = platform()

    _, token = one.auth.sign_in(one.username, one.password, one.now)

    assert list(told.tokens) == [token]


def left(*statuses: int, **settings: Any) -> tuple[Platform, list[tuple[Delivery, Condition]]]:
    """Return a platform whose first deliveries ended with ``statuses`` and whose next is in flight, and what is unsettled."""
    one, told = platform(**settings)
    one.add_target(URL)
    for _ in range(len(statuses) + 2):
        one.emit(type="iot", event="connected", data={})
    for status in statuses:
        (attempt,) = one.due()
        one.report(attempt, Outcome(status))
    one.due()
    return one, [standing for standing in told.deliveries.values() if standing is not None]


def another(
    one: Platform, unsettled: list[tuple[Delivery, Condition]], *ended: Ended, **settings: Any
) -> Platform:
    flying = {
        entry.fact.attempt.delivery: entry.fact.attempt for entry in one.journal.select(kinds=["attempt"])
    }
    other = Platform(Settings().replace(**settings))
    other.dispatch.targets.restore(one.dispatch.targets.added, one.dispatch.targets.standings)
    other.dispatch.restore(
        one.dispatch.outbox.counts,
        [
            (delivery, condition, flying[delivery.number] if condition.in_flight else None)
            for delivery, condition in unsettled
        ],
        ended,
        excused=[9],
    )
    return other


def test_what_was_in_flight_is_uncertain_and_made_again_at_once():
    other = another(*left(200))

    count = other.dispatch.end_uncertain(other.view())

    outcomes = [
        (entry.fact.outcome, entry.fact.verdict, entry.fact.again) for entry in other.journal.select()
    ]
    assert (count, outcomes) == (1, [(Outcome(None, UNCERTAIN), "retry", other.now)])
    assert [(attempt.delivery, attempt.number) for attempt in other.due()] == [(2, 2), (3, 1)]
    assert other.tally().delivered == 1
    assert other.tally().planned == 3
    assert other.dispatch.excused == 1


def test_what_was_in_flight_to_a_target_that_was_removed_is_given_up():
    one, unsettled = left(200)
    one.remove_target("1")
    other = another(one, unsettled[:1])

    other.dispatch.end_uncertain(other.view())

    assert [fact.verdict for fact in outcomes_of(other)] == ["given_up"]


def outcomes_of(one: Platform) -> list[OutcomeSeen]:
    return [
        entry.fact for entry in one.journal.select(kinds=["outcome"]) if isinstance(entry.fact, OutcomeSeen)
    ]


def test_what_was_sent_again_by_somebody_is_sent_again():
    one, _ = left(200)
    delivery = Delivery(1, Target("1", URL), Payload.raw("connected", "iot", data={}))
    counts = Counts(planned=3, waiting=0, retrying=0, in_flight=1, delivered=0, given_up=0, dropped=0)
    attempt = one.journal.select(kinds=["attempt"])[0].fact.attempt
    other = Platform(Settings())
    other.dispatch.targets.restore(1, one.dispatch.targets.standings)
    condition = Condition(tries=2, in_flight=True, was="delivered")
    other.dispatch.restore(counts, [(delivery, condition, attempt)], [])

    other.dispatch.end_uncertain(other.view())

    assert [fact.verdict for fact in outcomes_of(other)] == ["delivered"]
    assert [(attempt.delivery, attempt.number) for attempt in other.due()] == [(1, 2)]


def test_target_that_was_disabled_is_told_nothing():
    one, unsettled = left(200)
    one.disable_target("1")
    other = another(one, unsettled)

    other.dispatch.end_uncertain(other.view())

    assert (other.due(), other.tally().held) == ([], 2)


def test_what_had_ended_can_be_sent_again():
    one, unsettled = left(200)
    delivery = Delivery(1, Target("1", URL), Payload.raw("connected", "iot", data={}))
    other = another(one, unsettled, Ended(1, delivery, 1, "delivered"))

    refused = other.dispatch.resend([1], other.now, ended=lambda _: False)

    assert refused == {}
