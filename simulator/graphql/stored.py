"""Stored queries: what a subscription asks of the world each time it is told something.

Decides which queries can be stored, and runs one. A query that is not valid is refused when the subscription is made or
changed. [inferred] It runs at each delivery, and the complete answer is the body. [inferred] It runs as the organisation's
own account. [chosen] An error while it runs stands in the answer like that of any request. [chosen]

The server supplies the variables ``$nodeId`` and ``$nodeType``. [documented: UW] They may be declared as ID or String, a
query that needs any other variable is refused, and so is what is no query or holds several operations. [chosen]

Nothing here is a request of a client's: the journal hears nothing of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from graphql import (
    NamedTypeNode,
    Node,
    NonNullTypeNode,
    OperationDefinitionNode,
    OperationType,
    VariableDefinitionNode,
)

from simulator.errors import UsageError, did_you_mean
from simulator.graphql.documents import Prepared
from simulator.graphql.execute import Endpoint
from simulator.graphql.question import Question
from simulator.settings import Settings
from simulator.wire import JSON
from simulator.world.view import View

__all__ = ["check", "run"]

_SUPPLIED: Final = ("nodeId", "nodeType")
_TYPES: Final = ("ID", "String")


def check(query: str, settings: Settings) -> None:
    """Raise ``UsageError`` for a query that cannot be stored, with the line and column in it."""
    found = Endpoint(settings).prepared(query)
    if not isinstance(found, Prepared):
        first = json.loads(found.body)["errors"][0]
        at = first["locations"][0] if first["locations"] else None
        where = f", at line {at['line']}, column {at['column']}" if at else ""
        raise UsageError(f"the query cannot be stored{where}: {first['message'].rstrip('.')}", place="query")
    operations = [one for one in found.document.definitions if isinstance(one, OperationDefinitionNode)]
    if len(operations) > 1:
        raise _wrong(operations[1], "a second operation begins here", expected="one query")
    if operations[0].operation is not OperationType.QUERY:
        raise _wrong(operations[0], "it is a mutation", expected="a query, which changes nothing")
    for variable in operations[0].variable_definitions or ():
        _check_variable(variable)


def run(view: View, query: str, node_id: str, node_type: str, settings: Settings) -> dict[str, JSON]:
    """Return the complete answer to a stored query about a record: ``data``, and ``errors`` if there are any."""
    asked = Question(query, {"nodeId": node_id, "nodeType": node_type})
    whole: dict[str, JSON] = json.loads(Endpoint(settings).answer(view, asked).body)
    return whole


def _check_variable(variable: VariableDefinitionNode) -> None:
    name, type_ = variable.variable.name.value, variable.type
    required = isinstance(type_, NonNullTypeNode) and variable.default_value is None
    inner = type_.type if isinstance(type_, NonNullTypeNode) else type_
    if name not in _SUPPLIED:
        if required:
            raise _wrong(
                variable,
                f"nobody gives it a value for ${name}",
                expected="the variables $nodeId and $nodeType, which are supplied",
                nearest=[f"${near}" for near in did_you_mean(name, _SUPPLIED)],
            )
    elif not isinstance(inner, NamedTypeNode) or inner.name.value not in _TYPES:
        raise _wrong(variable, f"${name} is of another type", expected="ID or String")


def _wrong(node: Node, problem: str, *, expected: str, nearest: Sequence[str] = ()) -> UsageError:
    assert node.loc is not None
    at = node.loc.start_token
    return UsageError(
        f"the query cannot be stored, at line {at.line}, column {at.column}: {problem}",
        place="query",
        expected=expected,
        nearest=nearest,
    )
