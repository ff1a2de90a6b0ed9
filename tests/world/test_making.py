"""How records come to be, and what they have from the start."""

from __future__ import annotations

import pytest

from simulator.errors import NotFoundError, UsageError
from simulator.world import graph
from simulator.world.changes import Link
from simulator.world.resources import (
    Kind,
    Ref,
    ScenarioSession,
    ScenarioSessionCheckbox,
)
from tests.world.worlds import Stage

SESSION, CALL, USER = Kind.SESSION, Kind.CALL, Kind.USER


def test_a_session_without_a_type_is_persistent_and_by_the_first_person() -> None:
    stage = Stage()

    session = stage.do("create", SESSION)

    shown = stage.view.get(session)
    assert isinstance(shown, ScenarioSession)
    assert (shown.session_type, shown.created_by, shown.steps_viewed) == ("PERSISTENT", 2, 0)
    assert shown.number == 41


def test_a_created_session_stands_under_its_parents() -> None:
    stage = Stage()
    session = stage.do("create", SESSION, {"scenario": "2"}, by=5)
    view = stage.view
    record = view.get(session)

    scenario = graph.ONE[SESSION]["scenario"](view, record)
    release = graph.ONE[SESSION]["scenarioRelease"](view, record)

    assert scenario is not None
    assert scenario.number == 2
    assert 41 in graph.MANY[Kind.SCENARIO]["scenarioSessions"](view, scenario)
    assert 41 in graph.MANY[Kind.RELEASE]["scenarioSessions"](view, release)
    assert 41 in graph.MANY[USER]["scenarioSessions"](view, view.get(Ref(USER, 5)))
    assert 41 in graph.ROOTS["scenarioSessions"](view)


def test_a_session_has_all_steps_and_checkboxes_of_its_release_from_the_start() -> None:
    stage = Stage()
    session = stage.do("create", SESSION)
    view = stage.view
    record = view.get(session)

    steps = [view.get(Ref(Kind.SESSION_STEP, n)) for n in graph.MANY[SESSION]["steps"](view, record)]
    boxes = [view.get(Ref(Kind.CHECKBOX, n)) for n in graph.MANY[SESSION]["checkboxes"](view, record)]

    assert isinstance(record, ScenarioSession)
    names = [graph.ONE[Kind.SESSION_STEP]["scenarioStep"](view, step) for step in steps]
    release_steps = stage.world.children(Link.RELEASE_STEPS, record.release)
    assert [name.number for name in names if name] == list(release_steps)
    assert len(steps) == record.steps_possible
    assert boxes
    assert {box.checked_at for box in boxes if isinstance(box, ScenarioSessionCheckbox)} == {None}


def test_people_groups_licences_and_scenarios_are_made_and_changed() -> None:
    stage = Stage()
    group = stage.do("create", Kind.GROUP, {"name": "Night shift"})
    user = stage.do(
        "create", USER, {"name": "Ana Silva", "groups": ["Night shift", "2"], "jobTitle": "Fitter"}
    )
    licence = stage.do("create", Kind.LICENSE, {"user": "Ana Silva", "product": "EXPERT"})
    plain = stage.do("create", USER)
    unnamed = stage.do("create", Kind.GROUP)

    stage.do("update", group, {"name": "Nights"})
    stage.do("update", user, {"lastName": "Sousa", "username": "ana"})
    stage.do("update", licence, {"state": "INACTIVE"})
    stage.do("update", Ref(Kind.SCENARIO, 1), {"name": "New name"})

    view = stage.view
    assert stage.read(group)["name"] == "Nights"
    assert stage.read(unnamed)["name"] == "Group 5"
    assert stage.read(user) | {"id": 0} == {
        "id": 0,
        "databaseId": "13",
        "name": "Ana Sousa",
        "firstName": "Ana",
        "lastName": "Sousa",
        "username": "ana",
        "email": "ana.silva@example.com",
        "phone": None,
        "jobTitle": "Fitter",
    }
    assert list(graph.MANY[USER]["groups"](view, view.get(user))) == [1, 2, 4]
    assert list(graph.MANY[Kind.GROUP]["members"](view, view.get(group))) == [13]
    licences = graph.MANY[USER]["licences"](view, view.get(user))
    assert [stage.read(Ref(Kind.LICENSE, n))["product"] for n in licences] == ["VIEWER", "EXPERT"]
    assert stage.read(licence)["state"] == "INACTIVE"
    assert stage.read(plain)["name"]
    assert stage.read(Ref(Kind.SCENARIO, 1))["name"] == "New name"


def test_a_world_without_scenarios_cannot_start_a_session() -> None:
    with pytest.raises(NotFoundError) as caught:
        Stage(scenarios=0).do("create", SESSION)

    assert str(caught.value) == "scenario: the world has no scenario."


def test_a_username_is_unique_but_may_be_somebodys_name() -> None:
    stage = Stage()
    first = stage.do("create", USER, {"name": "Madonna", "username": "singer"})

    second = stage.do("create", USER, {"username": "Madonna"})
    with pytest.raises(UsageError) as caught:
        stage.do("update", second, {"username": "singer"})

    assert stage.read(second)["username"] == stage.read(first)["name"]
    assert str(caught.value) == "username: the username 'singer' is taken."
