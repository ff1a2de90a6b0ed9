"""Reads a GraphQL schema that somebody exported: as SDL, or as the answer to an introspection query.

Decides only what can be read. Whatever is wrong with the text is a usage error with its place.
"""

from __future__ import annotations

import json

from graphql import (
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    build_client_schema,
    build_schema,
    validate_schema,
)

from simulator.errors import UsageError

__all__ = ["read_schema"]


def read_schema(text: str, name: str) -> GraphQLSchema:
    """Return the schema that a text holds; ``name`` is what messages call it."""
    schema = _from_introspection(text, name) if text.lstrip()[:1] == "{" else _from_sdl(text, name)
    problems = validate_schema(schema)
    if problems:
        raise UsageError(
            f"the schema does not hold together: {problems[0].message}", place=_place(name, problems[0])
        )
    return schema


def _from_introspection(text: str, name: str) -> GraphQLSchema:
    """Take what an introspection query was answered, whole or only what stands in its ``data``."""
    try:
        given = json.loads(text)
    except ValueError as problem:
        raise UsageError(f"the introspection result is no JSON: {problem}", place=name) from None
    whole = given.get("data") if isinstance(given.get("data"), dict) else given
    try:
        return build_client_schema(whole)
    except (GraphQLError, TypeError, KeyError, AttributeError, ValueError) as problem:
        raise UsageError(
            "this is not the answer to an introspection query",
            place=name,
            expected="a JSON object with data.__schema, as graphql clients and GET /api/v3/graphql give it",
            found=str(problem).partition("\n")[0][:200],
        ) from None


def _from_sdl(text: str, name: str) -> GraphQLSchema:
    try:
        return build_schema(text)
    except GraphQLSyntaxError as problem:
        raise UsageError(f"the SDL cannot be read: {problem.message}", place=_place(name, problem)) from None
    except (GraphQLError, TypeError) as problem:
        raise UsageError(
            f"the SDL does not hold together: {str(problem).partition(chr(10))[0]}", place=name
        ) from None


def _place(name: str, problem: GraphQLError) -> str:
    locations = problem.locations or ()
    return f"{name}:{locations[0].line}:{locations[0].column}" if locations else name
