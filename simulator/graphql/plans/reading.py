"""What a plan and the schema agree on: a resolver that only reads, and the word for giving up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import GraphQLResolveInfo

__all__ = ["Declined", "Reading"]


class Declined(Exception):  # noqa: N818 - no error: graphql-core takes over
    """A plan gives up; the text says why, in one of few words."""


class Reading:
    """A resolver that reads a record in a view. A plan calls ``read`` itself; any other resolver is called as it is."""

    __slots__ = ("read",)

    def __init__(self, read: Callable[[Any, Any], Any]) -> None:
        self.read = read

    def __call__(self, record: object, info: GraphQLResolveInfo[Any]) -> object:
        return self.read(info.context.view, record)
