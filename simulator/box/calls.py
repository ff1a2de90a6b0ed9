"""The calls that a test makes of its handle, kept so that they can be made again without the test.

Decides what is kept of a call: its name, what it was given, after which entry of the journal it began, until when it lasted and how it
failed. Resources are kept by their ids, which are the same for the same seed; a script that is played is kept whole. A new world
makes what came before meaningless, but for the targets, which stay. It must not make a call.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from simulator.engine import Platform, Resource, Snapshot
from simulator.errors import UsageError
from simulator.report.deliveries import DeliveryStory
from simulator.webhooks.targets import Target
from simulator.wire import JSON

__all__ = ["RESULT", "Call", "Calls", "packed"]

RESULT: Final = "result of call"
"""The key under which stands, in place of what a call returned, the place of that call."""

_STAYING: Final = ("add_target", "remove_target")
"""Calls whose effect outlives a reset."""


class Call:
    """One call: after ``entry`` it began, and it ended when ``until`` had begun, which is itself unless calls overlapped."""

    __slots__ = ("args", "entry", "error", "name", "open", "result", "until", "values")

    def __init__(self, name: str, args: list[Any], values: dict[str, Any], entry: int) -> None:
        self.name = name
        self.args = args
        self.values = values
        self.entry = entry
        self.until: Call = self
        self.error: BaseException | None = None
        self.result: object = None
        """What it returned, where something else may be given that."""
        self.open = True


class Calls:
    """The calls made of the handles of one stage. ``settings`` and ``targets`` are those of the start, ``began`` is when the
    present world did."""

    def __init__(self, platform: Platform) -> None:
        self.targets = [target.url for target in platform.targets]
        self.settings = platform.settings
        self.began = platform.now
        self._platform = platform
        self._calls: list[Call] = []

    def begin(self, name: str, args: Iterable[Any], values: Mapping[str, Any]) -> Call:
        """Note that a call begins."""
        first = [_played(one) if name == "play" else self._plain(one) for one in args]
        call = Call(
            name,
            first,
            {key: self._plain(value) for key, value in values.items()},
            self._platform.journal.last,
        )
        self._calls.append(call)
        return call

    def end(self, call: Call, error: BaseException | None = None, *, result: object = None) -> None:
        """Note that a call has ended, and how it failed or what it returned."""
        call.open, call.error = False, error
        if isinstance(result, Snapshot):
            call.result = result
        if self._calls:
            call.until = self._calls[-1]

    def follow(self, platform: Platform) -> None:
        """Go on with another platform; one whose journal begins anew makes most of what was before meaningless."""
        self._platform = platform
        # What a snapshot holds may come back.
        if platform.journal.last == 0 and not any(one.result for one in self._calls):
            self.began = platform.now
            self._calls = [one for one in self._calls if one.open or one.name in _STAYING]
            for one in self._calls:
                one.entry, one.until = 0, one

    def _plain(self, value: Any) -> Any:  # noqa: ANN401 - whatever the test gave
        if isinstance(value, Snapshot):
            made = [place for place, one in enumerate(self._calls) if one.result is value]
            return {RESULT: made[0]} if made else str(value)
        return _plain(value)

    @property
    def added(self) -> list[str]:
        """Every target that there was, in the order they came."""
        urls = [one.args[0] for one in self._calls if one.name == "add_target" and one.args]
        return list(dict.fromkeys([*self.targets, *urls]))

    @property
    def made(self) -> list[Call]:
        """The calls, in the order they began."""
        return list(self._calls)

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The calls as a box holds them."""
        places = {id(call): place for place, call in enumerate(self._calls)}
        return [_shown(call, place, places) for place, call in enumerate(self._calls)]


def packed(
    source: str | Path | Mapping[str, Any], variables: Mapping[str, JSON] | None = None
) -> dict[str, Any]:
    """Return a script so that it can be read elsewhere: its name, its text, the environment it takes its values from, what its
    ``variables`` were given, and the files that it plays, by where they are beside whoever plays them."""
    from simulator.script.environment import variables_in, with_environment
    from simulator.script.including import from_disk, with_plays
    from simulator.script.loader import read_document, read_source

    if isinstance(source, Mapping):
        return {"value": dict(source)}
    names: list[str] = []
    files: dict[str, JSON] = {}

    def kept(name: str, raw: bytes | str) -> str:
        text = raw if isinstance(raw, str) else raw.decode("utf-8-sig")
        names.extend(variables_in(read_document(text, name=name).value))
        return text

    def read(source: str, beside: str) -> tuple[str, str]:
        name, raw = from_disk(source, beside)
        text = kept(name, raw)
        files[beside] = {"name": name, "text": text}
        return name, text

    name, raw = read_source(str(source))
    text = kept(name, raw)
    with_plays(with_environment(read_document(text, name=name), os.environ)[0], os.environ, read)
    environment = {one: os.environ[one] for one in dict.fromkeys(names) if one in os.environ}
    return {
        "name": name,
        "text": text,
        "environment": environment,
        "vars": dict(variables or {}),
        "files": files,
    }


def _shown(call: Call, place: int, places: Mapping[int, int]) -> dict[str, Any]:
    shown: dict[str, Any] = {"call": call.name, "args": call.args, "with": call.values, "entry": call.entry}
    until = places.get(id(call.until), place)
    if until != place:
        shown["until"] = until
    if call.error is not None:
        shown["error"] = {"type": type(call.error).__name__, "text": str(call.error)}
    return shown


def _played(script: Any) -> Any:  # noqa: ANN401 - whatever the test gave
    if not isinstance(script, str | Path | Mapping):
        return _plain(script)
    try:
        return packed(script)
    except (UsageError, UnicodeDecodeError):
        # The call itself says what is wrong with it.
        return str(script)


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever the test gave
    """Return what a call was given as JSON; what has no such form is kept as text, and is told where it is made again."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Resource() | Target():
            return value.id
        case DeliveryStory():
            return value.planned.delivery
        case datetime():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(one) for key, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(one) for one in value]
        case _:
            return str(value)
