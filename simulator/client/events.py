"""Server-sent events, read line by line. It must not know what an event means."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Event", "Events"]


class Event(NamedTuple):
    """One event: its name, empty where it has none, and its data."""

    name: str
    data: str


class Events:
    """What the lines read so far make of an event."""

    def __init__(self) -> None:
        self._name = ""
        self._data: list[str] = []

    def line(self, raw: bytes) -> Event | None:
        """Take the next line; return the event that it ends."""
        text = raw.decode(errors="replace").rstrip("\r\n")
        if not text:
            event = Event(self._name, "\n".join(self._data)) if self._data else None
            self._name, self._data = "", []
            return event
        field, _, value = text.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            self._name = value
        elif field == "data":
            self._data.append(value)
        return None
