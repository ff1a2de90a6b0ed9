"""The same integration in FastAPI: a work order is kept for each session that somebody works on."""

import os
from typing import Any

import httpx
from fastapi import BackgroundTasks, FastAPI, Response

QUERY = """
query WorkOrder($id: ID!) {
  node(id: $id) { ... on ScenarioSession { state duration externalData } }
}"""


def create_app(scope_url: str | None = None, scope_token: str | None = None) -> FastAPI:
    """Return the application; where Scope is comes from the environment unless it is given."""
    app = FastAPI()
    orders: dict[str, dict[str, Any]] = {}
    graphql = (scope_url or os.environ["SCOPE_URL"]) + "/api/v3/graphql"
    headers = {"Authorization": f"Bearer {scope_token or os.environ['SCOPE_TOKEN']}"}

    @app.post("/hooks/scopear")
    async def webhook(hook: dict[str, Any], background: BackgroundTasks) -> Response:
        # Answer at once and work later. Only the id is believed, the rest is asked.
        if hook["type"] == "resource" and hook["data"]["resource-type"] == "ScenarioSession":
            background.add_task(look_up, hook["data"]["resource-id"])
        return Response(status_code=200)

    async def look_up(session_id: str) -> None:
        body = {"query": QUERY, "variables": {"id": session_id}}
        async with httpx.AsyncClient(headers=headers) as scope:
            answer = (await scope.post(graphql, json=body)).raise_for_status().json()
        session = answer["data"]["node"]
        number = (session["externalData"] or {}).get("work_order_id", "without number")
        orders[number] = {"state": session["state"], "minutes": session["duration"] // 60}

    @app.get("/orders")
    async def list_orders() -> dict[str, dict[str, Any]]:
        return orders

    return app
