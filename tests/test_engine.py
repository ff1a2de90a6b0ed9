"""The platform in one object: what becomes of commands, posts and time, driven by hand."""

from __future__ import annotations

import json

import pytest

from simulator.clock import VIRTUAL_START, Moment
from simulator.engine import Platform, Tally, Wait
from simulator.errors import ContractError, NotFoundError, StateError, UsageError
from simulator.journal import OBSERVER, AttemptMade, ChangeMade, Noted, OutcomeSeen, RequestAnswered
from simulator.settings import Settings
from simulator.webhooks.payloads import Payload, Replacement
from simulator.wire import Attempt, Outcome, Request

TARGET = "http://127.0.0.1:9/hooks"
BASE = "http://127.0.0.1:7267"


def platform(*targets: str, **settings: object) -> Platform:
    made = Platform(Settings().replace(**{"retry": "none", **settings}), base_url=BASE)
    for url in targets or (TARGET,):
        made.add_target(url)
    return made


def drain(one: Platform, status: int = 200) -> list[Attempt]:
    """Answer every attempt with ``status`` until nothing is due."""
    sent = []
    while attempts := one.due():
        for attempt in attempts:
            sent.append(attempt)
            one.report(attempt, Outcome(status))
    return sent


def events(attempts: list[Attempt]) -> list[str]:
    return [json.loads(attempt.body)["event"] for attempt in attempts]


def test_a_command_plans_its_webhooks_and_the_api_shows_the_same() -> None:
    one = platform()

    session = one.apply("create", "ScenarioSession", {"externalData": {"work_order_id": "WO-1"}})
    (attempt,) = one.due()

    assert attempt == Attempt(
        delivery=1,
        number=1,
        url=TARGET,
        headers=(("Content-Type", "application/json"), ("User-Agent", "Scope-Simulator")),
        body=(
            b'{"time":"2021-03-01T08:00:00Z","event":"create","type":"resource","data":{"resource-id":"%(id)s",'
            b'"resource-url":"http://127.0.0.1:7267/api/v3/graphql/object/%(id)s","resource-type":"ScenarioSession"}}'
        )
        % {b"id": session.id.encode()},
        timeout=10.0,
    )
    assert one.resource(session.id) == session
    assert session["externalData"] == {"work_order_id": "WO-1"}


def test_each_move_tells_its_word_and_then_one_update() -> None:
    one = platform()
    session = one.apply("create", "ScenarioSession")
    for verb in ("pause", "resume", "finish"):
        one.apply(verb, session)

    assert events(drain(one)) == ["create", "paused", "update", "resumed", "update", "finished", "update"]


def test_only_sessions_and_calls_tell_and_deletion_tells_nothing() -> None:
    one = platform()

    one.apply("create", "User")
    one.apply("delete", one.resources("ScenarioSession")[0])

    assert drain(one) == []
    changes = [entry.fact for entry in one.journal.select(kinds=["change"])]
    assert [(fact.verb, fact.type, fact.words) for fact in changes if isinstance(fact, ChangeMade)] == [
        ("create", "User", ()),
        ("delete", "ScenarioSession", ()),
    ]


def test_a_deleted_resource_is_returned_as_it_last_was() -> None:
    one = platform()
    session = one.resources("ScenarioSession")[2]

    gone = one.apply("delete", session)

    assert gone == session
    with pytest.raises(NotFoundError):
        one.resource(session.id)


def test_time_stands_in_the_body_as_of_the_attempt() -> None:
    one = platform()
    one.apply("create", "ScenarioSession")

    (attempt,) = one.advance(Moment(VIRTUAL_START + 90_500))

    assert json.loads(attempt.body)["time"] == "2021-03-01T08:01:30Z"


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ([], [("Content-Type", "application/json"), ("User-Agent", "Scope-Simulator")]),
        (
            ["X-Tenant: acme", "Cookie: a=b"],
            [
                ("Content-Type", "application/json"),
                ("User-Agent", "Scope-Simulator"),
                ("X-Tenant", "acme"),
                ("Cookie", "a=b"),
            ],
        ),
        (["user-agent: Scope"], [("Content-Type", "application/json"), ("user-agent", "Scope")]),
    ],
    ids=["none", "more", "in place of ours"],
)
def test_posts_bear_the_headers_that_are_asked_for(given: list[str], sent: list[tuple[str, str]]) -> None:
    one = platform(headers=given)
    one.apply("create", "Call")

    assert [attempt.headers for attempt in drain(one)] == [tuple(sent)]


def test_who_does_it_is_journalled_by_name() -> None:
    one = platform()
    ana = one.user("integrator")

    session = one.apply("create", "ScenarioSession", by=ana)
    one.apply("pause", session.id, by="integrator", at=one.now)

    made = [entry.fact for entry in one.journal.select(kinds=["change"], about=session.id)]
    assert made == [
        ChangeMade("create", "ScenarioSession", session.id, ("create",), "Integration Account"),
        ChangeMade("pause", "ScenarioSession", session.id, ("paused", "update"), "Integration Account"),
    ]


def test_every_target_is_told_and_a_dead_one_holds_nobody_back() -> None:
    one = platform("http://127.0.0.1:1/a", "http://127.0.0.1:2/b")
    one.apply("create", "ScenarioSession")
    one.apply("create", "Call")

    first = one.due()
    one.report(first[1], Outcome(200))
    second = one.due()

    assert [attempt.url for attempt in first] == ["http://127.0.0.1:1/a", "http://127.0.0.1:2/b"]
    assert [attempt.url for attempt in second] == ["http://127.0.0.1:2/b"]


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (Outcome(200), "delivered"),
        (Outcome(204), "delivered"),
        (Outcome(302), "given_up"),
        (Outcome(500), "given_up"),
        (Outcome(None, "connection refused"), "given_up"),
    ],
)
def test_only_a_success_status_delivers(outcome: Outcome, verdict: str) -> None:
    one = platform()
    one.apply("create", "ScenarioSession")
    (attempt,) = one.due()

    one.report(attempt, outcome)

    (entry,) = one.journal.select(kinds=["outcome"])
    assert isinstance(entry.fact, OutcomeSeen)
    assert (entry.fact.outcome, entry.fact.verdict) == (outcome, verdict)
    assert not one.busy
    assert one.idle_drained


def test_a_result_from_before_a_reset_changes_nothing() -> None:
    before, after = platform(), platform()
    before.apply("create", "ScenarioSession")
    after.apply("create", "ScenarioSession")
    (stale,) = before.due()
    (fresh,) = after.due()

    after.report(stale, Outcome(500))

    assert after.tally() == Tally(
        planned=1, attempts=1, delivered=0, given_up=0, dropped=0, pending=1, requests=0
    )
    assert after.journal.select(kinds=["note"])[-1].fact == Noted(
        f"a result from before the reset arrived: {TARGET}"
    )
    after.report(fresh, Outcome(200))
    assert after.tally().delivered == 1


def test_the_same_url_twice_is_one_target_and_ids_are_not_used_again() -> None:
    one = platform()

    same = one.add_target(TARGET)
    other = one.add_target("http://127.0.0.1:9/other")
    one.remove_target(same.id)
    third = one.add_target("http://127.0.0.1:9/third")

    assert (same.id, other.id, third.id) == ("1", "2", "3")
    assert [target.id for target in one.targets] == ["2", "3"]


def test_a_removed_target_is_told_nothing_more() -> None:
    one = platform()
    one.apply("create", "ScenarioSession")
    one.apply("create", "ScenarioSession")

    one.remove_target("1")

    assert one.due() == []
    assert one.tally().dropped == 2
    with pytest.raises(NotFoundError) as caught:
        one.remove_target("1")
    assert str(caught.value) == "there is no target '1'. Targets: none."


def test_any_other_event_goes_out_as_it_is_given() -> None:
    one = platform()

    one.emit(type="iot", event="connected", data={"device_id": "5c4b", "protocol": "MQTT"})

    (attempt,) = one.due()
    assert json.loads(attempt.body) == {
        "time": "2021-03-01T08:00:00Z",
        "event": "connected",
        "type": "iot",
        "data": {"device_id": "5c4b", "protocol": "MQTT"},
    }
    (entry,) = one.journal.select(kinds=["attempt"])
    assert isinstance(entry.fact, AttemptMade)
    assert entry.fact.about == ()


def test_an_event_that_breaks_the_envelope_is_refused_and_plans_nothing() -> None:
    one = platform()

    with pytest.raises(ContractError):
        one.emit(type="", event="connected", data={})

    assert one.tally().planned == 0


def test_one_target_is_told_of_what_has_not_happened() -> None:
    one = platform(TARGET, "http://127.0.0.1:9/other")
    session = one.resources("ScenarioSession", limit=1)[0]
    before = one.world

    one.post(Payload("paused", "ScenarioSession", session.id), to=one.targets[1])

    (attempt,) = one.due()
    assert attempt.url == "http://127.0.0.1:9/other"
    assert json.loads(attempt.body)["data"]["resource-id"] == session.id
    assert one.world is before
    assert [entry.fact.kind for entry in one.journal.select(about=session.id)] == ["delivery", "attempt"]


def test_what_is_replaced_on_purpose_is_not_held_against_the_contract() -> None:
    one = platform()
    payload = Payload("paused", "ScenarioSession", "A", replacements=(Replacement(("time",), 5),))

    one.post(payload, to=one.targets[0])

    (attempt,) = one.due()
    assert attempt.body.startswith(b'{"time":5,"event":"paused","type":"resource","data":{"resource-id":"A",')


def test_a_payload_that_breaks_its_contract_is_not_sent_but_given_up() -> None:
    one = Platform(Settings(), base_url="")
    one.add_target(TARGET)
    one.apply("create", "ScenarioSession")

    assert one.due() == []

    (entry,) = one.journal.select(kinds=["outcome"])
    assert isinstance(entry.fact, OutcomeSeen)
    assert entry.fact.verdict == "given_up"
    assert str(entry.fact.outcome.error).startswith("not sent, the payload breaks its contract: ")


def test_a_request_is_answered_and_journalled() -> None:
    one = platform()
    session = one.resources("ScenarioSession")[0]
    body = json.dumps(
        {"query": "query Q($id: ID!) { node(id: $id) { id } }", "variables": {"id": session.id}}
    )
    headers = {"authorization": f"Bearer {one.token}", "content-type": "application/json"}

    answer = one.answer(Request("POST", "/api/v3/graphql", {}, headers, body.encode()))
    one.answer(Request("POST", "/api/v3/graphql", {}, headers | {OBSERVER: "1"}, body.encode()))

    assert json.loads(answer.body) == {"data": {"node": {"id": session.id}}}
    mine, watched = (entry.fact for entry in one.journal.select(kinds=["request"]))
    assert isinstance(mine, RequestAnswered)
    assert isinstance(watched, RequestAnswered)
    assert (mine.route, mine.operation, mine.about, mine.observer) == ("graphql", "Q", (session.id,), False)
    assert watched.observer


def test_a_session_over_rest_belongs_to_who_asked() -> None:
    one = platform()
    headers = {"authorization": f"Bearer token={one.token}", "content-type": "application/json"}

    answer = one.answer(
        Request(
            "POST",
            "/api/v2/ar_contents/1/work_instruction_sessions",
            {},
            headers,
            b'{"external_data":{"a":[1]}}',
        )
    )

    made = one.resource(str(json.loads(answer.body)["node_id"]))
    assert answer.status == 200
    assert made["externalData"] == {"a": [1]}
    assert events(drain(one)) == ["create"]
    (entry,) = one.journal.select(kinds=["change"])
    assert isinstance(entry.fact, ChangeMade)
    assert entry.fact.by == "Integration Account"


def test_resources_are_listed_by_type_in_pages() -> None:
    one = platform()
    made = one.apply("create", "Call")

    first = one.resources("Call", limit=5)
    rest = one.resources("Call", after=5)

    assert [call["databaseId"] for call in first] == ["1", "2", "3", "4", "5"]
    assert rest[-1] == made
    assert len(rest) == 2


def test_pages_pass_over_what_was_deleted() -> None:
    one = platform()
    one.apply("delete", one.resources("Call")[1])

    assert [call["databaseId"] for call in one.resources("Call", after=1, limit=2)] == ["3", "4"]


def test_an_unknown_type_names_the_nearest() -> None:
    with pytest.raises(NotFoundError) as caught:
        platform().apply("create", "ScenarioSesion")

    assert str(caught.value).startswith(
        "there is no resource type 'ScenarioSesion'. Did you mean ScenarioSession or "
    )


def test_an_error_in_a_command_changes_and_tells_nothing() -> None:
    one = platform()
    session = one.apply("create", "ScenarioSession")
    world, last = one.world, one.journal.last

    with pytest.raises(StateError):
        one.apply("resume", session)

    assert one.world is world
    assert one.journal.last == last


def test_a_clock_at_max_runs_only_as_far_as_somebody_waits() -> None:
    one = platform()
    now = one.now
    soon, late, past = (Wait(ready=lambda idle: False, until=Moment(now + step)) for step in (1000, 5000, 0))

    assert one.jump([]) is None
    assert one.jump([past]) is None
    assert one.jump([late, soon]) == now + 1000
    assert one.jump([Wait(ready=lambda idle: False)]) is None, "nothing is due"


def test_a_clock_at_max_stands_while_anything_is_due_or_in_flight() -> None:
    one = platform()
    wait = Wait(ready=lambda idle: False, until=Moment(one.now + 1000))
    one.apply("create", "ScenarioSession")

    due = one.jump([wait])
    (attempt,) = one.due()
    in_flight = one.jump([wait])
    one.report(attempt, Outcome(200))

    assert (due, in_flight) == (None, None)
    assert one.jump([wait]) == one.now + 1000


class Timed(Platform):
    """A platform with something of its own due later, as retries will have."""

    due_at: Moment

    def next_due(self) -> Moment:
        return self.due_at


def test_a_clock_at_max_stops_at_what_the_platform_has_due() -> None:
    one = Timed(Settings())
    now = one.now
    one.due_at = Moment(now + 3000)
    before, behind = (Wait(ready=lambda idle: False, until=Moment(now + step)) for step in (1000, 5000))
    endless = Wait(ready=lambda idle: False)

    assert one.jump([before]) == now + 1000
    assert one.jump([behind]) == now + 3000
    assert one.jump([endless]) == now + 3000
    assert one.jump([endless, before]) == now + 1000
    one.advance(Moment(now + 5000))
    assert one.now == now + 3000
    assert one.jump([endless]) is None, "it is due now, and no longer in the future"


@pytest.mark.parametrize("speed", ["real", "60", "manual"])
def test_other_clocks_never_jump(speed: str) -> None:
    one = platform(speed=speed)

    assert one.jump([Wait(ready=lambda idle: False, until=Moment(one.now + 1000))]) is None


def test_a_clock_that_runs_by_itself_cannot_be_advanced() -> None:
    with pytest.raises(UsageError) as caught:
        platform(speed="60").advance(Moment(0))

    assert str(caught.value) == "time passes by itself at speed 60. Start with speed max to move the clock."


def test_platforms_of_two_lots_differ_in_ids_alone() -> None:
    def story(lot: int) -> tuple[list[Attempt], Platform]:
        one = Platform(Settings().replace(generation="2", traceparent=True), base_url=BASE, lot=lot)
        one.add_target(TARGET)
        one.apply("pause", one.apply("create", "ScenarioSession", {"externalData": {"order": 1}}))
        return drain(one), one

    (first, plain), (second, other) = story(0), story(3)

    def headers(attempt: Attempt) -> dict[str, str]:
        return {k: v for k, v in attempt.headers if k not in ("X-Scope-Webhook-Id", "traceparent")}

    assert [headers(a) for a in first] == [headers(a) for a in second]
    assert not {a.headers for a in first} & {a.headers for a in second}
    assert (plain.token, plain.password) == (other.token, other.password)
    mine, theirs = plain.resources("ScenarioSession")[-1], other.resources("ScenarioSession")[-1]
    assert mine.id != theirs.id
    assert mine["externalData"] == theirs["externalData"]
    assert other.fork().ids is other.ids


def test_a_fork_shares_nothing_that_changes() -> None:
    one = platform(speed="60", start="2022-05-01T00:00:00Z")
    session = one.apply("create", "ScenarioSession")

    copy = one.fork()
    copy.apply("pause", session)

    assert copy.targets == []
    assert one.resource(session.id)["state"] == "IN_PROGRESS"
    assert copy.resource(session.id)["state"] == "PAUSED"
    assert copy.clock.speed.virtual


def test_the_same_seed_and_commands_give_the_same_bytes() -> None:
    def run(seed: int) -> list[bytes]:
        one = platform(seed=seed)
        session = one.apply("create", "ScenarioSession")
        one.apply("finish", session)
        return [attempt.body for attempt in drain(one)]

    assert run(3) == run(3)
    assert run(3) != run(4)


def test_posts_say_what_time_it_is_where_that_is_asked_for() -> None:
    one = platform(clock_header=True)
    one.apply("create", "Call")
    one.advance(Moment(VIRTUAL_START + 1500))

    ((attempt),) = [
        entry.fact.attempt for entry in one.journal.since(0) if isinstance(entry.fact, AttemptMade)
    ]

    assert attempt.headers[-1] == ("X-Scope-Simulator-Now", "2021-03-01T08:00:01.500Z")


def test_credentials_come_from_the_seed() -> None:
    one, same, other = platform(), platform(), platform(seed=2)

    assert (one.username, one.password, one.token) == (same.username, same.password, same.token)
    assert one.username == "integrator"
    assert one.token != other.token
