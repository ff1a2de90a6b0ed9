"""Asking the world by GraphQL, as the tests of this folder do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from simulator.graphql.execute import Answered, Endpoint
from simulator.graphql.question import Question
from simulator.settings import Settings
from simulator.wire import JSON
from tests.world.worlds import Stage


def put(
    stage: Stage,
    query: str,
    variables: Mapping[str, JSON] | None = None,
    *,
    operation: str | None = None,
    **settings: object,
) -> Answered:
    """Return what the engine gives, bytes and journal facts."""
    return Endpoint(Settings().replace(**settings)).answer(
        stage.view, Question(query, variables or {}, operation)
    )


def ask(
    stage: Stage,
    query: str,
    variables: Mapping[str, JSON] | None = None,
    *,
    operation: str | None = None,
    **settings: object,
) -> Any:
    """Return the answer as a client reads it."""
    return json.loads(put(stage, query, variables, operation=operation, **settings).body)


def data(stage: Stage, query: str, variables: Mapping[str, JSON] | None = None) -> Any:
    """Return the data of an answer that has no errors."""
    whole = ask(stage, query, variables)
    assert list(whole) == ["data"], whole
    return whole["data"]
