"""Searches without sockets: a receiver is a function of the platform, and what it knows must be true in the end."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from dataclasses import dataclass
from itertools import count

from simulator.control.waits import drained
from simulator.effects import Effect
from simulator.engine import Platform
from simulator.explore.moves import Moves
from simulator.explore.plot import Plot, Sequenced, plot_of
from simulator.explore.search import Limits, Search
from simulator.explore.sketch import Sketch
from simulator.script import load, play, rehearse
from simulator.script.loader import read_document
from simulator.settings import Settings
from simulator.wire import Attempt, Outcome, dump
from tests.driving import drive

__all__ = ["SCRIPT", "Bug", "Verdict", "plot", "reopens", "right", "search", "sketch"]

SCRIPT = """\
title: The work order is what the session is
world: {users: [{as: ana}, {as: raj}]}
vars: {session2: taken}
steps:
  - create: ScenarioSession
    as: session
    with: {externalData: {orders: [WO-1, 7]}}
  - expect: {answered: {event: create, of: session}, within: 100ms}
"""

Bug = Callable[[str, str | None, str], str]
"""What a receiver takes for the state, by the event word, what it took it for before, and what is true."""


@dataclass
class Verdict:
    ok: bool
    patient: bool


def right(_event: str, _before: str | None, now: str) -> str:
    return now


def reopens(event: str, before: str | None, now: str) -> str:
    return "PAUSED" if (event, before) == ("paused", "FINISHED") else now


def plot(text: str = SCRIPT) -> Plot:
    return plot_of(read_document(text), longest=3_600_001)


def settings_of(text: str) -> Settings:
    return Settings().replace(retry="5s,5m", **load(text).settings())


def platform(settings: Settings, lot: int = 0) -> Platform:
    one = Platform(settings, base_url="http://127.0.0.1:7267", lot=lot)
    one.add_target("http://127.0.0.1:9/hooks")
    return one


def sketch(text: str = SCRIPT) -> Sketch:
    return Sketch.after(rehearse(platform(settings_of(text)), load(text)))


def search(
    bug: Bug = right,
    *,
    text: str = SCRIPT,
    played: list[Sequenced] | None = None,
    judge: Callable[[Sequenced, bool, bool], bool] = lambda _sequence, ok, _patient: ok,
    over: Callable[[], bool] = lambda: False,
    **limits: object,
) -> Search:
    """Return a search about a receiver that has ``bug``; ``played`` gets what is played, ``judge`` may think otherwise.

    Of a receiver that is right nothing is played: all is as it should be.
    """
    lots, parts, settings = count(1), plot(text), settings_of(text)

    def play_one(sequence: Sequenced, *, patient: bool) -> Verdict:
        if played is not None:
            played.append(sequence)
        if bug is right:
            return Verdict(judge(sequence, True, patient), patient)
        one, known = platform(settings, next(lots)), {}

        def receive(attempt: Attempt) -> Outcome:
            hook = json.loads(attempt.body)
            node_id = hook["data"]["resource-id"]
            if hook["event"] != "update":
                known[node_id] = bug(hook["event"], known.get(node_id), one.resource(node_id)["state"])
            return Outcome(200)

        def wait() -> Generator[Effect, bool, None]:
            yield drained(one)

        def holds() -> bool:
            return all(one.resource(node_id)["state"] == state for node_id, state in known.items())

        drive(one, play(one, load(dump(parts.compose(sequence)))), receive)
        if not holds():
            # As an expectation would: it waits for what is still to come.
            drive(one, wait(), receive)
        return Verdict(judge(sequence, holds(), patient), patient)

    here = sketch(text)
    moves = Moves.of(parts.before, taken={*here.names, *parts.variables}, retried=True)
    return Search(here, moves, Limits(**limits), play=play_one, over=over)
