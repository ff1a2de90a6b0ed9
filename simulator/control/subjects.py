"""How the methods of the handles name a resource, a person, a moment and a span of time."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from simulator.clock import parse_duration
from simulator.engine import Resource

__all__ = ["At", "By", "Duration", "Subject", "node_id", "seconds"]

Subject: TypeAlias = str | Resource
"""A resource, or its node id."""

By: TypeAlias = Subject | None
"""Who does it: also a username, e-mail address or full name. None is who would do it anyway."""

At: TypeAlias = str | datetime | None
"""The device's time: ISO 8601, or ``-20m`` for so long ago. None is now."""

Duration: TypeAlias = str | float
"""``12m``, ``3s``, ISO 8601, or a number of seconds."""


def node_id(subject: Subject) -> str:
    """Return the node id of a subject."""
    return subject if isinstance(subject, str) else subject.id


def seconds(duration: Duration) -> float:
    """Return a duration in seconds."""
    return parse_duration(duration) / 1000 if isinstance(duration, str) else float(duration)
