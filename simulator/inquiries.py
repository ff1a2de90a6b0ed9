"""What a request to the GraphQL endpoint asks, out of its body or its query string.

Decides which parts a request has and of which form they are; what the query means is decided in ``graphql``.

Theory. A client sends few texts, and often the very same request, as when it polls. What a body says does not depend on
anything else, so that of short ones it is kept by the bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from simulator.bodies import SHORT, json_body
from simulator.errors import PlatformError
from simulator.graphql.question import Question
from simulator.wire import JSON, Request, load

__all__ = ["Inquiry", "read_inquiry"]


class Inquiry(NamedTuple):
    """What is asked, to be read alone, and the permalinks by which the request names its organisation."""

    question: Question
    permalinks: tuple[JSON, ...]


def read_inquiry(request: Request, most: int) -> Inquiry | None:
    """Return what a request asks, in a body of at most ``most`` bytes where it is posted; PlatformError when it asks nothing.

    One by GET without a query is None: it asks for the introspection result. [documented: IG]
    """
    named = request.query.get("permalink") if request.query else None
    if request.method == "POST":
        body = json_body(request, most)
        inquiry = (_recalled if len(body) <= SHORT else _read_body)(body)
    elif "query" in request.query:
        inquiry = _read(_parameters(request.query))
        # It is the one in the query string.
        named = None
    else:
        return None
    return inquiry._replace(permalinks=(named, *inquiry.permalinks)) if named else inquiry


def _read_body(body: bytes) -> Inquiry:
    try:
        given = load(body)
    except ValueError as problem:
        raise PlatformError(400, f"The body cannot be read: {problem}.") from None
    if isinstance(given, list):
        raise PlatformError(400, "A list of requests is not supported: send one at a time.")
    if not isinstance(given, dict):
        raise PlatformError(400, "The body must be a JSON object with the key query.")
    return _read(given)


_recalled = lru_cache(maxsize=256)(_read_body)


def _parameters(query: Mapping[str, str]) -> dict[str, JSON]:
    given: dict[str, JSON] = dict(query)
    for name in ("variables", "extensions"):
        written = query.get(name)
        try:
            given[name] = load(written.encode(errors="replace")) if written else None
        except ValueError as problem:
            raise PlatformError(400, f"The parameter {name} cannot be read: {problem}.") from None
    return given


def _read(given: Mapping[str, JSON]) -> Inquiry:
    query, variables, operation = given.get("query"), given.get("variables"), given.get("operationName")
    if query is None:
        raise PlatformError(400, "No query string was present")
    if not isinstance(query, str):
        raise PlatformError(400, "The query must be a string.")
    if not isinstance(variables, dict | None):
        raise PlatformError(400, "The variables must be a JSON object.")
    if not isinstance(operation, str | None):
        raise PlatformError(400, "The operationName must be a string.")
    if not isinstance(given.get("extensions"), dict | None):
        raise PlatformError(400, "The extensions must be a JSON object.")
    permalink = given.get("permalink")
    return Inquiry(Question(query, variables or {}, operation or None), (permalink,) if permalink else ())
