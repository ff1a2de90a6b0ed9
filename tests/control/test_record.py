"""The operations on what has happened."""

from __future__ import annotations

import json

import pytest

from simulator.control.operations import Ask
from simulator.control.record import journal
from simulator.errors import NotFoundError, UsageError
from simulator.journal import StepPlayed
from simulator.wire import Outcome, Request
from tests.control.asking import HOOK, ask, stage_with
from tests.driving import answers, asks, post_due


def story():
    """A stage with a session that was created (answered 200) and finished (answered 500)."""
    stage = stage_with()
    session = stage.platform.apply("create", "ScenarioSession", by="integrator")
    stage.platform.apply("finish", session)
    post_due(stage.platform, answers(200, 500))
    return stage, session.id


def test_journal_is_read_on_from_a_cursor():
    stage, session = story()
    stage.platform.answer(Request("GET", "/nowhere"))
    stage.platform.journal.append(stage.platform.now, StepPlayed("a.yaml:3", "wait: 1s"))

    _, everything = ask(stage, "GET journal", query={"limit": "1000"})
    kinds = [entry["kind"] for entry in everything["entries"]]
    _, first = ask(stage, "GET journal", query={"limit": "2"})
    _, rest = ask(stage, "GET journal", query={"after": str(first["next"])})
    _, end = ask(stage, "GET journal", query={"after": str(rest["next"])})

    assert set(kinds) == {"note", "change", "delivery", "attempt", "outcome", "request", "step"}
    assert first["entries"] + rest["entries"] == everything["entries"]
    assert end == {"entries": [], "next": len(kinds), "evicted": 0}
    assert everything["entries"][1] == {
        "number": 2,
        "at": "2021-03-01T08:00:00.000Z",
        "kind": "change",
        "about": [session],
        "verb": "create",
        "type": "ScenarioSession",
        "events": ["create"],
        "by": everything["entries"][1]["by"],
    }


def test_journal_is_filtered_by_kind_and_by_what_it_is_about():
    stage, session = story()
    stage.platform.apply("create", "Call")

    _, some = ask(stage, "GET journal", query={"kind": "change, outcome", "about": session})

    assert [entry["kind"] for entry in some["entries"]] == [
        "change",
        "change",
        "outcome",
        "outcome",
        "outcome",
    ]
    with pytest.raises(UsageError, match=r"there is no kind 'atempt'.*Did you mean attempt"):
        ask(stage, "GET journal", query={"kind": "atempt"})


def test_entry_that_is_there_is_not_waited_for():
    stage, session = story()

    everything = ask(stage, "GET journal", query={"within": "1h"})

    assert everything == ask(stage, "GET journal")
    assert ask(
        stage, "GET journal", query={"within": "1h", "kind": "outcome", "about": session, "limit": "1"}
    ) == ask(stage, "GET journal", query={"kind": "outcome", "limit": "1"})


def test_entry_is_waited_for_until_one_fits():
    stage, session = story()
    last = stage.platform.journal.last
    (attempt,) = (stage.platform.apply("update", session), stage.platform.due())[1]
    waiting = journal(
        stage, Ask(query={"after": last, "kind": "outcome,note", "about": session, "within": "1h"})
    )
    wait = next(waiting)

    before = wait.ready(0.0)
    stage.note("about nobody")
    other = wait.ready(0.0)
    stage.platform.report(attempt, Outcome(200))
    after = wait.ready(0.0)
    with pytest.raises(StopIteration) as end:
        waiting.send(True)

    assert (before, other, after) == (False, False, True)
    assert [entry["kind"] for entry in end.value.value.body["entries"]] == ["outcome"]


def test_entry_that_does_not_come_in_time_is_no_error():
    stage, _ = story()
    last = stage.platform.journal.last

    status, page = ask(stage, "GET journal", query={"after": str(last), "within": "10ms"})

    assert (status, page) == (200, {"entries": [], "next": last, "evicted": 0})


def test_number_from_before_a_reset_is_answered_at_once():
    stage, _ = story()

    wait = next(journal(stage, Ask(query={"after": 1_000_000, "within": "1h"})))

    assert wait.ready(0.0)


def test_whoever_waits_for_an_entry_does_not_make_the_clock_run():
    stage, _ = story()

    wait = next(journal(stage, Ask(query={"after": stage.platform.journal.last, "within": "1h"})))

    assert (wait.until, wait.timeout) == (stage.platform.now, 3600)


def test_wrong_time_to_wait_names_the_parameter():
    with pytest.raises(UsageError, match=r"^within: the duration cannot be read"):
        ask(stage_with(), "GET journal", query={"within": "soon"})


def test_requests_show_what_was_asked_and_answered():
    stage = stage_with()
    session = stage.platform.apply("create", "ScenarioSession")
    post_due(stage.platform, asks(stage.platform))
    stage.platform.answer(Request("POST", "/x", {"a": "1"}, {"content-type": "x"}, b"\xff"))

    _, found = ask(stage, "GET requests")
    one, two = found["requests"]

    assert (one["route"], one["status"], one["asked"][0]["id"]) == ("graphql", 200, session.id)
    assert "state" in one["asked"][0]["fields"]
    assert (two["route"], two["query"], two["body_base64"], "body" in two) == (
        "unknown",
        {"a": "1"},
        "/w==",
        False,
    )
    assert two["headers"] == [["content-type", "x"]]
    assert [
        entry["number"] for entry in ask(stage, "GET requests", query={"about": session.id})[1]["requests"]
    ] == [one["number"]]


def test_tree_tells_what_followed_from_what():
    stage = stage_with()
    session = stage.platform.apply("create", "ScenarioSession")
    post_due(stage.platform, asks(stage.platform))
    stage.platform.answer(Request("GET", "/nowhere"))

    _, whole = ask(stage, "GET journal/tree")
    _, first = ask(stage, "GET journal/tree", query={"limit": "1"})
    _, rest = ask(stage, "GET journal/tree", query={"after": str(first["next"]), "about": session.id})

    (cause,) = whole["causes"]
    (request,) = cause["deliveries"][0]["attempts"][0]["requests"]
    assert (cause["verb"], cause["resource"], request["tie"]) == ("create", session.id, "id")
    assert [one["path"] for one in whole["uncaused"]] == ["/nowhere"]
    assert (first["causes"], first["uncaused"]) == ([cause], [])
    assert (rest["causes"], rest["uncaused"]) == ([], [])


def test_deliveries_have_their_attempts_bytes_and_shell_lines():
    stage, session = story()

    _, found = ask(stage, "GET deliveries")
    first = found["deliveries"][0]
    attempt = first["attempts"][0]

    assert [(one["id"], one["event"], one["state"]) for one in found["deliveries"]] == [
        (1, "create", "delivered"),
        (2, "finished", "given_up"),
        (3, "update", "given_up"),
    ]
    assert (first["target"], first["resource"], attempt["status"]) == (HOOK, session, 200)
    assert json.loads(attempt["body"])["data"]["resource-id"] == session
    assert attempt["curl"].startswith("curl -H ")
    assert ask(stage, "GET deliveries/1") == (200, first)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"state": "given_up"}, [2, 3]),
        ({"event": "create"}, [1, 4]),
        ({"after": "1", "limit": "1"}, [2]),
        ({"of": "nobody"}, []),
        ({"state": "waiting"}, [4]),
    ],
)
def test_deliveries_are_filtered(query, ids):
    stage, _ = story()
    stage.platform.apply("create", "Call")

    _, found = ask(stage, "GET deliveries", query=query)

    assert [one["id"] for one in found["deliveries"]] == ids


def test_deliveries_are_read_on_from_a_number():
    stage, _ = story()

    _, page = ask(stage, "GET deliveries", query={"after": "1", "limit": "1"})
    _, rest = ask(stage, "GET deliveries", query={"after": "2"})

    assert [one["id"] for one in (*page["deliveries"], *rest["deliveries"])] == [2, 3]


@pytest.mark.parametrize("wanted", ["9", "0", "x", "²", "9" * 30])
def test_delivery_that_is_not_there_is_not_found(wanted):
    stage, _ = story()

    with pytest.raises(NotFoundError, match="there is no delivery"):
        ask(stage, f"GET deliveries/{wanted}")


def test_unknown_delivery_and_unknown_state_are_named():
    stage, _ = story()

    with pytest.raises(NotFoundError, match="there is no delivery '9'"):
        ask(stage, "GET deliveries/9")
    with pytest.raises(UsageError, match="there is no state 'lost'"):
        ask(stage, "GET deliveries", query={"state": "lost"})


def test_wait_for_deliveries_takes_how_they_end():
    stage, session = story()
    which = {"of": session, "target": HOOK}

    told = [
        ask(stage, "POST deliveries/wait", body)
        for body in (
            {"given_up": {"event": "finished", **which}},
            {"delivered": {"event": "create", **which, "attempts": 1.0}},
            {"delivered": {"event": "finished"}, "within": "1s"},
        )
    ]

    assert [(status, one["met"], one["expected"].partition(" about")[0]) for status, one in told] == [
        (200, True, "finished"),
        (200, True, "create"),
        (408, False, "finished delivered"),
    ]
    assert "was given up after" in told[2][1]["misses"][0]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"given_up": {"event": "create"}, "event": "create"},
            "/given_up: one webhook is waited for at a time; expected nothing beside it but within and since, found event.",
        ),
        (
            {"given_up": {"event": "create"}, "delivered": {"of": "A"}, "since": 1},
            "/delivered: one webhook is waited for at a time; expected nothing beside it but within and since, "
            "found given_up.",
        ),
    ],
)
def test_wait_for_two_things_at_once_is_refused(body, message):
    with pytest.raises(UsageError) as caught:
        ask(stage_with(), "POST deliveries/wait", body)

    assert str(caught.value) == message


def test_wait_that_needs_what_has_left_the_journal_says_that_it_cannot_be_judged():
    stage = stage_with(journal_bound=2)
    session = stage.platform.apply("create", "ScenarioSession")
    post_due(stage.platform, asks(stage.platform))
    stage.platform.apply("update", session)
    post_due(stage.platform, answers(200))

    status, problem = ask(stage, "POST requests/wait", {"of": session.id, "times": 1})

    assert (status, problem["met"], problem["judged"]) == (408, False, False)
    assert "raise the setting journal_bound" in problem["detail"]


def test_wait_for_deliveries_is_met_by_what_came_before():
    stage, session = story()

    status, verdict = ask(
        stage,
        "POST deliveries/wait",
        {"event": "finished", "of": session, "status": [500, 502], "in": "3s", "target": HOOK},
    )

    assert (status, verdict["met"]) == (200, True)


def test_wait_counts_only_since_an_entry_when_told():
    stage, _ = story()
    last = stage.platform.journal.last

    status, problem = ask(
        stage, "POST deliveries/wait", {"event": "create", "since": float(last), "within": 0.1}
    )

    assert (status, problem["met"], problem["misses"]) == (408, False, [])


def test_wait_that_times_out_names_the_nearest_misses():
    stage, session = story()

    status, problem = ask(stage, "POST deliveries/wait", {"event": "finished", "of": session, "within": "1s"})

    assert (status, problem["title"]) == (408, "Request Timeout")
    assert "500" in problem["misses"][0]
    assert problem["curl"].startswith("curl")
    assert problem["detail"].startswith("expectation not met: finished about ")


def test_wait_without_a_description_ends_when_nothing_is_due():
    stage = stage_with()
    stage.platform.apply("create", "Call")

    assert ask(stage, "POST deliveries/wait", {"within": "1s"}) == (
        200,
        {
            "met": True,
            "judged": True,
            "expected": "nothing due",
            "seen": "nothing due",
            "misses": [],
            "curl": None,
        },
    )
    with pytest.raises(UsageError, match="until nothing is due is waited for in wall time"):
        ask(stage, "POST deliveries/wait", {"within": "1d simulated"})


def test_wait_until_nothing_is_due_tells_what_still_is():
    stage = stage_with()
    stage.platform.apply("create", "ScenarioSession")
    stage.platform.due()

    status, problem = ask(stage, "POST deliveries/wait", {"within": 0.5})

    assert (status, problem["detail"], problem["misses"]) == (
        408,
        "1 deliveries were still pending after 0.5 s",
        [f"create to {HOOK}: in_flight"],
    )


def test_wait_for_requests_is_met_and_is_not():
    stage = stage_with()
    session = stage.platform.apply("create", "ScenarioSession")
    body = {"of": session.id, "fields": ["state"], "operation": "WorkOrder", "after": {"event": "create"}}

    assert ask(stage, "POST requests/wait", body, receiver=asks(stage.platform))[0] == 200
    assert ask(stage, "POST requests/wait", {"of": session.id, "times": 1.0})[0] == 200
    status, problem = ask(stage, "POST requests/wait", {**body, "fields": ["endedAt"]})
    assert (status, problem["met"]) == (408, False)
    with pytest.raises(UsageError, match="/within: the duration cannot be read"):
        ask(stage, "POST requests/wait", {"within": "soon"})
    with pytest.raises(UsageError, match="/in: the duration cannot be read"):
        ask(stage, "POST deliveries/wait", {"in": "soon"})


def test_wait_for_expectations_judges_all_of_them_at_once():
    stage, session = story()
    body = {
        "answered": [{"event": "create", "of": session}, {"event": "finished", "of": session}],
        "not_queried": {"of": session, "operation": "Other"},
        "signed_in": {"user": "integrator", "times": 0},
        "rest": {"path": "/api/v2/users/sign_in.json", "times": 0},
        "order": {"of": session, "events": ["create", "update"]},
        "receiver": {"get": "http://127.0.0.1:8000/state", "json": {}},
        "within": "1s",
    }

    status, problem = ask(stage, "POST expectations/wait", body)

    assert status == 408
    assert [(one["met"], one["expected"].partition(" about")[0]) for one in problem["verdicts"]] == [
        (True, "create"),
        (False, "finished"),
        (True, "no requests"),
        (True, "no /api/v2/users/sign_in.json requests answered 2xx"),
        (True, f"no sign-ins of {stage.platform.user('integrator').id[:12]}..."),
        (False, "create, update"),
        (True, "GET http://127.0.0.1:8000/state answers 2xx and holds {}"),
    ]
    assert problem["detail"].startswith("2 of 7 expectations not met: finished about ")


def test_wait_for_expectations_that_are_met_answers_with_their_verdicts():
    stage, session = story()

    status, told = ask(stage, "POST expectations/wait", {"answered": {"event": "create", "of": session}})

    assert (status, told["met"], [one["met"] for one in told["verdicts"]]) == (200, True, [True])


@pytest.mark.parametrize(
    ("settings", "refused"), [({}, True), ({"allow_targets": ("receiver.example",)}, False)]
)
def test_receiver_elsewhere_is_asked_only_where_the_operator_allows_it(settings, refused):
    body = {"receiver": {"get": "http://receiver.example/state"}}

    if refused:
        with pytest.raises(
            UsageError, match=r"^/receiver: a receiver's URL that was not named at the start must be"
        ):
            ask(stage_with(**settings), "POST expectations/wait", body)
    else:
        assert ask(stage_with(**settings), "POST expectations/wait", body)[0] == 200
