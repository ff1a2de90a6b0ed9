"""The catalogue of webhook topics: what is in it unless the setting says otherwise, and how an entry is written.

A topic has a key, such as ``user/created``, and a version, such as ``1.1``; the two together are unique. [documented: UW]
There may be several versions of a topic. [documented: UW] A version is compared part by part as numbers, so that 1.10 comes
after 1.9. [inferred]

``scenario_session/created`` and ``user/created`` of version 1.1 are topics. [documented: UW]
``scenario_session/completed`` is a topic. [documented: UW] Its version is 1.1, as that of the others. [chosen]
Sessions have ``updated``, ``paused`` and ``resumed`` too, calls ``created``, ``updated`` and ``completed``, users
``updated``, and scenarios ``created`` and ``updated``. [inferred]
"""

from __future__ import annotations

from typing import Final, NamedTuple

from simulator.errors import UsageError
from simulator.settings.forms import Form, several, text

__all__ = ["TOPICS", "Topic", "read_topic", "topics"]


class Topic(NamedTuple):
    """One entry of the catalogue."""

    key: str
    version: str

    @property
    def rank(self) -> tuple[int, ...]:
        """What versions are compared by."""
        return tuple(map(int, self.version.split(".")))


TOPICS: Final[tuple[str, ...]] = (
    "scenario_session/created@1.1",
    "scenario_session/completed@1.1",
    "user/created@1.1",
    "scenario_session/updated@1.1",
    "scenario_session/paused@1.1",
    "scenario_session/resumed@1.1",
    "call/created@1.1",
    "call/updated@1.1",
    "call/completed@1.1",
    "user/updated@1.1",
    "scenario/created@1.1",
    "scenario/updated@1.1",
)
"""The catalogue without a setting; its order is that of their numbers."""

_NUMBER: Final = "(0|[1-9][0-9]{0,8})"
_ENTRY: Final = rf"[a-z][a-z0-9_]*/[a-z][a-z0-9_]*@{_NUMBER}(\.{_NUMBER})*"


def read_topic(entry: str) -> Topic:
    """Return the topic of an entry such as ``user/created@1.1``."""
    key, _, version = entry.partition("@")
    return Topic(key, version)


def topics() -> Form:
    """The entries of a catalogue, or text with commas between them; none stands twice."""
    form = several(text(_ENTRY, "a key and a version, such as user/created@1.1"), separator=",", least=1)

    def read(value: object) -> object:
        entries = form.read(value)
        assert isinstance(entries, tuple)
        for entry in entries:
            if entries.count(entry) > 1:
                raise UsageError(f"the topic {entry} stands twice", remedy="Keep one of them.")
        return entries

    return Form(read, {**form.schema, "uniqueItems": True}, form.write)
