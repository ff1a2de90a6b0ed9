"""Which fields a selection set has for records of one type: fragments spread, ``@skip`` and ``@include`` carried out.

Follows CollectFields of the specification, and where that is free, graphql-core: a fragment that is spread twice in one
selection set counts at its first place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
)

from simulator.graphql.plans.arguments import wraps_variable
from simulator.graphql.plans.reading import Declined

__all__ = ["Collected", "Document"]

Collected = Mapping[str, tuple[FieldNode, ...]]
"""The fields by their response keys, each with all the nodes that ask for it."""


class Document:
    """One operation with the fragments around it. What it finds by walking once: ``switches``, the variables that ``@skip`` and ``@include``
    look at, and whether ``wraps``: a variable stands inside a list or an object."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
    ) -> None:
        self.schema = schema
        self.operation = operation
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        nodes = list(self._walk()) if operation.variable_definitions else []
        self.switches = tuple(dict.fromkeys(name for node in nodes for name in _switches(node)))
        self.wraps = any(
            wraps_variable(argument.value)
            for node in nodes
            if isinstance(node, FieldNode)
            for argument in node.arguments or ()
        )

    def _walk(self) -> Iterator[SelectionNode]:
        waiting = [self.operation.selection_set, *(node.selection_set for node in self._fragments.values())]
        while waiting:
            for node in waiting.pop().selections:
                yield node
                if isinstance(node, FieldNode | InlineFragmentNode) and node.selection_set is not None:
                    waiting.append(node.selection_set)

    def collect(
        self, type_: GraphQLObjectType, sets: Iterable[SelectionSetNode], switched: Mapping[str, object]
    ) -> Collected:
        """Return the fields of a record of ``type_``; ``Declined`` when a switch has no value."""
        found: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()

        def visit(selections: SelectionSetNode) -> None:
            for node in selections.selections:
                if node.directives and not _included(node.directives, switched):
                    continue
                if isinstance(node, FieldNode):
                    found.setdefault((node.alias or node.name).value, []).append(node)
                    continue
                if isinstance(node, FragmentSpreadNode):
                    if node.name.value in spread:
                        continue
                    fragment: FragmentDefinitionNode | InlineFragmentNode = self._fragments[node.name.value]
                else:
                    assert isinstance(node, InlineFragmentNode)
                    fragment = node
                if not self._applies(fragment, type_):
                    continue
                if isinstance(node, FragmentSpreadNode):
                    spread.add(node.name.value)
                visit(fragment.selection_set)

        for selections in sets:
            visit(selections)
        return {key: tuple(nodes) for key, nodes in found.items()}

    def _applies(
        self, fragment: FragmentDefinitionNode | InlineFragmentNode, type_: GraphQLObjectType
    ) -> bool:
        if fragment.type_condition is None:
            return True
        condition = self.schema.type_map[fragment.type_condition.name.value]
        return condition is type_ or (
            is_abstract_type(condition) and self.schema.is_sub_type(condition, type_)
        )


def _switches(node: SelectionNode) -> Iterator[str]:
    for directive in node.directives or ():
        for argument in directive.arguments or ():
            if isinstance(argument.value, VariableNode):
                yield argument.value.name.value


def _included(directives: Iterable[DirectiveNode], switched: Mapping[str, object]) -> bool:
    """Return whether a node with these directives counts. Skipping goes first."""
    wanted = {"skip": False, "include": True}
    for name, kept in wanted.items():
        for directive in directives:
            if directive.name.value == name and _value(directive, switched) is not kept:
                return False
    return True


def _value(directive: DirectiveNode, switched: Mapping[str, object]) -> bool:
    """Return the value of the only argument that a directive has."""
    (argument,) = directive.arguments or ()
    value = argument.value
    if isinstance(value, BooleanValueNode):
        return value.value
    given = switched.get(value.name.value) if isinstance(value, VariableNode) else None
    if not isinstance(given, bool):
        raise Declined("directives")
    return given
