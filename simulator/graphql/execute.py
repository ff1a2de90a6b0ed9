"""Answers GraphQL requests: the text, its variables and the chosen operation in, the bytes of the answer out.

Decides the order in which a request is looked at and what is told to the journal; HTTP is not its matter. Whatever is
wrong with a request is told in the answer, never raised. Nothing is executed asynchronously, and only a mutation changes anything.

Import this module late: it loads graphql-core.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from graphql import DocumentNode, ExecutionResult, execute_sync, get_introspection_query, parse

from simulator.graphql.analysis import Naming, asked
from simulator.graphql.documents import Operation, Prepared, Refusal, documents_of
from simulator.graphql.errors import executed, refused, shape
from simulator.graphql.limits import Budget, Limits
from simulator.graphql.mutations import Changer
from simulator.graphql.plans import Declined
from simulator.graphql.plans.remembering import keep, key_of, recalled
from simulator.graphql.question import Question
from simulator.graphql.schema import Context, executable_schema
from simulator.graphql.sdl import Dialect
from simulator.graphql.strict import broken
from simulator.graphql.usage import used
from simulator.graphql.wording import before_execution
from simulator.journal import Asked
from simulator.settings import Settings
from simulator.values import dataclass
from simulator.wire import JSON, dump
from simulator.world.resources import Kind
from simulator.world.view import View

__all__ = ["Answered", "Endpoint", "introspection"]

_INTROSPECTION = parse(get_introspection_query(input_value_deprecation=True))
_DATABASE_IDS = {"scenarioSessionId": Kind.SESSION}
"""The argument scenarioSessionId takes a databaseId as well as a node id. [seen: EXPR]"""


@dataclass(frozen=True, slots=True)
class Answered:
    """The JSON of the answer, and what the journal keeps: the operation's name and the records it named.

    A request that was not ``executed`` was refused before it began. ``way`` is how an operation was executed: ``planned``, or
    why graphql-core did it, in one of few words; empty when nothing was executed.
    """

    body: bytes
    operation: str | None = None
    asked: tuple[Asked, ...] = ()
    way: str = ""
    executed: bool = True


class Endpoint:
    """Answers GraphQL as the settings of one platform have it."""

    def __init__(self, settings: Settings) -> None:
        self._dialect = Dialect.of(settings)
        self._documents = documents_of(Limits.of(settings), self._dialect)
        self._most_fields = settings.max_query_fields
        self._unknown_is_error = settings.unknown_node == "error"

    def answer(
        self, view: View, question: Question, *, changer: Changer | None = None, strict: bool = False
    ) -> Answered:
        """Answer a question from ``view``; without a ``changer`` nothing can be changed, and ``strict`` bounds connections."""
        query, variables = question.query, question.variables
        key = key_of(variables, self._documents, self._unknown_is_error, strict, query, question.operation)
        remembered: Answered | None = None if key is None else recalled(view.world.base.remembered, key, view)
        if remembered is not None:
            return remembered
        known = self._documents.get(query)
        if isinstance(known, Refusal):
            return Answered(known.body, executed=False)
        operation = known.operation(question.operation)
        if operation is not None and operation.answer is not None:
            return Answered(operation.answer, operation.name)
        if strict and (errors := self._broken(known, question)):
            return Answered(dump(refused(errors)), _name(question, operation), executed=False)
        way = "operation" if operation is None else self._unplanned(view)
        if operation is not None and not way:
            answered, lasting = self._planned(view, known, operation, variables)
            if lasting and key is not None:
                keep(view.world.base.remembered, key, view, answered, size=len(answered.body))
            if answered.body:
                return answered
            way = answered.way
        # A plan changed nothing, but it may have spent some of the budget.
        context = self._context(view, known, changer)
        result = execute_sync(
            executable_schema(self._dialect),
            known.document,
            context_value=context,
            variable_values=dict(variables),
            operation_name=question.operation,
        )
        name = _name(question, operation)
        if context.budget.spent:
            return _too_large(context, name, way)
        body = dump(_shape(result, known.document))
        if operation is None or result.data is None:
            return Answered(body, name, way=way, executed=_begun(result))
        if operation.constant:
            operation.answer = body
        return Answered(body, name, _asked(operation, view, variables), way)

    def prepared(self, query: str) -> Prepared | Refusal:
        """Return what is known of a document: prepared now or before, by whichever platform of the process."""
        return self._documents.get(query)

    def mutates(self, question: Question) -> bool:
        """Return whether a question asks to change something."""
        operation = self._operation(question)
        return operation is not None and operation.mutates

    def look(self, view: View, question: Question) -> tuple[str | None, tuple[Asked, ...]]:
        """Return the operation and the records that a question names, without answering it."""
        operation = self._operation(question)
        if operation is None:
            return question.operation, ()
        return operation.name, _asked(operation, view, question.variables)

    def with_invented(self, body: bytes, question: Question) -> bytes:
        """Return an answer to what was executed with the invented fields and arguments that it used in its ``extensions``."""
        found = used(question.query, question.operation, self._dialect)
        assert found is not None, "it was executed"
        told = {"scopeSimulator": {"invented": len(found.invented), "names": found.invented}}
        return body[:-1] + b',"extensions":' + dump(told) + b"}"

    def introspection(self) -> bytes:
        """Return the answer to the usual introspection query, descriptions included. [documented: IG]"""
        return introspection(self._dialect)

    def refusal(self, message: str) -> bytes:
        """Return the answer to a request that was not executed, for one reason."""
        return dump(refused([shape(message)]))

    def _operation(self, question: Question) -> Operation | None:
        found = self._documents.get(question.query)
        return None if isinstance(found, Refusal) else found.operation(question.operation)

    def _unplanned(self, view: View) -> str:
        """Return why no plan is to answer, or nothing: a plan hides nothing, and knows of no schema but ours."""
        if not view.asker.rights.reads_all:
            return "rights"
        return "" if self._dialect.own is None else "own schema"

    def _broken(self, known: Prepared, question: Question) -> list[dict[str, JSON]]:
        schema = executable_schema(self._dialect)
        return broken(schema, known.document, question.operation, question.variables)

    def _planned(
        self, view: View, known: Prepared, operation: Operation, variables: Mapping[str, JSON]
    ) -> tuple[Answered, bool]:
        """Return what a plan answers, and whether it is the same whenever the same world is asked.

        It has no body, and the reason as its way, when the plan declines to.
        """
        context = self._context(view, known)
        try:
            planned = operation.plans.run(context, variables)
        except Declined as reason:
            if context.budget.spent:
                # So it would be again, only later.
                return _too_large(context, operation.name, str(reason)), False
            return Answered(b"", way=str(reason)), False
        body = dump({"data": planned.data}, loose=planned.loose)
        answered = Answered(body, operation.name, _asked(operation, view, variables), "planned")
        return answered, planned.lasting

    def _context(self, view: View, known: Prepared, changer: Changer | None = None) -> Context:
        budget = Budget(self._most_fields, known.row)
        return Context(view, budget, unknown_is_error=self._unknown_is_error, changer=changer)


@lru_cache(maxsize=8)
def introspection(dialect: Dialect) -> bytes:
    """Return the answer to the usual introspection query in a dialect, descriptions included. [documented: IG]"""
    return dump(_shape(execute_sync(executable_schema(dialect), _INTROSPECTION), _INTROSPECTION))


def _too_large(context: Context, name: str | None, way: str) -> Answered:
    return Answered(dump(refused([executed(context.budget.error())])), name, way=way)


def _shape(result: ExecutionResult, document: DocumentNode) -> dict[str, JSON]:
    """Return the answer; an error without a path was found before the execution began."""
    whole: dict[str, JSON] = {"data": result.data}
    if result.errors:
        whole["errors"] = [
            before_execution(error, document) if error.path is None else executed(error)
            for error in result.errors
        ]
    return whole


def _name(question: Question, operation: Operation | None) -> str | None:
    return question.operation if operation is None else operation.name


def _begun(result: ExecutionResult) -> bool:
    """Return whether the execution began: it did not if the operation is not clear, or a variable does not fit."""
    return any(error.path is not None for error in result.errors or ())


def _asked(operation: Operation, view: View, variables: Mapping[str, JSON]) -> tuple[Asked, ...]:
    def node_id(naming: Naming, text: str) -> str:
        kind = _DATABASE_IDS.get(naming.argument)
        record = view.find(kind, text) if kind else None
        return view.id_of(record.ref) if record else text

    return asked(operation.namings, variables, node_id) if operation.namings else ()
