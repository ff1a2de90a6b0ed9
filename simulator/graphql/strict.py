"""The documented limits of connections, which nobody keeps to: enforced only where the setting ``strict_limits`` says so.

Each connection needs ``first`` or ``last``. [documented: IG] Either may be from 1 to 100. [documented: IG] One request may
ask for 500,000 nodes at most. [documented: IG] A connection asks for as many nodes as its page may hold, for each node
above it. [documented: IG] A request that breaks a rule is not executed, and is told of each connection that does, with its
path. [chosen] With both ``first`` and ``last`` the smaller one counts. [inferred] What ``@skip`` or ``@include`` leaves out
does not. [chosen] Stored queries are no requests and are not bound. [chosen]

Decides nothing about a request whose variables do not fit: the execution words these. ``limits`` bounds how large a document
may be, which bounds the time that this takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
)
from graphql.execution.values import get_variable_values
from graphql.utilities import value_from_ast_untyped

from simulator.graphql.errors import shape
from simulator.wire import JSON

__all__ = ["LARGEST_PAGE", "MOST_NODES", "broken"]

LARGEST_PAGE: Final = 100
MOST_NODES: Final = 500_000
_MOST_TOLD: Final = 100
_MOVED_BY: Final = "The setting strict_limits enforces this."

_Path: TypeAlias = tuple[str, ...]


class _Found(NamedTuple):
    """One field of the answer, wherever the document asks for it."""

    field: GraphQLField
    nodes: list[FieldNode]


def broken(
    schema: GraphQLSchema, document: DocumentNode, operation: str | None, given: Mapping[str, JSON]
) -> list[dict[str, JSON]]:
    """Return the errors of a valid document that breaks the rules, none if it keeps them."""
    definition = _meant(document, operation)
    if definition is None:
        return []
    variables = get_variable_values(schema, definition.variable_definitions or (), dict(given))
    if isinstance(variables, list):
        return []
    root = schema.get_root_type(definition.operation)
    assert root is not None
    counting = _Counting(schema, document, variables.coerced)
    counting.walk([(root, definition.selection_set)], (), 1)
    if not counting.errors and counting.total > MOST_NODES:
        message = (
            f"The request asks for up to {counting.total:,} nodes, more than {MOST_NODES:,}. {_MOVED_BY}"
        )
        return [shape(message)]
    return counting.errors[:_MOST_TOLD]


def _meant(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if name is not None:
        operations = [one for one in operations if one.name and one.name.value == name]
    return operations[0] if len(operations) == 1 else None


_Sets: TypeAlias = list[tuple[GraphQLNamedType, SelectionSetNode]]


class _Counting:
    """One walk over an operation, with its variables: the errors, and the total of nodes."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: dict[str, Any]) -> None:
        self.errors: list[dict[str, JSON]] = []
        self.total = 0
        self._schema = schema
        self._variables = variables
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }

    def walk(self, sets: _Sets, path: _Path, times: int) -> None:
        """Count what these selection sets ask for together, ``times`` times over."""
        found: dict[str, _Found] = {}
        for parent, selections in sets:
            for node, field in self._fields(parent, selections):
                key = (node.alias or node.name).value
                found.setdefault(key, _Found(field, [])).nodes.append(node)
        for key, (field, nodes) in found.items():
            returned = get_named_type(field.type)
            below = [(returned, node.selection_set) for node in nodes if node.selection_set is not None]
            page = 1
            if returned.name.endswith("Connection"):
                page = self._page(nodes[0], (*path, key))
                self.total += times * page
            self.walk(below, (*path, key), times * page)

    def _page(self, node: FieldNode, path: _Path) -> int:
        """Return how many nodes a connection may hold; 1 for one that breaks a rule, which is noted."""
        given = self._values(node)
        pages: dict[str, int] = {
            name: given[name] for name in ("first", "last") if given.get(name) is not None
        }
        if not pages:
            self._break(node, path, f"The connection '{node.name.value}' needs first or last")
            return 1
        for name, page in pages.items():
            if not 1 <= page <= LARGEST_PAGE:
                problem = (
                    f"The connection '{node.name.value}' takes {name} from 1 to {LARGEST_PAGE}, not {page}"
                )
                self._break(node, path, problem)
                return 1
        return min(pages.values())

    def _break(self, node: FieldNode, path: _Path, problem: str) -> None:
        self.errors.append(shape(f"{problem}. {_MOVED_BY}", GraphQLError("", node).locations, path=path))

    def _fields(
        self, parent: GraphQLNamedType, selections: SelectionSetNode
    ) -> Iterator[tuple[FieldNode, GraphQLField]]:
        """Yield the fields that a selection set asks for, introspection left out."""
        for node in filter(self._asked, selections.selections):
            if isinstance(node, FieldNode):
                # A union has none.
                field: GraphQLField | None = getattr(parent, "fields", {}).get(node.name.value)
                if field is not None:
                    yield node, field
                continue
            fragment = self._fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            assert isinstance(fragment, FragmentDefinitionNode | InlineFragmentNode)
            condition = fragment.type_condition
            type_ = parent if condition is None else self._schema.type_map[condition.name.value]
            yield from self._fields(type_, fragment.selection_set)

    def _asked(self, node: SelectionNode) -> bool:
        switches = {one.name.value: self._values(one).get("if") for one in node.directives or ()}
        return switches.get("skip") is not True and switches.get("include") is not False

    def _values(self, node: FieldNode | DirectiveNode) -> dict[str, Any]:
        """Return the arguments that are given, as they are after the variables."""
        return {
            one.name.value: value_from_ast_untyped(one.value, self._variables) for one in node.arguments or ()
        }
