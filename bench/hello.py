"""The barest server: ``hello.py PORT`` answers one address with aiohttp's server as it comes."""

from __future__ import annotations

import sys

from aiohttp import web


async def hello(_: web.Request) -> web.Response:
    return web.json_response({"ready": True})


if __name__ == "__main__":
    app = web.Application()
    app.router.add_get("/_simulator/health", hello)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
