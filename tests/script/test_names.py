"""Names of a script: given once, used after, and of a kind."""

from __future__ import annotations

import pytest

from simulator.errors import UsageError
from simulator.script.document import Mark
from simulator.script.names import Names
from simulator.script.references import Reference, parse_template
from simulator.world.resources import Kind

HERE = Mark(3, 5)


def reference(text: str) -> Reference:
    part = parse_template(text)[0]
    assert isinstance(part, Reference)
    return part


@pytest.fixture
def names() -> Names:
    known = Names(later={"photo": Mark(9, 9)}, variables=("order", "later"))
    known.give_variable("order", Mark(2, 1))
    known.give("session", Kind.SESSION, HERE)
    known.assume("odd", HERE)
    return known


def test_name_has_the_kind_it_was_given_with(names):
    assert names.kind_of("session") is Kind.SESSION
    assert names.kind_of("odd") is None


def test_name_that_is_assumed_keeps_the_kind_it_had(names):
    names.assume("session", HERE)

    assert names.kind_of("session") is Kind.SESSION


@pytest.mark.parametrize("name", ["session", "odd", "order", "env", "world"])
def test_name_is_given_once_and_reserved_names_never(names, name):
    with pytest.raises(UsageError, match="Choose another name"):
        names.give(name, Kind.CALL, HERE)
    with pytest.raises(UsageError, match="Choose another name"):
        names.give_variable(name, HERE)


@pytest.mark.parametrize(
    "text",
    [
        *("${session}", "${session.id}", "${session.scenario.name}", "${session.externalData.a[0].b}"),
        *(
            "${session.parts[0].id}",
            "${odd.anything}",
            "${order}",
            "${order.a[1]}",
            "${env.HOME}",
            "${target}",
            "${target[1]}",
        ),
        *("${fake.uuid}", "${world.organization.name}", "${world.users[9].groups[0].name}", "${index}"),
    ],
)
def test_reference_leads_somewhere(names, text):
    names.follow(reference(text), in_repeat=True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("${photo}", "${photo} stands for nothing. It is given only in line 9; move that step up."),
        ("${later}", "${later} stands for nothing. A variable may use only those that stand before it."),
        ("${sesion.id}", "${sesion.id} stands for nothing. Did you mean session?"),
        ("${zzz}", "${zzz} stands for nothing. Known here: order, session, odd."),
        ("${target.id}", "${target.id} has no parts. Write ${target}."),
        ("${target[1].id}", "${target[1].id} has no parts. Write ${target[1]}."),
        ("${Taget}", "${Taget} stands for nothing. Did you mean target?"),
        ("${session[0]}", "session, a ScenarioSession, has no field 0. It has: "),
        ("${world}", "${world} stands for nothing; expected world. and one of organization, users, "),
        ("${index[0]}", "${index[0]} has no parts. Write ${index}."),
    ],
)
def test_reference_that_leads_nowhere(names, text, told):
    with pytest.raises(UsageError) as caught:
        names.follow(reference(text), in_repeat=True)

    assert str(caught.value).startswith(told)
