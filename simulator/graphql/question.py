"""What a client asks of GraphQL, as it was sent; it may be imported before graphql-core is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from simulator.values import dataclass
from simulator.wire import JSON

__all__ = ["Question"]


@dataclass(frozen=True, slots=True)
class Question:
    """What a client sent; no ``operation`` means the only one."""

    query: str
    variables: Mapping[str, JSON] = field(default_factory=dict)
    operation: str | None = None
