"""``emit -n``: the same webhook many times, 16 in flight, to a bare aiohttp client that posts the same bytes likewise."""

from __future__ import annotations

from collections.abc import Iterator

from bench.measuring import Line, Plan, at_least, medians, receiver, seconds_of

__all__ = ["measure"]

_POSTS = 20_000


def measure(plan: Plan) -> Iterator[Line]:
    fast = plan.fast
    with receiver(plan) as url:

        def emit(python: str) -> float:
            return seconds_of(plan, python, "-m", "bench.posting", url, str(_POSTS))

        bare, *ours = medians(
            plan.rounds,
            lambda: seconds_of(plan, plan.plain, "-m", "bench.bare", url, str(_POSTS), "16"),
            lambda: emit(plan.plain),
            *([lambda: emit(fast)] if fast else []),
        )
    promises = (("", 0.4), (", with [fast]", 1.0))
    for (which, bound), took in zip(promises, ours, strict=False):
        seen = f"{_POSTS / took:,.0f} posts/s to {_POSTS / bare:,.0f}"
        yield at_least(
            f"emit -n, to a loop of 16 with aiohttp's client{which}", bare / took, bound=bound, seen=seen
        )
