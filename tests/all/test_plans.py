"""Plans and graphql-core give the same for thousands of queries: those of hypothesis-graphql, and our own, which have variables,
directives, fragments, and ids that exist."""

from __future__ import annotations

from collections import Counter
from zlib import crc32

from graphql import (
    REMOVE,
    ArgumentNode,
    DocumentNode,
    IntValueNode,
    Node,
    StringValueNode,
    Visitor,
    print_ast,
    visit,
)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from simulator.graphql.schema import executable_schema
from simulator.graphql.sdl import OURS, sdl
from simulator.seeds import Seed
from tests.graphql.plans.asker import Asker
from tests.graphql.plans.comparing import compare, known, stage

MANY = 2_000


class Tamed(Visitor):
    """Most random arguments only raise: leaves out most of those, asks for small pages, and for records that exist."""

    def __init__(self, ids: list[str]) -> None:
        super().__init__()
        self._ids = ids

    def enter_argument(self, node: ArgumentNode, *_: object) -> object:
        name, written = node.name.value, print_ast(node.value)
        chance = crc32(f"{name}{written}".encode())
        if name == "id":
            return _with(node, StringValueNode(value=self._ids[chance % len(self._ids)]))
        if name in ("first", "last") and isinstance(node.value, IntValueNode):
            return _with(node, IntValueNode(value=str(chance % 4)))
        return REMOVE if chance % 20 else None


def _with(node: ArgumentNode, value: Node) -> ArgumentNode:
    return ArgumentNode(name=node.name, value=value)


def test_queries_of_hypothesis_graphql():
    made, seen = stage(), Counter()
    tamed = Tamed(known(made)[0])
    alphanumeric = st.integers(-9, 9).map(nodes.Int)

    def written(document: DocumentNode) -> str:
        return print_ast(visit(document, tamed))

    @settings(
        max_examples=MANY,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(queries(sdl(OURS), custom_scalars={"Alphanumeric": alphanumeric}, print_ast=written))
    def hold(query: str) -> None:
        compare(made, query, {}, seen)

    hold()

    assert seen.total() >= MANY, seen
    assert seen["planned"] > MANY / 3, seen


def test_queries_of_our_own():
    made, seen = stage(), Counter()
    asker = Asker(executable_schema(), Seed(2).stream("queries"), *known(made))

    for _ in range(MANY):
        compare(made, *asker.query(), seen)

    assert seen["planned"] > MANY / 3, seen
