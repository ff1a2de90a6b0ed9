"""Lines for people: as things happen, at the end, and when a test has failed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from simulator.clock import Moment
from simulator.engine import Platform, Tally
from simulator.journal import (
    OBSERVER,
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
from simulator.report.deliveries import undelivered
from simulator.report.text import (
    MOST_LISTED,
    MOST_UNDELIVERED,
    answer_line,
    entry_line,
    is_trouble,
    live_line,
    printable,
    story,
    tally_line,
    turned_away_line,
    undelivered_lines,
)
from simulator.settings import Settings
from simulator.wire import Answer, Attempt, Outcome, Request
from tests.driving import QUERY, answers, ask, post_due
from tests.expect.story import HOOKS, NOW, Story, request

CURL = "curl -H 'Content-Type: application/json' --data-raw"


def line(fact: Fact) -> str | None:
    return live_line(Entry(1, NOW, fact))


def seen(word: str, about: str | None, status: int | None) -> OutcomeSeen:
    pen = Story()
    pen.post(word, about, status, kind="ScenarioSession" if about else "iot")
    fact = list(pen.journal.since(0))[-1].fact
    assert isinstance(fact, OutcomeSeen)
    return fact


def answered(body: bytes, status: int = 200) -> RequestAnswered:
    return RequestAnswered(
        Request("POST", "/api/v3/graphql"), Answer(status, body), "graphql", None, (), observer=False
    )


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        pytest.param(
            StepPlayed("a.yaml:3", "wait: 12m"), "2021-03-01T08:00:00Z  step     wait: 12m", id="step"
        ),
        pytest.param(
            StepPlayed("a.yaml:3", "wait: 12m", "2.1"),
            "2021-03-01T08:00:00Z  step     [2.1] wait: 12m",
            id="step of a track",
        ),
        pytest.param(
            seen("paused", "session-with-a-long-id", 200),
            f"2021-03-01T08:00:00Z  webhook  paused ScenarioSession session-with... to {HOOKS}: answered 200 (10 ms)",
            id="webhook answered",
        ),
        pytest.param(
            replace(seen("paused", "A", 500), verdict="retry", again=Moment(NOW + 5000)),
            f"2021-03-01T08:00:00Z  webhook  paused ScenarioSession A to {HOOKS}: answered 500 (10 ms), "
            "again at 2021-03-01T08:00:05Z",
            id="webhook to be tried again",
        ),
        pytest.param(
            seen("connected", None, None),
            f"2021-03-01T08:00:00Z  webhook  connected iot to {HOOKS}: no answer, connection refused (10 ms)",
            id="webhook about no resource, not answered",
        ),
        pytest.param(
            request("A", "B", fields="state id", operation="Q"),
            "2021-03-01T08:00:00Z  asked    POST /api/v3/graphql Q about A (id, state) about B (id, state): 200",
            id="query",
        ),
        pytest.param(
            request("A", fields="state id", route="object", path="/api/v3/graphql/object/A", observer=True),
            "2021-03-01T08:00:00Z  asked    POST /api/v3/graphql/object/A about A by an observer: 200",
            id="object endpoint, by a test",
        ),
        pytest.param(
            request(route="unknown", status=404, path="/api/v3/grahql"),
            "2021-03-01T08:00:00Z  asked    POST /api/v3/grahql: 404",
            id="lost",
        ),
        pytest.param(
            answered(b'{"data":null,"errors":[{"message":"no field"},{"message":"other"}]}'),
            "2021-03-01T08:00:00Z  asked    POST /api/v3/graphql: 200, with errors: no field",
            id="errors under status 200",
        ),
        pytest.param(
            answered(b'{"data":{"node":{"externalData":{"errors":1}}}}'),
            "2021-03-01T08:00:00Z  asked    POST /api/v3/graphql: 200",
            id="errors as somebody's own data",
        ),
        pytest.param(
            request(status=503, faults=("fault 1 (api.status=503)", "fault 2 (api.latency=2s)")),
            "2021-03-01T08:00:00Z  asked    POST /api/v3/graphql: 503, fault 1 (api.status=503), fault 2 (api.latency=2s)",
            id="struck by faults",
        ),
        pytest.param(
            OutcomeSeen(
                DeliveryPlanned(1, HOOKS, "paused", "Call", "A", faults=("fault 1 (delivery.delay=3s)",)),
                Attempt(1, 1, HOOKS, (), b"", 0.0),
                Outcome(400, took=0.01),
                "retry",
                faults=("fault 2 (delivery.damage=big)",),
            ),
            f"2021-03-01T08:00:00Z  webhook  paused Call A to {HOOKS}: answered 400 (10 ms), fault 1 (delivery.delay=3s), "
            "fault 2 (delivery.damage=big)",
            id="webhook that faults struck",
        ),
        pytest.param(
            DeliveryPlanned(
                1, HOOKS, "paused", "Call", "A", faults=("fault 1 (delivery.drop)",), dropped=True
            ),
            f"2021-03-01T08:00:00Z  webhook  paused Call A to {HOOKS}: dropped, fault 1 (delivery.drop)",
            id="webhook dropped by a fault",
        ),
        pytest.param(
            FaultNoted(1, "api.hang_up", "set"),
            "2021-03-01T08:00:00Z  fault    fault 1 (api.hang_up) is set",
            id="fault",
        ),
        pytest.param(
            StepPlayed("a.yaml:3", "emit: \x1b[2J\nx"),
            r"2021-03-01T08:00:00Z  step     emit: \x1b[2J\nx",
            id="control characters",
        ),
        pytest.param(ChangeMade("create", "Call", "A", ("create",), None), None, id="change"),
        pytest.param(Noted("target 1 added"), None, id="note"),
    ],
)
def test_entry_is_told_in_one_line_or_not_at_all(fact, expected):
    assert line(fact) == expected


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        pytest.param(
            ChangeMade(
                "pause", "ScenarioSession", "session-with-a-long-id", ("paused", "update"), "Ana Silva"
            ),
            "change    pause ScenarioSession session-with-a-long-id by Ana Silva, told as paused, update",
            id="change",
        ),
        pytest.param(
            ChangeMade("delete", "User", "A", (), None),
            "change    delete User A, not told",
            id="change not told",
        ),
        pytest.param(
            FaultNoted(1, "api.hang_up,times=2", "ended", 3, 2),
            "fault     fault 1 (api.hang_up,times=2) ended; it struck 2 of 3 that matched",
            id="fault that struck",
        ),
        pytest.param(
            FaultNoted(1, "api.hang_up", "ended"),
            "fault     fault 1 (api.hang_up) ended; it never matched anything",
            id="fault that matched nothing",
        ),
        pytest.param(
            FaultNoted(1, "api.hang_up", "idle"),
            "fault     fault 1 (api.hang_up) never matched anything",
            id="idle fault",
        ),
        pytest.param(
            DeliveryPlanned(3, HOOKS, "paused", "ScenarioSession", "session-with-a-long-id"),
            f"delivery  paused ScenarioSession session-with... to {HOOKS}",
            id="delivery",
        ),
        pytest.param(
            AttemptMade(DeliveryPlanned(3, HOOKS, "on", "iot", None), Attempt(3, 1, HOOKS, (), b"{}", 1.0)),
            f"attempt   on iot to {HOOKS}: attempt 1, 2 bytes",
            id="attempt",
        ),
        pytest.param(
            seen("connected", None, None),
            f"outcome   connected iot to {HOOKS}: no answer, connection refused (10 ms), given up",
            id="outcome",
        ),
        pytest.param(
            request("A", fields="state", operation="Q"),
            "request   POST /api/v3/graphql Q about A (state): 200",
            id="request",
        ),
        pytest.param(StepPlayed("a.yaml:3", "wait: 12m"), "step      a.yaml:3  wait: 12m", id="step"),
        pytest.param(
            Undone(StepPlayed("a.yaml:3", "wait: 12m")),
            "undone    step: a.yaml:3  wait: 12m",
            id="undone",
        ),
        pytest.param(Noted("target 1 added: \x1b[2J"), r"note      target 1 added: \x1b[2J", id="note"),
    ],
)
def test_every_entry_has_a_line_in_the_journal(fact, expected):
    assert entry_line(Entry(120, NOW, fact)) == f"  120  2021-03-01T08:00:00.000Z  {expected}"


def test_what_prints_is_left_as_it_is():
    assert printable("Größe 5 °C, 'x'") == "Größe 5 °C, 'x'"
    assert printable("\u202eabc\ud800\x7f") == r"\u202eabc\ud800\x7f"


def test_answer_line_tells_status_or_reason_and_the_time_it_took():
    assert answer_line(Outcome(204, took=0.0014)) == "answered 204 (1 ms)"
    assert (
        answer_line(Outcome(None, "timed out after 10 s", took=10.0))
        == "no answer, timed out after 10 s (10000 ms)"
    )


@pytest.mark.parametrize(
    ("tally", "expected"),
    [
        pytest.param(
            Tally(0, 0, 0, 0, 0, 0, 0),
            "webhooks: 0 delivered, 0 given up; no requests answered",
            id="nothing happened",
        ),
        pytest.param(
            Tally(9, 6, 4, 2, 1, 2, 1),
            "webhooks: 4 delivered, 2 given up, 1 dropped, 2 not delivered yet; 1 request answered",
            id="everything happened",
        ),
    ],
)
def test_tally_line(tally, expected):
    assert tally_line(tally) == expected


def test_what_was_not_delivered_is_told_with_the_reason_and_a_line_to_repeat_it():
    pen = Story()
    pen.post("create", "A")
    pen.post("paused", "A", 500)
    pen.begin("resumed", "A")
    body = '{{"event":"{}","data":{{"resource-id":"A"}}}}'

    assert undelivered_lines(undelivered(pen.journal)) == [
        f"2021-03-01T08:00:00Z  paused ScenarioSession A to {HOOKS}: answered 500 (10 ms)",
        f"  again: {CURL} '{body.format('paused')}' {HOOKS}",
        f"2021-03-01T08:00:00Z  resumed ScenarioSession A to {HOOKS}: in flight",
    ]


def test_only_what_was_posted_can_be_repeated():
    pen = Story()
    pen.journal.append(NOW, DeliveryPlanned(9, HOOKS, "create", "Call", "A"))
    pen.post("paused", "A", 500)

    first, second, again = undelivered_lines(undelivered(pen.journal))

    assert (first, second) == (
        f"2021-03-01T08:00:00Z  create Call A to {HOOKS}: waiting",
        f"2021-03-01T08:00:00Z  paused ScenarioSession A to {HOOKS}: answered 500 (10 ms)",
    )
    assert again.startswith(f"  again: {CURL} ")


def test_attempts_are_counted_where_there_was_more_than_one():
    pen = Story()
    made = pen.begin("paused", "A")
    pen.end(made, 500, verdict="retry")
    retrying = undelivered_lines(undelivered(pen.journal))[0]
    again = pen.attempt(made.planned, 2)
    flying = undelivered_lines(undelivered(pen.journal))[0]
    pen.end(again, 500)
    ended = undelivered_lines(undelivered(pen.journal))[0]

    about = f"2021-03-01T08:00:00Z  paused ScenarioSession A to {HOOKS}: "
    assert (retrying, flying, ended) == (
        f"{about}answered 500 (10 ms), to be tried again",
        f"{about}in flight, attempt 2",
        f"{about}answered 500 (10 ms), attempt 2",
    )


def test_of_many_that_were_not_delivered_the_first_are_told_and_the_others_counted():
    pen = Story()
    for _ in range(MOST_UNDELIVERED + 3):
        pen.post("update", "A", 500)

    lines = undelivered_lines(undelivered(pen.journal))

    assert lines[-1] == "and 3 more"
    assert len(lines) == MOST_UNDELIVERED + 2


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (Answer(200, b'{"data":{}}'), False),
        (Answer(404, b""), True),
        (Answer(200, b'{"errors":[{"message":"no field"}]}'), True),
        (Answer(200, b'{"data":{"errors":1}}'), False),
    ],
)
def test_trouble_is_an_error_status_or_errors_behind_a_good_one(answer, trouble):
    assert is_trouble(answer) is trouble


def test_story_of_many_webhooks_tells_the_newest_one_by_one():
    platform = Platform(Settings().replace(ordering="none"), targets=["http://127.0.0.1:9/hook"])
    for _ in range(MOST_LISTED + 3):
        platform.emit(type="iot", event="connected", data={})
    post_due(platform, answers(500))

    lines = story(platform).splitlines()

    assert lines[2] == "  ... 3 webhooks before"
    assert sum("curl" in line for line in lines) >= 16


def test_story_tells_seed_webhooks_and_requests():
    platform = Platform(
        Settings().replace(seed=7), base_url="http://scope", targets=["http://127.0.0.1:9/hook"]
    )
    session = platform.apply("create", "ScenarioSession")
    post_due(platform, answers(200))
    platform.apply("pause", session)
    ask(platform, QUERY, id=session.id)

    lines = story(platform).splitlines()

    about = f"{session.id[:12]}..."
    assert lines[:2] == [
        "seed 7, max clock at 2021-03-01T08:00:00Z",
        "webhooks: 1 delivered, 0 given up, 2 not delivered yet; 1 request answered",
    ]
    assert lines[2] == (
        f"  2021-03-01T08:00:00Z  create ScenarioSession {about} to http://127.0.0.1:9/hook: answered 200 (10 ms)"
    )
    assert lines[3].startswith(
        "    curl -H 'Content-Type: application/json' -H 'User-Agent: Scope-Simulator' --data-raw"
    )
    assert lines[4:6] == [
        f"  2021-03-01T08:00:00Z  {word} ScenarioSession {about} to http://127.0.0.1:9/hook: waiting"
        for word in ("paused", "update")
    ]
    assert lines[6] == "what the receiver asked:"
    assert lines[7].startswith(f"  2021-03-01T08:00:00Z  POST /api/v3/graphql WorkOrder about {about} (")
    assert re.search(r": 200, \d+ ms after create$", lines[7])
    assert len(lines) == 8


def test_story_tells_apart_what_no_webhook_caused_and_leaves_out_a_tests_own_requests():
    platform = Platform(Settings(), base_url="http://scope")
    platform.answer(Request("GET", "/nowhere"))
    platform.answer(Request("GET", "/mine", headers={OBSERVER: "1"}))

    lines = story(platform).splitlines()

    assert lines[2:3] == ["asked without a webhook:"]
    assert lines[3].startswith("  2021-03-01T08:00:00Z  GET /nowhere: 404")
    assert len(lines) == 4


@pytest.mark.parametrize(
    ("requests", "script", "expected"),
    [
        pytest.param([request("A"), request(status=404)], False, None, id="none"),
        pytest.param(
            [request(status=401, body=b'{"error":"The token is not known here: sign in for a new one."}')]
            * 2,
            False,
            "2 requests got a 401: The token is not known here: sign in for a new one. "
            "Tokens and the password follow from the seed, and this world has seed 7.",
            id="a token of another world",
        ),
        pytest.param(
            [request(status=401, body=b'{"error": "Invalid username or password."}')],
            True,
            "1 request got a 401: Invalid username or password. "
            "Tokens and the password follow from the seed, and the script began a new world with seed 7.",
            id="a password of another world",
        ),
        pytest.param(
            [request(status=401, body=b'{"error":"The header Authorization is missing."}')],
            True,
            "1 request got a 401: The header Authorization is missing.",
            id="no token",
        ),
        pytest.param(
            [request(status=401, body=b"no")],
            True,
            "1 request got a 401: no reason was given.",
            id="no reason",
        ),
        pytest.param([request(status=401, observer=True)], True, None, id="a test's own"),
    ],
)
def test_requests_without_a_good_token_are_told_with_the_reason(requests, script, expected):
    journal = Journal()
    for one in requests:
        journal.append(NOW, one)

    assert turned_away_line(journal, 7, script=script) == expected


def test_story_tells_of_a_token_of_another_world():
    platform = Platform(Settings(), base_url="http://scope")
    platform.answer(Request("GET", "/api/v3/graphql", headers={"authorization": "Bearer old"}))

    assert story(platform).splitlines()[2] == (
        "1 request got a 401: The token is not known here: sign in for a new one. "
        "Tokens and the password follow from the seed, and this world has seed 1."
    )


def test_story_says_when_nobody_asked():
    lines = story(Platform(Settings())).splitlines()

    assert lines == [
        "seed 1, max clock at 2021-03-01T08:00:00Z",
        "webhooks: 0 delivered, 0 given up; no requests answered",
        "the receiver asked nothing",
    ]


def test_story_tells_of_the_faults():
    platform = Platform(Settings().replace(faults=["delivery.drop,event=paused"]))

    assert story(platform).splitlines()[2] == "fault 1 (delivery.drop,event=paused) is set"
