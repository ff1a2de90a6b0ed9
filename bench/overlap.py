"""``replay`` of ten tracks that overlap, ten thousand steps with waits in between, to a bare aiohttp client of the same posts."""

from __future__ import annotations

from collections.abc import Iterator

from bench.measuring import Line, Plan, at_least, medians, receiver, seconds_of

__all__ = ["measure"]

_TRACKS = 10
_ROUNDS = 200
_UPDATES = 4
"""What happens between two waits of a track."""
_STEPS = _TRACKS * _ROUNDS * (_UPDATES + 1)
_POSTS = _TRACKS * (_ROUNDS * _UPDATES + 1)

_TRACK = """
    - - create: ScenarioSession
        as: session{number}
      - repeat:
          times: {rounds}
          steps:
            - wait: {number}m
"""
_UPDATE = """
            - update: session{number}
              set: {{externalData: {{round: "${{index}}"}}}}
"""


def measure(plan: Plan) -> Iterator[Line]:
    script = plan.folder / "overlap.yaml"
    track = _TRACK + _UPDATE * _UPDATES
    tracks = "".join(track.format(number=number + 1, rounds=_ROUNDS) for number in range(_TRACKS))
    script.write_text(f"title: Ten tracks\nsteps:\n  - together:{tracks}")
    with receiver(plan) as url:
        bare, ours = medians(
            plan.rounds,
            lambda: seconds_of(plan, plan.plain, "-m", "bench.bare", url, str(_POSTS), "1"),
            lambda: seconds_of(plan, plan.plain, "-m", "simulator", "replay", str(script), "--target", url),
        )
    seen = f"{_POSTS / ours:,.0f} posts/s to {_POSTS / bare:,.0f}"
    yield at_least(
        f"replay of {_STEPS:,} steps in {_TRACKS} tracks, to posting one by one with aiohttp's client",
        bare / ours,
        bound=0.8,
        seen=seen,
    )
