"""``emit -n``: the same webhook many times, 16 in flight, to a bare aiohttp client that posts the same bytes likewise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from bench.measuring import Line, Plan, at_least, last_line_of, medians, receiver

__all__ = ["measure"]

_EVENT = "ScenarioSession.update"
_POSTS = 20_000
_SIGNED = ("--generation", "2", "--secret", "s3cret")


def measure(plan: Plan) -> Iterator[Line]:
    with receiver(plan) as url:
        yield from _compare(plan, url, signed=False)
        yield from _compare(plan, url, signed=True)


def _compare(plan: Plan, url: str, *, signed: bool) -> Iterator[Line]:
    """Signing, contract and journal are all on; who posts barely has signed its one body beforehand."""
    pythons = [("", plan.plain)] + ([(", with [fast]", plan.fast)] if plan.fast else [])
    bare, *ours = medians(
        plan.rounds,
        partial(_bare, plan, url, signed),
        *(partial(_emit, plan, python, url, signed) for _, python in pythons),
    )
    for (which, python), took in zip(pythons, ours, strict=True):
        kind = "signed, " if signed else ""
        yield at_least(
            f"emit -n, {kind}to a loop of 16 with aiohttp's client{which}",
            bare / took,
            bound=1.0 if python == plan.fast else 0.4,
            seen=f"{_POSTS / took:,.0f} posts/s to {_POSTS / bare:,.0f}",
        )


def _bare(plan: Plan, url: str, signed: bool) -> float:
    how = ("signed",) if signed else ()
    return float(last_line_of(plan, plan.plain, "-m", "bench.bare", url, str(_POSTS), "16", *how))


def _emit(plan: Plan, python: str, url: str, signed: bool) -> float:
    how = _SIGNED if signed else ()
    argv = ("-m", "simulator", "emit", _EVENT, "--target", url, "-n", str(_POSTS), *how)
    told = last_line_of(plan, python, *argv)
    return float(re.sub(r".* for ([0-9.]+) s;.*", r"\1", told))
