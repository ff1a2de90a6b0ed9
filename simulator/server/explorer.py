"""GraphiQL in a browser, at the vendor's path and from the package alone: no other host is asked for anything.

The explorer stands at ``/api/v3/graphql/explorer``. [documented: EG] Decides what its page holds; what the page asks is
answered like any request, but marked as an onlooker's, so that no expectation counts it.

The page asks as the default user without anybody signing in, as long as the simulator is driven from this machine without
a token. [chosen] Anywhere else the page holds no token, and whoever looks writes a header Authorization in it. It begins
with the query of the vendor's document about a session that exists. [chosen]

GraphiQL itself is not ours, see ``simulator/_vendor/graphiql``. The page may load from nowhere else, and the policy that
it is sent with says so to the browser.
"""

from __future__ import annotations

import json
from functools import cache
from html import escape
from importlib import resources
from typing import Final

from aiohttp import web

from simulator.control import Stage
from simulator.errors import PlatformError
from simulator.journal import OBSERVER
from simulator.server.middleware import Handler, names_loopback
from simulator.world.resources import Kind, Ref

__all__ = ["EXPLORER", "explorer_handler"]

EXPLORER: Final = "/api/v3/graphql/explorer"

_FILES: Final = {
    "react.js": "text/javascript",
    "react-dom.js": "text/javascript",
    "graphiql.js": "text/javascript",
    "graphiql.css": "text/css",
}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""GraphiQL's editor writes styles into the page, and its fonts and pictures are part of its style sheet."""

_QUERY: Final = """\
# What happened in a session?
# Ctrl-Enter asks, Ctrl-Space completes.
query ($id: ID!) {
  node(id: $id) {
    ... on ScenarioSession {
      scenario {
        id
      }
      scenarioSessionEvents {
        nodes {
          id
        }
      }
    }
  }
}
"""

_PAGE: Final = f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Scope Simulator: explorer</title>
<link rel="stylesheet" href="{EXPLORER}/graphiql.css">
<link rel="stylesheet" href="{EXPLORER}/page.css">
</head>
<body>
<div id="explorer" data-token="{{token}}" data-query="{{query}}" data-variables="{{variables}}">The explorer needs JavaScript.</div>
<script src="{EXPLORER}/react.js"></script>
<script src="{EXPLORER}/react-dom.js"></script>
<script src="{EXPLORER}/graphiql.js"></script>
<script src="{EXPLORER}/page.js"></script>
</body>
</html>
"""

_STYLE: Final = "html, body, #explorer { height: 100%; margin: 0; overflow: hidden; }\n"

_SCRIPT: Final = f"""\
const place = document.getElementById("explorer");
const {{ token, query, variables }} = place.dataset;
const given = token ? {{ authorization: `Bearer ${{token}}` }} : {{}};

async function ask(asked, options) {{
  const headers = {{ "content-type": "application/json", {json.dumps(OBSERVER)}: "explorer", ...given }};
  for (const [name, value] of Object.entries(options?.headers ?? {{}})) {{
    headers[name.toLowerCase()] = value;
  }}
  const answer = await fetch("/api/v3/graphql", {{ method: "POST", headers, body: JSON.stringify(asked) }});
  return answer.json();
}}

const hint = token ? undefined : JSON.stringify({{ Authorization: "Bearer <token>" }}, null, 2);
const logo = React.createElement(GraphiQL.Logo, null, "Scope Simulator");
// Who was here before finds the tabs of then.
const first = localStorage.getItem("graphiql:tabState") === null ? {{ query, variables }} : {{}};
const properties = {{ fetcher: ask, defaultHeaders: hint, ...first }};
ReactDOM.createRoot(place).render(React.createElement(GraphiQL, properties, logo));
"""


def explorer_handler(stage: Stage) -> Handler:
    """Return the handler of every path at or below ``EXPLORER``."""

    async def handle(request: web.BaseRequest) -> web.Response:
        if request.method not in ("GET", "HEAD"):
            raise PlatformError(405, f"{request.method} is not allowed here; allowed: GET, HEAD.")
        name = request.rel_url.raw_path.removeprefix(EXPLORER).strip("/")
        if not name:
            return _answer(_page(stage, request), "text/html")
        if name == "page.js":
            return _answer(_SCRIPT.encode(), "text/javascript")
        if name == "page.css":
            return _answer(_STYLE.encode(), "text/css")
        if name in _FILES:
            return _answer(_file(name), _FILES[name])
        raise PlatformError(404, f"The explorer has no file {name}.")

    return handle


def _page(stage: Stage, request: web.BaseRequest) -> bytes:
    platform = stage.platform
    asked = request.headers.get("Host", "")
    trusted = not stage.guarded and (not asked or names_loopback(asked))
    exists = len(platform.view().world.all(Kind.SESSION)) > 0
    session = platform.ids.encode(Ref(Kind.SESSION, 1)) if exists else ""
    filled = {
        "token": platform.token if trusted else "",
        "query": _QUERY,
        "variables": json.dumps({"id": session}, indent=2),
    }
    return _PAGE.format(**{name: escape(value) for name, value in filled.items()}).encode()


@cache
def _file(name: str) -> bytes:
    return (resources.files("simulator") / "_vendor" / "graphiql" / name).read_bytes()


def _answer(body: bytes, kind: str) -> web.Response:
    headers = {
        "Content-Type": f"{kind}; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Security-Policy": _POLICY,
    }
    return web.Response(body=body, headers=headers | {"X-Content-Type-Options": "nosniff"})
