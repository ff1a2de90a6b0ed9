"""In which media type a GraphQL answer goes out, and with which status: content negotiation for the GraphQL endpoint.

Decides this from the header Accept alone; what the answer says is decided elsewhere.

The draft "GraphQL over HTTP" knows two media types. A client that asks for ``application/graphql-response+json`` at least as
much as for ``application/json`` gets it: a request that was not executed then has status 400 and no ``data``, as the draft
says. [chosen] Every other client gets ``application/json``, with status 200 for whatever parses as a request. [seen: DEMO]
An Accept that fits neither is not looked at. [chosen]
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from simulator.wire import JSON, Answer, Headers, dump

__all__ = ["GRAPHQL_RESPONSE", "graphql_answer", "graphql_refusal"]

GRAPHQL_RESPONSE: Final = "application/graphql-response+json; charset=utf-8"
_JSON: Final = "application/json; charset=utf-8"
_WANTED: Final = "application/graphql-response+json"
_NO_DATA: Final = b'{"data":null,'


def graphql_answer(accept: str | None, body: bytes, *, executed: bool) -> Answer:
    """Return the answer to what parses as a GraphQL request; of one that was not ``executed`` the body begins with null data."""
    if not accept or not _wants_response(accept):
        return Answer(200, body)
    if executed:
        return Answer(200, body, GRAPHQL_RESPONSE)
    return Answer(400, b"{" + body.removeprefix(_NO_DATA), GRAPHQL_RESPONSE)


def graphql_refusal(accept: str | None, status: int, message: str, headers: Headers = ()) -> Answer:
    """Return the answer to what is no GraphQL request, or may not be one here."""
    told: JSON = {"errors": [{"message": message}]}
    kind = GRAPHQL_RESPONSE if accept and _wants_response(accept) else _JSON
    return Answer(status, dump(told), kind, headers)


@lru_cache(maxsize=256)
def _wants_response(accept: str) -> bool:
    """Return whether an Accept header asks for the newer media type, by name, and for the older one not more."""
    weights = dict(map(_weighed, accept.lower().split(",")))
    newer = weights.get(_WANTED, 0.0)
    return newer > 0 and newer >= weights.get("application/json", 0.0)


def _weighed(choice: str) -> tuple[str, float]:
    name, *parameters = (part.strip() for part in choice.split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                return name, float(value)
            except ValueError:
                return name, 0.0
    return name, 1.0
