"""How much one request may ask: the size of its text and the size of its answer.

Decides where the limits are and counts; a request beyond one is refused with a sentence that names the setting, and costs
little more than reading it. What a request means is not looked at here. All limits are ours: those that the
vendor documents stand in ``strict``. [chosen]

Theory. The parser stops at the token limit, so a document is small; fragments and lists are what multiplies. So the
fields are counted with every fragment spread where it stands (each fragment is measured once), aliased ones too, and may
not be more than the tokens may. And whatever runs is charged: each record of a page costs as many fields as the document
asks about one record, before the record is read. That bounds the time of an answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from simulator.settings import Settings

__all__ = ["Budget", "LimitError", "Limits", "Sizes", "check", "measure", "too_deep", "too_long"]

_LISTS = ("nodes", "edges")
_LOOK = 8
"""To work out a record takes as long as to read so many fields."""


class LimitError(GraphQLError):
    """A request asks for more than a limit allows."""

    def __init__(self, problem: str, limit: int, setting: str) -> None:
        super().__init__(f"The request {problem} {limit}. The setting {setting} moves this limit.")


class Limits(NamedTuple):
    """The limits of one platform; each field is the setting ``max_query_<field>``."""

    tokens: int
    depth: int
    fields: int

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        return cls(settings.max_query_tokens, settings.max_query_depth, settings.max_query_fields)


@dataclass(slots=True)
class Sizes:
    """What was counted in one document; ``row`` is the most fields that it asks about one record of a page."""

    depth: int = 0
    fields: int = 0
    row: int = 1


@dataclass(slots=True)
class Budget:
    """How many fields one running request may still read, ``row`` of them for each record of a page."""

    limit: int
    row: int = 1
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.limit

    @property
    def spent(self) -> bool:
        """Whether the request has been refused for its size."""
        return self.left < 0

    def spend(self, records: int) -> None:
        """Pay for so many records; raise ``LimitError`` when they are too many, and ever after."""
        if self.left >= 0:
            self.left -= records * self.row
        if self.left < 0:
            raise self.error()

    def look(self, records: int = 1) -> None:
        """Pay for looking at records that may not be shown: to filter or to order them."""
        self.left -= records * _LOOK
        if self.left < 0:
            raise self.error()

    def error(self) -> LimitError:
        return LimitError(
            "asks for pages so large that its answer has more fields than", self.limit, "max_query_fields"
        )


def check(sizes: Sizes, limits: Limits) -> None:
    """Raise ``LimitError`` when a document is beyond a limit."""
    if sizes.depth > limits.depth:
        raise too_deep(limits)
    if sizes.fields > limits.tokens:
        raise LimitError(
            "has, with its fragments spread, more fields than", limits.tokens, "max_query_tokens"
        )


def too_deep(limits: Limits) -> LimitError:
    return LimitError("nests its selections deeper than", limits.depth, "max_query_depth")


def too_long(limits: Limits) -> LimitError:
    return LimitError("has more tokens than", limits.tokens, "max_query_tokens")


def measure(document: DocumentNode) -> Sizes:
    """Count a parsed document, valid or not; a fragment that contains itself is left to the validation."""
    walk = _Walk(document)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            depth, fields, _ = walk.selections(definition.selection_set)
            walk.sizes.depth = max(walk.sizes.depth, depth)
            walk.sizes.fields = max(walk.sizes.fields, fields)
    return walk.sizes


class _Walk:
    """One pass over a document. What it returns are the depth, all fields, and the fields up to the next list."""

    def __init__(self, document: DocumentNode) -> None:
        self.sizes = Sizes()
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._known: dict[str, tuple[int, int, int]] = {}

    def selections(self, node: SelectionSetNode | None) -> tuple[int, int, int]:
        if node is None:
            return 0, 0, 0
        depth = fields = flat = row = 0
        for selection in node.selections:
            below, inner, near = self._selection(selection)
            depth = max(depth, below)
            fields += inner
            if isinstance(selection, FieldNode) and selection.name.value in _LISTS:
                row += near
                near = 1
            flat += near
        self.sizes.row = max(self.sizes.row, row)
        return depth + 1, fields, flat

    def _selection(self, node: object) -> tuple[int, int, int]:
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value)
        if isinstance(node, InlineFragmentNode):
            return self.selections(node.selection_set)
        assert isinstance(node, FieldNode)
        depth, fields, flat = self.selections(node.selection_set)
        return depth, fields + 1, flat + 1

    def _fragment(self, name: str) -> tuple[int, int, int]:
        if name not in self._known:
            self._known[name] = (0, 0, 0)
            fragment = self._fragments.get(name)
            if fragment is not None:
                self._known[name] = self.selections(fragment.selection_set)
        return self._known[name]
