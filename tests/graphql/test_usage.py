"""What an operation uses of the SDL."""

from __future__ import annotations

import pytest
from graphql import build_schema, parse

from simulator.graphql.sdl import Dialect
from simulator.graphql.usage import Used, certainty, used, used_by
from simulator.settings import Settings


def test_fields_and_arguments_are_found_through_fragments_each_once():
    found = used(
        """query A($o: OrderBy) { viewer { ...F organization { calls(first: 1, orderBy: {attribute: "state"}) { nodes { state ...G } } } } }
        fragment F on User { name ...F } fragment G on Call { duration __typename @skip(if: true) } fragment H on Call { id }
        query B { viewer { id } }""",
        "A",
    )

    assert found == Used(
        operation="A",
        kind="query",
        roots=("viewer",),
        types=("Call", "CallConnection", "Organization", "Query", "User"),
        fields=(
            *("Call.duration", "Call.state", "CallConnection.nodes", "Organization.calls", "Query.viewer"),
            *("User.name", "User.organization"),
        ),
        arguments=("OrderBy.attribute", "Organization.calls(first:)", "Organization.calls(orderBy:)"),
        deprecated=(),
        invented=("Call.duration", "Call.state"),
    )


def test_a_mutation_tells_its_roots_and_the_input_it_gives():
    found = used('mutation { createUser(input: {user: {firstName: "Eva"}}) { user { id } } }', None)

    assert found is not None
    assert (found.operation, found.kind, found.roots) == (None, "mutation", ("createUser",))
    assert found.arguments == (
        "CreateUserInput.firstName",
        "CreateUserMutationInput.user",
        "Mutation.createUser(input:)",
    )


def test_what_is_deprecated_is_told():
    schema = build_schema("""type Query { old: Int @deprecated new(way: Int @deprecated, in: In): Int }
    input In { gone: Int @deprecated }""")
    document = parse("{ old new(way: 1, in: {gone: 1}) }")

    assert used_by(schema, document, document.definitions[0]).deprecated == (
        "In.gone",
        "Query.new(way:)",
        "Query.old",
    )


def test_in_a_schema_of_ones_own_whatever_we_do_not_model_is_invented(tmp_path):
    file = tmp_path / "own.graphql"
    file.write_text("type Query { viewer: User } type User { name: String shoeSize: Int }")

    found = used("{ viewer { name shoeSize } }", None, Dialect.of(Settings().replace(sdl=str(file))))

    assert found is not None
    assert found.invented == ("User.shoeSize",)


@pytest.mark.parametrize(
    ("text", "operation"),
    [
        pytest.param("{", None, id="no document"),
        pytest.param("query A { a } query B { a }", None, id="not clear"),
        pytest.param("query A { a }", "B", id="not there"),
        pytest.param("{a" * 10_000, None, id="too deep"),
    ],
)
def test_nothing_is_told_of_what_cannot_run(text, operation):
    assert used(text, operation) is None


def test_what_the_sdl_does_not_know_is_not_counted():
    found = used(
        "{ wages(of: {a: 1}) { cents } viewer(of: {a: 1}) { id pay @skip(if: {a: 1}) } __typename ...X }",
        None,
    )

    assert found is not None
    assert (found.fields, found.arguments) == (("Query.viewer", "User.id"), ())


@pytest.mark.parametrize(
    ("description", "mark"),
    [
        ("It is there. [documented: UW]", "documented"),
        ("It is there. [seen: DEMO] It is so. [chosen]", "seen"),
        ("It is there. [chosen] It is so. [documented: UW]", "chosen"),
        ("Nothing is known.", ""),
        (None, ""),
    ],
)
def test_the_first_mark_tells_how_certain_it_is_that_a_thing_exists(description, mark):
    assert certainty(description) == mark
