"""The operations on the simulator itself."""

from __future__ import annotations

import pytest

from simulator import __version__
from simulator.errors import ContractError, NotFoundError, UsageError
from tests.control.asking import HOOK, ask, stage_with
from tests.driving import answers, post_due


def test_health_tells_what_one_needs_and_what_happened():
    stage = stage_with(seed=7)
    stage.platform.apply("create", "ScenarioSession")
    stage.platform.apply("create", "Call")
    post_due(stage.platform, answers(200, 500))
    stage.platform.apply("create", "Call")

    assert ask(stage, "GET health") == (
        200,
        {
            "ready": True,
            "version": __version__,
            "seed": 7,
            "clock": {"mode": "max", "now": "2021-03-01T08:00:00.000Z"},
            "base_url": "http://127.0.0.1:7267",
            "graphql_url": "http://127.0.0.1:7267/api/v3/graphql",
            "username": "integrator",
            "password": stage.platform.password,
            "token": stage.platform.token,
            "deliveries": {"planned": 3, "delivered": 1, "given_up": 1, "dropped": 0, "pending": 1},
            "attempts": 2,
            "requests": 0,
            "queries": {"planned": 0, "executed": {}},
        },
    )


def test_reset_begins_anew_with_what_the_body_says():
    stage = stage_with(seed=3)
    stage.platform.apply("create", "ScenarioSession")

    status, health = ask(stage, "POST reset", {"seed": 7, "sessions": 0, "start": "2022-01-01T00:00:00Z"})

    assert (status, health["seed"], health["clock"]["now"]) == (200, 7, "2022-01-01T00:00:00.000Z")
    assert ask(stage, "GET resources/ScenarioSession")[1] == {"resources": [], "next": None}
    assert ask(stage, "POST reset")[1]["seed"] == 3


def test_reset_takes_only_targets_on_this_machine():
    stage = stage_with()

    assert ask(stage, "POST reset", {"targets": ["http://localhost:1/"]})[0] == 200
    with pytest.raises(UsageError, match="must be on this machine"):
        ask(stage, "POST reset", {"targets": ["http://10.0.0.1/"]})
    with pytest.raises(UsageError, match="a reset cannot change the port"):
        ask(stage, "POST reset", {"port": 1})
    with pytest.raises(ContractError, match="Did you mean seed"):
        ask(stage, "POST reset", {"sead": 1})
    assert [target.url for target in stage.platform.targets] == ["http://localhost:1/"]


def shown_target(target_id, url, **more):
    usual = {"hears": "everything", "enabled": True, "disabled": None, "failures": 0}
    return {"id": target_id, "url": url, **usual, **more}


def test_target_is_disabled_and_enabled():
    stage = stage_with()
    disabled = shown_target("1", HOOK, enabled=False, disabled="somebody asked for it")

    assert ask(stage, "PATCH targets/1", {"enabled": False}) == (200, disabled)
    assert ask(stage, "GET targets") == (200, {"targets": [disabled]})
    assert ask(stage, "PATCH targets/1", {"enabled": True}) == (200, shown_target("1", HOOK))
    with pytest.raises(NotFoundError, match="there is no target '2'"):
        ask(stage, "PATCH targets/2", {"enabled": True})


def test_callback_url_of_a_subscription_is_listed_once_it_was_told_something():
    stage = stage_with()
    fields = {"topic": "scenario_session/created", "callbackUrl": "http://127.0.0.1:9/callback"}
    stage.platform.apply("create", "WebhookSubscription", fields)
    stage.platform.apply("create", "ScenarioSession")

    assert ask(stage, "GET targets")[1]["targets"] == [
        shown_target("1", HOOK),
        shown_target("2", "http://127.0.0.1:9/callback", hears="subscriptions"),
    ]


def test_targets_are_listed_added_once_and_removed():
    stage = stage_with()

    assert ask(stage, "POST targets", {"url": "http://localhost:1/"}) == (
        201,
        shown_target("2", "http://localhost:1/"),
    )
    assert ask(stage, "POST targets", {"url": "http://localhost:1/"})[1]["id"] == "2"
    assert ask(stage, "DELETE targets/1") == (204, None)
    assert ask(stage, "GET targets") == (200, {"targets": [shown_target("2", "http://localhost:1/")]})
    with pytest.raises(NotFoundError):
        ask(stage, "DELETE targets/1")
    with pytest.raises(UsageError, match="must be on this machine"):
        ask(stage, "POST targets", {"url": "http://10.0.0.1/"})


def test_target_elsewhere_is_taken_when_its_host_is_allowed():
    stage = stage_with(allow_targets=["10.0.0.1"])

    assert ask(stage, "POST targets", {"url": "http://10.0.0.1:8000/"})[0] == 201
    assert ask(stage, "POST reset", {"targets": ["http://10.0.0.1/"]})[0] == 200
    with pytest.raises(UsageError, match="must be on this machine"):
        ask(stage, "POST targets", {"url": "http://10.0.0.2/"})


def test_target_that_arrived_here_goes_with_a_reset():
    stage = stage_with()
    ask(stage, "POST targets", {"url": "http://localhost:1/"})

    ask(stage, "POST reset")

    assert ask(stage, "GET targets")[1] == {"targets": [shown_target("1", HOOK)]}


def test_faults_are_set_seen_and_ended():
    stage = stage_with()
    session = stage.platform.apply("create", "ScenarioSession")
    api = [{"status": 503, "match": {"of": session.id}}]

    status, faults = ask(stage, "PUT faults", {"delivery": [{"drop": True, "times": 2}], "api": api})

    shown = {"set": "2021-03-01T08:00:00.000Z", "matched": 0, "struck": 0, "over": False}
    drop = {"number": 1, "fault": {"drop": True, "times": 2}, "line": "delivery.drop,times=2", **shown}
    refuse = {"number": 2, "fault": api[0], "line": f"api.status=503,of={session.id}", **shown}
    assert (status, faults) == (200, {"delivery": [drop], "api": [refuse]})
    assert ask(stage, "PUT faults", {"delivery": []})[1] == {"delivery": [], "api": [refuse]}
    assert ask(stage, "DELETE faults") == (204, None)
    assert ask(stage, "GET faults") == (200, {"delivery": [], "api": []})


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ({"api": [{"hangup": True}]}, ContractError, "Did you mean hang_up"),
        ({"apis": []}, ContractError, "Did you mean api"),
        (
            {"api": [{"latency": "1s", "retry_after": "1s"}]},
            UsageError,
            "/api/0/retry_after: retry_after does not go",
        ),
        (
            {"api": [{"hang_up": True, "match": {"of": "x"}}]},
            NotFoundError,
            "there is no resource with the id 'x'",
        ),
        (
            {"delivery": [{"drop": True, "match": {"event": "x"}}]},
            UsageError,
            "no event of a resource is called 'x'",
        ),
    ],
)
def test_wrong_faults_change_nothing(body, kind, text):
    stage = stage_with(faults=["api.hang_up"])

    with pytest.raises(kind, match=text):
        ask(stage, "PUT faults", body)

    assert [one["line"] for one in ask(stage, "GET faults")[1]["api"]] == ["api.hang_up"]


def test_reset_sets_the_faults_of_the_start_again():
    stage = stage_with(faults=["api.hang_up"])
    ask(stage, "DELETE faults")

    ask(stage, "POST reset")
    assert [one["line"] for one in ask(stage, "GET faults")[1]["api"]] == ["api.hang_up"]
    ask(stage, "POST reset", {"faults": []})
    assert ask(stage, "GET faults")[1] == {"delivery": [], "api": []}
