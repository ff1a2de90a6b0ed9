"""Runs that failed, for the tests of boxes."""

from __future__ import annotations

from collections.abc import Callable

from simulator.box.file import Box, Failure, box_of
from simulator.engine import Platform
from simulator.settings import Settings
from simulator.wire import Outcome, Request
from tests.driving import answers, post_due

__all__ = ["BASE", "FAILURE", "HOOK", "asking", "boxed", "platform_with"]

BASE = "http://127.0.0.1:4000"
HOOK = "http://127.0.0.1:8000/hook"
FAILURE = Failure("expectation", "a.yaml:9:7", "finished answered 2xx", "finished 500")


def platform_with(base_url: str = BASE, target: str = HOOK, **settings: object) -> Platform:
    return Platform(Settings().replace(**({"retry": "none"} | settings)), targets=[target], base_url=base_url)


def asking(platform: Platform, node_id: str) -> Request:
    headers = {"authorization": f"Bearer {platform.token}"}
    return Request("GET", f"/api/v3/graphql/object/{node_id}", headers=headers)


def boxed(
    *statuses: int,
    act: Callable[[Platform], object] = lambda platform: platform.apply("create", "ScenarioSession"),
    ask: bool = True,
    failures: tuple[Failure, ...] = (FAILURE,),
    platform: Platform | None = None,
) -> Box:
    """Return the box of a run in which somebody acts, and a receiver answers and asks."""
    platform = platform or platform_with()
    began = platform.now
    act(platform)
    given = answers(*statuses)

    def receive(attempt) -> Outcome:
        if ask:
            planned = platform.journal.of_delivery(attempt.delivery)[0].fact
            platform.answer(asking(platform, planned.id))
        return given(attempt)

    post_due(platform, receive)
    return box_of(platform, name="test_a.py::test_it", failures=failures, began=began, calls=[])
