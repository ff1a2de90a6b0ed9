"""What is remembered holds as long as what it follows from, and is bounded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from simulator.clock import Moment
from simulator.graphql.execute import Endpoint
from simulator.graphql.plans import remembering
from simulator.graphql.plans.remembering import Kept, Made, keep, key_of, recalled
from simulator.graphql.question import Question
from simulator.seeds import Seed
from simulator.settings import Settings
from simulator.world.ids import IdCode
from simulator.world.resources import Kind
from simulator.world.rights import Viewer
from tests.graphql.asking import data, put
from tests.world.worlds import Stage

STATE = "query($id: ID!) { node(id: $id) { ... on ScenarioSession { state events { nodes { id type createdAt } } } } }"
DURATION = "query($id: ID!) { node(id: $id) { ... on ScenarioSession { state duration } } }"


def test_the_same_world_gives_the_same_answer_and_a_changed_one_another():
    stage = Stage()
    ref = stage.do("create", Kind.SESSION)
    stage.do("record", ref, {"type": "PHOTO"})
    asked: dict[str, Any] = {"id": stage.ids.encode(ref)}

    first, second = put(stage, STATE, asked), put(stage, STATE, asked)
    before, now = stage.world, stage.now
    stage.wait(1)
    later = put(stage, STATE, asked)
    stage.do("pause", ref)
    paused = put(stage, STATE, asked)
    stage.world, stage.now = before, now
    again = put(stage, STATE, asked)

    assert first is second is later
    assert (b"IN_PROGRESS" in first.body, b"PAUSED" in paused.body) == (True, True)
    assert again == first


def test_what_grows_with_time_is_not_remembered():
    stage = Stage()
    asked: dict[str, Any] = {"id": stage.ids.encode(stage.do("create", Kind.SESSION))}

    seen = []
    for _ in range(2):
        seen.append(data(stage, DURATION, asked)["node"]["duration"])
        stage.wait(1)

    assert seen == [0, 60]


def test_an_order_may_be_by_what_grows():
    query = '{ scenarioSessions(orderBy: {attribute: "duration"}) { totalCount } }'
    stage = Stage(sessions=3)
    put(stage, query)

    assert stage.base.remembered == {}


def test_what_one_setting_answers_is_no_answer_for_another():
    query, asked = "query($id: ID!) { node(id: $id) { id } }", {"id": "nothing"}
    stage = Stage()

    answers = [
        Endpoint(Settings().replace(unknown_node=wanted)).answer(stage.view, Question(query, asked)).body
        for wanted in ("null", "error", "null")
    ]

    assert answers[0] == answers[2] == b'{"data":{"node":null}}'
    assert b"No object with the id" in answers[1]


@pytest.mark.parametrize("variables", [{"n": 1}, {"n": True}, {"n": None}, {"n": ["x"]}, {"n": {}}])
def test_only_texts_are_told_apart_for_sure(variables):
    assert key_of(variables, "query") is None


def test_what_is_asked_is_known_by_its_query_and_variables():
    assert key_of({"a": "x"}, "query") == key_of({"a": "x"}, "query")
    assert len({key_of({}, "query"), key_of({"a": "x"}, "query"), key_of({}, "other")}) == 3


def test_what_a_strict_client_may_not_ask_is_no_answer_to_it_though_it_was_one_to_another():
    stage = Stage(sessions=3)
    endpoint, asked = Endpoint(Settings()), Question("{ scenarioSessions { nodes { id } } }")

    free, strict, again = (endpoint.answer(stage.view, asked, strict=one) for one in (False, True, False))

    assert free is again
    assert (free.executed, strict.executed) == (True, False)


def test_answers_are_bounded(monkeypatch):
    monkeypatch.setattr(remembering, "_MOST_ANSWERS", 2)
    monkeypatch.setattr(remembering, "_MOST_BYTES", 10)
    kept: Kept[str] = {}
    view = Stage().view

    for key, size in (("large", 11), ("a", 10), ("b", 10), ("c", 10)):
        keep(kept, (key,), view, f"answer {key}", size=size)

    found = [recalled(kept, (key,), view) for key in ("large", "a", "b", "c")]
    assert found == [None, None, "answer b", "answer c"]


def test_an_answer_holds_for_whoever_sees_the_same():
    kept: Kept[str] = {}
    view = Stage(sessions=1).view
    keep(kept, ("query",), view, "answer", size=1)

    others = {
        "later": replace(view, now=Moment(view.now + 1)),
        "world": replace(view, world=Stage(sessions=1).world),
        "ids": replace(view, ids=IdCode(Seed(99))),
        "asker": replace(view, asker=Viewer(2)),
        "address": replace(view, base_url="https://other.example"),
    }

    found = {name: recalled(kept, ("query",), other) for name, other in others.items()}
    assert found == {"later": "answer", "world": None, "ids": None, "asker": None, "address": None}


class View:
    ids = object()


def test_records_are_bounded_and_loose_ones_not_kept(monkeypatch):
    monkeypatch.setattr(remembering, "_MOST_RECORDS", 2)
    calls: list[object] = []

    def function(
        o: object, _view: object, _info: object, _values: object, loose: list[object]
    ) -> dict[str, object]:
        calls.append(o)
        if o == "loose":
            loose.append(1.5)
        return {"record": o}

    made = Made(function)
    for record in ("one", "loose", "two", "three"):
        assert made.make(record, View, None, None, []) == {"record": record}

    assert [made.known(id(one)) for one in ("one", "loose", "two")] == [None] * 3
    assert made.known(id("three")) == ("three", View.ids, {"record": "three"})


def test_a_record_is_written_once_for_as_long_as_it_is_the_same():
    stage = Stage(sessions=4)
    query = "query($n: Int) { scenarioSessions(first: $n) { nodes { id databaseId startedAt state } } }"

    first, second = (data(stage, query, {"n": 3}) for _ in range(2))
    (operation,) = Endpoint(Settings()).prepared(query).operations

    assert first == second
    assert operation.plans._kept
