"""The executable schema: the SDL and the world's tables agree, and every field reads from them."""

from __future__ import annotations

import re

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    build_schema,
    get_named_type,
    is_introspection_type,
    is_leaf_type,
    is_specified_scalar_type,
    validate_schema,
)

from simulator.bundled import read_sdl
from simulator.graphql import schema as module
from simulator.graphql.schema import executable_schema
from simulator.settings import ENUMS
from simulator.world.graph import ATTRIBUTES, MANY, ONE, ROOTS
from simulator.world.resources import Kind, Ref
from tests.graphql.asking import ask, data
from tests.world.worlds import Stage

SCHEMA = build_schema(read_sdl())
ROOT_FIELDS = {"node", "viewer", "organization", "currentOrganization"}
PAGING = {"first": "Int", "last": "Int", "after": "String", "before": "String"}


def fields(name: str) -> dict[str, str]:
    type_ = SCHEMA.type_map[name]
    assert isinstance(type_, GraphQLObjectType)
    return {field: str(definition.type) for field, definition in type_.fields.items()}


def sort(name: str, field: str) -> str:
    """Return where a field of the SDL ought to be answered: leaf, one or many."""
    type_ = SCHEMA.type_map[name]
    assert isinstance(type_, GraphQLObjectType)
    returned = get_named_type(type_.fields[field].type)
    if is_leaf_type(returned):
        return "leaf"
    return "many" if returned.name.endswith("Connection") else "one"


def test_the_sdl_is_valid():
    assert validate_schema(SCHEMA) == []


@pytest.mark.parametrize("kind", Kind)
def test_the_sdl_has_exactly_the_fields_of_the_tables(kind):
    expected = (
        dict.fromkeys(ATTRIBUTES[kind], "leaf")
        | dict.fromkeys(ONE[kind], "one")
        | dict.fromkeys(MANY[kind], "many")
    )

    assert {field: sort(kind, field) for field in fields(kind)} == expected


def test_the_roots_of_the_sdl_are_exactly_those_that_are_answered():
    assert set(fields("Query")) == ROOT_FIELDS | set(ROOTS)


def test_a_field_without_an_answer_stops_the_schema(monkeypatch):
    monkeypatch.setattr(module, "_ROOT", {**module._ROOT, "stranger": module._ROOT["viewer"]})
    module._build.cache_clear()

    with pytest.raises(LookupError, match=r"^the SDL and the tables disagree on Query: stranger$"):
        executable_schema()


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_a_node(kind):
    type_ = SCHEMA.type_map[kind]
    assert isinstance(type_, GraphQLObjectType)

    assert [interface.name for interface in type_.interfaces] == ["Node"]
    assert (fields(kind)["id"], fields(kind)["databaseId"]) == ("ID!", "String!")


def connections() -> list[GraphQLObjectType]:
    return [type_ for type_ in SCHEMA.type_map.values() if type_.name.endswith("Connection")]


@pytest.mark.parametrize("type_", connections(), ids=str)
def test_every_connection_has_edges_nodes_count_and_place(type_):
    kind = type_.name.removesuffix("Connection")
    extra = {"errors": "[Error!]!"} if kind == "User" else {}

    assert fields(type_.name) == {
        "edges": f"[{kind}Edge]",
        "nodes": f"[{kind}]",
        "totalCount": "Int!",
        "pageInfo": "PageInfo!",
        **extra,
    }
    assert fields(f"{kind}Edge") == {"cursor": "String!", "node": kind}


def arguments() -> list[tuple[str, dict[str, str]]]:
    found = []
    for type_ in SCHEMA.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not is_introspection_type(type_):
            for name, field in type_.fields.items():
                if get_named_type(field.type).name.endswith("Connection"):
                    given = {argument: str(definition.type) for argument, definition in field.args.items()}
                    found.append((f"{type_.name}.{name}", given))
    return found


def expected_arguments(name: str) -> dict[str, str]:
    """Return what a connection takes: pages, and what filters or orders its kind."""
    field = name.partition(".")[2]
    given: dict[str, str] = {}
    if name in ("Query.users", "Organization.members"):
        given["fullText"] = "String"
    if field == "scenarioCatalogs":
        given["externalAssetId"] = "String"
    if name == "Query.scenarioSessionEvents":
        given["scenarioSessionId"] = "ID"
    if field in ("events", "scenarioSessionEvents"):
        given["valueTypes"] = "[ScenarioStepItemTypeEnum!]"
    if field in ("scenarioSessions", "calls", "parts", "scenarioSteps"):
        given["externalData"] = "ExternalDataFilter"
    if field in ("scenarioSessions", "calls", "parts", "events", "scenarioSessionEvents"):
        given["orderBy"] = "OrderBy"
    return {**given, **PAGING}


@pytest.mark.parametrize(("name", "given"), arguments(), ids=[name for name, _ in arguments()])
def test_every_connection_takes_the_arguments_of_its_kind_and_requires_none(name, given):
    assert given == expected_arguments(name)


@pytest.mark.parametrize(("name", "values"), ENUMS.items(), ids=ENUMS)
def test_an_enum_has_the_values_that_the_world_uses(name, values):
    type_ = SCHEMA.type_map[name]
    assert isinstance(type_, GraphQLEnumType)

    assert sorted(type_.values) == sorted(values)


def described() -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for name, type_ in SCHEMA.type_map.items():
        if is_introspection_type(type_) or (
            isinstance(type_, GraphQLScalarType) and is_specified_scalar_type(type_)
        ):
            continue
        found.append((name, type_.description))
        if isinstance(type_, GraphQLEnumType):
            found += [
                (f"{name}.{value}", definition.description) for value, definition in type_.values.items()
            ]
        if isinstance(type_, GraphQLInputObjectType):
            found += [
                (f"{name}.{field}", definition.description) for field, definition in type_.fields.items()
            ]
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for field, definition in type_.fields.items():
                found.append((f"{name}.{field}", definition.description))
                found += [(f"{name}.{field}({one})", it.description) for one, it in definition.args.items()]
    return found


def test_every_description_ends_in_how_certain_it_is():
    mark = re.compile(r"[A-Z].*[.] \[(?:documented: [A-Z]{2,4}|seen: [A-Z]+|inferred|chosen)\]", re.DOTALL)

    assert [name for name, text in described() if not mark.fullmatch(text or "")] == []


def test_the_schema_is_built_once():
    assert executable_schema() is executable_schema()


# What the fields read


def some(stage: Stage, kind: Kind) -> Ref:
    """Return a record of a kind; the first number need not be taken, and a subscription has to be made."""
    if kind is Kind.SUBSCRIPTION:
        return stage.subscribe(sharedSecret="s", query="{ viewer { id } }")
    return Ref(kind, next(stage.world.after(kind, 0)))


def test_a_node_is_found_by_its_id_and_knows_its_type():
    stage = Stage()
    refs = [some(stage, kind) for kind in Kind]

    found = [
        data(stage, "query($id: ID!) { node(id: $id) { __typename id } }", {"id": stage.ids.encode(ref)})
        for ref in refs
    ]

    assert found == [{"node": {"__typename": ref.kind.value, "id": stage.ids.encode(ref)}} for ref in refs]


@pytest.mark.parametrize("kind", Kind)
def test_attributes_are_those_of_the_object_endpoint(kind):
    stage = Stage()
    ref = some(stage, kind)
    query = f"query($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {' '.join(ATTRIBUTES[kind])} }} }} }}"

    assert data(stage, query, {"id": stage.ids.encode(ref)}) == {"node": stage.read(ref)}


@pytest.mark.parametrize("kind", Kind)
def test_relations_lead_to_the_records_of_the_tables(kind):
    stage = Stage()
    ref = some(stage, kind)
    record = stage.view.get(ref)
    one = " ".join(f"{name} {{ id }}" for name in ONE[kind])
    many = " ".join(
        f"{name} {{ nodes {{ id }} edges {{ node {{ id }} }} totalCount }}" for name in MANY[kind]
    )
    query = f"query($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ __typename {one} {many} }} }} }}"
    expected: dict[str, object] = {"__typename": kind.value}
    for name, read in ONE[kind].items():
        related = read(stage.view, record)
        expected[name] = {"id": stage.ids.encode(related.ref)} if related else None
    for name, read_rows in MANY[kind].items():
        rows = read_rows(stage.view, record)
        ids = [{"id": stage.ids.encode(Ref(rows.kind, number))} for number in rows]
        expected[name] = {"nodes": ids, "edges": [{"node": node} for node in ids], "totalCount": len(rows)}

    assert data(stage, query, {"id": stage.ids.encode(ref)}) == {"node": expected}


def test_the_roots_lead_to_the_viewer_and_the_organisation():
    stage = Stage()
    organization = {"id": stage.ids.encode(Ref(Kind.ORGANIZATION, 1))}
    query = (
        "{ viewer { username currentOrganization { id } } organization { id } currentOrganization { id } }"
    )

    assert data(stage, query) == {
        "viewer": {"username": "integrator", "currentOrganization": organization},
        "organization": organization,
        "currentOrganization": organization,
    }


def test_the_rows_of_the_whole_organisation_can_be_asked_for():
    stage = Stage()

    assert data(stage, "{ " + " ".join(f"{name} {{ totalCount }}" for name in ROOTS) + " }") == {
        name: {"totalCount": len(read(stage.view))} for name, read in ROOTS.items()
    }


def test_users_are_found_by_the_words_of_their_names_and_addresses():
    stage = Stage(people=("Ana Silva", "Raj Patel"), users=5)
    query = """query($text: String) {
      users(fullText: $text) { nodes { name } totalCount errors { fullMessage message path type } }
      organization { members(fullText: $text) { nodes { name } } }
    }"""

    def found(text: str | None) -> list[str]:
        whole = data(stage, query, {"text": text})
        names = [node["name"] for node in whole["users"]["nodes"]]
        assert whole["users"]["errors"] == []
        assert whole["users"]["totalCount"] == len(names)
        assert [node["name"] for node in whole["organization"]["members"]["nodes"]] == names
        return names

    assert found("sIlVa aNa") == ["Ana Silva"]
    assert found("raj.patel@example.com") == ["Raj Patel"]
    assert found("nobody at all") == []
    assert len(found("")) == len(found(None)) == 5


def test_events_are_found_by_type_and_session():
    stage = Stage()
    session = stage.do("create", Kind.SESSION)
    for type_ in ("PHOTO", "TEXT", "PHOTO"):
        stage.do("record", session, {"type": type_})
    query = """query($types: [ScenarioStepItemTypeEnum!], $session: ID) {
      scenarioSessionEvents(valueTypes: $types, scenarioSessionId: $session) { nodes { type scenarioSession { id } } }
    }"""
    node_id = stage.ids.encode(session)

    def types(**variables: object) -> list[str]:
        return [node["type"] for node in data(stage, query, variables)["scenarioSessionEvents"]["nodes"]]

    assert types(session=node_id) == ["PHOTO", "TEXT", "PHOTO"]
    assert types(session=node_id, types=["PHOTO"]) == ["PHOTO", "PHOTO"]
    assert types(session=node_id, types=["TEXT", "PHOTO"]) == ["PHOTO", "TEXT", "PHOTO"]
    assert types(session=node_id, types=[]) == []
    assert types(session=str(session.number)) == ["PHOTO", "TEXT", "PHOTO"]
    assert types(session=session.number) == ["PHOTO", "TEXT", "PHOTO"]
    assert set(types(types=["TEXT"])) == {"TEXT"}
    assert types(session="no such") == types(session=stage.ids.encode(Ref(Kind.USER, 1))) == []


def test_an_unknown_node_is_null_without_an_error():
    stage = Stage()
    user = stage.do("create", Kind.USER, {"firstName": "Eva", "lastName": "Novak"})
    stage.do("delete", user)

    answers = [
        ask(stage, "query($id: ID!) { node(id: $id) { id } }", {"id": node_id})
        for node_id in ("12", "", "x" * 64, stage.ids.encode(user), stage.ids.encode(Ref(Kind.USER, 999)))
    ]

    assert answers == [{"data": {"node": None}}] * 5


def test_an_unknown_node_is_an_error_when_the_setting_says_so():
    stage = Stage()
    query = '{ node(id: "12") { id } scenarioSessionEvents(scenarioSessionId: "x") { totalCount } }'

    assert ask(stage, query, unknown_node="error") == {
        "data": {"node": None, "scenarioSessionEvents": None},
        "errors": [
            {
                "message": 'No object with the id "12" was found',
                "locations": [{"line": 1, "column": 3}],
                "path": ["node"],
            },
            {
                "message": 'No object with the id "x" was found',
                "locations": [{"line": 1, "column": 25}],
                "path": ["scenarioSessionEvents"],
            },
        ],
    }


def test_an_error_inside_the_data_reads_its_keys():
    read = executable_schema().type_map["Error"].fields["message"].resolve

    assert read({"message": "Name is taken"}, None) == "Name is taken"
