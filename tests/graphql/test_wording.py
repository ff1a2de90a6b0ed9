"""The words of refused documents are those of the vendor's library."""

from __future__ import annotations

import pytest
from graphql import GraphQLError, parse

from simulator.graphql.wording import before_execution, validated
from tests.graphql.asking import ask
from tests.world.worlds import Stage

STAGE = Stage()


@pytest.mark.parametrize(
    ("query", "message", "places"),
    [
        pytest.param(
            "{ viewer { organization { members {\n nodes } } } }",
            "Objects must have selections (field 'nodes' returns User but has no selections)",
            [(2, 2)],
            id="missing selection",
        ),
        pytest.param(
            "{ viewer { wages } }",
            "Field 'wages' doesn't exist on type 'User'",
            [(1, 12)],
            id="unknown field",
        ),
        pytest.param(
            "{ vieuwer { id } }", "Field 'vieuwer' doesn't exist on type 'Query'", [(1, 3)], id="near a field"
        ),
        pytest.param(
            '{ node(id: "x") { state } }',
            "Field 'state' doesn't exist on type 'Node'",
            [(1, 19)],
            id="on the interface",
        ),
        pytest.param(
            "{ viewer { name { first last } } }",
            "Selections can't be made on scalars (field 'name' returns String but has selections [first, last])",
            [(1, 12)],
            id="selection on a leaf",
        ),
        pytest.param(
            "{ viewer { id { ... on User { id } } } }",
            "Selections can't be made on scalars (field 'id' returns ID but has inline fragments [... on User])",
            [(1, 12)],
            id="fragment on a leaf",
        ),
        pytest.param(
            "{ users(limit: 3) { totalCount } }",
            "Field 'users' doesn't accept argument 'limit'",
            [(1, 9)],
            id="argument",
        ),
        pytest.param(
            "{ viewer @skip(unless: true, if: true) { id } }",
            "Directive 'skip' doesn't accept argument 'unless'",
            [(1, 16)],
            id="argument of a directive",
        ),
        pytest.param(
            "{ node { id } }",
            "Field 'node' is missing required arguments: id",
            [(1, 3)],
            id="missing argument",
        ),
        pytest.param(
            "{ viewer { id @include } }",
            "Directive 'include' is missing required arguments: if",
            [(1, 15)],
            id="missing argument of a directive",
        ),
        pytest.param(
            "query Q { node(id: $x) { id } }",
            "Variable $x is used by Q but not declared",
            [(1, 20), (1, 1)],
            id="undeclared",
        ),
        pytest.param(
            "{ node(id: $x) { id } }",
            "Variable $x is used by anonymous query but not declared",
            [(1, 12), (1, 1)],
            id="undeclared, no name",
        ),
        pytest.param(
            "query Q($x: ID) { viewer { id } }",
            "Variable $x is declared by Q but not used",
            [(1, 9)],
            id="unused",
        ),
        pytest.param(
            "query ($x: ID) { viewer { id } }",
            "Variable $x is declared by anonymous query but not used",
            [(1, 8)],
            id="unused, no name",
        ),
        pytest.param(
            "query ($x: User) { node(id: $x) { id } }",
            "User isn't a valid input type (on $x)",
            [(1, 12)],
            id="no input type",
        ),
        pytest.param(
            "query ($x: Uuid) { node(id: $x) { id } }",
            "Uuid isn't a defined input type (on $x)",
            [(1, 8)],
            id="no type",
        ),
        pytest.param(
            "{ viewer { ... on Person { id } } }",
            "No such type Person, so it can't be a fragment condition",
            [(1, 12)],
            id="fragment on no type",
        ),
        pytest.param(
            "{ viewer { ...F } } fragment F on Person { id }",
            "No such type Person, so it can't be a fragment condition",
            [(1, 21)],
            id="named fragment on no type",
        ),
        pytest.param(
            "query ($x: Int!) { node(id: $x) { id } }",
            "Type mismatch on variable $x and argument id (Int! / ID!)",
            [(1, 25)],
            id="type of a variable",
        ),
        pytest.param(
            "query ($x: String) { node(id: $x) { id } }",
            "Type mismatch on variable $x and argument id (String / ID!)",
            [(1, 27)],
            id="a string that may be null",
        ),
        pytest.param(
            "query ($x: ID) { node(id: $x) { id } }",
            "Nullability mismatch on variable $x and argument id (ID / ID!)",
            [(1, 23)],
            id="variable that may be null",
        ),
        pytest.param(
            "query ($x: [Int]) { users(first: $x) { totalCount } }",
            "List dimension mismatch on variable $x and argument first ([Int] / Int)",
            [(1, 27)],
            id="a list for one",
        ),
        pytest.param(
            "{ viewer { ...F } }", "Fragment F was used, but not defined", [(1, 15)], id="missing fragment"
        ),
        pytest.param(
            "{ viewer { id } } fragment F on User { id }",
            "Fragment F was defined, but not used",
            [(1, 19)],
            id="unused fragment",
        ),
        pytest.param(
            "{ viewer { ...F } } fragment F on User { id ...F }",
            "Fragment F contains an infinite loop",
            [(1, 45)],
            id="fragment in itself",
        ),
        pytest.param(
            "{ viewer { ...F } } fragment F on Group { id }",
            "Fragment F on Group can't be spread inside User",
            [(1, 12)],
            id="fragment in the wrong place",
        ),
        pytest.param(
            "{ viewer { ... on Group { id } } }",
            "Fragment on Group can't be spread inside User",
            [(1, 12)],
            id="inline fragment in the wrong place",
        ),
        pytest.param(
            "{ viewer { ... on String { id } } }",
            "Invalid fragment on type String (must be Union, Interface or Object)",
            [(1, 19)],
            id="fragment on a scalar",
        ),
        pytest.param(
            '{ node(id: "1", id: "2") { id } }',
            'There can be only one argument named "id"',
            [(1, 8), (1, 17)],
            id="argument twice",
        ),
        pytest.param(
            "query A { viewer { id } } query A { viewer { id } }",
            'Operation name "A" must be unique',
            [(1, 7), (1, 33)],
            id="operation twice",
        ),
        pytest.param(
            "{ viewer { ...F } } fragment F on User { id } fragment F on User { id }",
            'Fragment name "F" must be unique',
            [(1, 30), (1, 56)],
            id="fragment twice",
        ),
        pytest.param(
            "query ($x: ID!, $x: ID!) { node(id: $x) { id } }",
            'There can only be one variable named "x"',
            [(1, 9), (1, 18)],
            id="variable twice",
        ),
        pytest.param(
            "{ viewer { id } } query A { viewer { id } }",
            "Operation name is required when multiple operations are present",
            [(1, 1)],
            id="operation without a name",
        ),
        pytest.param(
            "{ viewer @fast { id } }", "Directive @fast is not defined", [(1, 10)], id="unknown directive"
        ),
        pytest.param(
            "query Q @skip(if: true) { viewer { id } }",
            "'@skip' can't be applied to queries",
            [(1, 9)],
            id="misplaced directive",
        ),
        pytest.param(
            "{ viewer { ...F } } fragment F on User @skip(if: true) { id }",
            "'@skip' can't be applied to fragment definitions",
            [(1, 40)],
            id="directive on a fragment",
        ),
        pytest.param(
            "{ viewer @skip(if: true) @skip(if: true) { id } }",
            'The directive "skip" can only be used once at this location.',
            [(1, 10), (1, 26)],
            id="directive twice",
        ),
        pytest.param(
            "{ users(first: 1) { totalCount } users(first: 2) { totalCount } }",
            "Field 'users' has an argument conflict: {first: 1} or {first: 2}?",
            [(1, 3), (1, 34)],
            id="arguments that differ",
        ),
        pytest.param(
            "{ viewer { x: name } viewer { x: email } }",
            "Field 'x' has a field conflict: email or name?",
            [(1, 3), (1, 12), (1, 22), (1, 31)],
            id="fields that differ",
        ),
        pytest.param(
            "subscription { a }", "Schema is not configured for subscriptions", [(1, 1)], id="subscription"
        ),
        pytest.param(
            "type A { b: Int }", "Query cannot contain schema definitions", [(1, 1)], id="a definition"
        ),
        pytest.param(
            '{ users(first: "x") { totalCount } }',
            "Argument 'first' on Field 'users' has an invalid value (\"x\"). Expected type 'Int'.",
            [(1, 3)],
            id="value",
        ),
        pytest.param(
            "{ all: scenarioSessionEvents(valueTypes: [FOTO]) { totalCount } }",
            "Argument 'valueTypes' on Field 'all' has an invalid value ([FOTO]). Expected type '[ScenarioStepItemTypeEnum!]'.",
            [(1, 3)],
            id="value of an enum",
        ),
        pytest.param(
            "{ viewer @skip(if: 1) { id } }",
            "Argument 'if' on Directive 'skip' has an invalid value (1). Expected type 'Boolean!'.",
            [(1, 10)],
            id="value of a directive",
        ),
        pytest.param(
            'query ($n: Int = "x") { users(first: $n) { totalCount } }',
            "Default value for $n doesn't match type Int",
            [(1, 8)],
            id="default value",
        ),
        pytest.param(
            "{ __schema { types { " + "fields { type { " * 4 + "name" + " } }" * 4 + " } } }",
            "Maximum introspection depth exceeded",
            [(1, 3)],
            id="words that are kept",
        ),
    ],
)
def test_a_refused_document_reads_as_the_vendor_words_it(query, message, places):
    whole = ask(STAGE, query)

    assert whole["data"] is None
    assert {
        "message": message,
        "locations": [{"line": line, "column": column} for line, column in places],
    } in whole["errors"]


def test_all_errors_of_a_document_are_told():
    assert [error["message"] for error in ask(STAGE, "{ viewer { wages boss { id } } }")["errors"]] == [
        "Field 'wages' doesn't exist on type 'User'",
        "Field 'boss' doesn't exist on type 'User'",
    ]


def test_a_string_variable_may_stand_where_an_id_is_expected():
    node_id = STAGE.read(STAGE.view.find_user("integrator").ref)["id"]
    queries = (
        "query ($x: String!) { node(id: $x) { id } }",
        "query ($x: String) { scenarioSessionEvents(scenarioSessionId: $x) { totalCount } }",
    )

    assert [ask(STAGE, query, {"x": node_id}) for query in queries] == [
        {"data": {"node": {"id": node_id}}},
        {"data": {"scenarioSessionEvents": {"totalCount": 0}}},
    ]


def test_a_document_too_costly_to_check_is_refused():
    assert ask(STAGE, "{ viewer { " + "name " * 9000 + "} }") == {
        "data": None,
        "errors": [
            {
                "message": "The request repeats too many fields or fragments to be checked: ask for each in fewer places. "
                "No setting moves this limit.",
                "locations": [],
            }
        ],
    }


@pytest.mark.parametrize(
    ("query", "variables", "message"),
    [
        pytest.param(
            "query ($x: ID!) { node(id: $x) { id } }",
            {},
            "Variable $x of type ID! was provided invalid value",
            id="missing",
        ),
        pytest.param(
            "query ($x: ID!) { node(id: $x) { id } }",
            {"x": None},
            "Variable $x of type ID! was provided invalid value",
            id="null",
        ),
        pytest.param(
            "query ($x: ID!) { node(id: $x) { id } }",
            {"x": {"a": 1}},
            "Variable $x of type ID! was provided invalid value",
            id="an object",
        ),
        pytest.param(
            "query ($n: Int) { users(first: $n) { totalCount } }",
            {"n": "3"},
            "Variable $n of type Int was provided invalid value",
            id="text for a number",
        ),
        pytest.param(
            "query ($t: [ScenarioStepItemTypeEnum!]) { scenarioSessionEvents(valueTypes: $t) { totalCount } }",
            {"t": ["PHOTO", "FOTO"]},
            "Variable $t of type [ScenarioStepItemTypeEnum!] was provided invalid value for 1 (Value 'FOTO' does not exist in"
            " 'ScenarioStepItemTypeEnum' enum. Did you mean the enum value 'PHOTO'?)",
            id="inside a list",
        ),
    ],
)
def test_a_wrong_variable_is_named_with_its_path(query, variables, message):
    assert ask(STAGE, query, variables) == {
        "data": None,
        "errors": [{"message": message, "locations": [{"line": 1, "column": 8}]}],
    }


TWO = "query A { viewer { username } } query B { organization { databaseId } }"


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("A", {"data": {"viewer": {"username": "integrator"}}}),
        ("B", {"data": {"organization": {"databaseId": "1"}}}),
        ("C", {"data": None, "errors": [{"message": 'No operation named "C"', "locations": []}]}),
        (None, {"data": None, "errors": [{"message": "An operation name is required", "locations": []}]}),
    ],
)
def test_the_operation_is_chosen_by_its_name(operation, expected):
    assert ask(STAGE, TWO, operation=operation) == expected


def test_a_name_is_not_needed_for_the_only_operation():
    assert ask(STAGE, "query A { organization { databaseId } }") == {
        "data": {"organization": {"databaseId": "1"}}
    }


def test_a_good_default_value_passes():
    query = "query ($n: Int = 3) { users(first: $n) { nodes { databaseId } } }"

    assert ask(STAGE, query) == {"data": {"users": {"nodes": [{"databaseId": str(n)} for n in (1, 2, 3)]}}}


def test_words_of_another_release_are_kept():
    document = parse("query ($x: ID) { viewer { id } }")
    other = GraphQLError("Something new", document.definitions[0])
    unnamed = GraphQLError("Variable '$x' is not defined.")

    assert validated([other, unnamed], document) == [
        {"message": "Something new", "locations": [{"line": 1, "column": 1}]},
        {"message": "Variable $x is used by anonymous query but not declared", "locations": []},
    ]
    assert before_execution(GraphQLError("Variable '$x' has invalid value: No"), document) == {
        "message": "Variable '$x' has invalid value: No",
        "locations": [],
    }
