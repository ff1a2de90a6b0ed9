"""How records come to be, and what they have from the start."""

from __future__ import annotations

import pytest

from simulator.errors import NotFoundError, UsageError
from simulator.wire import JSON
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


def test_a_scenario_is_created_with_a_release_and_its_steps() -> None:
    stage = Stage()

    scenario = stage.do("create", Kind.SCENARIO, {"name": "Mine", "steps": ["one", "two"]}, by=4)
    release = stage.do("create", Kind.RELEASE, {"scenario": "Mine"})
    session = stage.do("create", SESSION, {"scenario": "Mine"})
    first = stage.do("create", SESSION, {"scenarioRelease": str(release.number - 1)})

    view = stage.view
    releases = graph.MANY[Kind.SCENARIO]["releases"](view, view.get(scenario))
    steps = graph.MANY[Kind.RELEASE]["scenarioSteps"](view, view.get(Ref(Kind.RELEASE, releases[0])))
    sequences = graph.MANY[Kind.RELEASE]["scenarioSequences"](view, view.get(release))
    assert [stage.read(Ref(Kind.RELEASE, n))["version"] for n in releases] == [1, 2]
    assert [stage.read(Ref(Kind.STEP, n))["name"] for n in steps] == ["one", "two"]
    assert (
        len(graph.MANY[Kind.SEQUENCE]["scenarioSteps"](view, view.get(Ref(Kind.SEQUENCE, sequences[0])))) == 5
    )
    assert stage.read(session)["numberOfStepsPossible"] == 5
    assert stage.read(first)["numberOfStepsPossible"] == 2
    author = graph.ONE[Kind.SCENARIO]["author"](view, view.get(scenario))
    assert author is not None
    assert author.number == 4


def test_a_world_without_scenarios_cannot_start_a_session() -> None:
    with pytest.raises(NotFoundError) as caught:
        Stage(scenarios=0).do("create", SESSION)

    assert str(caught.value) == "scenario: the world has no scenario."


def test_steps_may_bring_their_checkboxes_and_those_of_the_plant_have_theirs() -> None:
    stage = Stage()
    steps: JSON = [
        "Isolate and lock out",
        "Dance",
        {"name": "Fit", "checkboxes": ["Tight", "Clean"]},
        {"name": "Verify zero energy", "checkboxes": []},
    ]

    stage.do("create", Kind.SCENARIO, {"name": "Mine", "steps": steps})
    session = stage.do("create", SESSION, {"scenario": "Mine"})

    boxes = graph.MANY[SESSION]["checkboxes"](stage.view, stage.view.get(session))
    assert [stage.read(Ref(Kind.CHECKBOX, n))["name"] for n in boxes] == [
        *("Lock fitted", "Tag attached"),
        *("Tight", "Clean"),
    ]


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        pytest.param(
            "one",
            "steps: create Scenario: the value of 'steps' does not fit; expected a list of names, or of mappings with "
            'name and checkboxes, found "one".',
            id="no list",
        ),
        pytest.param(
            [7],
            "steps: a step: the value of 'name' does not fit; expected a text that is not empty, found 7.",
            id="no name",
        ),
        pytest.param(
            [{"checkboxes": ["a"]}],
            "steps: a step does not fit; expected a name, and at most 16 checkboxes.",
            id="without a name",
        ),
        pytest.param(
            [{"name": "x", "checkboxes": [str(n) for n in range(17)]}],
            "steps: a step does not fit; expected a name, and at most 16 checkboxes.",
            id="too many checkboxes",
        ),
        pytest.param(
            [{"name": "x", "boxes": []}],
            "steps: a step: unknown field 'boxes'. Did you mean checkboxes? Fields: name, checkboxes.",
            id="unknown field",
        ),
    ],
)
def test_a_step_that_does_not_fit_is_told(steps: JSON, problem: str) -> None:
    with pytest.raises(UsageError) as caught:
        Stage().do("create", Kind.SCENARIO, {"steps": steps})

    assert str(caught.value) == problem


def test_a_catalog_is_made_changed_and_deleted() -> None:
    stage = Stage()

    catalog = stage.do("create", Kind.CATALOG)
    made = (
        stage.read(catalog),
        list(graph.MANY[Kind.CATALOG]["scenarios"](stage.view, stage.view.get(catalog))),
    )
    name = stage.read(Ref(Kind.SCENARIO, 2))["name"]
    stage.do("update", catalog, {"externalAssetId": "press 4", "scenarios": ["3", name, "3"]})
    changed = (
        stage.read(catalog)["externalAssetId"],
        list(graph.MANY[Kind.CATALOG]["scenarios"](stage.view, stage.view.get(catalog))),
    )
    stage.do("delete", catalog)

    tag = stage.base.tag(4)
    assert (made[0]["name"], made[0]["externalAssetId"], made[1]) == (f"Catalog {tag}", tag, [])
    assert changed == ("press 4", [2, 3])
    assert stage.view.get(catalog) is None


def test_a_catalog_of_a_scenario_that_nobody_knows_is_told() -> None:
    stage = Stage(scenarios=1)
    name = str(stage.read(Ref(Kind.SCENARIO, 1))["name"])

    with pytest.raises(NotFoundError) as caught:
        stage.do("create", Kind.CATALOG, {"scenarios": [name + "x"]})

    assert str(caught.value) == f"scenarios: no scenario is called '{name}x'. Did you mean {name}?"
