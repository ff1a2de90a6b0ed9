"""What an operation uses of the SDL: its fields and arguments, and which of them are deprecated or our own invention.

Decides what counts as used: whatever the operation and the fragments that it reaches name, each once, whatever the variables
switch off. How certain something is stands in its description, as a mark; the first mark says whether the thing itself
exists, those after it are about how it behaves. Invented is what is marked as our choice, and what is only
inferred is not.

A document need not be valid: what the SDL does not know is not counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLError,
    GraphQLField,
    GraphQLInputField,
    GraphQLSchema,
    Node,
    ObjectFieldNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    visit,
)

from simulator.graphql.schema import executable_schema
from simulator.graphql.sdl import OURS, Dialect
from simulator.values import dataclass

__all__ = ["Used", "certainty", "used", "used_by"]

_MARK = re.compile(r"\[(documented|seen|inferred|chosen)\b")


@dataclass(frozen=True, slots=True)
class Used:
    """What one operation uses, by schema coordinate, sorted: ``User.name``, ``Query.users(first:)``, ``OrderBy.attribute``.

    ``kind`` is ``query`` or ``mutation``; ``roots`` are the fields at the top, ``types`` those whose fields are read.
    """

    operation: str | None
    kind: str
    roots: tuple[str, ...]
    types: tuple[str, ...]
    fields: tuple[str, ...]
    arguments: tuple[str, ...]
    deprecated: tuple[str, ...]
    invented: tuple[str, ...]


def certainty(description: str | None) -> str:
    """Return how certain it is that something exists: documented, seen, inferred or chosen; nothing without a mark."""
    mark = _MARK.search(description or "")
    return mark[1] if mark else ""


def used(text: str, operation: str | None, dialect: Dialect = OURS) -> Used | None:
    """Return what the operation that is meant uses; None when the text cannot be read or it is not clear which is meant."""
    try:
        document = parse(text, no_location=True)
    except (GraphQLError, RecursionError):
        return None
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if operation:
        operations = [one for one in operations if one.name and one.name.value == operation]
    return used_by(executable_schema(dialect), document, operations[0]) if len(operations) == 1 else None


def used_by(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> Used:
    """Return what an operation of a document uses."""
    reader = _Reader(TypeInfo(schema))
    fragments = {
        one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
    }
    walked: set[str] = set()
    waiting: list[Node] = [operation]
    while waiting:
        visit(waiting.pop(), TypeInfoVisitor(reader.types, reader))
        reached = reader.spread & fragments.keys() - walked
        walked |= reached
        waiting += (fragments[name] for name in sorted(reached))
    return Used(
        operation.name.value if operation.name else None,
        operation.operation.value,
        tuple(one.name.value for one in operation.selection_set.selections if isinstance(one, FieldNode)),
        _sorted(name.partition(".")[0] for name in reader.fields),
        _sorted(reader.fields),
        _sorted(reader.arguments),
        _sorted(reader.deprecated),
        _sorted(reader.invented),
    )


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


class _Reader(Visitor):
    """Notes what a walk over one definition meets; it is used for several, one after the other."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.fields: set[str] = set()
        self.arguments: set[str] = set()
        self.deprecated: set[str] = set()
        self.invented: set[str] = set()
        self.spread: set[str] = set()
        self._field = ""

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent, field = self.types.get_parent_type(), self.types.get_field_def()
        if parent is None or field is None or node.name.value.startswith("__"):
            self._field = ""
            return
        self._field = f"{parent.name}.{node.name.value}"
        self.fields.add(self._field)
        self._judge(self._field, field)

    def enter_argument(self, node: ArgumentNode, *_: object) -> None:
        argument = self.types.get_argument()
        if argument is not None and self._field and not self.types.get_directive():
            name = f"{self._field}({node.name.value}:)"
            self.arguments.add(name)
            self._judge(name, argument)

    def enter_object_field(self, node: ObjectFieldNode, *_: object) -> None:
        parent = get_named_type(self.types.get_parent_input_type())
        field = getattr(parent, "fields", {}).get(node.name.value)
        if parent is not None and field is not None:
            name = f"{parent.name}.{node.name.value}"
            self.arguments.add(name)
            self._judge(name, field)

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        self.spread.add(node.name.value)

    def _judge(self, name: str, it: GraphQLField | GraphQLArgument | GraphQLInputField) -> None:
        if it.deprecation_reason is not None:
            self.deprecated.add(name)
        if certainty(it.description) == "chosen":
            self.invented.add(name)
