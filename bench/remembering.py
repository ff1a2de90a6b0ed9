"""``--db``: a simulator whose deliveries outlive it, to a bare aiohttp client that posts signed bytes likewise."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import partial

from bench.measuring import Line, Plan, at_least, last_line_of, medians, receiver

__all__ = ["measure"]

_POSTS = 20_000


def measure(plan: Plan) -> Iterator[Line]:
    """Signing, contract, journal and file are all on; who posts barely has signed its one body beforehand."""
    pythons = [("", plan.plain)] + ([(", with [fast]", plan.fast)] if plan.fast else [])
    files = itertools.count()
    with receiver(plan) as url:
        bare, *ours = medians(
            plan.rounds,
            partial(_bare, plan, url),
            *(partial(_kept, plan, python, url, files) for _, python in pythons),
        )
    for (which, python), took in zip(pythons, ours, strict=True):
        yield at_least(
            f"posts with --db, signed, to a loop of 16 with aiohttp's client{which}",
            bare / took,
            bound=0.5 if python == plan.fast else 0.4,
            seen=f"{_POSTS / took:,.0f} posts/s to {_POSTS / bare:,.0f}",
        )


def _bare(plan: Plan, url: str) -> float:
    return float(last_line_of(plan, plan.plain, "-m", "bench.bare", url, str(_POSTS), "16", "signed"))


def _kept(plan: Plan, python: str, url: str, files: Iterator[int]) -> float:
    file = plan.folder / f"kept-{next(files)}.db"
    took = float(last_line_of(plan, python, "-m", "bench.kept", url, str(_POSTS), str(file)))
    file.unlink()
    return took
