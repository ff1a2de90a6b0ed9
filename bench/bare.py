"""The barest client: ``bare.py URL POSTS WORKERS [signed]`` posts a webhook's bytes with aiohttp's client as it comes, and
prints how many seconds the posts took. ``signed``: a webhook of generation 2 with its headers, signed once beforehand."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import sys
import time

import aiohttp

_URL = f"http://127.0.0.1:54321/api/v3/graphql/object/{'x' * 64}"
_FIRST = {
    "time": "2021-03-01T08:00:00Z",
    "event": "update",
    "type": "resource",
    "data": {"resource-id": "x" * 64, "resource-url": _URL, "resource-type": "ScenarioSession"},
}
_SECOND = {"data": {"id": "x" * 64, "url": _URL}}


def _post(signed: bool) -> tuple[bytes, dict[str, str]]:
    body = json.dumps(_SECOND if signed else _FIRST, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json"}
    if signed:
        headers |= {
            "X-Scope-Topic": "scenario_session/updated",
            "X-Scope-Topic-Version": "1.1",
            "X-Scope-API-Version": "3",
            "X-Scope-Domain": "scopear.com",
            "X-Scope-Webhook-Type": "node",
            "X-Scope-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
            "X-Scope-Hmac-Sha256": base64.b64encode(hmac.digest(b"s3cret", body, "sha256")).decode(),
        }
    return body, headers


async def main(url: str, posts: int, workers: int, *, signed: bool) -> None:
    body, headers = _post(signed)

    async def work(count: int) -> None:
        for _ in range(count):
            async with http.post(url, data=body, headers=headers) as answer:
                await answer.read()

    async with aiohttp.ClientSession() as http:
        began = time.perf_counter()
        await asyncio.gather(*(work(posts // workers) for _ in range(workers)))
        print(time.perf_counter() - began)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), signed=sys.argv[4:] == ["signed"]))
