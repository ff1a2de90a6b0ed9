"""Other servers that give the answer ours gives: ``answering.py KIND FILE PORT``; FILE holds the bytes of that answer.

``static`` sends the bytes, by aiohttp as it comes; ``naive`` has graphql-core parse, validate and execute each request;
``strawberry`` is its aiohttp view. All hold the data ready, so that nothing but the answering is measured.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from aiohttp import web
from graphql import GraphQLInterfaceType, build_schema, graphql_sync

__all__ = ["main"]

SDL = """
type Query { node(id: ID!): Node }
interface Node { id: ID! }
type ScenarioSession implements Node { id: ID! state: String startedAt: String scenario: Scenario events(first: Int): Events }
type Scenario implements Node { id: ID! name: String }
type Events { nodes: [ScenarioSessionEvent] }
type ScenarioSessionEvent implements Node { id: ID! type: String createdAt: String }
"""


def static(body: bytes) -> web.Application:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    return _app(answer)


def naive(body: bytes) -> web.Application:
    schema = build_schema(SDL)
    node = schema.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    node.resolve_type = lambda *_: "ScenarioSession"
    root = json.loads(body)["data"]

    async def answer(request: web.Request) -> web.Response:
        asked = await request.json()
        result = graphql_sync(schema, asked["query"], root, variable_values=asked["variables"])
        return web.json_response({"data": result.data})

    return _app(answer)


def strawberry(body: bytes) -> web.Application:
    known: Any = import_module("strawberry")
    view: Any = import_module("strawberry.aiohttp.views").GraphQLView
    config: Any = import_module("strawberry.schema.config").StrawberryConfig
    data = json.loads(body)["data"]["node"]

    def type_(called: str, /, **fields: object) -> Any:  # noqa: ANN401 - a class of somebody else's making
        return known.type(type(called, (), {"__annotations__": fields}))

    text, number = str | None, known.ID
    scenario = type_("Scenario", id=number, name=text)
    event = type_("ScenarioSessionEvent", id=number, type=text, createdAt=text)
    events = type_("Events", nodes=list.__class_getitem__(event))
    held = events(nodes=[event(**one) for one in data["events"]["nodes"]])

    def resolve_events(first: int | None = None) -> object:
        return held if first else None

    resolve_events.__annotations__ = {"first": int | None, "return": events}
    fields = {"id": number, "state": text, "startedAt": text, "scenario": scenario}
    session = known.type(
        type(
            "ScenarioSession", (), {"__annotations__": fields, "events": known.field(resolver=resolve_events)}
        )
    )
    whole = session(
        **{name: data[name] for name in ("id", "state", "startedAt")}, scenario=scenario(**data["scenario"])
    )

    def resolve_node(id: str) -> object:
        return whole if id else None

    resolve_node.__annotations__ = {"id": known.ID, "return": session}
    query = known.type(type("Query", (), {"node": known.field(resolver=resolve_node)}))
    return _app(view(schema=known.Schema(query, config=config(auto_camel_case=False))))


def _app(handler: Callable[..., Any]) -> web.Application:
    app = web.Application()
    app.router.add_post("/", handler)
    return app


KINDS = {"static": static, "naive": naive, "strawberry": strawberry}


def main() -> None:
    kind, file, port = sys.argv[1:]
    app = KINDS[kind](Path(file).read_bytes())
    try:
        loop = import_module("uvloop").new_event_loop()
    except ImportError:
        loop = asyncio.new_event_loop()
    web.run_app(app, host="127.0.0.1", port=int(port), print=lambda _: print("ready", flush=True), loop=loop)


if __name__ == "__main__":
    main()
