"""The SDL as this simulator has it: that of ``schemas/``, with the values of enums spelt as the settings say.

Decides nothing about types or fields. Without respelt values the text is the file's, comments included.
"""

from __future__ import annotations

from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumValueDefinitionNode,
    NameNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

from simulator.bundled import read_sdl
from simulator.settings import EnumNames, spelling

__all__ = ["sdl", "sdl_document"]


def sdl(names: EnumNames) -> str:
    """Return the SDL as text."""
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
