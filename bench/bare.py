"""The barest client: ``bare.py URL POSTS WORKERS`` posts a webhook's bytes with aiohttp's client as it comes, and prints
how many seconds the posts took."""

from __future__ import annotations

import asyncio
import json
import sys
import time

import aiohttp

_BODY = json.dumps(
    {
        "time": "2021-03-01T08:00:00Z",
        "event": "update",
        "type": "resource",
        "data": {
            "resource-id": "x" * 64,
            "resource-url": f"http://127.0.0.1:54321/api/v3/graphql/object/{'x' * 64}",
            "resource-type": "ScenarioSession",
        },
    },
    separators=(",", ":"),
).encode()


async def main(url: str, posts: int, workers: int) -> None:
    async def work(count: int) -> None:
        for _ in range(count):
            async with http.post(url, data=_BODY, headers={"Content-Type": "application/json"}) as answer:
                await answer.read()

    async with aiohttp.ClientSession() as http:
        began = time.perf_counter()
        await asyncio.gather(*(work(posts // workers) for _ in range(workers)))
        print(time.perf_counter() - began)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
