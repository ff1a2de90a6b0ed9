"""``schema``: prints what is machine-readable about us: the SDL, its introspection, each contract, the control API.

Decides under which name each is found. It must not change a text that is shipped as a file; where enums are respelt by a
setting, the running simulator tells.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from simulator.bundled import contract_names, read_contract_text, read_sdl
from simulator.cli.talk import Talk
from simulator.contracts import load
from simulator.errors import NotFoundError, did_you_mean
from simulator.settings import Settings
from simulator.wire import JSON

__all__ = ["DEFAULT", "list_schemas", "show_schema"]

DEFAULT = "sdl"
"""What is printed when no name is given."""


def show_schema(name: str, talk: Talk) -> int:
    """Print one of them."""
    if name in _MADE:
        _, text = _MADE[name]
        talk.say(text().rstrip("\n"))
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


def list_schemas(talk: Talk) -> int:
    """Print the names with what each is."""
    titles = {name: title for name, (title, _) in _MADE.items()}
    titles |= {name: f"JSON Schema: {load(name)['title']}" for name in contract_names()}
    width = max(map(len, titles))
    talk.say(*(f"{name:<{width}}  {title}" for name, title in titles.items()))
    return 0


def _introspection() -> str:
    from simulator.graphql.execute import introspection

    return _pretty(json.loads(introspection(Settings().enum_names)))


def _openapi() -> str:
    from simulator.control import OPERATIONS
    from simulator.control.openapi import document

    return _pretty(document(OPERATIONS))


def _pretty(value: JSON) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


_MADE: Mapping[str, tuple[str, Callable[[], str]]] = {
    "sdl": ("the GraphQL schema, as SDL", read_sdl),
    "introspection": ("the same, as the answer to the introspection query", _introspection),
    "openapi": ("the control API, as OpenAPI 3.1", _openapi),
}
"""What is no contract, by name: what it is, and its text."""
