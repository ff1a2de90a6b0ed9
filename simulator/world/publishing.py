"""How work instructions come to be: scenarios with their releases and steps, and the catalogs that lead to them.

Each maker reads the fields it knows and nothing else. Whatever is not given is what the plant would do: a task on the next
machine, with the steps and checkboxes that belong to it. A scenario comes with its first release, in one sequence. [chosen]
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from simulator.errors import NotFoundError, UsageError, did_you_mean
from simulator.wire import JSON
from simulator.world.changes import Link
from simulator.world.equipment import action_called
from simulator.world.fields import Fields
from simulator.world.layout import CHECKBOX_STRIDE, STEP_STRIDE
from simulator.world.marks import called_mark
from simulator.world.resources import (
    Kind,
    Scenario,
    ScenarioCatalog,
    ScenarioRelease,
    ScenarioSequence,
    ScenarioStep,
)
from simulator.world.scene import Scene
from simulator.world.view import View

__all__ = ["catalog_with", "make_catalog", "make_release", "make_scenario", "scenario_of"]


def catalog_with(view: View, fields: Fields, catalog: ScenarioCatalog) -> ScenarioCatalog:
    """Return ``catalog`` with the given fields; ``scenarios`` are node ids, databaseIds or names."""
    texts = fields.texts("scenarios")
    return replace(
        catalog,
        name=fields.text("name", default=catalog.name),
        external_asset_id=fields.text("externalAssetId", default=catalog.external_asset_id),
        scenarios=catalog.scenarios
        if texts is None
        else tuple(sorted({_scenario_called(view, text, place="scenarios").number for text in texts})),
    )


def make_catalog(scene: Scene) -> ScenarioCatalog:
    """A catalog is for a machine of the plant unless it is told for which asset it is."""
    number = scene.view.world.count(Kind.CATALOG) + 1
    tag = scene.view.world.base.tag(number)
    blank = ScenarioCatalog(number=number, name=f"Catalog {tag}", external_asset_id=tag)
    catalog = catalog_with(scene.view, scene.fields, blank)
    return scene.edit.make(Kind.CATALOG, lambda _: catalog)


def make_scenario(scene: Scene) -> Scenario:
    """A scenario comes with its first release, in one sequence."""
    procedure = scene.view.world.base.procedure(scene.view.world.count(Kind.SCENARIO) + 1)
    name = scene.fields.text("name", default=procedure.name)
    description = scene.fields.text("description", default=procedure.description)
    author = scene.doing.by or scene.view.viewer
    scenario = scene.edit.make(
        Kind.SCENARIO,
        lambda number: Scenario(
            number=number, name=name, description=description, author=author, group=1, published_at=scene.at
        ),
    )
    _release(scene, scenario, author)
    return scenario


def make_release(scene: Scene) -> ScenarioRelease:
    scenario = scenario_of(scene.view, scene.fields)
    return _release(scene, scenario, scene.doing.by or scene.view.viewer)


def _release(scene: Scene, scenario: Scenario, author: int) -> ScenarioRelease:
    """Publish a release; ``steps`` are names, or mappings of a name and what else is known of a step."""
    edit, base = scene.edit, scene.view.world.base
    steps = _steps(scene.fields)
    if steps is None:
        steps = [_Step(action.name, action.checks) for action in base.procedure(scenario.number).task.work]
    version = len(edit.world.children(Link.SCENARIO_RELEASES, scenario.number)) + 1
    release = edit.make(
        Kind.RELEASE,
        lambda number: ScenarioRelease(
            number=number, scenario=scenario.number, version=version, author=author, published_at=scene.at
        ),
        (Link.SCENARIO_RELEASES, scenario.number),
    )
    sequence = edit.make(
        Kind.SEQUENCE,
        lambda number: ScenarioSequence(
            number=number, release=release.number, name="Carry out", order_index=0
        ),
        (Link.RELEASE_SEQUENCES, release.number),
    )
    for index, step in enumerate(steps):
        edit.make(
            Kind.STEP,
            lambda number, step=step, index=index: ScenarioStep(  # type: ignore[misc]
                number=number,
                sequence=sequence.number,
                name=step.name,
                order_index=index,
                checkboxes=step.checks,
                external_data=step.external_data,
            ),
            (Link.RELEASE_STEPS, release.number),
            (Link.SEQUENCE_STEPS, sequence.number),
        )
    return release


class _Step(NamedTuple):
    name: str
    checks: tuple[str, ...] = ()
    external_data: JSON = None


def _steps(fields: Fields) -> list[_Step] | None:
    """Return the steps that are given; a step of the plant brings its own checkboxes."""
    given = fields.several("steps", "a list of names, or of mappings with name, checkboxes, externalData")
    if given is None:
        return None
    if not 1 <= len(given) <= STEP_STRIDE:
        raise UsageError(
            "a release cannot have so many steps",
            place="steps",
            expected=f"1 to {STEP_STRIDE}",
            found=str(len(given)),
        )
    return [_step(one) for one in given]


def _step(given: JSON) -> _Step:
    inner = Fields(given if isinstance(given, dict) else {"name": given}, "a step")
    try:
        name = inner.text("name", default="")
        checks = inner.texts("checkboxes")
        external = inner.json("externalData")
        inner.done()
    except UsageError as error:
        error.place = "steps"
        raise
    if not name or len(checks or ()) > CHECKBOX_STRIDE:
        raise UsageError(
            "a step does not fit", place="steps", expected=f"a name, and at most {CHECKBOX_STRIDE} checkboxes"
        )
    action = action_called(name)
    return _Step(name, (action.checks if action else ()) if checks is None else tuple(checks), external)


def scenario_of(view: View, fields: Fields) -> Scenario:
    """Return the scenario that ``scenario`` names; by default the first."""
    text = fields.text("scenario", default=None)
    if text is not None:
        return _scenario_called(view, text, place="scenario")
    scenarios = view.world.all(Kind.SCENARIO)
    if not scenarios:
        raise NotFoundError("the world has no scenario", place="scenario")
    return view.world.need(Scenario, scenarios[0])


def _scenario_called(view: View, text: str, *, place: str) -> Scenario:
    """Return the scenario that a node id, a databaseId or a name stands for."""
    record = view.find(Kind.SCENARIO, text)
    if isinstance(record, Scenario):
        return record
    called = view.world.marked(called_mark(Kind.SCENARIO, text))
    if called:
        return view.world.need(Scenario, called[-1])
    names = [view.world.need(Scenario, number).name for number in view.some(Kind.SCENARIO)]
    raise NotFoundError(f"no scenario is called {text!r}", place=place, nearest=did_you_mean(text, names))
