"""How a GraphQL error looks to a client, and the words of those that are not about a field or a variable.

Decides the shape and the wording; what is an error is decided by graphql-core and by the resolvers. An error has
``message``, ``locations`` and, from the execution, ``path``; there is no ``extensions`` key. [documented: EG] A request
that is not executed is answered with ``data: null`` before the errors. [documented: EG]
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Collection, Iterable

from graphql import GraphQLError, GraphQLSyntaxError, SourceLocation

from simulator.errors import PlatformError
from simulator.wire import JSON

__all__ = ["executed", "refused", "shape", "syntax"]

_LOG = logging.getLogger("simulator.graphql")


def shape(
    message: str,
    locations: Iterable[SourceLocation] | None = None,
    *,
    path: Collection[str | int] | None = None,
) -> dict[str, JSON]:
    """Return one error as the vendor writes it; without locations the list is empty."""
    error: dict[str, JSON] = {
        "message": message,
        "locations": [{"line": at.line, "column": at.column} for at in locations or ()],
    }
    if path is not None:
        error["path"] = list(path)
    return error


def refused(errors: Iterable[dict[str, JSON]]) -> dict[str, JSON]:
    """Return the answer to a request that was not executed."""
    return {"data": None, "errors": list(errors)}


def executed(error: GraphQLError) -> dict[str, JSON]:
    """Return an error of the execution; an unexpected one is logged and answered with a reference."""
    cause = error.original_error
    if isinstance(cause, PlatformError):
        message = cause.message
    elif cause is None or isinstance(cause, GraphQLError):
        message = error.message
    else:
        message = _unexpected(cause)
    return shape(message, error.locations, path=error.path)


def _unexpected(cause: Exception) -> str:
    """Answer an internal error with a code to quote to support. [documented: EG] The same error has the same code.
    [chosen]"""
    text = f"{type(cause).__name__}: {cause}"
    code = hashlib.blake2b(text.encode(errors="replace"), digest_size=6).hexdigest()
    _LOG.error("internal error %s while answering a query", code, exc_info=cause)
    return f"An unexpected error occurred; its reference is {code}"


_PUNCTUATION = {
    "{": "LCURLY",
    "}": "RCURLY",
    "(": "LPAREN",
    ")": "RPAREN",
    "[": "LBRACKET",
    "]": "RBRACKET",
    ":": "COLON",
    "$": "VAR_SIGN",
    "@": "DIR_SIGN",
    "...": "ELLIPSIS",
    "=": "EQUALS",
    "!": "BANG",
    "|": "PIPE",
    "&": "AMP",
}
_KEYWORDS = frozenset(
    (
        *(
            "on",
            "fragment",
            "true",
            "false",
            "null",
            "query",
            "mutation",
            "subscription",
            "schema",
            "scalar",
            "type",
        ),
        *("extend", "implements", "interface", "union", "enum", "input", "directive"),
    )
)
_TOKEN = re.compile(
    r"(?P<NAME>[_A-Za-z]\w*)|(?P<FLOAT>-?\d+(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+))|(?P<INT>-?\d+)"
    r'|"""(?P<BLOCK>.*?)"""|"(?P<STRING>(?:[^"\\\n]|\\.)*)"|(?P<MARK>\.\.\.|[{}()\[\]:$@=!|&])|.',
    re.ASCII | re.DOTALL,
)


def syntax(error: GraphQLSyntaxError) -> dict[str, JSON]:
    """Word a document that cannot be parsed as graphql-ruby does: the token in the way, its kind and place.
    [inferred]"""
    text = error.source.body if error.source else ""
    (at,) = error.positions or (len(text),)
    token = _TOKEN.match(text, at)
    if token is None:
        return shape("Unexpected end of document")
    kind, value = _token(token)
    here = SourceLocation(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
    return shape(f'Parse error on "{value}" ({kind}) at [{here.line}, {here.column}]', (here,))


def _token(token: re.Match[str]) -> tuple[str, str]:
    """Return the kind, by the name that graphql-ruby's parser gives it, and the value of a token."""
    kind, value = token.lastgroup, token.group()
    if kind == "NAME":
        return (value.upper() if value in _KEYWORDS else "IDENTIFIER"), value
    if kind == "MARK":
        return _PUNCTUATION[value], value
    if kind in ("STRING", "BLOCK"):
        return "STRING", token.group(kind)
    return kind or "UNKNOWN_CHAR", value
