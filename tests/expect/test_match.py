"""What differs between an expectation and what happened is said in words; no difference means that it fits."""

from __future__ import annotations

import pytest

from simulator.expect import Answered, Queried, parse_statuses
from simulator.expect.match import Gap, names, nearest, post_gaps, request_gaps, same_word
from simulator.journal import DeliveryPlanned
from simulator.wire import Outcome
from tests.expect.story import HOOKS, request

FINISHED = DeliveryPlanned(1, HOOKS, "finished", "ScenarioSession", "A")
CREATED = DeliveryPlanned(2, HOOKS, "created", "ScenarioSession", "A")
CONNECTED = DeliveryPlanned(3, HOOKS, "connected", "iot", None)
COMPLETED = DeliveryPlanned(4, HOOKS, "completed", "ScenarioSession", "A", "scenario_session/completed")
OK = Outcome(200, took=0.5)


def texts(gaps: list[Gap]) -> list[str]:
    return [gap.text for gap in gaps]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("create", "created", True),
        ("updated", "update", True),
        ("completed", "finished", True),
        ("paused", "paused", True),
        ("pause", "paused", False),
    ],
)
def test_event_words_are_the_same_in_either_spelling(one, other, same):
    assert same_word(one, other) is same_word(other, one) is same


@pytest.mark.parametrize(
    ("wanted", "planned", "outcome"),
    [
        pytest.param(Answered(), FINISHED, OK, id="anything"),
        pytest.param(
            Answered("finished", "A", "ScenarioSession", parse_statuses(200), 0.5, target=HOOKS),
            FINISHED,
            OK,
            id="everything",
        ),
        pytest.param(Answered("create", "A"), CREATED, OK, id="other spelling"),
        pytest.param(Answered("create", type="resource"), CREATED, OK, id="the payload's type"),
        pytest.param(Answered("finished"), COMPLETED, OK, id="what the second generation calls it"),
        pytest.param(Answered("scenario_session/completed"), COMPLETED, OK, id="a topic"),
        pytest.param(Answered("connected", type="iot"), CONNECTED, OK, id="about no resource"),
        pytest.param(
            Answered(status=parse_statuses("5xx")), FINISHED, Outcome(503), id="a failure that is wanted"
        ),
    ],
)
def test_post_that_fits_has_no_gap(wanted, planned, outcome):
    assert post_gaps(wanted, planned, outcome) == []


@pytest.mark.parametrize(
    ("wanted", "planned", "outcome", "expected"),
    [
        pytest.param(Answered(of="B"), FINISHED, OK, ["is about A, not B"], id="resource"),
        pytest.param(
            Answered(of="B", name="call"), FINISHED, OK, ["is about A, not call"], id="resource by name"
        ),
        pytest.param(Answered(of="B"), CONNECTED, OK, ["is about no resource, not B"], id="no resource"),
        pytest.param(Answered("paused"), FINISHED, OK, ["tells finished, not paused"], id="word"),
        pytest.param(
            Answered(target="http://other"), FINISHED, OK, [f"went to {HOOKS}, not http://other"], id="target"
        ),
        pytest.param(Answered(type="iot"), FINISHED, OK, ["has type ScenarioSession, not iot"], id="type"),
        pytest.param(
            Answered(type="resource"), CONNECTED, OK, ["has type iot, not resource"], id="no resource at all"
        ),
        pytest.param(Answered(), FINISHED, None, ["is still in flight"], id="in flight"),
        pytest.param(
            Answered(),
            FINISHED,
            Outcome(None, "connection refused"),
            ["got no answer: connection refused"],
            id="dead",
        ),
        pytest.param(Answered(), FINISHED, Outcome(500), ["was answered 500, not 2xx"], id="status"),
        pytest.param(Answered(took=0.4), FINISHED, OK, ["took 0.5 s, more than 0.4 s"], id="slow"),
        pytest.param(
            Answered("paused", "B", took=0.1),
            FINISHED,
            Outcome(302, took=1.23456),
            [
                "is about A, not B",
                "tells finished, not paused",
                "was answered 302, not 2xx",
                "took 1.23 s, more than 0.1 s",
            ],
            id="all at once",
        ),
    ],
)
def test_gaps_of_a_post_are_told_in_words(wanted, planned, outcome, expected):
    assert texts(post_gaps(wanted, planned, outcome)) == expected


@pytest.mark.parametrize(
    ("wanted", "fact"),
    [
        pytest.param(Queried(), request(), id="anything"),
        pytest.param(
            Queried("A", ("state",), "Close"), request("B", "A", operation="Close"), id="everything"
        ),
        pytest.param(Queried("A"), request("A", route="object"), id="object endpoint"),
        pytest.param(Queried(fields=("state",)), request("A"), id="field of any resource"),
        pytest.param(Queried("A", ("x", "y")), request("A", "A", fields="y x"), id="several fields"),
    ],
)
def test_request_that_fits_has_no_gap(wanted, fact):
    assert request_gaps(wanted, fact, after=True) == []


@pytest.mark.parametrize(
    ("wanted", "fact", "expected"),
    [
        pytest.param(Queried("A"), request("B", "C"), ["names B, C, not A"], id="other resources"),
        pytest.param(
            Queried("A", name="session"), request(), ["names no resource, not session"], id="no resource"
        ),
        pytest.param(
            Queried("A", ("state", "duration", "id")),
            request("A", fields="id name"),
            ["does not use state, duration but id, name"],
            id="fields",
        ),
        pytest.param(
            Queried("A", ("state",)),
            request("A", fields=""),
            ["does not use state but nothing"],
            id="no fields",
        ),
        pytest.param(
            Queried("A", ("state",)),
            request("B", fields="state"),
            ["names B, not A"],
            id="fields of another resource",
        ),
        pytest.param(
            Queried(operation="Close"),
            request(operation="Open"),
            ["has operation Open, not Close"],
            id="operation",
        ),
        pytest.param(
            Queried(operation="Close"), request(), ["has operation without a name, not Close"], id="nameless"
        ),
        pytest.param(Queried(), request(status=400), ["was answered 400"], id="refused"),
        pytest.param(
            Queried("A", operation="Close"),
            request(status=401),
            ["was answered 401"],
            id="refused before it was read",
        ),
        pytest.param(
            Queried("A"),
            request("B", status=503),
            ["was answered 503", "names B, not A"],
            id="refused but read",
        ),
        pytest.param(
            Queried("A"),
            request("A", status=503, faults=("fault 1 (api.status=503)",)),
            ["was answered 503 by fault 1 (api.status=503)"],
            id="refused by a fault",
        ),
        pytest.param(
            Queried("A"),
            request("A", faults=("fault 1 (api.latency=2s)", "fault 2 (api.hang_up)")),
            ["was spoilt by fault 1 (api.latency=2s) and fault 2 (api.hang_up)"],
            id="spoilt by faults",
        ),
        pytest.param(
            Queried(),
            request(observer=True),
            ["is a test's own: it has X-Scope-Simulator-Observer"],
            id="observer",
        ),
        pytest.param(
            Queried("A"),
            request(route="unknown", status=404),
            ["is not for GraphQL or the object endpoint and was answered 404"],
            id="path",
        ),
        pytest.param(
            Queried("A"),
            request(route="sign_in"),
            ["is not for GraphQL or the object endpoint and was answered 200"],
            id="sign-in",
        ),
    ],
)
def test_gaps_of_a_request_are_told_in_words(wanted, fact, expected):
    assert texts(request_gaps(wanted, fact, after=True)) == expected


def test_request_that_came_too_early_has_a_gap():
    assert texts(request_gaps(Queried("A", after="finished"), request("A"), after=False)) == [
        "came before finished began"
    ]


@pytest.mark.parametrize(("node_id", "named"), [("A", True), ("C", False), (None, True)])
def test_request_names_a_resource_by_its_id(node_id, named):
    assert names(request("B", "A"), node_id) is named


def test_nearest_are_those_that_differ_least_and_the_newest_of_equals():
    far, one, two = Gap(6, "far"), Gap(1, "one"), Gap(2, "two")
    candidates = [
        ([two], "a"),
        ([one, one], "b"),
        ([], "fits"),
        ([one], "c"),
        ([far], "d"),
        ([two, one], "e"),
    ]

    assert nearest(candidates) == [("c", "one"), ("b", "one, one"), ("a", "two")]
    assert nearest([([far], "d")]) == []
