"""What a plan and the schema agree on: a resolver that only reads, and the word for giving up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from graphql import GraphQLResolveInfo
from graphql.execution.values import VariableValues

from simulator.world.attributes import Field, NodeId, Word

__all__ = ["Declined", "Function", "Reading", "lasting"]

Function: TypeAlias = Callable[[object, object, Any, VariableValues, list[object]], dict[str, Any]]
"""Gives the data of a record, for a view, what a resolver is told, the variables, and a list that takes each value that
is not surely written alike by every writer of JSON."""

F = TypeVar("F", bound=Callable[..., Any])


def lasting(resolve: F) -> F:
    """Mark a resolver: what it gives follows from the record, the arguments and the world alone, whatever the time."""
    resolve.lasting = True  # type: ignore[attr-defined] # a mark on a function
    return resolve


class Declined(Exception):  # noqa: N818 - no error: graphql-core takes over
    """A plan gives up; the text says why, in one of few words."""


class Reading:
    """A resolver that reads a record in a view. A plan calls ``read`` itself; any other resolver is called as it is."""

    __slots__ = ("lasting", "read")

    def __init__(self, read: Callable[[Any, Any], Any], *, lasting: bool = False) -> None:
        self.read = read
        self.lasting = lasting or isinstance(read, Field | Word | NodeId)

    def __call__(self, record: object, info: GraphQLResolveInfo[Any]) -> object:
        return self.read(info.context.view, record)
