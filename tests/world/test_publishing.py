"""How work instructions come to be: scenarios, releases, steps and catalogs."""

from __future__ import annotations

import pytest

from simulator.errors import NotFoundError, UsageError
from simulator.wire import JSON
from simulator.world import graph
from simulator.world.resources import Kind, Ref
from tests.world.worlds import Stage

SESSION = Kind.SESSION


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


def test_steps_may_bring_their_checkboxes_and_those_of_the_plant_have_theirs() -> None:
    stage = Stage()
    steps: JSON = [
        "Isolate and lock out",
        "Dance",
        {"name": "Fit", "checkboxes": ["Tight", "Clean"], "externalData": {"operation": "0030"}},
        {"name": "Verify zero energy", "checkboxes": []},
    ]

    stage.do("create", Kind.SCENARIO, {"name": "Mine", "steps": steps})
    session = stage.do("create", SESSION, {"scenario": "Mine"})

    boxes = graph.MANY[SESSION]["checkboxes"](stage.view, stage.view.get(session))
    assert [stage.read(Ref(Kind.CHECKBOX, n))["name"] for n in boxes] == [
        *("Lock fitted", "Tag attached"),
        *("Tight", "Clean"),
    ]
    made = range(stage.world.count(Kind.STEP) - 3, stage.world.count(Kind.STEP) + 1)
    assert [stage.read(Ref(Kind.STEP, n))["externalData"] for n in made] == [
        *(None, None),
        *({"operation": "0030"}, None),
    ]


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        pytest.param(
            "one",
            "steps: create Scenario: the value of 'steps' does not fit; expected a list of names, or of mappings with "
            'name, checkboxes, externalData, found "one".',
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
            "steps: a step: unknown field 'boxes'. Did you mean checkboxes? Fields: name, checkboxes, externalData.",
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
