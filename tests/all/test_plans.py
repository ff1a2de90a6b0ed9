"""Plans and graphql-core give the same for thousands of queries."""

from __future__ import annotations

from collections import Counter

from simulator.graphql.schema import executable_schema
from simulator.seeds import Seed
from tests.graphql.plans.asker import Asker
from tests.graphql.plans.comparing import compare, known, stage

MANY = 2_000


def test_queries_of_our_own():
    made, seen = stage(), Counter()
    asker = Asker(executable_schema(), Seed(2).stream("queries"), *known(made))

    for _ in range(MANY):
        compare(made, *asker.query(), seen)

    assert seen["planned"] > MANY / 3, seen
