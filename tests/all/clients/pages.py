"""Walks all sessions in pages of seven with the client gql, forwards and backwards, while sessions are being added.

    python pages.py BASE_URL TOKEN

gql reads our schema by introspection first, and checks each query with it. Prints the numbers of the sessions as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import urllib.request

from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.exceptions import TransportQueryError

base, token = sys.argv[1:]
transport = AIOHTTPTransport(f"{base}/api/v3/graphql", headers={"Authorization": f"Bearer {token}"})
client = Client(transport=transport, fetch_schema_from_transport=True)
PAGE = "edges { cursor node { databaseId } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
FORWARDS = gql(f"query ($at: String) {{ scenarioSessions(first: 7, after: $at) {{ {PAGE} }} }}")
BACKWARDS = gql(f"query ($at: String) {{ scenarioSessions(last: 7, before: $at) {{ {PAGE} }} }}")


def add() -> None:
    request = urllib.request.Request(f"{base}/_simulator/resources/ScenarioSession", b"{}", method="POST")
    request.add_header("Content-Type", "application/json")
    urllib.request.urlopen(request).close()


async def walk(session, query, cursor: str, more: str) -> list[int]:
    seen, at, pages = [], None, 0
    while True:
        query.variable_values = {"at": at}
        page = (await session.execute(query))["scenarioSessions"]
        numbers = [int(edge["node"]["databaseId"]) for edge in page["edges"]]
        seen += numbers if more == "hasNextPage" else numbers[::-1]
        at, pages = page["pageInfo"][cursor], pages + 1
        if pages % 30 == 0 and pages <= 120:
            add()
        if not page["pageInfo"][more]:
            return seen


async def main() -> None:
    async with client as session:
        forwards = await walk(session, FORWARDS, "endCursor", "hasNextPage")
        backwards = await walk(session, BACKWARDS, "startCursor", "hasPreviousPage")
        refused = []
        try:
            await session.execute(gql('{ users(after: "no cursor") { totalCount } }'))
        except TransportQueryError as error:
            refused = error.errors
    print(json.dumps({"forwards": forwards, "backwards": backwards, "refused": refused}))


asyncio.run(main())
