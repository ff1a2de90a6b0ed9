"""What ``emit`` tells of: an event as people type it, and a fresh resource whose state fits it.

Decides which events there are and what has happened to a resource before each. It must not post anything, nor know who
is told: the resource is made on a platform that has no target.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from simulator.clock import Moment
from simulator.engine import Platform, Resource
from simulator.errors import NotFoundError, UsageError, did_you_mean
from simulator.webhooks.payloads import both_spellings, plain_word
from simulator.wire import JSON

__all__ = ["EVENTS", "Event", "Past", "fresh", "given", "read_event"]

_MINUTE = 60_000


class Event(NamedTuple):
    """A resource type and an event word, spelt as it is to be posted."""

    type: str
    word: str


class Past(NamedTuple):
    """One thing that happened to a resource: which verb, so many minutes ago, and with which fields."""

    verb: str
    ago: int = 0
    fields: Callable[[Platform, Mapping[str, JSON]], dict[str, JSON]] = lambda _platform, _resource: {}


def _steps(share: float) -> Callable[[Platform, Mapping[str, JSON]], dict[str, JSON]]:
    """Return what tells a view to see this share of a session's steps, at least one."""
    return lambda _platform, session: {
        "steps": max(1, int(int(str(session["numberOfStepsPossible"])) * share))
    }


def _two(platform: Platform, _nothing: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return who takes part in a call: the first two after the integration's own account, as far as there are any."""
    return {"participants": [user.id for user in platform.resources("User", limit=3)[1:]]}


_PASTS: Mapping[str, Mapping[str, tuple[Past, ...]]] = {
    "ScenarioSession": {
        "create": (Past("create"),),
        "update": (Past("create", 12), Past("view", 0, _steps(0.2))),
        "paused": (Past("create", 12), Past("view", 2, _steps(0.6)), Past("pause")),
        "resumed": (Past("create", 132), Past("view", 122, _steps(0.6)), Past("pause", 120), Past("resume")),
        "finished": (Past("create", 37), Past("view", 1, _steps(1)), Past("finish")),
    },
    "Call": {
        "create": (Past("create", 0, _two),),
        "update": (Past("create", 5, _two), Past("update")),
        "finished": (Past("create", 18, _two), Past("finish")),
    },
}
"""For each type and each word in its short spelling, what has happened to a resource by the time it is told."""

EVENTS: tuple[str, ...] = tuple(
    f"{kind}.{word}" for kind, pasts in _PASTS.items() for plain in pasts for word in both_spellings(plain)
)
"""Every event there is, in every spelling."""


def read_event(text: str) -> Event:
    """Read ``ScenarioSession.paused`` and the like."""
    if text not in EVENTS:
        raise NotFoundError(
            f"there is no event {text!r}",
            nearest=did_you_mean(text, EVENTS),
            remedy=f"Events: {', '.join(EVENTS)}. Anything else: --raw --event WORD --type TYPE --data JSON.",
        )
    return Event(*text.split("."))


def fresh(platform: Platform, event: Event) -> Resource:
    """Make a resource of which the event has just become true; how long ago the rest was is the device's time."""
    subject: str | Resource = event.type
    for past in _PASTS[event.type][plain_word(event.word)]:
        at = Moment(platform.now - past.ago * _MINUTE) if past.ago else None
        fields = past.fields(platform, subject if isinstance(subject, Resource) else {})
        subject = platform.apply(past.verb, subject, fields, at=at)
    assert isinstance(subject, Resource)
    return subject


def given(platform: Platform, event: Event, node_id: str) -> Resource:
    """Return the resource with this id as it is; UsageError when the world has none of the event's type."""
    try:
        found = platform.resource(node_id)
    except NotFoundError as error:
        raise NotFoundError(
            error.problem,
            place="--id",
            remedy="Ids follow from the seed; --set data.resource-id=ID posts an id that nothing has.",
        ) from None
    if found.type != event.type:
        raise UsageError(
            "the event is about another type",
            place="--id",
            expected=f"the id of a {event.type}",
            found=found.type,
        )
    return found
