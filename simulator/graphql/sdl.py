"""The SDL as this simulator has it: that of ``schemas/``, with the values of enums spelt as the settings say.

Decides nothing about types or fields. Without respelt values the text is the file's, comments included.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumValueDefinitionNode,
    NameNode,
    Visitor,
    parse,
    print_ast,
    print_schema,
    visit,
)

from simulator.bundled import read_sdl
from simulator.graphql.own import read_schema
from simulator.settings import EnumNames, Settings, TextFile, spelling

__all__ = ["OURS", "Dialect", "sdl", "sdl_document"]


class Dialect(NamedTuple):
    """Which schema is spoken: ours with the values of enums spelt so, or somebody's own."""

    names: EnumNames = ()
    own: TextFile | None = None

    @classmethod
    def of(cls, settings: Settings) -> Dialect:
        """Return what the settings say."""
        return cls(settings.enum_names, settings.sdl)


OURS: Final = Dialect()
"""The schema as it is shipped."""


def sdl(dialect: Dialect) -> str:
    """Return the SDL as text."""
    if dialect.own is not None:
        return print_schema(read_schema(dialect.own.text, dialect.own.path)) + "\n"
    names = dialect.names
    return print_ast(sdl_document(names)) + "\n" if names else read_sdl()


def sdl_document(names: EnumNames) -> DocumentNode:
    """Return the SDL, parsed."""
    document = parse(read_sdl())
    if names:
        respelt: DocumentNode = visit(document, _Respelling(names))
        return respelt
    return document


class _Respelling(Visitor):
    def __init__(self, names: EnumNames) -> None:
        super().__init__()
        self._wire = spelling(names).wire
        self._enum = ""

    def enter_enum_type_definition(self, node: EnumTypeDefinitionNode, *_: object) -> None:
        self._enum = node.name.value

    def leave_enum_value_definition(
        self, node: EnumValueDefinitionNode, *_: object
    ) -> EnumValueDefinitionNode:
        return EnumValueDefinitionNode(
            name=NameNode(value=self._wire(self._enum, node.name.value)),
            description=node.description,
            directives=node.directives,
        )
