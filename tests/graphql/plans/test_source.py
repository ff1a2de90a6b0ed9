"""The functions of a plan: each kind of value and type, held to what graphql-core makes of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from simulator.graphql.plans import Declined, source
from tests.graphql.plans.farm import ANIMALS, Context, core, make_schema, plans

OVERLAPPING = "{ animals(must: 1) { ...A ...B ... { name } ...A } } fragment A on Animal { name }"

ANSWERED = {
    "leaves": "{ farm { name area open count size note id number whole } }",
    "lists of lists": "{ farm { grid } }",
    "aliases in the order of the text": "{ b: farm { z: name a: name } a: farm { id } }",
    "fields merged": "{ farm { name typed: count } farm { id name } }",
    "nobody": "{ nobody { name } }",
    "an interface": "{ animals(must: 1) { __typename name ... on Dog { barks } ... on Legged { legs } } }",
    "a union": "{ pet { __typename ... on Animal { name } ... on Fish { fins } } }",
    "fragments": f"{OVERLAPPING} fragment B on Fish {{ fins ...A }}",
    "typename alone": "{ __typename kind: __typename }",
    "arguments": '{ animals(must: 1, first: 2, named: "x", size: LARGE, filter: {key: "k"}) { name } }',
    "null arguments": "{ animals(must: 1, first: null, filter: null) { name } }",
    "skipped and included": "{ farm @skip(if: false) { name @include(if: false) id @include(if: true) } }",
    "skipped before included": "{ farm { id name @include(if: true) @skip(if: true) } }",
    "everything skipped": "{ farm { id @skip(if: true) } }",
    "a fragment skipped at first": "{ farm { ...F @skip(if: true) ...F } } fragment F on Farm { id }",
}


@pytest.mark.parametrize("query", ANSWERED.values(), ids=ANSWERED)
def test_answers_as_graphql_core_does(query):
    planned = plans(query).run(Context(), {})
    executed = core(query)

    assert executed.errors is None
    assert planned.data == executed.data
    assert repr(planned.data) == repr(executed.data)


VARYING: dict[str, tuple[str, dict[str, Any]]] = {
    "given": ("query($n: Int!, $t: String) { animals(must: $n, named: $t) { name } }", {"n": 4, "t": "x"}),
    "left out": ("query($n: Int!, $t: String) { animals(must: $n, named: $t) { name } }", {"n": 4}),
    "null": ("query($n: Int!, $t: String) { animals(must: $n, named: $t) { name } }", {"n": 4, "t": None}),
    "beside a default of the argument": (
        "query($s: Size) { animals(must: 1, size: $s) { name } }",
        {},
    ),
    "with a default": ("query($n: Int = 7) { animals(must: 1, first: $n) { name } }", {}),
    "with a default, given": ("query($n: Int = 7) { animals(must: 1, first: $n) { name } }", {"n": 8}),
    "inside an object": (
        "query($k: String) { animals(must: 1, filter: {key: $k}) { name } }",
        {"k": "key"},
    ),
    "a whole object": ("query($f: Filter) { animals(must: 1, filter: $f) { name } }", {"f": {"key": "k"}}),
    "switches": ("query($a: Boolean!, $b: Boolean!) { farm { id @skip(if: $a) name @include(if: $b) } }", {"a": False, "b": True}),
    "a switch with a default": ("query($a: Boolean = true) { farm { id @skip(if: $a) name } }", {}),
}  # fmt: skip


@pytest.mark.parametrize(("query", "variables"), VARYING.values(), ids=VARYING)
def test_variables_are_as_graphql_core_has_them(query, variables):
    assert plans(query).run(Context(), variables).data == core(query, variables).data


RAISING: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "null where it may not stand": ("{ farm { nothing } }", {}, {}),
    "a field that raises": ("{ farm { broken } }", {}, {}),
    "a number too large": ("{ farm { big } }", {}, {}),
    "no value of the enum": ("{ farm { odd } }", {}, {}),
    "a text for a number": ("{ farm { wrong } }", {}, {}),
    "no list": ("{ farm { listless } }", {}, {}),
    "null in a list": ("{ farm { holes } }", {}, {}),
    "an exception as a value": ("{ farm { error } }", {}, {}),
    "an unknown type": ("{ animal { name } }", {}, {"animal": SimpleNamespace(kind="Cat", name="c")}),
    "a type that is none of these": ("{ animal { name } }", {}, {"animal": SimpleNamespace(kind="Farm")}),
    "a required argument": ("query($n: Int) { animals(must: $n) { name } }", {}, {}),
    "a switch without a value": ("query($a: Boolean) { farm { id @skip(if: $a) } }", {"a": None}, {}),
    "a wrong argument": ('{ animals(must: "x") { name } }', {}, {}),
    "a wrong argument beside a variable": ('query($n: Int!) { animals(must: $n, filter: 1) { name } }', {"n": 1}, {}),
    "a wrong variable": ("query($n: Int!) { animals(must: $n) { name } }", {"n": "x"}, {}),
    "a variable left out": ("query($n: Int!) { animals(must: $n) { name } }", {}, {}),
    "a number beyond Int": ("query($n: Int!) { animals(must: $n) { name } }", {"n": 2**31}, {}),
}  # fmt: skip


@pytest.mark.parametrize(("query", "variables", "context"), RAISING.values(), ids=RAISING)
def test_gives_up_where_there_is_an_error(query, variables, context):
    assert core(query, variables, **context).errors

    with pytest.raises(Declined):
        plans(query).run(Context(**context), variables)


LEFT = {
    "not covered": ("{ missing }", "{ plain { name } }", "{ farm { typed { name } } }"),
    "introspection": ("{ __schema { types { name } } }", '{ __type(name: "Farm") { name } }'),
}


@pytest.mark.parametrize(
    ("reason", "query"), [(reason, query) for reason, queries in LEFT.items() for query in queries]
)
def test_leaves_to_graphql_core_what_nobody_taught_it(reason, query):
    with pytest.raises(Declined, match=reason):
        plans(query).run(Context(), {})


def test_an_interface_that_nobody_can_tell_the_types_of_is_not_covered():
    schema = make_schema()
    schema.type_map["Pet"].resolve_type = None

    with pytest.raises(Declined, match="not covered"):
        plans("{ pet { __typename } }", schema).run(Context(), {})


def test_a_value_that_is_undefined_is_left_to_graphql_core():
    assert core("{ farm { undefined } }").data == {"farm": {"undefined": None}}
    with pytest.raises(Declined):
        plans("{ farm { undefined } }").run(Context(), {})


def test_a_type_is_compiled_when_it_is_met():
    known = plans("{ animal { name ... on Dog { barks } ... on Fish { fins } } }")

    assert known.run(Context(), {}).data == {"animal": {"name": "Rex", "barks": True}}
    assert known.run(Context(animal=ANIMALS[1]), {}).data == {"animal": {"name": None, "fins": 2}}
    assert known.run(Context(), {}).data == {"animal": {"name": "Rex", "barks": True}}


def test_what_may_be_written_in_two_ways_is_told():
    planned = plans("{ farm { name area count note whole } }").run(Context(), {})

    assert planned.loose == [1.5, {"a": [1, None]}, 3.0]


def test_what_several_places_share_is_one_function(monkeypatch):
    levels = [
        f"fragment F{n} on Farm {{ a: again {{ ...F{n + 1} }} b: again {{ ...F{n + 1} }} }}" for n in range(8)
    ]
    query = f"{{ farm {{ ...F0 }} }} {' '.join(levels)} fragment F8 on Farm {{ name }}"
    monkeypatch.setattr(source, "MOST_FIELDS", 1 + 8 * 2 * 2 + 2)

    assert plans(query).run(Context(), {}).data == core(query).data


def test_a_large_plan_is_declined(monkeypatch):
    monkeypatch.setattr(source, "MOST_FIELDS", 3)

    assert plans("{ farm { name id } }").run(Context(), {}).data == {"farm": {"name": "Hill", "id": "7"}}
    with pytest.raises(Declined, match="large"):
        plans("{ farm { name id count } }").run(Context(), {})


def test_nothing_of_the_clients_stands_in_the_source(monkeypatch):
    sources: list[str] = []
    monkeypatch.setattr(
        source, "exec", lambda text, names: (sources.append(text), exec(text, names))[1], raising=False
    )
    query = '{ evil: farm { other: name } animals(must: 1, named: "import") { name } }'

    assert plans(query).run(Context(), {}).data == core(query).data
    assert sources
    for word in ("evil", "other", "import", "farm", "named"):
        assert not any(word in text for text in sources)
