"""Snapshots of a platform: whatever comes in between, what follows is what would have followed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.clock import VIRTUAL_START, Moment, VirtualClock, WallClock, parse_speed
from simulator.control.running import give_faults
from simulator.engine import Platform
from simulator.errors import ScopeSimulatorError
from simulator.journal import ChangeMade, Noted, OutcomeSeen, Undone
from simulator.settings import Settings
from simulator.webhooks.dispatch import PUT_BACK
from simulator.wire import Attempt, Outcome, Request

ONE, TWO = "http://127.0.0.1:9/one", "http://127.0.0.1:9/two"


def platform(*targets: str, **values: Any) -> Platform:
    return Platform(Settings().replace(**values), base_url="http://127.0.0.1:7267", targets=targets)


class Driven:
    """A platform with what it has posted and answered, driven by small steps that mean something in every state."""

    def __init__(self, one: Platform, flying: Sequence[Attempt] = ()) -> None:
        self.one = one
        self.flying = list(flying)
        self.seen: list[object] = []

    def do(self, step: tuple[str, int]) -> None:
        name, number = step
        try:
            told = getattr(self, name)(number)
        except ScopeSimulatorError as error:
            told = str(error)
        self.seen.append((name, told))
        self.seen.append((self.one.now, self.one.tally(), self.one.next_due(), self.one.dispatch.excused))

    def create(self, number: int) -> object:
        fields = {"externalData": {"order": number}, "sessionType": "PERSISTENT"}
        made = self.one.apply("create", "ScenarioSession", fields)
        return made.id, dict(made)

    def verb(self, number: int) -> object:
        sessions = self.one.resources("ScenarioSession", after=self.one.world.base.counts["ScenarioSession"])
        if not sessions:
            return None
        verb = ["pause", "resume", "finish", "view", "record", "delete"][number % 6]
        return dict(self.one.apply(verb, sessions[number % len(sessions)]))

    def begin(self, _number: int) -> object:
        begun = self.one.due()
        self.flying += begun
        return begun

    def end(self, number: int) -> object:
        if not self.flying:
            return None
        attempt = self.flying.pop(number % len(self.flying))
        return self.one.report(attempt, Outcome([200, 500, 410, None][number % 4], "silence"))

    def all(self, number: int) -> object:
        sent = []
        while self.flying or self.begin(0):
            sent += self.flying
            while self.flying:
                self.end(number)
        return sent

    def land(self, number: int) -> object:
        return [self.end(number + more) for more in range(len(self.flying))]

    def go(self, number: int) -> object:
        due = self.one.next_due()
        attempts = self.one.advance(due if due and number % 2 else Moment(self.one.now + 700 * number))
        self.flying += attempts
        return attempts

    def sign_in(self, _number: int) -> object:
        body = b'{"user": {"username": "integrator", "password": "%s"}}' % self.one.password.encode()
        return self.ask("POST", "/api/v2/users/sign_in.json", body)

    def look(self, number: int) -> object:
        query = b'{"query": "{ scenarioSessions(last: 2) { nodes { id state databaseId externalData } } }"}'
        tokens = [self.one.token, *(token.text for token in self.one.auth.given)]
        return self.ask("POST", "/api/v3/graphql", query, tokens[number % len(tokens)])

    def ask(self, method: str, path: str, body: bytes, token: str = "") -> object:
        headers = {"content-type": "application/json"} | (
            {"authorization": f"Bearer {token}"} if token else {}
        )
        answer = self.one.answer(Request(method, path, {}, headers, body))
        return answer.status, answer.body

    def target(self, number: int) -> object:
        known = self.one.targets
        if number % 3 == 0 or not known:
            return self.one.add_target([ONE, TWO][number % 2])
        one = known[number % len(known)]
        if number % 3 == 1:
            return self.one.remove_target(one.id)
        change = self.one.enable_target if self.one.standing(one.id).disabled else self.one.disable_target
        return change(one.id)

    def fault(self, number: int) -> object:
        chosen: list[dict[str, Any]] = [
            {"drop": True, "times": 1},
            {"duplicate": 1, "chance": 0.5},
            {"reorder": 2},
            {"delay": "2s", "for": "4s"},
            {"answer_lost": True, "times": 2},
            {"damage": "corrupt", "chance": 0.5},
            {"early": "2s"},
        ]
        api = [{"lag": "2s"}, {"status": 503, "chance": 0.5}, {"expired_token": True, "times": 1}]
        return give_faults(self.one, delivery=[chosen[number % 7]], api=[api[number % 3]])

    def resend(self, number: int) -> object:
        return {key: str(why) for key, why in self.one.resend([number]).items()}


def entries(one: Platform, after: int = 0) -> list[tuple[Moment, object]]:
    return [(entry.at, entry.fact) for entry in one.journal.since(after)]


NAMES = [
    *("create", "create", "verb", "verb", "begin", "end", "all", "go", "sign_in", "look", "target", "fault"),
    "resend",
]
STEPS = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 40)), min_size=4, max_size=12)
FIRST = [("create", 1), ("all", 0), ("create", 2), ("begin", 0), ("end", 1)]
"""What every platform has behind it: something that has arrived, something to be retried, and something that waits."""
LAST = [
    ("fault", 0),
    ("create", 5),
    ("create", 6),
    ("create", 7),
    ("begin", 0),
    ("resend", 1),
    ("resend", 2),
    ("all", 1),
    ("go", 1),
    ("all", 1),
    ("target", 8),
    ("all", 0),
]
LAST += [("go", 10), ("all", 0), ("sign_in", 0), ("look", 1)]
"""What brings to light whatever is different."""
WAYS: list[dict[str, Any]] = [
    {"retry": "2s,3s"},
    {"retry": "2s,3s", "ordering": "none", "generation": "both", "secret": "s", "traceparent": True},
    {"retry": "1s", "ordering": "strict", "disable_after": 2, "generation": "2"},
]


@settings(max_examples=40)
@given(st.sampled_from(WAYS), STEPS, STEPS, STEPS)
def test_what_follows_a_restored_snapshot_is_what_would_have_followed(way, before, between, after):
    undisturbed, disturbed = Driven(platform(ONE, **way)), Driven(platform(ONE, **way))
    for step in FIRST + before:
        undisturbed.do(step)
        disturbed.do(step)
    # Nobody can tell what becomes of a post in flight: what is compared begins without one.
    for driven in (undisturbed, disturbed):
        driven.do(("land", 1))
    snapshot = disturbed.one.snapshot()
    for step in between:
        disturbed.do(step)

    restored = Driven(disturbed.one.restored(snapshot))
    again = Driven(restored.one.restored(snapshot, journal="goes back"))
    begun, undisturbed.seen = undisturbed.one.journal.last, []
    gone_on = restored.one.journal.last
    for step in after + LAST:
        for driven in (undisturbed, restored, again):
            driven.do(step)

    assert restored.seen == undisturbed.seen
    assert again.seen == undisturbed.seen
    assert entries(again.one) == entries(undisturbed.one)
    assert entries(restored.one, gone_on) == entries(undisturbed.one, begun)


@settings(max_examples=20)
@given(st.sampled_from(WAYS), STEPS, STEPS, STEPS)
def test_what_was_in_flight_is_made_again_whatever_came_in_between(way, before, between, after):
    driven = Driven(platform(ONE, **way))
    for step in FIRST + before:
        driven.do(step)
    snapshot = driven.one.snapshot()
    at_once = Driven(driven.one.restored(snapshot, journal="goes back"))
    for step in between:
        driven.do(step)

    later = Driven(driven.one.restored(snapshot, journal="goes back"))
    for step in after + LAST:
        at_once.do(step)
        later.do(step)

    assert later.seen == at_once.seen
    assert entries(later.one) == entries(at_once.one)


@pytest.mark.parametrize(
    "before",
    [
        pytest.param([("resend", 1)], id="sent again"),
        pytest.param([("fault", 2), ("create", 3), ("create", 4)], id="set aside"),
        pytest.param(
            [("fault", 4), ("create", 3), ("all", 0), ("go", 40), ("all", 0), ("go", 40), ("all", 0)],
            id="excused",
        ),
        pytest.param([("target", 8), ("create", 3)], id="held"),
        pytest.param([("fault", 3), ("create", 3), ("sign_in", 0)], id="put off"),
    ],
)
@pytest.mark.parametrize("way", WAYS, ids=["first", "none", "strict"])
def test_what_is_rare_is_in_a_snapshot_too(way, before):
    undisturbed = Driven(platform(ONE, **way))
    for step in FIRST + before:
        undisturbed.do(step)
    undisturbed.do(("land", 1))
    snapshot = undisturbed.one.snapshot()
    undisturbed.seen.clear()

    restored = Driven(undisturbed.one.restored(snapshot))
    for step in LAST:
        undisturbed.do(step)
        restored.do(step)

    assert restored.seen == undisturbed.seen


def test_journal_goes_on_and_what_was_undone_counts_no_more() -> None:
    one = platform(ONE)
    kept = one.apply("create", "ScenarioSession")
    snapshot = one.snapshot()
    one.apply("finish", kept)
    undone = entries(one, 2)

    restored = one.restored(snapshot)
    restored.apply("pause", kept)

    assert restored.tally() == platform_with_a_pause(kept.id).tally()
    assert [entry.number for entry in restored.journal.since(0)] == list(range(1, restored.journal.last + 1))
    assert entries(restored)[2 : 2 + len(undone)] == [(at, Undone(fact)) for at, fact in undone]
    assert [
        entry.fact.verb for entry in restored.journal.about(kept.id) if isinstance(entry.fact, ChangeMade)
    ] == [
        "create",
        "pause",
    ]


def platform_with_a_pause(session: str) -> Platform:
    one = platform(ONE)
    assert one.apply("create", "ScenarioSession").id == session
    one.apply("pause", session)
    return one


def test_what_was_in_flight_may_have_arrived_and_is_made_again_at_once() -> None:
    one = platform(ONE)
    one.apply("create", "ScenarioSession")
    (attempt,) = one.due()
    snapshot = one.snapshot()
    one.report(attempt, Outcome(200))

    restored = one.restored(snapshot)

    (seen,) = [entry.fact for entry in restored.journal.select(kinds=("outcome",))]
    assert isinstance(seen, OutcomeSeen)
    assert (seen.outcome, seen.verdict, seen.again) == (Outcome(None, PUT_BACK), "retry", restored.now)
    assert [(again.delivery, again.number) for again in restored.due()] == [(1, 2)]
    assert one.tally().delivered == 1, "the one before goes on by itself"


def test_what_was_being_sent_again_is_sent_again() -> None:
    one = platform(ONE)
    one.apply("create", "Call")
    (attempt,) = one.due()
    one.report(attempt, Outcome(200))
    one.resend([attempt.delivery])
    one.due()

    restored = one.restored(one.snapshot())

    assert [(again.delivery, again.number) for again in restored.due()] == [(attempt.delivery, 3)]
    assert restored.tally().pending == 1


def test_virtual_clock_goes_back() -> None:
    one = platform(ONE)
    snapshot = one.snapshot()
    one.advance(Moment(one.now + 60_000))

    restored = one.restored(snapshot)

    assert isinstance(restored.clock, VirtualClock)
    assert (restored.now, restored.clock.speed) == (snapshot.at, parse_speed("max"))


def test_clock_that_passes_by_itself_goes_on_and_what_is_to_come_stays_as_far_away() -> None:
    wall = [0.0]
    speed = parse_speed("60")
    one = Platform(
        Settings().replace(speed="60", retry="5m"),
        base_url="http://127.0.0.1:7267",
        targets=(ONE,),
        clock=WallClock(VIRTUAL_START, speed, timer=lambda: wall[0]),
    )
    one.apply("create", "ScenarioSession")
    (attempt,) = one.due()
    one.report(attempt, Outcome(500))
    give_faults(one, delivery=[{"drop": True, "for": "5m"}])
    snapshot = one.snapshot()
    wall[0] += 60

    restored = one.restored(snapshot)

    assert snapshot.at == VIRTUAL_START
    assert isinstance(restored.clock, WallClock)
    assert restored.now >= VIRTUAL_START + 60 * 60_000
    later = restored.now - snapshot.at
    assert abs(restored.next_due() - (VIRTUAL_START + 300_000 + later)) < 60_000
    (fault,) = restored.faults.given
    assert abs(fault.since - (VIRTUAL_START + later)) < 60_000


def test_snapshot_of_another_line_brings_its_journal_along() -> None:
    one, other = platform(ONE), platform(TWO)
    one.apply("create", "ScenarioSession")
    other.apply("create", "Call")

    restored = other.restored(one.snapshot())

    assert entries(restored) == entries(one)


def test_snapshot_can_be_restored_again_and_again() -> None:
    one = platform(ONE)
    snapshot = one.snapshot()
    first = one.restored(snapshot)
    first.apply("create", "Call")
    between = first.snapshot()
    first.apply("create", "Call")

    second = first.restored(snapshot)
    second.journal.append(second.now, Noted("here"))
    third = second.restored(between)

    assert second.journal.counts == {"note": 1, "undone": first.journal.last}
    assert third.world.made == between.held.world.made
    kinds = [entry.fact.kind for entry in third.journal.since(0)]
    assert kinds == ["change", "delivery"] + ["undone"] * 3
    assert third.journal.counts == {"change": 1, "delivery": 1, "undone": 3}


def test_journal_that_has_pushed_out_what_the_snapshot_held_holds_what_is_undone() -> None:
    one = platform(ONE, journal_bound=3)
    snapshot = one.snapshot()
    for _ in range(4):
        one.apply("create", "Call")

    restored = one.restored(snapshot)

    assert [(entry.number, entry.fact.kind) for entry in restored.journal.since(0)] == [
        (number, "undone") for number in (6, 7, 8)
    ]
    assert restored.journal.counts == {"undone": 8}
    assert restored.journal.written(8) == one.journal.written(8)
