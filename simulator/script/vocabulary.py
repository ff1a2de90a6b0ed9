"""Which words a script may use for what its receiver is told and asks: events, topics, fields.

Decides what is called by no such name, and which was probably meant. Besides the vendor's words a script may use those that its own
steps have told, and those of the scripts that it plays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from simulator.errors import UsageError, did_you_mean
from simulator.script.document import Document
from simulator.script.references import is_template
from simulator.script.scope import fields_of
from simulator.script.walking import all_steps, documents, parts_of, root_of
from simulator.settings import TOPICS
from simulator.world.resources import Kind

__all__ = ["Vocabulary", "judge_field"]

_EVENTS: Final = ("create", "created", "update", "updated", "paused", "resumed", "finished", "completed")
_TOPICS: Final = tuple(dict.fromkeys(topic.partition("@")[0] for topic in TOPICS))
_SHAPES: Final = ("nodes", "edges", "node", "cursor", "totalCount", "pageInfo", "__typename")
"""What a request may use beneath an id besides fields of resources."""


class Vocabulary:
    """The event words of one script."""

    def __init__(self, document: Document) -> None:
        self._emitted: set[str] = set()
        self._subscribed: set[str] = set()
        for one in (document, *documents(document)):
            for steps, path in parts_of(root_of(one)):
                for step, _ in all_steps(steps, path):
                    self._tells(step)

    def judge_event(self, word: str) -> None:
        """Raise UsageError when no event and no topic is called so."""
        known = (*_EVENTS, *sorted(self._emitted))
        topics = (*_TOPICS, *sorted(self._subscribed))
        if word not in (*known, *topics) and not any(map(is_template, (word, *self._emitted))):
            raise UsageError(
                f"no event is called {word!r}",
                expected=f"one of {', '.join(known)}, or a topic such as {_TOPICS[0]}",
                nearest=did_you_mean(word, (*known, *topics)),
            )

    def _tells(self, step: Mapping[str, Any]) -> None:
        """Note which words of its own a step has the receiver told."""
        if isinstance(emit := step.get("emit"), dict) and isinstance(word := emit.get("event"), str):
            self._emitted.add(word)
        subscribe = step.get("subscribe")
        if isinstance(subscribe, dict) and isinstance(topic := subscribe.get("topic"), str):
            self._subscribed.add(topic.partition("@")[0])


def judge_field(field: str, kind: Kind | None) -> None:
    """Raise UsageError when no resource has a field of this name; ``kind`` is what is asked about, where that is known."""
    known = {name for one in Kind for name in fields_of(one)} | set(_SHAPES)
    if field not in known and not is_template(field):
        near = did_you_mean(field, fields_of(kind)) if kind else ()
        raise UsageError(
            f"the API has no field {field!r}", nearest=near or did_you_mean(field, sorted(known))
        )
