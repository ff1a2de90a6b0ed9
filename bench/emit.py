"""``emit -n``: the same webhook many times, 16 in flight, to a bare aiohttp client that posts the same bytes likewise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bench.measuring import Line, Plan, at_least, last_line_of, medians, receiver

__all__ = ["measure"]

_EVENT = "ScenarioSession.update"
_POSTS = 20_000


def measure(plan: Plan) -> Iterator[Line]:
    fast = plan.fast
    with receiver(plan) as url:

        def emit(python: str) -> float:
            told = last_line_of(
                plan, python, "-m", "simulator", "emit", _EVENT, "--target", url, "-n", str(_POSTS)
            )
            return float(re.sub(r".* for ([0-9.]+) s;.*", r"\1", told))

        bare, *ours = medians(
            plan.rounds,
            lambda: float(last_line_of(plan, plan.plain, "-m", "bench.bare", url, str(_POSTS), "16")),
            lambda: emit(plan.plain),
            *([lambda: emit(fast)] if fast else []),
        )
    promises = (("", 0.4), (", with [fast]", 1.0))
    for (which, bound), took in zip(promises, ours, strict=False):
        seen = f"{_POSTS / took:,.0f} posts/s to {_POSTS / bare:,.0f}"
        yield at_least(
            f"emit -n, to a loop of 16 with aiohttp's client{which}", bare / took, bound=bound, seen=seen
        )
