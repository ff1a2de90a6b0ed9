"""A simulator that is opened on a file goes on where another ended; what the file cannot agree with is said."""

from __future__ import annotations

import gc
import json

import pytest

from simulator.clock import iso_millis, parse_moment, parse_speed
from simulator.seeds import Seed
from simulator.settings import Settings
from simulator.wire import Attempt, Outcome, Request
from tests.store.remembering import TARGET, Process, state_of

OTHER = "http://127.0.0.1:9/other"


@pytest.fixture
def process(tmp_path):
    one = Process(tmp_path / "scope.db")
    yield one
    one.kill()


def ok(_attempt: Attempt) -> Outcome:
    return Outcome(200)


def sign_in(one: Process) -> str:
    platform = one.platform
    account = {"username": platform.username, "password": platform.password}
    body = json.dumps({"user": account}).encode()
    headers = {"content-type": "application/json"}
    answer = platform.answer(Request("POST", "/api/v2/users/sign_in.json", headers=headers, body=body))
    return str(json.loads(answer.body)["auth_token"])


def live(one: Process) -> str:
    """Have everything happen that a file is to remember; return the id of a session."""
    one.stage.add_target(TARGET)
    platform = one.platform
    platform.set_faults(
        Settings().replace(faults="delivery.drop=true,times=1\ndelivery.delay=1h,event=paused").faults
    )
    session = platform.apply("create", "ScenarioSession", {"externalData": {"order": "Ä-1"}})
    platform.apply("view", session, {"steps": 3})
    platform.apply("record", session, {"type": "PHOTO"})
    platform.apply("pause", session)
    user = {"firstName": "Ana", "lastName": "Silva", "username": "ana", "email": "ana@example.com"}
    platform.apply("delete", platform.apply("create", "User", user))
    topic = {"topic": "scenario_session/updated", "callbackUrl": OTHER, "sharedSecret": "s"}
    platform.apply("create", "WebhookSubscription", topic)
    platform.apply("resume", session)
    sign_in(one)
    statuses = iter([200, 500, 200, 503, 200, 410])
    one.deliver(lambda _: Outcome(next(statuses, 500), None, {"x": "y"}, b"\xff\0", 0.25), most=6)
    for attempt in platform.due():
        platform.report(attempt, Outcome(None, "connection refused"))
    return session.id


def test_all_that_happened_is_there_after_a_restart(process):
    live(process)
    before = state_of(process.platform)

    process.restart()

    assert state_of(process.platform) == before
    assert before["tally"].pending > 0


def test_nothing_that_was_committed_is_lost_with_the_process(process):
    live(process)
    process.stage.commit()
    before = state_of(process.platform)
    process.platform.apply("create", "ScenarioSession")

    process.crash()

    assert state_of(process.platform) == before


def test_api_answers_the_same_on_another_port(process):
    session = live(process)
    token = sign_in(process)
    query = (
        "{ scenarioSessions(first: 100) { totalCount nodes { id state externalData percentOfStepsViewed "
        "events { nodes { type attachments { nodes { id fileUrl } } } } steps { nodes { viewedAt } } } } "
        f'node(id: "{session}") {{ ... on ScenarioSession {{ duration createdBy {{ name }} }} }} '
        "users { nodes { id name } } webhookSubscriptions { nodes { id callbackUrl topic { key } } } }"
    )
    request = Request(
        "POST",
        "/api/v3/graphql",
        headers={"content-type": "application/json", "authorization": f"Bearer {token}"},
        body=json.dumps({"query": query}).encode(),
    )
    before = process.platform.answer(request)

    process.restart()
    process.stage.found_at("http://127.0.0.1:1")
    after = process.platform.answer(request)

    assert b'"errors"' not in before.body
    assert after.body == before.body.replace(b"http://127.0.0.1:7267", b"http://127.0.0.1:1")
    assert (b"http://127.0.0.1:7267" in before.body, after.status) == (True, 200)


def test_what_follows_is_what_would_have_followed(tmp_path):
    """Numbers, ids, tokens and bodies go on as if nobody had stopped it."""

    def play(one: Process, restart: bool) -> dict[str, object]:
        live(one)
        if restart:
            one.restart()
        posts = []
        one.platform.apply("create", "ScenarioSession", {"externalData": {"order": "B"}})
        one.stage.add_target(OTHER)
        token = sign_in(one)
        one.deliver(lambda attempt: posts.append(attempt) or Outcome(200))
        found = state_of(one.platform)
        journal = [entry.fact for entry in found.pop("journal")]
        ended = {number: (one.attempts, one.fate) for number, one in found.pop("ended").items()}
        one.stop()
        return {"posts": posts, "token": token, "journal": journal, "ended": ended, **found}

    wanted = play(Process(tmp_path / "one.db"), False)
    found = play(Process(tmp_path / "two.db"), True)

    assert found == wanted


def test_attempt_in_flight_is_made_again_and_called_uncertain(process):
    process.stage.add_target(TARGET)
    process.platform.apply("create", "ScenarioSession")
    (attempt,) = process.platform.due()
    process.stage.commit()

    process.crash()

    (again,) = process.platform.due()
    outcomes = [entry.fact for entry in process.platform.journal.select(kinds=["outcome"])]
    assert (again.delivery, again.number, again.body) == (attempt.delivery, 2, attempt.body)
    assert [(fact.attempt, fact.outcome.error, fact.verdict) for fact in outcomes] == [
        (
            attempt,
            "uncertain: the simulator ended while this was in flight, so that it may have arrived",
            "retry",
        )
    ]
    notes = [entry.fact.text for entry in process.platform.journal.select(kinds=["note"])]
    assert notes[-1] == (
        f"goes on from {process.path}: 1 deliveries are due, 1 of them made again since nobody saw how they ended"
    )


def test_attempt_that_the_journal_has_forgotten_is_made_again(tmp_path):
    process = Process(tmp_path / "scope.db", journal_bound=10)
    process.stage.add_target(TARGET)
    process.platform.apply("create", "ScenarioSession")
    process.platform.due()
    for _ in range(2000):
        process.stage.note("time passes")
        process.stage.commit()

    process.crash()

    (again,) = process.platform.due()
    assert (again.delivery, again.number) == (1, 2)
    process.deliver(ok)
    assert process.platform.tally().delivered == 0
    process.platform.report(again, Outcome(200))
    assert process.platform.tally().delivered == 1
    process.stop()


def test_seed_of_the_file_counts_where_none_is_given(process):
    process.stop()
    first = Process(process.path.parent / "seven.db", seed=7)
    first.stop()

    first.settings = {}
    first.again()

    assert (first.platform.seed, first.stage.start_settings.seed) == (Seed(7), 7)
    first.stop()
    process.again()


def test_other_settings_are_those_of_now(process):
    process.platform.apply("create", "ScenarioSession")

    process.restart(ordering="strict", journal_bound=1)

    assert process.platform.settings.ordering == "strict"
    assert len(process.platform.journal.select()) == 1


def test_reset_clears_the_file_and_its_settings_stay(process):
    live(process)

    process.stage.reset(seed=9, ordering="strict", people=["Ana Silva"])
    before = state_of(process.platform)
    process.restart()

    assert state_of(process.platform) == before
    assert (process.platform.settings.seed, process.platform.settings.ordering) == (9, "strict")
    assert process.stage.start_settings.seed == 1
    assert [target.url for target in process.platform.targets] == [TARGET]
    process.stage.reset()
    assert process.platform.settings.seed == 1
    assert [target.url for target in process.platform.targets] == [TARGET]


def test_reset_that_is_not_committed_has_not_happened(process):
    live(process)
    process.stage.commit()
    before = state_of(process.platform)
    process.stage.reset()

    process.crash()

    assert state_of(process.platform) == before


def test_platform_that_was_never_put_in_place_leaves_nothing(process):
    process.stage._platform(Settings().replace(seed=3), "", [OTHER])

    process.restart()

    assert (process.platform.seed, process.platform.targets) == (Seed(1), [])


@pytest.mark.parametrize("looking", [True, False])
def test_garbage_is_looked_for_as_before(process, looking):
    before = gc.isenabled()
    (gc.enable if looking else gc.disable)()
    try:
        process.restart()
        after = gc.isenabled()
    finally:
        (gc.enable if before else gc.disable)()

    assert after is looking


def test_target_that_is_given_anew_is_told_and_one_that_is_known_stays_the_same(process):
    process.stage.add_target(TARGET)

    process.restart(targets=[TARGET, OTHER])

    assert [(target.id, target.url) for target in process.platform.targets] == [("1", TARGET), ("2", OTHER)]
    assert process.stage.operators == (TARGET, OTHER)


def test_target_that_was_removed_stays_so_and_its_id_is_not_used_again(process):
    process.stage.add_target(TARGET)
    process.stage.remove_target("1")

    process.restart()
    process.stage.add_target(OTHER)

    assert [(target.id, target.url) for target in process.platform.targets] == [("2", OTHER)]


@pytest.mark.parametrize("generation", ["2", "both"])
def test_target_with_subscriptions_is_not_subscribed_again(tmp_path, generation):
    process = Process(tmp_path / "scope.db", generation=generation, secret="s", targets=[TARGET])
    before = state_of(process.platform)

    process.restart()

    assert state_of(process.platform) == before
    assert process.platform.resources("WebhookSubscription")
    process.stop()


def test_disabled_target_gets_its_backlog_when_it_is_enabled(process):
    process.stage.add_target(TARGET)
    process.platform.disable_target("1")
    process.platform.apply("create", "ScenarioSession")
    process.restart()
    told = []
    held = process.platform.due()

    process.platform.enable_target("1")
    process.deliver(lambda attempt: told.append(attempt.delivery) or Outcome(200))

    assert (held, told) == ([], [1])


def test_faults_go_on_and_others_that_are_given_take_their_place(tmp_path):
    process = Process(tmp_path / "scope.db", faults="delivery.drop=true,times=3", targets=[TARGET])
    process.platform.apply("create", "ScenarioSession")
    process.restart()
    same = [(one.number, one.struck, one.over) for one in process.platform.faults.given]

    process.restart(faults="api.status=503")

    assert same == [(1, 1, False)]
    assert [(one.number, one.fault.name) for one in process.platform.faults.given] == [(2, "status")]
    process.stop()


def test_rate_of_a_fault_is_remembered(process):
    process.platform.set_faults(Settings().replace(faults="api.rate_limit=10/s").faults)
    before = state_of(process.platform)

    process.restart()

    assert state_of(process.platform)["faults"] == before["faults"]


def test_excuse_of_what_a_fault_had_given_up_is_remembered_until_it_arrives(process):
    process.stage.add_target(TARGET)
    process.platform.set_faults(Settings().replace(faults="delivery.answer_lost=true,times=3").faults)
    process.platform.apply("create", "ScenarioSession")
    process.deliver(ok)
    process.restart()
    excused = process.platform.dispatch.excused

    assert process.platform.dispatch.resend([1], process.platform.now, ended=lambda _: False) == {}
    process.deliver(ok)
    process.restart()

    assert (excused, process.platform.tally().given_up) == (1, 0)
    assert process.platform.dispatch.excused == 0


def test_delivery_that_had_ended_can_be_sent_again(process):
    process.stage.add_target(TARGET)
    process.platform.apply("create", "ScenarioSession")
    process.deliver(ok)
    process.restart()
    told = []

    refused = process.platform.dispatch.resend([1], process.platform.now, ended=lambda _: False)
    process.restart()
    process.deliver(lambda attempt: told.append((attempt.delivery, attempt.number)) or Outcome(200))

    assert (refused, told) == ({}, [(1, 2)])


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({"speed": "real"}, "now"),
        ({"speed": "60"}, "ahead"),
        ({"speed": "real", "start": "2021-03-01T08:00:00Z"}, "own"),
    ],
    ids=["real", "ran ahead", "a time of its own"],
)
def test_time_never_goes_back(tmp_path, settings, wanted):
    from simulator.clock import WallClock, system_moment

    process = Process(tmp_path / "scope.db", **settings)
    if wanted == "ahead":
        ahead = system_moment() + 86_400_000
        process.platform.clock = WallClock(ahead, process.platform.clock.speed)
    process.stage.note("now")
    process.stage.commit()
    before = process.platform.now

    process.crash()

    after = process.platform.now
    assert after >= before
    assert after - before < 60_000
    if wanted == "own":
        assert iso_millis(after).startswith("2021-03-01T08:0")
    process.stop()


def test_virtual_clock_stands_where_it_stood(process):
    process.platform.advance(parse_moment("2021-03-02T08:00:00Z"))

    process.restart()

    assert iso_millis(process.platform.now) == "2021-03-02T08:00:00.000Z"


def test_speed_that_was_changed_while_it_ran_is_kept_until_another_is_given(tmp_path):
    process = Process(tmp_path / "scope.db")
    process.stage.set_speed(parse_speed("manual"))

    process.restart()
    kept = process.platform.clock.speed.name
    process.restart()
    again = process.platform.clock.speed.name
    process.restart(speed="60")

    assert (kept, again, process.platform.clock.speed.name) == ("manual", "manual", "60")
    process.restart()
    assert process.platform.clock.speed.name == "max"
    process.stop()
