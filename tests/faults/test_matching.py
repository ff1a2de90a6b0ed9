"""When a fault's conditions hold, and which never can."""

from __future__ import annotations

import pytest

from simulator.faults import Aimed, find_impossible
from simulator.faults.matching import matches_post, matches_request
from simulator.journal import Asked, DeliveryPlanned
from simulator.routes import ROUTES
from simulator.settings.faults import find_problems, read_fault, read_line

URL = "http://127.0.0.1:9/"
PLANNED = DeliveryPlanned(3, URL, "created", "ScenarioSession", "s1", "scenario_session/created")
TOPICS = ["scenario_session/created", "user/created"]
AIMED = Aimed("graphql", "POST", "Q", (Asked("s1", frozenset({"state"})), Asked("s2", frozenset({"name"}))))


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        ({}, True),
        ({"event": "create"}, True),
        ({"event": "created"}, True),
        ({"event": "update"}, False),
        (
            {
                "of": "s1",
                "type": "ScenarioSession",
                "target": URL,
                "topic": "scenario_session/created",
                "attempt": 2,
            },
            True,
        ),
        ({"of": "s2"}, False),
        ({"type": "Call"}, False),
        ({"target": "http://127.0.0.1:8/"}, False),
        ({"topic": "user/created"}, False),
        ({"attempt": 1}, False),
    ],
)
def test_post_fits_when_every_condition_does(match: dict[str, str | int], fits: bool):
    assert matches_post(match, PLANNED, 2) is fits


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        ({}, True),
        ({"route": "graphql", "method": "POST", "operation": "Q"}, True),
        ({"route": "object"}, False),
        ({"method": "GET"}, False),
        ({"operation": "R"}, False),
        ({"of": "s1"}, True),
        ({"field": "name"}, True),
        ({"of": "s1", "field": "state"}, True),
        ({"of": "s1", "field": "name"}, False),
        ({"of": "s3"}, False),
    ],
)
def test_request_fits_when_every_condition_does(match: dict[str, str | int], fits: bool):
    assert matches_request(match, AIMED) is fits


POSSIBLE = [
    "delivery.drop,event=paused",
    "delivery.drop,event=created,type=Call",
    "delivery.drop,event=connected,type=iot",
    "delivery.drop,topic=scenario_session/completed,target=https://a.example/",
    "delivery.drop,event=completed,type=ScenarioSession",
    "delivery.drop,type=Group,event=created",
    "delivery.damage=big,attempt=3",
    "api.status=503,route=file,method=HEAD",
    "api.lag=5s,route=object,method=GET,of=x,field=state",
    "api.graphql_error=no,operation=Q,field=scenario.name",
]


@pytest.mark.parametrize("line", POSSIBLE)
def test_what_can_be_is_let_pass(line: str):
    assert find_impossible(read_fault(*read_line(line))) == []


@pytest.mark.parametrize(
    ("line", "key", "text"),
    [
        (
            "delivery.drop,attempt=2",
            "attempt",
            "drop is decided before the first attempt. Leave attempt out; times says how often it strikes.",
        ),
        (
            "delivery.drop,type=Uzer",
            "type",
            "no webhook has the type 'Uzer'; expected a type of resource such as ScenarioSession, or the type of a raw event "
            "such as iot. Did you mean User?",
        ),
        (
            "delivery.drop,type=Scenariosession",
            "type",
            "no webhook has the type 'Scenariosession'; expected a type of resource such as ScenarioSession, or the type of a "
            "raw event such as iot. Did you mean ScenarioSession or ScenarioSessionStep or ScenarioSessionPart?",
        ),
        (
            "delivery.drop,event=finshed",
            "event",
            "no event of a resource is called 'finshed'. Did you mean finished? "
            "The event of a raw webhook needs its type beside it.",
        ),
        (
            "delivery.drop,event=connected",
            "event",
            "no event of a resource is called 'connected'. Did you mean completed or created? "
            "The event of a raw webhook needs its type beside it.",
        ),
        (
            "delivery.drop,type=Call,event=paused",
            "event",
            "no event of a Call is called 'paused'; expected one of create, created, update, updated, finished, completed.",
        ),
        (
            "delivery.drop,topic=completed",
            "topic",
            "there is no topic 'completed'; expected a type and what happened, such as scenario_session/completed.",
        ),
        ("delivery.drop,target=1", "target", "'1' is no target; expected the URL of one."),
        (
            "api.graphql_error=no,route=object",
            "route",
            "graphql_error strikes nothing there; expected graphql, found object.",
        ),
        (
            "api.status=503,route=object,operation=Q",
            "operation",
            "no request of the route object has operation; expected the route graphql.",
        ),
        (
            "api.status=503,route=sign_in,of=x",
            "of",
            "no request of the route sign_in has of; expected the route graphql or object.",
        ),
        (
            "api.status=503,route=object,method=POST",
            "method",
            "no such request is answered; expected GET, found POST.",
        ),
        (
            "api.expired_token,method=HEAD",
            "method",
            "no such request is answered; expected GET or POST, found HEAD.",
        ),
        (
            "api.lag=5s,field=stat",
            "field",
            "the API has no field 'stat'. Did you mean state or startedAt or leftAt?",
        ),
    ],
)
def test_what_can_never_be_is_told(line: str, key: str, text: str):
    ((path, error),) = find_impossible(read_fault(*read_line(line)))

    assert path == ("match", key)
    assert str(error) == text


def test_references_of_a_script_are_passed_over():
    fault, _ = find_problems("delivery", {"drop": True, "match": {"event": "${word}", "type": "${type}"}})

    assert fault is not None
    assert find_impossible(fault) == []


def test_routes_and_methods_are_those_of_the_front_door():
    from simulator.faults.matching import _METHODS

    assert {route.name: tuple(route.handlers) for route in ROUTES} == dict(_METHODS)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("delivery.drop,type=User,topic=user/created", None),
        ("delivery.drop,type=Call", None),
        ("delivery.drop,type=Group", "a Group tells no webhook. The catalogue has no topic of it."),
        ("delivery.drop,topic=user/creatd", "there is no topic 'user/creatd'. Did you mean user/created?"),
        (
            "delivery.drop,topic=a/b",
            "there is no topic 'a/b'; expected one of scenario_session/created, user/created.",
        ),
    ],
)
def test_catalogue_says_what_can_be_told(line: str, text: str | None):
    found = [str(error) for _, error in find_impossible(read_fault(*read_line(line)), TOPICS)]

    assert found == ([] if text is None else [text])
