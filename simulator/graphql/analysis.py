"""Which records a document names, and which of their fields it asks for: what the journal keeps of a request.

Decides what counts as naming a record: a value, written out or a variable's, of any argument of the type ID, through
fragments too. Whether such a record exists is not asked here.

Theory. A document is looked through once and gives ``Naming``s, which do not depend on the variables; each request then
puts its variables in. The fields beneath a named record are its own field names and, with dots, the fields of records
reached from it: ``state``, ``scenario``, ``scenario.name``. What only carries pages (edges, nodes, node) is left out, so
``events.type``. An argument that filters a connection does not return the record it names; what is asked for there stands
beneath the connection's name: ``scenarioSessionEvents.type``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLID,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    value_from_ast_untyped,
)

from simulator.journal import Asked
from simulator.values import dataclass
from simulator.wire import JSON

__all__ = ["Naming", "asked", "namings"]

_PAGE_FIELDS = frozenset(("edges", "nodes", "node"))
_PAGE_TYPES = ("Connection", "Edge")


@dataclass(frozen=True, slots=True)
class Naming:
    """One place where a document names records: a literal's ids, or the variable that holds them."""

    argument: str
    ids: tuple[str, ...]
    variable: str | None
    fields: frozenset[str]


def asked(
    found: tuple[Naming, ...], variables: Mapping[str, JSON], node_id: Callable[[Naming, str], str]
) -> tuple[Asked, ...]:
    """Return what a request asked, each record once; ``node_id`` turns what was given into the record's node id."""
    fields: dict[str, frozenset[str]] = {}
    for naming in found:
        given = naming.ids if naming.variable is None else tuple(_texts(variables.get(naming.variable)))
        for text in given or naming.ids:
            known = node_id(naming, text)
            fields[known] = fields[known] | naming.fields if known in fields else naming.fields
    return tuple(Asked(known, names) for known, names in fields.items())


def namings(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
) -> tuple[Naming, ...]:
    """Return where a valid operation names records, in the order of the document."""
    root = schema.get_root_type(operation.operation)
    assert root is not None
    return tuple(_Reader(schema, document, operation).walk(operation.selection_set, root))


class _Reader:
    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
    ) -> None:
        self._schema = schema
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._defaults = {
            node.variable.name.value: node.default_value for node in operation.variable_definitions or ()
        }
        self._walked: set[str] = set()

    def walk(self, selections: SelectionSetNode, parent: GraphQLNamedType) -> Iterator[Naming]:
        for node in selections.selections:
            if isinstance(node, FieldNode):
                field = _field(parent, node)
                if field is not None:
                    yield from self._of_field(node, field)
            elif isinstance(node, InlineFragmentNode):
                yield from self.walk(node.selection_set, self._condition(node, parent))
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in self._walked:
                self._walked.add(node.name.value)
                fragment = self._fragments[node.name.value]
                yield from self.walk(fragment.selection_set, self._condition(fragment, parent))

    def _of_field(self, node: FieldNode, field: GraphQLField) -> Iterator[Naming]:
        returned = get_named_type(field.type)
        for argument in node.arguments or ():
            if get_named_type(field.args[argument.name.value].type) is GraphQLID:
                yield self._naming(node, argument, returned)
        if node.selection_set is not None:
            yield from self.walk(node.selection_set, returned)

    def _naming(self, node: FieldNode, argument: ArgumentNode, returned: GraphQLNamedType) -> Naming:
        fields: set[str] = set()
        filters = returned.name.endswith(_PAGE_TYPES)
        if filters:
            fields.add(node.name.value)
        self._collect(node.selection_set, returned, f"{node.name.value}." if filters else "", fields)
        variable, value = None, argument.value
        if isinstance(value, VariableNode):
            variable = value.name.value
            ids = _written(self._defaults.get(variable))
        else:
            ids = _written(value)
        return Naming(argument.name.value, ids, variable, frozenset(fields))

    def _collect(
        self, selections: SelectionSetNode | None, parent: GraphQLNamedType, before: str, fields: set[str]
    ) -> None:
        """Add the names of all fields below ``selections``."""
        for node in selections.selections if selections is not None else ():
            if isinstance(node, FieldNode):
                name, field = node.name.value, _field(parent, node)
                path = before
                if not (parent.name.endswith(_PAGE_TYPES) and name in _PAGE_FIELDS):
                    fields.add(before + name)
                    path = f"{before}{name}."
                if field is not None:
                    self._collect(node.selection_set, get_named_type(field.type), path, fields)
            elif isinstance(node, InlineFragmentNode):
                self._collect(node.selection_set, self._condition(node, parent), before, fields)
            else:
                assert isinstance(node, FragmentSpreadNode)
                fragment = self._fragments[node.name.value]
                self._collect(fragment.selection_set, self._condition(fragment, parent), before, fields)

    def _condition(
        self, node: InlineFragmentNode | FragmentDefinitionNode, parent: GraphQLNamedType
    ) -> GraphQLNamedType:
        if node.type_condition is None:
            return parent
        return self._schema.type_map[node.type_condition.name.value]


def _field(parent: GraphQLNamedType, node: FieldNode) -> GraphQLField | None:
    """Return a field's definition, or None for introspection, which is all that a union can be asked for."""
    fields: Mapping[str, GraphQLField] = getattr(parent, "fields", {})
    return fields.get(node.name.value)


def _written(value: ValueNode | None) -> tuple[str, ...]:
    return () if value is None else tuple(_texts(value_from_ast_untyped(value)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
