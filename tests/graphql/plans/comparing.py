"""Asks a plan and graphql-core the same, and says how what they give differs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from graphql import ExecutionResult, execute_sync

from simulator.graphql.connections import cursor
from simulator.graphql.documents import Prepared
from simulator.graphql.execute import Endpoint
from simulator.graphql.plans import Declined, Planned
from simulator.graphql.schema import executable_schema
from simulator.settings import Settings
from simulator.wire import JSON, dump
from simulator.world.resources import Kind, Ref
from tests.world.worlds import Stage

ENDPOINT = Endpoint(Settings().replace(unknown_node="error"))


def stage() -> Stage:
    """Return a world with a little of everything, some of it touched."""
    made = Stage(sessions=4, calls=2)
    ref = made.do(
        "create", Kind.SESSION, {"externalData": {"work_order_id": "WO-1", "n": [1e-7, {"e": None}]}}
    )
    made.do("record", ref, {"type": "PHOTO"})
    made.do("record", ref, {"type": "TEXT"})
    made.do("view", ref, {"steps": 2})
    made.subscribe()
    made.wait(3)
    return made


def known(made: Stage) -> tuple[list[str], list[str]]:
    """Return ids and cursors of some records of each kind."""
    refs = [Ref(kind, number) for kind in Kind for number in list(made.world.after(kind, 0))[-2:]]
    return [made.ids.encode(ref) for ref in refs], [cursor(ref) for ref in refs]


def compare(made: Stage, query: str, variables: Mapping[str, JSON], seen: Counter[str]) -> None:
    """Hold a plan to what graphql-core gives; ``seen`` counts how the plan ended, or that the query was not valid."""
    found = ENDPOINT.prepared(query)
    if not isinstance(found, Prepared):
        seen["refused"] += 1
        return
    core = execute_sync(
        executable_schema(),
        found.document,
        context_value=ENDPOINT._context(made.view, found),
        variable_values=dict(variables),
    )
    planned, way = _planned(made, found, variables)
    seen[way] += 1
    if planned is None:
        # Whatever a plan declines is executed by graphql-core; it should have a reason to.
        assert core.errors or way == "introspection", (query, variables, way)
        return
    assert core == ExecutionResult(planned.data, None), (query, variables)
    assert written(planned.data) == written(core.data), (query, variables)
    assert dump(planned.data, loose=planned.loose) == dump(core.data), (query, variables)


def _planned(made: Stage, found: Prepared, variables: Mapping[str, JSON]) -> tuple[Planned | None, str]:
    try:
        return found.operations[0].plans.run(ENDPOINT._context(made.view, found), variables), "planned"
    except Declined as reason:
        return None, str(reason)


def written(data: Any) -> str:
    """Return data as text, so that the order of the keys counts."""
    return json.dumps(data)
