"""The plans of one operation, kept by the values of the variables that switch fields on and off."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from graphql import DocumentNode, GraphQLObjectType, GraphQLSchema, OperationDefinitionNode, OperationType
from graphql.execution.values import VariableValues

from simulator.graphql.plans.reading import Declined, Function
from simulator.graphql.plans.selections import Document
from simulator.graphql.plans.source import Compiler
from simulator.graphql.plans.variables import Variables
from simulator.wire import JSON

__all__ = ["Asking", "Planned", "Plans"]

_MOST_PLANS = 16
"""So many combinations of switches of one operation are kept."""


class Planned(NamedTuple):
    """The data of an answer without errors; ``lasting``: it is the same whenever the same world is asked; ``loose`` holds those values in it that writers of JSON may write differently."""

    data: dict[str, Any]
    lasting: bool
    loose: list[object]


class Asking(Protocol):
    """What the resolvers of one request share."""

    @property
    def view(self) -> object:
        """What records are read in."""


class _Info:
    """What a resolver is told of a request: no more than what those that plans call may ask."""

    __slots__ = ("context",)

    def __init__(self, context: object) -> None:
        self.context = context


class Plans:
    """The plans of one valid operation, made when they are first needed. Safe between threads."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
    ) -> None:
        self._found = schema, document, operation
        self._ready: tuple[Document, Variables, GraphQLObjectType] | None = None
        self._kept: OrderedDict[tuple[object, ...], tuple[Function, Compiler] | str] = OrderedDict()
        self._lock = threading.Lock()

    def run(self, context: Asking, given: Mapping[str, JSON]) -> Planned:
        """Answer from a context; ``Declined`` when graphql-core is to do it, from the beginning and with another budget."""
        document, variables, _ = self._prepared()
        values = variables.values(given)
        function, compiler = self._function(
            tuple(values.coerced.get(name) for name in document.switches), values
        )
        loose: list[object] = []
        try:
            data = function(None, context.view, _Info(context), values, loose)
        except Declined:
            raise
        except Exception as problem:
            raise Declined("raised") from problem
        return Planned(data, compiler.lasting, loose)

    def _prepared(self) -> tuple[Document, Variables, GraphQLObjectType]:
        if self._ready is None:
            schema, document, operation = self._found
            root = schema.query_type
            if operation.operation is not OperationType.QUERY or root is None:
                raise Declined(operation.operation.value)
            whole = Document(schema, document, operation)
            self._ready = whole, Variables(schema, operation, sources=whole.wraps), root
        return self._ready

    def _function(self, switches: tuple[object, ...], values: VariableValues) -> tuple[Function, Compiler]:
        made = self._kept.get(switches)
        if made is None:
            made = self._make(values)
            with self._lock:
                self._kept[switches] = made
                if len(self._kept) > _MOST_PLANS:
                    self._kept.popitem(last=False)
        if isinstance(made, str):
            raise Declined(made)
        return made

    def _make(self, values: VariableValues) -> tuple[Function, Compiler] | str:
        document, _, root = self._prepared()
        try:
            compiler = Compiler(document, values.coerced)
            return compiler.function(root, (document.operation.selection_set,)), compiler
        except Declined as reason:
            return str(reason)
