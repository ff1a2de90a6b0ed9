"""What references stand for in a world, freshly at each use."""

from __future__ import annotations

import pytest

from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.script.loader import read_document
from simulator.script.scope import Scope
from simulator.settings import Settings
from simulator.world.resources import Kind, Ref

DOCUMENT = read_document("here: x", name="a.yaml")
HERE = ("here",)
TARGET = "http://127.0.0.1:9/hook"


@pytest.fixture
def platform() -> Platform:
    return Platform(Settings())


@pytest.fixture
def scope(platform) -> Scope:
    made = platform.apply(
        "create", "ScenarioSession", {"externalData": {"order": {"id": "WO-1"}, "n": [5, None]}}
    )
    scope = Scope(platform, DOCUMENT, targets=[TARGET])
    scope.give("session", platform.view().by_id(made.id).ref)
    scope.set_vars({"n": 3, "list": ["a", {"b": "c"}], "again": "${n}", "said": "n is ${n}", "nothing": None})
    return scope


def test_whole_values_keep_their_type(scope, platform):
    session = platform.resources("ScenarioSession", after=40)[0]
    given = {
        "${n}": 3,
        "${again}": 3,
        "${list}": ["a", {"b": "c"}],
        "${list[1].b}": "c",
        "${nothing}": None,
        "${session}": session.id,
        "${session.id}": session.id,
        "${session.percentOfStepsViewed}": 0.0,
        "${session.externalData}": {"order": {"id": "WO-1"}, "n": [5, None]},
        "${session.externalData.order.id}": "WO-1",
        "${session.externalData.n[0]}": 5,
        "${session.endedAt}": None,
        "${target}": TARGET,
    }

    assert scope.fill(dict(given), HERE) == {
        text: scope.fill(text, HERE) for text in given
    }  # keys are never filled in
    assert {text: scope.fill(text, HERE) for text in given} == given


def test_inside_a_text_everything_is_text(scope):
    text = "${said}: ${list} ${nothing} ${session.percentOfStepsViewed} $${n}"

    assert scope.fill(text, HERE) == 'n is 3: ["a",{"b":"c"}] null 0.0 ${n}'
    assert scope.text("${n}", HERE) == "3"


def test_values_without_references_are_left_alone(scope):
    value = {"a": [1, None, "x $ {y}"], "b": {"c": True}}

    assert scope.fill(value, HERE) == value


def test_relations_are_walked(scope, platform):
    view = platform.view()
    session = platform.resources("ScenarioSession", after=40)[0]
    user = platform.user(scope.fill("${session.createdBy.username}", HERE))

    assert scope.fill("${session.createdBy}", HERE) == user.id
    assert scope.fill("${session.scenario.organization.name}", HERE) == scope.fill(
        "${world.organization.name}", HERE
    )
    assert scope.fill("${session.parts[0].scenarioSession.id}", HERE) == session.id
    assert scope.fill("${session.steps[1].scenarioStep.orderIndex}", HERE) == 1
    assert view.find_user(user["username"]).number == int(user["databaseId"])


def test_world_lists_what_there_is_without_the_integrations_account(scope, platform):
    def names(kind: str) -> list[str]:
        return [str(one["databaseId"]) for one in platform.resources(kind)]

    assert scope.fill("${world.users[0].databaseId}", HERE) == "2"
    assert scope.fill("${world.users[10].databaseId}", HERE) == "12"
    assert scope.fill("${world.groups[0].name}", HERE) == "Default"
    assert scope.fill("${world.sessions[0].databaseId}", HERE) == names("ScenarioSession")[0]
    assert scope.fill("${world.scenarios[3].databaseId}", HERE) == names("Scenario")[3]
    assert scope.fill("${world.calls[5].databaseId}", HERE) == names("Call")[5]


def test_fields_are_read_when_they_are_used(scope, platform):
    before = scope.fill("${session.state}", HERE)
    platform.apply("pause", scope.fill("${session}", HERE))

    assert (before, scope.fill("${session.state}", HERE)) == ("IN_PROGRESS", "PAUSED")


def test_each_use_of_an_invention_gives_another_value_and_a_variable_keeps_one(platform):
    def invent() -> list[object]:
        scope = Scope(platform, DOCUMENT, targets=[])
        scope.set_vars({"order": "WO-${fake.number}"})
        return [scope.fill(text, HERE) for text in ("${order}", "${order}", "${fake.number}", "${fake.uuid}")]

    values = invent()

    assert values == invent()
    assert values[0] == values[1]
    assert len(set(values)) == 3


def test_index_is_that_of_the_innermost_round(scope):
    scope.enter_round(4)
    scope.enter_round(0)
    inner = scope.fill("${index}", HERE)
    scope.leave_round()

    assert (inner, scope.fill("${index}", HERE)) == (0, 4)


def test_record_is_found_by_name_reference_or_id(scope, platform):
    session = platform.resources("ScenarioSession", after=40)[0]
    user = platform.user("integrator")
    scope.set_vars({"id": user.id})

    assert scope.record("session", HERE).ref == Ref(Kind.SESSION, 41)
    assert scope.record("${session}", HERE).ref == Ref(Kind.SESSION, 41)
    assert scope.record("${session.id}", HERE).ref == Ref(Kind.SESSION, 41)
    assert scope.record("${session.scenarioRelease}", HERE).KIND is Kind.RELEASE
    assert scope.record("${id}", HERE).ref == Ref(Kind.USER, 1)
    assert (scope.id_of("session"), scope.id_of("nobody")) == (session.id, None)
    assert scope.names == ("session",)


TOLD = {
    "${nobody}": "${nobody} stands for nothing.",
    "${sesion}": "${sesion} stands for nothing. Did you mean session?",
    "${session.stat}": ("session, a ScenarioSession, has no field 'stat'. Did you mean state or startedAt?"),
    "${session.scenario.colour}": (
        "session.scenario, a Scenario, has no field 'colour'. It has: id, databaseId, name, description, "
        "publishedAt, author, originGroup, organization, releases, scenarioCatalogs, scenarioSessions."
    ),
    "${session.endedAt.year}": "session.endedAt has no parts; expected a value with 'year', found nothing.",
    "${session.state.x}": "session.state has no parts; expected a value with 'x', found 'IN_PROGRESS'.",
    "${session.parts}": "session.parts is a list. Say which: session.parts[0].",
    "${session.parts.first}": "session.parts is a list; found 'first'. Say which: session.parts[0].",
    "${session.parts[7].id}": "session.parts has no [7]; found 1 of them.",
    "${world.users[99].id}": "world.users has no [99]; found 11 of them.",
    "${list[2]}": "list has no [2]; found 2 of them.",
    "${list.b}": "list has no parts; expected a value with 'b', found a list.",
    "${list[1].c}": "list[1] has no 'c'. It has: b.",
    "${list[1].B}": "list[1] has no 'B'. Did you mean b? It has: b.",
}


@pytest.mark.parametrize(("text", "told"), TOLD.items(), ids=TOLD)
def test_reference_that_leads_nowhere_is_told(scope, text, told):
    with pytest.raises(UsageError) as caught:
        scope.fill(text, HERE)

    assert str(caught.value) == f"a.yaml:1:7: {told}"


def test_first_reference_of_all_may_be_wrong(platform):
    scope = Scope(platform, DOCUMENT, targets=[])

    with pytest.raises(UsageError) as caught:
        scope.fill("${nobody}", HERE)
    assert str(caught.value) == "a.yaml:1:7: ${nobody} stands for nothing. No name has been given yet."


def test_target_needs_a_target(platform):
    with pytest.raises(UsageError) as caught:
        Scope(platform, DOCUMENT, targets=[]).fill("${target}", HERE)

    assert str(caught.value) == (
        "a.yaml:1:7: ${target} stands for nothing: there is no target. Name one with --target URL."
    )


def test_each_target_has_its_number(platform):
    scope = Scope(platform, DOCUMENT, targets=["a", "b"])

    assert [scope.fill(text, HERE) for text in ("${target}", "${target[0]}", "x${target[1]}")] == [
        "a",
        "a",
        "xb",
    ]
    with pytest.raises(UsageError) as caught:
        scope.fill("${target[2]}", HERE)
    assert str(caught.value) == (
        "a.yaml:1:7: ${target[2]} stands for nothing: there are only 2 targets. Name one more with --target URL."
    )


def test_what_was_deleted_is_told(scope, platform):
    platform.apply("delete", scope.fill("${session}", HERE))

    for use in (lambda: scope.fill("${session.id}", HERE), lambda: scope.record("session", HERE)):
        with pytest.raises(UsageError) as caught:
            use()
        assert str(caught.value) == "a.yaml:1:7: session, a ScenarioSession, has been deleted."


NO_RECORD = {
    "nobody": "no name 'nobody' has been given. Give a name with as: beside create.",
    "sesion": "no name 'sesion' has been given. Did you mean session? Give a name with as: beside create.",
    "${n}": "${n} is no resource; expected a resource or its id, found 3.",
    "x-${n}": "x-${n} is no resource; expected a resource or its id, found 'x-3'.",
    "${said}": "${said} is no resource; expected a resource or its id, found 'n is 3'.",
    "${session.parts}": "${session.parts} is no resource; expected a resource or its id, found a list.",
}


@pytest.mark.parametrize(("text", "told"), NO_RECORD.items(), ids=NO_RECORD)
def test_what_is_no_record_is_told(scope, text, told):
    with pytest.raises(UsageError) as caught:
        scope.record(text, HERE)

    assert str(caught.value) == f"a.yaml:1:7: {told}"
