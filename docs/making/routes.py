"""``docs/reference/routes.md``: the vendor's paths and the control operations, from their tables and contracts."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docs.making.markdown import code, document, fence, table
from simulator.bundled import contract_names
from simulator.contracts import load
from simulator.control import OPERATIONS, Operation
from simulator.routes import ROUTES
from simulator.server.explorer import EXPLORER

__all__ = ["PREFIX", "make"]

PREFIX = "/_simulator/"

INTRODUCTION = """\
All paths stand below the address that `scope-simulator serve` prints. The first table is what an integration sees. The
rest is for tests and other programs that drive the simulator.
"""

CONTROL = """\
JSON in and out. An error is a problem document (RFC 9457, `application/problem+json`) whose `detail` is a sentence for
people. While the simulator listens on this machine only, requests from this machine need no token. Else they need
`Authorization: Bearer <control token>`; `serve` prints it, and the ready file holds it. `GET /_simulator/openapi.json`
describes the same to programs. Any route may answer 400, 401, 403 and 500; those with a body also 413, 415 and 422.
"""

STATUSES = {
    404: "there is no such thing",
    408: "the time-out passed first",
    409: "its state does not allow it, or a reset came in between",
}


def make(_root: Path) -> str:
    """Return the document."""
    vendor = [
        (code(f"{method} {route.path}"), route.summary) for route in ROUTES for method in route.handlers
    ]
    vendor.append(
        (
            code(f"GET {EXPLORER}"),
            "GraphiQL for people, from the package alone. What it asks counts for no expectation.",
        )
    )
    bodies = (
        (contract_link(name), load(name)["description"])
        for name in contract_names()
        if name.startswith("rest/")
    )
    listed = (
        (f"[{title(one)}](#{anchor(title(one))})", one.summary.split(". ")[0].rstrip(".") + ".")
        for one in OPERATIONS
    )
    return document(
        "Routes",
        "the tables in `simulator/routes.py` and `simulator/control/table.py` and the contracts in `schemas/`",
        INTRODUCTION,
        "## The vendor's side\n\n" + table(["route", "what it does"], vendor),
        "Bodies keep these contracts. The GraphQL types are in [`schemas/scope.graphql`](../../schemas/scope.graphql).\n\n"
        + table(["contract", "what it describes"], ((name, str(text)) for name, text in bodies)),
        "## The control side\n\n" + CONTROL + "\n" + table(["route", "what it does"], listed),
        *(section(one) for one in OPERATIONS),
    )


def title(operation: Operation) -> str:
    return f"{operation.method} {PREFIX}{operation.path}"


def anchor(heading: str) -> str:
    """Return the name by which hosts of Markdown link to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def section(operation: Operation) -> str:
    """Return what the document says of one operation."""
    parts = [f"### {title(operation)}\n\n{operation.summary}\n"]
    if operation.parameters:
        rows = (
            (
                code(one.name),
                one.kind,
                one.summary,
                code("" if one.default is None else json.dumps(one.default)),
            )
            for one in operation.parameters
        )
        parts.append(table(["in the query", "type", "meaning", "default"], rows))
    if operation.body:
        parts.append(body(operation.body, required=operation.body_required))
    answers = f"Answers {operation.status}"
    if operation.result:
        answers += f" with {contract_link(operation.result)}"
    others = [f"{status} when {STATUSES[status]}" for status in operation.problems if status in STATUSES]
    parts.append("; ".join([answers, *others]) + ".\n")
    return "\n".join(parts)


def body(name: str, *, required: bool) -> str:
    """Return the keys of a body, with an example."""
    contract: dict[str, Any] = load(name)
    need = "The body" if required else "The body, which may be left out"
    text = f"{need}: {contract_link(name)}.\n"
    if name == "script":
        return f"{need}: a script, see [scripts](scripts.md).\n"
    rows = (
        (
            code(key),
            kind(value),
            describe(value),
            code(json.dumps(value["default"]) if "default" in value else ""),
        )
        for key, value in _properties(contract, name)
    )
    example = json.dumps(contract["examples"][-1])
    parts = [text, table(["key", "type", "meaning", "default"], rows), fence(example, "json")]
    return "\n".join(part for part in parts if part)


def kind(value: dict[str, Any]) -> str:
    given = value.get("type", "")
    return " or ".join(given) if isinstance(given, list) else str(given)


def describe(value: dict[str, Any]) -> str:
    return str(value.get("description", value.get("title", "")))


def contract_link(name: str) -> str:
    return f"[{name}](../../schemas/{name}.schema.json)"


def _properties(contract: dict[str, Any], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the keys; what refers to another contract is looked up there, its own words kept."""
    for key, value in contract.get("properties", {}).items():
        if "$ref" not in value:
            yield key, value
            continue
        file, _, pointer = value["$ref"].partition("#")
        other = posixpath.normpath(posixpath.join(posixpath.dirname(name), file)).removesuffix(".schema.json")
        found: Any = load(other) if file else contract
        for step in pointer.strip("/").split("/") if pointer.strip("/") else ():
            found = found[step]
        yield key, {**found, **value}
