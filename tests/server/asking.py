"""A query as a receiver makes it."""

from __future__ import annotations

import aiohttp

__all__ = ["query"]

QUERY = "query Q($id: ID!) { node(id: $id) { ... on ScenarioSession { state } } }"


async def query(scope, node_id: str, **headers: str) -> None:
    headers |= {"Authorization": f"Bearer {scope.token}"}
    async with aiohttp.ClientSession() as http:
        body = {"query": QUERY, "variables": {"id": node_id}}
        answer = await http.post(scope.graphql_url, json=body, headers=headers)
        assert answer.status == 200, answer.status
