"""Documents: parsed and validated once, kept by their text.

Decides whether a document may run, and remembers what was found out about it. What it answers is decided elsewhere.

Theory. Reading and validating a query costs several times what running it does, and clients send the same texts again and
again. So what was found is kept for each text: a ``Refusal`` with its answer ready to send, or a ``Prepared``. The oldest
are forgotten once their texts together are longer than a bound. All platforms of the process with the same limits and the
same schema share one such store, which is safe between threads.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache

from graphql import (
    ArgumentNode,
    ASTValidationRule,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSyntaxError,
    Node,
    OperationDefinitionNode,
    OperationType,
    ValidationRule,
    VariableDefinitionNode,
    VariableNode,
    is_input_type,
    parse,
    print_ast,
    specified_rules,
    type_from_ast,
    validate,
)
from graphql.utilities import validate_input_literal
from graphql.validation import ValuesOfCorrectTypeRule

from simulator.graphql.analysis import Naming, namings
from simulator.graphql.errors import executed, refused, syntax
from simulator.graphql.limits import LimitError, Limits, Sizes, check, measure, too_deep, too_long
from simulator.graphql.plans import Plans
from simulator.graphql.schema import executable_schema
from simulator.graphql.sdl import OURS, Dialect
from simulator.graphql.wording import validated
from simulator.wire import dump

__all__ = ["Documents", "Operation", "Prepared", "Refusal", "documents_of", "prepare"]

_MOST_CHARACTERS = 1_000_000
_INTROSPECTION = frozenset(("__schema", "__type", "__typename"))


@dataclass(slots=True)
class Operation:
    """What was found out about one operation. ``answer`` holds the bytes of one that asks about the schema only and so
    always gets the same."""

    name: str | None
    namings: tuple[Naming, ...]
    constant: bool
    mutates: bool
    plans: Plans = field(compare=False)
    answer: bytes | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A document that may not run, and the bytes of its answer."""

    body: bytes


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that may run; ``row`` is what a record of a page costs."""

    document: DocumentNode
    operations: tuple[Operation, ...]
    row: int

    def operation(self, name: str | None) -> Operation | None:
        """Return the operation that is meant; None when that is not clear, which the execution words."""
        if name is None:
            return self.operations[0] if len(self.operations) == 1 else None
        return next((one for one in self.operations if one.name == name), None)


class Documents:
    """The documents lately seen in one dialect and within the same limits, up to a number of characters together."""

    def __init__(self, limits: Limits, dialect: Dialect = OURS, *, most: int = _MOST_CHARACTERS) -> None:
        self._limits = limits
        self._dialect = dialect
        self._most = most
        self._held = 0
        self._kept: OrderedDict[str, Prepared | Refusal] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, text: str) -> Prepared | Refusal:
        """Return the document, prepared now or before."""
        with self._lock:
            prepared = self._kept.get(text)
            if prepared is not None:
                self._kept.move_to_end(text)
                return prepared
        prepared = prepare(text, self._limits, self._dialect)
        with self._lock:
            if text not in self._kept and len(text) <= self._most:
                self._kept[text] = prepared
                self._held += len(text)
            while self._held > self._most:
                oldest, _ = self._kept.popitem(last=False)
                self._held -= len(oldest)
        return prepared


documents_of = lru_cache(maxsize=8)(Documents)
"""Returns the documents that all who have these limits and this dialect share."""


def prepare(text: str, limits: Limits, dialect: Dialect = OURS) -> Prepared | Refusal:
    """Parse, measure and validate a document."""
    schema = executable_schema(dialect)
    try:
        document, sizes = _read(text, limits)
    except GraphQLSyntaxError as error:
        return Refusal(dump(refused([syntax(error)])))
    except LimitError as error:
        return Refusal(dump(refused([executed(error)])))
    errors = validated(validate(schema, document, _rules()), document)
    if errors:
        return Refusal(dump(refused(errors)))
    operations = tuple(
        Operation(
            node.name.value if node.name else None,
            namings(schema, document, node),
            _constant(node),
            node.operation is OperationType.MUTATION,
            Plans(schema, document, node),
        )
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
    )
    return Prepared(document, operations, sizes.row)


def _read(text: str, limits: Limits) -> tuple[DocumentNode, Sizes]:
    try:
        document = parse(text, max_tokens=limits.tokens)
        sizes = measure(document)
    except GraphQLSyntaxError as error:
        if "nested too deeply" in error.message:
            raise too_deep(limits) from None
        if "Parsing aborted" in error.message:
            raise too_long(limits) from None
        raise
    except RecursionError:
        raise too_deep(limits) from None
    check(sizes, limits)
    return document, sizes


def _constant(node: OperationDefinitionNode) -> bool:
    """Return whether an operation only asks about the schema, in a way that no variable changes."""
    return not node.variable_definitions and all(
        isinstance(one, FieldNode) and one.name.value in _INTROSPECTION
        for one in node.selection_set.selections
    )


class _LiteralsRule(ValidationRule):
    """Checks written values as graphql-core does, but says which argument or variable they are for, as the vendor does."""

    def enter_argument(
        self, node: ArgumentNode, _key: object, _parent: object, _path: object, ancestors: list[Node]
    ) -> None:
        argument = self.context.get_argument()
        if argument is None or isinstance(node.value, VariableNode):
            return
        problems: list[GraphQLError] = []
        validate_input_literal(node.value, argument.type, lambda error, _path: problems.append(error))
        if problems:
            owner = next(one for one in reversed(ancestors) if isinstance(one, FieldNode | DirectiveNode))
            kind = "Directive" if isinstance(owner, DirectiveNode) else "Field"
            alias = owner.alias if isinstance(owner, FieldNode) else None
            self.report_error(
                GraphQLError(
                    f"Argument '{node.name.value}' on {kind} '{(alias or owner.name).value}' has an invalid value"
                    f" ({print_ast(node.value)}). Expected type '{argument.type}'.",
                    owner,
                )
            )

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: object) -> None:
        type_ = type_from_ast(self.context.schema, node.type)
        if node.default_value is None or not is_input_type(type_):
            return
        problems: list[GraphQLError] = []
        validate_input_literal(node.default_value, type_, lambda error, _path: problems.append(error))
        if problems:
            name = node.variable.name.value
            self.report_error(GraphQLError(f"Default value for ${name} doesn't match type {type_}", node))


def _rules() -> list[type[ASTValidationRule]]:
    return [_LiteralsRule if rule is ValuesOfCorrectTypeRule else rule for rule in specified_rules]
