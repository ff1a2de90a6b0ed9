"""How much longer the first use of a query takes than to parse and validate it: prints the ratio, a median over many texts."""

from __future__ import annotations

import statistics
import time

from graphql import parse, validate

from bench.querying import QUERY
from simulator.engine import Platform
from simulator.graphql.execute import Endpoint
from simulator.graphql.question import Question
from simulator.graphql.schema import executable_schema
from simulator.settings import Settings

_TEXTS = 200


def main() -> None:
    platform = Platform(Settings())
    session = platform.apply("create", "ScenarioSession", {})
    for _ in range(20):
        platform.apply("record", session.id, {"type": "PHOTO"})
    view, schema = platform.view(), executable_schema()
    ratios = []
    for number in range(_TEXTS):
        text = QUERY.replace("id state", f"a{number}: id state", 1)
        began = time.perf_counter()
        assert not validate(schema, parse(text))
        checked = time.perf_counter()
        answered = Endpoint(platform.settings).answer(view, Question(text, {"id": session.id}))
        ended = time.perf_counter()
        assert answered.way == "planned", answered
        ratios.append((ended - checked) / (checked - began))
    print(statistics.median(ratios))


if __name__ == "__main__":
    main()
