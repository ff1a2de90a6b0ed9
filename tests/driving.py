"""Drives a platform without sockets: a receiver is a function, and time passes as fast as it is waited for.

    report = drive(platform, play(platform, script), receiver=asks(platform))

A driver of the real kind is server/pump.py; this one is for tests of whatever yields effects.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from typing import TypeVar

from simulator.effects import Effect, Probe, Wait
from simulator.engine import Platform
from simulator.wire import Answer, Attempt, Outcome, Request

__all__ = ["QUERY", "Receiver", "answers", "ask", "asks", "drive", "hook_of", "post_due"]

T = TypeVar("T")
Receiver = Callable[[Attempt], Outcome]

QUERY = """
query WorkOrder($id: ID!) {
  node(id: $id) {
    ... on ScenarioSession { state duration percentOfStepsViewed externalData viewer { name } scenario { name } }
    ... on Call { callState: state duration externalData participants { nodes { user { name } } } }
  }
}
"""


def drive(
    platform: Platform,
    playing: Generator[Effect, bool, T],
    receiver: Receiver | None = None,
    *,
    probed: Callable[[Probe], Outcome] = lambda _: Outcome(200, body=b"{}"),
) -> T:
    """Run ``playing`` to its end and return its result; without a receiver every webhook gets a 200.

    ``probed`` answers what is asked of the receiver, at once.
    """
    receiver = receiver or answers(200)
    try:
        effect = next(playing)
        while True:
            if isinstance(effect, Probe):
                effect.outcome = probed(effect)
                effect = playing.send(True)
            else:
                effect = playing.send(_wait(platform, effect, receiver))
    except StopIteration as end:
        result: T = end.value
        return result


def post_due(platform: Platform, receiver: Receiver) -> bool:
    """Post all that is due, and what becomes due by that; return whether there was any."""
    begun = platform.due()
    posted = bool(begun)
    while begun:
        for attempt in begun:
            platform.report(attempt, receiver(attempt))
        begun = platform.due()
    return posted


def answers(*statuses: int) -> Receiver:
    """Return a receiver that answers with these statuses in turn; the last one stays."""
    left = list(statuses)
    return lambda attempt: Outcome(left.pop(0) if len(left) > 1 else left[0], took=0.01)


def asks(platform: Platform, query: str = QUERY) -> Receiver:
    """Return a receiver that asks GraphQL about each resource before it answers with 200."""

    def receive(attempt: Attempt) -> Outcome:
        data = hook_of(attempt)["data"]
        about = data.get("resource-id") or data.get("id")
        if about is not None:
            ask(platform, query, id=about)
        return Outcome(200, took=0.01)

    return receive


def hook_of(attempt: Attempt) -> dict:
    """Return the webhook that an attempt posts."""
    return json.loads(attempt.body)


def ask(platform: Platform, query: str, **variables: object) -> Answer:
    """Ask GraphQL as an integration does."""
    return platform.answer(
        Request(
            "POST",
            "/api/v3/graphql",
            headers={"authorization": f"Bearer {platform.token}", "content-type": "application/json"},
            body=json.dumps({"query": query, "variables": variables}).encode(),
        )
    )


def _wait(platform: Platform, wait: Wait, receiver: Receiver) -> bool:
    idle = 0.0
    while True:
        if post_due(platform, receiver):
            idle = 0.0
        if wait.ready(idle):
            return True
        moment = platform.jump([wait])
        if moment is not None:
            for attempt in platform.advance(moment):
                platform.report(attempt, receiver(attempt))
        elif wait.quiet is not None and idle < wait.quiet:
            idle = wait.quiet
        elif wait.timeout is not None:
            return False
        else:
            raise AssertionError("this wait would never end")
