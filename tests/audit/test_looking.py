"""Whether what is told is what the API answers: bugs are planted and seen, and what was asked for is excused."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace

import pytest

from simulator import engine
from simulator.audit import looking
from simulator.audit.findings import Audited, Finding
from simulator.audit.looking import Audit
from simulator.engine import Platform, Resource
from simulator.graphql import stored as stored_queries
from simulator.journal import StepPlayed
from simulator.settings import Settings
from simulator.webhooks import dispatch, outbox
from simulator.webhooks.payloads import Payload, Replacement
from simulator.wire import Outcome
from tests.driving import answers, post_due

HOOK = "http://127.0.0.1:9/hook"
BASE = "http://scope.example"
STORED = (
    "query ($nodeId: ID!) { node(id: $nodeId) { ... on ScenarioSession { state parts { nodes { id } } } } }"
)


class Elsewhere(Platform):
    """A platform with a bug: once ``stuck``, whoever asks sees the world of then."""

    stuck = None

    def view(self, viewer: int = 1):
        return self.view_of(self.stuck or self.world, self.now, viewer)


def platform_with(make: type[Platform] = Platform, **settings: object) -> Platform:
    return make(Settings().replace(**settings), targets=[HOOK], base_url=BASE)


def drained(platform: Platform, status: int = 200) -> None:
    """Post all that is due or comes due."""
    while post_due(platform, answers(status)) or platform.next_due() is not None:
        due = platform.next_due()
        if due is not None and not platform.busy:
            for attempt in platform.advance(due):
                platform.report(attempt, Outcome(status))


def story(platform: Platform, *, at_once: bool = False) -> tuple[Audited, Resource]:
    """Create a session, pause, resume and finish it, posts in between or all at the end."""
    audit = Audit(platform)
    session = platform.apply("create", "ScenarioSession", {"sessionType": "PERSISTENT"})
    for verb in ("pause", "resume", "finish"):
        platform.apply(verb, session)
        if not at_once:
            drained(platform)
    drained(platform)
    return audit.end(), session


@pytest.mark.parametrize(
    ("settings", "compared"),
    [
        pytest.param({}, 15, id="the first generation"),
        pytest.param({"generation": "2", "secret": "s"}, 15, id="the second"),
        pytest.param({"generation": "both"}, 29, id="both"),
        pytest.param({"enum_names": "PAUSED=on_hold"}, 15, id="enums spelt otherwise"),
        pytest.param({"event_names": "created", "extra_events": False}, 9, id="fewer words"),
        pytest.param(
            {"faults": ["api.status=503", "api.expired_token", "api.hang_up", "api.latency=1s"]},
            15,
            id="an API that fails, which changes nothing that is seen",
        ),
        pytest.param({"faults": ["delivery.duplicate=1", "delivery.delay=5m"]}, 22, id="late and twice"),
        pytest.param({"faults": ["delivery.drop"]}, 0, id="nothing told"),
    ],
)
@pytest.mark.parametrize("at_once", [False, True], ids=["one by one", "all at once"])
def test_platform_that_is_right_is_found_so(settings, compared, at_once):
    audited, _ = story(platform_with(**settings), at_once=at_once)

    assert audited == Audited(compared)
    assert audited.ok


def test_nobody_is_counted_and_no_fault_is_used_up():
    platform = platform_with(faults=["api.lag=5s,times=1", "api.status=503,times=1"])
    story(platform)

    assert platform.tally().requests == 0
    assert [(one.matched, one.struck) for one in platform.faults.given] == [(0, 0), (0, 0)]


def test_payload_that_lies_is_found_with_its_step_and_a_line_to_ask_again(monkeypatch):
    right = engine.webhooks_of

    def lying(change, view, settings):
        for url, payload in right(change, view, settings):
            yield url, replace(payload, word="finished") if payload.word == "paused" else payload

    monkeypatch.setattr(engine, "webhooks_of", lying)
    platform = platform_with()
    audit = Audit(platform)
    session = platform.apply("create", "ScenarioSession", {"sessionType": "PERSISTENT"})
    platform.journal.append(platform.now, StepPlayed("mine.yaml:8", "pause: session"))
    platform.apply("pause", session)
    drained(platform)

    audited = audit.end()

    (finding,) = audited.findings
    assert replace(finding, curl="") == Finding(
        "mine.yaml:8",
        2,
        platform.now,
        "when it was told",
        "ScenarioSession finished",
        "the state FINISHED (finished)",
        "the state PAUSED",
        "",
    )
    assert not audited.ok
    assert finding.line == (
        "mine.yaml:8: webhook 2 about ScenarioSession finished tells the state FINISHED (finished), "
        "the API answers the state PAUSED (when it was told, 2021-03-01T08:00:00.000Z)"
    )
    assert finding.curl.startswith(f"curl -H 'authorization: Bearer {platform.token}' ")
    assert finding.curl.endswith(f" {BASE}/api/v3/graphql")
    assert session.id in finding.curl


def test_resolver_that_answers_from_elsewhere_is_found():
    platform = platform_with(Elsewhere)
    audit = Audit(platform)
    session = platform.apply("create", "ScenarioSession", {"sessionType": "PERSISTENT"})
    drained(platform)
    before = platform.world
    platform.apply("pause", session)
    platform.stuck = before
    drained(platform)

    audited = audit.end()

    # An update names no state; that of the last change holds for it.
    assert [(one.delivery, one.when, one.told, one.api) for one in audited.findings] == [
        (2, "attempt 1", "the state PAUSED (paused)", "the state IN_PROGRESS"),
        (3, "attempt 1", "the state PAUSED (its last change)", "the state IN_PROGRESS"),
    ]


def test_end_is_compared_too():
    platform = platform_with(Elsewhere)
    audit = Audit(platform)
    session = platform.apply("create", "ScenarioSession", {"sessionType": "PERSISTENT"})
    before = platform.world
    platform.apply("finish", session)
    drained(platform)
    platform.stuck = before
    assert audit.result.ok

    (finding,) = audit.end().findings

    assert (finding.delivery, finding.when) == (3, "at the end")
    assert (finding.told, finding.api) == ("the state FINISHED (its last change)", "the state IN_PROGRESS")


def stored(platform: Platform) -> Audited:
    """Have a session be paused and told by a stored query, and return what an audit found."""
    subscription = {
        "topic": "scenario_session/paused",
        "callbackUrl": "http://127.0.0.1:9/other",
        "query": STORED,
    }
    platform.apply("create", "WebhookSubscription", subscription)
    audit = Audit(platform)
    session = platform.apply("create", "ScenarioSession", {"sessionType": "PERSISTENT"})
    platform.apply("pause", session)
    drained(platform)
    return audit.end()


@pytest.mark.parametrize(
    ("node", "told", "api"),
    [
        ({"state": "FINISHED", "parts": {"nodes": []}}, "data.node.state FINISHED", "data.node.state PAUSED"),
        (
            {"state": "PAUSED", "parts": {"nodes": [{"id": "A"}]}},
            "data.node.parts.nodes[0].id A",
            "data.node.parts.nodes[0].id ",
        ),
        ({"state": "PAUSED", "parts": {"nodes": []}}, "data.node.parts.nodes []", "data.node.parts.nodes ["),
        ({"state": "PAUSED"}, "data.node.parts nothing", 'data.node.parts {"nodes":['),
        (None, "data.node null", 'data.node {"state":"PAUSED",'),
    ],
)
def test_stored_query_is_compared_with_what_the_same_query_is_answered(monkeypatch, node, told, api):
    assert stored(platform_with()) == Audited(9)

    monkeypatch.setattr(stored_queries, "run", lambda *_: {"data": {"node": node}})
    (finding,) = stored(platform_with()).findings

    assert (finding.when, finding.told) == ("attempt 1", told)
    assert finding.api.startswith(api)


def test_lag_and_early_excuse_what_they_ask_for():
    for line in ("api.lag=5s", "delivery.early=30s"):
        audited, session = story(platform_with(faults=[line]))

        assert audited.ok
        assert {one.excuses for one in audited.excused} == {(f"fault 1 ({line})",)}
        assert {(one.told, one.api) for one in audited.excused} == {
            (f"the object {session.id}", "that there is none")
        }
        assert audited.excused[0].line.endswith(f", as fault 1 ({line}) would have it")


def test_lag_excuses_nothing_that_would_be_wrong_without_it():
    platform = platform_with(Elsewhere)
    audit = Audit(platform)
    session = platform.apply("create", "ScenarioSession", {"sessionType": "PERSISTENT"})
    drained(platform)
    platform.clock.move(platform.now + 60_000)
    before = platform.world
    platform.apply("pause", session)
    platform.set_faults(Settings().replace(faults=["api.lag=5s"]).faults)
    platform.stuck = before
    drained(platform)

    assert [one.excuses for one in audit.end().findings] == [(), ()]


@pytest.mark.parametrize(
    ("damage", "settings", "told", "api"),
    [
        ("truncate", {}, "what is no JSON", "JSON alone"),
        ("unknown_type", {}, "the type WorkPackage", "the type ScenarioSession"),
        ("unknown_type", {"generation": "2"}, "the type work_package", "the type ScenarioSession"),
    ],
)
def test_damage_excuses_what_it_does(damage, settings, told, api):
    audited, _ = story(platform_with(faults=[f"delivery.damage={damage},times=1"], **settings))

    assert audited.ok
    assert [(one.told, one.api, one.excuses) for one in audited.excused] == [
        (told, api, (f"fault 1 (delivery.damage={damage})",))
    ]


def test_nulls_are_excused_wherever_they_stand():
    audited, session = story(platform_with(faults=["delivery.damage=null_field"]))

    assert audited.ok
    assert {one.told for one in audited.excused} == {"the address null", "the type null", "the id null"}
    assert {one.api for one in audited.excused} == {
        f"at {BASE}/api/v3/graphql/object/{session.id}",
        "the type ScenarioSession",
        f"that {session.id} has changed",
    }


def test_body_that_names_another_object_is_found(monkeypatch):
    right = dispatch.Writer.__call__

    def writing(self, delivery, view, damage=None):
        other = view.id_of(view.find_user("integrator").ref)
        body = right(self, delivery, view, damage).body.replace(delivery.payload.id.encode(), other.encode())
        return replace(right(self, delivery, view, damage), body=body)

    monkeypatch.setattr(dispatch.Writer, "__call__", writing)
    platform = platform_with()
    audit = Audit(platform)
    session = platform.apply("create", "ScenarioSession")
    drained(platform)
    user = platform.user("integrator").id

    assert [(one.told, one.api) for one in audit.end().findings] == [
        (f"the id {user}", f"that {session.id} has changed")
    ]


def test_address_that_leads_elsewhere_is_found(monkeypatch):
    right = dispatch.Writer.__call__

    def writing(self, delivery, view, damage=None):
        written = right(self, delivery, view, damage)
        return replace(written, body=written.body.replace(BASE.encode(), b"http://elsewhere.example"))

    monkeypatch.setattr(dispatch.Writer, "__call__", writing)
    platform = platform_with()
    audit = Audit(platform)
    session = platform.apply("create", "ScenarioSession")
    drained(platform)

    (finding,) = audit.end().findings

    path = f"/api/v3/graphql/object/{session.id}"
    assert (finding.told, finding.api) == (f"the address http://elsewhere.example{path}", f"at {BASE}{path}")
    assert finding.curl.endswith(f" {BASE}{path}")
    assert "--data-raw" not in finding.curl


def test_what_was_deleted_is_expected_to_be_gone():
    platform = platform_with(Elsewhere)
    audit = Audit(platform)
    session = platform.apply("create", "ScenarioSession")
    before = platform.world
    platform.apply("delete", session)
    drained(platform)
    assert audit.end().ok
    platform.stuck = before

    assert [(one.told, one.api) for one in audit.end().findings] == [
        (f"{session.id}, which was deleted", "as if it were there")
    ]


def test_what_somebody_makes_up_is_only_counted():
    platform = platform_with()
    audit = Audit(platform)
    session = platform.apply("create", "Call")
    drained(platform)
    platform.emit(type="machine", event="finished", data={"resource-id": session.id})
    platform.emit(type="iot", event="connected", data={})
    changed = Payload("finished", "Call", session.id, replacements=(Replacement(("event",), "paused"),))
    platform.post(changed, to=platform.targets[0])
    drained(platform)

    assert audit.end() == Audited(3, invented=3)


def test_topic_of_another_type_claims_no_state():
    platform = platform_with(generation="2", topics="scenario/updated@1.1,scenario/created@1.1")
    audit = Audit(platform)
    platform.apply("update", platform.resources("Scenario", limit=1)[0], {"name": "Another"})
    drained(platform)

    assert audit.end() == Audited(3)


def test_platform_that_goes_on_from_another_is_audited_by_its_words():
    platform = platform_with()
    session = platform.apply("create", "ScenarioSession", {"sessionType": "PERSISTENT"})
    platform.apply("pause", session)
    audit = Audit(platform)
    drained(platform)

    assert audit.end() == Audited(3)


def test_api_that_fails_is_what_it_answers():
    platform = platform_with()
    audit = Audit(platform)
    platform.apply("create", "Call")
    audit._onlooker._auth.token, audit._onlooker._auth._held = "none", {}
    drained(platform)

    audited = audit.end()

    assert {one.told for one in audited.findings} == {"an object that can be asked for"}
    assert {one.api for one in audited.findings} == {
        'with status 401: {"error":"The token is not known here: sign in for a new one."}'
    }


def test_many_are_bounded(monkeypatch):
    monkeypatch.setattr(looking, "MOST_AT_THE_END", 2)
    monkeypatch.setattr(looking, "MOST_FINDINGS", 2)
    right = engine.webhooks_of
    monkeypatch.setattr(
        engine,
        "webhooks_of",
        lambda *args: ((url, replace(one, word="finished")) for url, one in right(*args)),
    )
    platform = platform_with()
    audit = Audit(platform)
    for _ in range(4):
        platform.apply("create", "Call")

    audited = audit.end()

    assert (audited.compared, len(audited.findings), audited.more) == (4 + 2, 2, 2)

    audit.close()
    platform.apply("create", "Call")
    assert audit.result.compared == 6


def test_line_to_ask_again_can_be_typed():
    platform = platform_with()
    audit = Audit(platform)
    question = audit._curl(audit._question("A'B", "Call"))

    done = subprocess.run(
        ["bash", "-c", f"printf '%s\\n' {question}"], capture_output=True, text=True, check=True
    )

    assert json.loads(done.stdout.splitlines()[-2])["variables"] == {"id": "A'B"}


def test_outbox_tells_what_is_in_flight():
    platform = platform_with()
    platform.apply("create", "Call")
    (attempt,) = platform.due()

    assert isinstance(platform.dispatch.in_flight(attempt.delivery), outbox.Delivery)
    assert platform.dispatch.in_flight(7) is None


def test_object_that_says_it_is_another_is_found(monkeypatch):
    platform = platform_with()
    audit = Audit(platform)
    session = platform.apply("create", "Call")
    monkeypatch.setattr(
        looking, "node_in", lambda _: {"id": "B", "__typename": "Call", "state": "IN_PROGRESS"}
    )

    (finding,) = audit.end().findings

    assert (finding.told, finding.api) == (f"the id {session.id}", "the id B")


def test_many_that_were_asked_for_are_bounded_too(monkeypatch):
    monkeypatch.setattr(looking, "MOST_FINDINGS", 2)
    audited, _ = story(platform_with(faults=["api.lag=5s"]))

    assert (audited.ok, len(audited.excused), audited.more) == (True, 2, 0)
