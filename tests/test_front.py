"""What a client is answered when something goes wrong on purpose."""

from __future__ import annotations

import json

import pytest

from simulator.clock import Moment
from simulator.control.running import give_faults
from simulator.engine import Platform
from simulator.front import Onlooker
from simulator.journal import RequestAnswered
from simulator.settings import Settings
from simulator.settings.faults import read_faults
from simulator.wire import Answer, Request

QUERY = "query Q($id: ID!) { node(id: $id) { ... on ScenarioSession { state } } count: totalCounts }"


def platform_with(*lines: str) -> Platform:
    return Platform(Settings().replace(faults=lines))


def answered(platform: Platform, request: Request) -> RequestAnswered:
    """Let a request be answered, and return what the journal holds of it."""
    answer = platform.answer(request)
    (entry,) = platform.journal.select(kinds=["request"])[-1:]
    assert isinstance(entry.fact, RequestAnswered)
    assert entry.fact.answer is answer
    return entry.fact


def asking(platform: Platform, query: str, *, token: str | None = None, **variables: object) -> Request:
    headers = {"authorization": f"Bearer {token or platform.token}", "content-type": "application/json"}
    body = json.dumps({"query": query, "variables": variables}).encode()
    return Request("POST", "/api/v3/graphql", headers=headers, body=body)


def state_of(platform: Platform, node_id: str) -> RequestAnswered:
    query = "query Q($id: ID!) { node(id: $id) { ... on ScenarioSession { state } } }"
    return answered(platform, asking(platform, query, id=node_id))


def body_of(fact: RequestAnswered) -> object:
    return json.loads(fact.answer.body)


STATE = {"data": {"node": {"state": "IN_PROGRESS"}}}


@pytest.mark.parametrize(
    ("line", "status", "body", "headers"),
    [
        ("api.status=503", 503, {"errors": [{"message": "Service Unavailable"}]}, ()),
        (
            "api.status=503,retry_after=30s",
            503,
            {"errors": [{"message": "Service Unavailable"}]},
            (("Retry-After", "30"),),
        ),
        ("api.status=401", 401, {"error": "Unauthorized"}, ()),
        ("api.status=599", 599, {"errors": [{"message": "Status 599"}]}, ()),
        (
            "api.graphql_error=try later",
            200,
            {"data": None, "errors": [{"message": "try later", "locations": []}]},
            (),
        ),
        (
            "api.unauthorized_node",
            200,
            {
                "data": {"node": None},
                "errors": [{"message": "Not authorized to read object", "locations": [], "path": ["node"]}],
            },
            (),
        ),
        (
            "api.expired_token",
            401,
            {"error": "The token expired at 2021-03-01T08:00:00.000Z: sign in for a new one."},
            (("WWW-Authenticate", "Token"),),
        ),
    ],
)
def test_answer_is_what_the_fault_makes_of_it(line: str, status: int, body: object, headers: object):
    platform = platform_with(f"{line},times=1,operation=Q" if "expired" not in line else f"{line},times=1")
    session = platform.apply("create", "ScenarioSession")

    fact = state_of(platform, session.id)

    assert (fact.answer.status, body_of(fact), fact.answer.headers) == (status, body, headers)
    assert (fact.operation, [one.id for one in fact.asked], fact.spoilt) == ("Q", [session.id], True)
    assert fact.faults == (f"fault 1 ({line.partition(',')[0]})",)
    again = state_of(platform, session.id)
    assert (body_of(again), again.faults, again.spoilt) == (STATE, (), False)


def test_refusal_elsewhere_is_a_small_object():
    platform = platform_with("api.status=502")

    fact = answered(platform, Request("GET", "/api/v3/graphql/object/x"))

    assert (fact.answer.status, body_of(fact)) == (502, {"error": "Bad Gateway"})


def test_what_is_refused_is_not_carried_out():
    platform = platform_with("api.status=503,route=sessions")
    before = len(platform.journal.select(kinds=["change"]))

    fact = answered(platform, Request("POST", "/api/v2/ar_contents/1/work_instruction_sessions"))

    assert fact.answer.status == 503
    assert len(platform.journal.select(kinds=["change"])) == before


def test_refusal_that_is_no_object_has_nothing_to_hide():
    platform = platform_with("api.unauthorized_node")

    wrong = answered(platform, asking(platform, "{ nothing }"))
    typename = answered(platform, asking(platform, "{ __typename }"))

    assert body_of(wrong)["data"] is None
    assert body_of(typename) == {"data": {"__typename": "Query"}}


def test_late_slow_and_missing_answers_say_so():
    platform = platform_with("api.latency=200ms", "api.slow_body=1s,times=1", "api.hang_up")
    session = platform.apply("create", "ScenarioSession")

    first, second = state_of(platform, session.id), state_of(platform, session.id)

    plain = Answer(200, first.answer.body)
    assert first.answer == Answer(200, plain.body, delay=0.2, drip=1.0)
    assert second.answer == Answer(200, plain.body, delay=0.2, hang_up=True)
    assert (first.spoilt, second.spoilt, body_of(first)) == (False, True, STATE)


def sign_in(platform: Platform) -> str:
    body = json.dumps({"user": {"username": platform.username, "password": platform.password}}).encode()
    headers = {"content-type": "application/json"}
    answer = platform.answer(Request("POST", "/api/v2/users/sign_in.json", headers=headers, body=body))
    token: str = json.loads(answer.body)["auth_token"]
    return token


def test_session_token_stays_expired_and_a_new_one_helps():
    platform = platform_with("api.expired_token,times=1")
    token = sign_in(platform)
    ask = "{ __typename }"

    statuses = [answered(platform, asking(platform, ask, token=token)).answer.status for _ in range(2)]
    statuses.append(answered(platform, asking(platform, ask, token=sign_in(platform))).answer.status)

    assert statuses == [401, 401, 200]


def test_request_without_a_token_expires_nothing():
    platform = platform_with("api.expired_token,times=1")

    assert answered(platform, Request("POST", "/api/v3/graphql")).answer.status == 401


def test_lag_answers_from_the_world_as_it_was():
    platform = platform_with("api.lag=5s")
    session = platform.apply("create", "ScenarioSession")
    platform.advance(Moment(platform.now + 10_000))
    platform.apply("finish", session)

    late = state_of(platform, session.id)
    platform.advance(Moment(platform.now + 5_000))
    there = state_of(platform, session.id)

    assert (body_of(late), late.faults, late.spoilt) == (STATE, ("fault 1 (api.lag=5s)",), False)
    assert body_of(there) == {"data": {"node": {"state": "FINISHED"}}}


def test_lag_hides_what_was_not_there_and_changes_what_is():
    platform = platform_with("api.lag=5s")
    release = platform.resources("ScenarioRelease", limit=1)[0]
    headers = {"authorization": f"Bearer {platform.token}", "content-type": "application/json"}
    path = f"/api/v2/ar_contents/{release['databaseId']}/work_instruction_sessions"

    made = answered(platform, Request("POST", path, headers=headers, body=b'{"external_data": {"a": 1}}'))

    node_id = str(body_of(made)["node_id"])
    assert made.answer.status == 200
    assert body_of(state_of(platform, node_id)) == {"data": {"node": None}}
    assert platform.resource(node_id)["state"] == "IN_PROGRESS"


def test_mutation_is_carried_out_now_and_its_answer_shows_it():
    platform = platform_with("api.lag=5s")
    mutation = """mutation { createWebhookSubscription(input: { webhookSubscription: {
      topic: { key: "user/created" } callbackUrl: "http://127.0.0.1:9/hooks" sharedSecret: "s" } }) {
        errors { message } webhookSubscription { callbackUrl } } }"""

    made = body_of(answered(platform, asking(platform, mutation)))

    assert made == {
        "data": {
            "createWebhookSubscription": {
                "errors": [],
                "webhookSubscription": {"callbackUrl": "http://127.0.0.1:9/hooks"},
            }
        }
    }


def test_change_whose_post_went_out_early_is_not_seen_yet():
    platform = platform_with()
    session = platform.apply("create", "ScenarioSession")
    platform.past.veil(Moment(platform.now + 2000), platform.now, platform.world)
    platform.apply("finish", session)

    early = state_of(platform, session.id)
    platform.set_faults(read_faults(["api.latency=1s"]))
    slow = state_of(platform, session.id)
    platform.advance(Moment(platform.now + 2000))
    later = state_of(platform, session.id)

    assert (body_of(early), body_of(slow)) == (STATE, STATE)
    assert body_of(later) == {"data": {"node": {"state": "FINISHED"}}}


def test_rate_limit_goes_by_when_a_request_came():
    platform = platform_with("api.rate_limit=2/s")
    request = Request("GET", "/api/v3/graphql")
    facts = [
        answered(platform, Request(request.method, request.path, received=received))
        for received in (10.0, 10.1, 10.2, 11.05)
    ]

    assert [fact.answer.status for fact in facts] == [401, 401, 429, 401]
    assert facts[2].answer.headers == (("Retry-After", "1"),)


def test_fault_of_the_start_that_can_never_strike_is_told():
    from simulator.errors import UsageError

    with pytest.raises(
        UsageError, match=r"^api\.hang_up,of=nobody: there is no resource with the id 'nobody'\.$"
    ):
        platform_with("api.hang_up,of=nobody")


def test_onlooker_sees_what_a_client_would_and_is_none():
    platform = platform_with("api.lag=5s,times=1", "api.status=503", "api.expired_token")
    onlooker = Onlooker(platform)
    platform.advance(Moment(platform.now + 60_000))
    session = platform.apply("create", "ScenarioSession")
    query = "query Q($id: ID!) { node(id: $id) { ... on ScenarioSession { state } } }"
    asked = asking(platform, query, token=onlooker.token, id=session.id)

    look = onlooker.ask(asked)

    assert (json.loads(look.answer.body), look.faults, look.veiled) == (
        {"data": {"node": None}},
        ("fault 1 (api.lag=5s)",),
        False,
    )
    assert json.loads(onlooker.ask_now(asked).body) == STATE
    assert platform.tally().requests == 0
    assert [one.matched for one in platform.faults.given] == [0, 0, 0]


def test_onlooker_does_not_see_what_a_post_told_early_either():
    platform = platform_with("delivery.early=30s")
    platform.add_target("http://127.0.0.1:9/")
    onlooker = Onlooker(platform)
    session = platform.apply("create", "ScenarioSession")
    request = Request(
        "GET",
        f"/api/v3/graphql/object/{session.id}",
        headers={"authorization": f"Bearer {onlooker.token}"},
    )

    early, later = onlooker.ask(request), onlooker.ask_now(request)

    assert (early.answer.status, early.faults, early.veiled) == (404, (), True)
    assert later.status == 200


def test_answers_say_what_time_it_is_where_that_is_asked_for():
    one = Platform(Settings(clock_header=True))
    give_faults(one, api=[{"status": 503, "times": 1}])

    answers = [one.answer(Request("GET", "/api/v3/graphql", {}, {}, b"")) for _ in range(2)]

    assert [dict(answer.headers)["X-Scope-Simulator-Now"] for answer in answers] == [
        "2021-03-01T08:00:00.000Z"
    ] * 2
    plain = Platform(Settings()).answer(Request("GET", "/api/v3/graphql", {}, {}, b""))
    assert "X-Scope-Simulator-Now" not in dict(plain.headers)
