"""Which settings a file has a say in: those that make a world are its own, others are as they are given now.

A record of one world means nothing in another, so that a file and a setting that disagree are no simulator.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from simulator.errors import UsageError
from simulator.settings import FIELDS, Settings
from simulator.wire import JSON

__all__ = ["changed_settings", "replaced", "shape_of", "shaped"]

_SHAPING = (
    *("seed", "start", "users", "groups", "catalogs", "scenarios", "sessions", "calls", "history_days"),
    *("organization", "permalink", "people", "topics"),
)
"""The settings that make a world."""


def shape_of(settings: Settings) -> dict[str, JSON]:
    """Return the settings that make a world, as they are written."""
    return {name: _written(settings, name) for name in _SHAPING}


def changed_settings(settings: Settings, begun: Settings) -> dict[str, JSON]:
    """Return the settings that differ from those a simulator was started with, as they are written."""
    return {
        name: _written(settings, name) for name in FIELDS if getattr(settings, name) != getattr(begun, name)
    }


def shaped(settings: Settings, shape: Mapping[str, JSON], given: Collection[str], path: Path) -> Settings:
    """Return the settings with those that make a world as the file has them; UsageError when another was given."""
    now = shape_of(settings)
    for name in _SHAPING:
        if name in given and now[name] != shape.get(name):
            raise UsageError(
                f"the world in {path} was made with another value",
                place=name,
                expected=_shown(shape.get(name)),
                found=_shown(now[name]),
                remedy="Leave it out to go on with that world, or name another file to begin anew.",
            )
    return replaced(settings, {name: shape[name] for name in _SHAPING if name in shape})


def replaced(settings: Settings, written: Mapping[str, JSON]) -> Settings:
    """Return the settings with others, as they are written; what is None has no written form."""
    values: dict[str, Any] = {
        name: None if value is None else FIELDS[name].form.read(value) for name, value in written.items()
    }
    return replace(settings, **values)


def _shown(value: JSON) -> str:
    return "none" if value is None else json.dumps(value)


def _written(settings: Settings, name: str) -> JSON:
    value = getattr(settings, name)
    return None if value is None else FIELDS[name].form.write(value)
