"""``replay`` of ten thousand posts at ``max``, from its start to its summary, to a bare aiohttp client that posts one by one."""

from __future__ import annotations

from collections.abc import Iterator

from bench.measuring import Line, Plan, at_least, medians, receiver, seconds_of

__all__ = ["measure"]

_POSTS = 10_000

_SCRIPT = f"""
title: A storm of updates
steps:
  - create: ScenarioSession
    as: session
  - repeat:
      times: {_POSTS - 1}
      steps:
        - update: session
          set: {{externalData: {{round: "${{index}}"}}}}
"""


def measure(plan: Plan) -> Iterator[Line]:
    script = plan.folder / "storm.yaml"
    script.write_text(_SCRIPT)
    fast = plan.fast
    with receiver(plan) as url:

        def replay(python: str) -> float:
            return seconds_of(plan, python, "-m", "simulator", "replay", str(script), "--target", url)

        bare, *ours = medians(
            plan.rounds,
            lambda: seconds_of(plan, plan.plain, "-m", "bench.bare", url, str(_POSTS), "1"),
            lambda: replay(plan.plain),
            *([lambda: replay(fast)] if fast else []),
        )
    for which, took in zip(("", ", with [fast]"), ours, strict=False):
        seen = f"{_POSTS / took:,.0f} posts/s to {_POSTS / bare:,.0f}"
        yield at_least(
            f"replay, to posting one by one with aiohttp's client{which}", bare / took, bound=0.8, seen=seen
        )
