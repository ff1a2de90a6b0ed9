"""``schema``: prints what is machine-readable about us: the SDL, its introspection, each contract, the control API.

Decides under which name each is found. What a client of the API reads is what a simulator with these settings would serve;
any other text is the file that is shipped.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping

from simulator.bundled import contract_names, read_contract_text, read_sdl
from simulator.cli.talk import Talk
from simulator.contracts import load
from simulator.errors import NotFoundError, UsageError, did_you_mean
from simulator.settings import FIELDS, Settings, TextFile, resolve
from simulator.wire import JSON

__all__ = ["DEFAULT", "list_schemas", "show_drift", "show_schema"]

DEFAULT = "sdl"
"""What is printed when no name is given."""


def show_schema(name: str, talk: Talk, *, config: str | None = None) -> int:
    """Print one of them, as the settings of the environment and of ``config`` have it."""
    settings = resolve(flags={}, environ=os.environ, config=config).settings
    if name in _MADE:
        _, text = _MADE[name]
        talk.say(text(settings).rstrip("\n"))
        return 0
    names = (*_MADE, *contract_names())
    if name not in names:
        raise NotFoundError(
            f"there is no schema {name!r}",
            nearest=did_you_mean(name, names),
            remedy="List them with: scope-simulator schema --list",
        )
    talk.say(read_contract_text(name).rstrip("\n"))
    return 0


def show_drift(file: str, talk: Talk) -> int:
    """Print how the schema in ``file`` differs from ours, a line for each difference."""
    from simulator.graphql.schema import own_drift

    form = FIELDS["sdl"].form
    try:
        given = form.read(file)
        assert isinstance(given, TextFile)
        found = own_drift(given)
    except UsageError as error:
        error.place = error.place or "--diff"
        raise
    talk.say(str(found))
    return 0


def list_schemas(talk: Talk) -> int:
    """Print the names with what each is."""
    titles = {name: title for name, (title, _) in _MADE.items()}
    titles |= {name: f"JSON Schema: {load(name)['title']}" for name in contract_names()}
    width = max(map(len, titles))
    talk.say(*(f"{name:<{width}}  {title}" for name, title in titles.items()))
    return 0


def _sdl(settings: Settings) -> str:
    if not settings.enum_names and settings.sdl is None:
        return read_sdl()
    from simulator.graphql.sdl import Dialect, sdl

    return sdl(Dialect.of(settings))


def _introspection(settings: Settings) -> str:
    from simulator.graphql.execute import introspection
    from simulator.graphql.sdl import Dialect

    return _pretty(json.loads(introspection(Dialect.of(settings))))


def _openapi(_settings: Settings) -> str:
    from simulator.control import OPERATIONS
    from simulator.control.openapi import document

    return _pretty(document(OPERATIONS))


def _pretty(value: JSON) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


_MADE: Mapping[str, tuple[str, Callable[[Settings], str]]] = {
    "sdl": ("the GraphQL schema, as SDL", _sdl),
    "introspection": ("the same, as the answer to the introspection query", _introspection),
    "openapi": ("the control API, as OpenAPI 3.1", _openapi),
}
"""What is no contract, by name: what it is, and its text."""
