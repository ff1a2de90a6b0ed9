"""What is told: which event words a change has, and the JSON of one webhook of either generation.

Decides words, keys, their order and the resource's address. It must not decide when or to whom, nor turn the
payload into bytes. The rules come from the user's document and, where that is silent, from the older copies
of the vendor's page "Using Webhooks".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from simulator.clock import Moment, iso_seconds
from simulator.errors import UsageError
from simulator.settings import Settings
from simulator.values import dataclass
from simulator.wire import JSON, Headers

__all__ = [
    "Payload",
    "Replacement",
    "Told",
    "both_spellings",
    "known_paths",
    "node_headers",
    "object_url",
    "plain_word",
    "render",
    "render_node",
    "replaced",
    "words",
]

_WORDS = {
    "create": ("create",),
    "pause": ("paused", "update"),
    "resume": ("resumed", "update"),
    "finish": ("finished", "update"),
}
_EXTRA = frozenset({"paused", "resumed", "finished"})
_LONG = {"create": "created", "update": "updated"}
_PLAIN = {long: plain for plain, long in _LONG.items()} | {"completed": "finished"}


class Replacement(NamedTuple):
    """Another value at one place of a webhook, put there on purpose; ``path`` leads to it, key by key."""

    path: tuple[str | int, ...]
    value: JSON


class Told(NamedTuple):
    """To whom a webhook of generation 2 is told, and under which topic; ``subscription`` is the record's number."""

    subscription: int
    topic: str
    version: str


@dataclass(frozen=True, slots=True)
class Payload:
    """What is told by one webhook.

    About a resource: ``type`` and ``id`` are the resource's and ``data`` is None. Anything else (see ``raw``):
    ``type`` is the payload's own, ``data`` goes out as it is, and ``id`` names the resource only if ``data`` does.
    ``replacements`` are made, in order, in what ``render`` returns; nothing checks what comes of that. One with ``told`` is
    a webhook of generation 2 about a resource; ``word`` is then the second half of its topic.
    """

    word: str
    type: str
    id: str | None = None
    data: Mapping[str, JSON] | None = None
    replacements: tuple[Replacement, ...] = ()
    told: Told | None = None

    @classmethod
    def raw(cls, word: str, kind: str, *, data: Mapping[str, JSON]) -> Payload:
        """Return a payload whose ``type`` is ``kind``, with a copy of ``data``; UsageError when that is no JSON."""
        try:
            copy: dict[str, JSON] = json.loads(json.dumps(data, allow_nan=False))
        except (TypeError, ValueError, RecursionError) as error:
            raise UsageError(f"the data of the event is no JSON: {error}") from None
        about = copy.get("resource-id")
        return cls(word, kind, about if isinstance(about, str) else None, copy)


def words(verb: str, settings: Settings, *, resource_type: str) -> tuple[str, ...]:
    """Return the event words, in order, that tell of ``verb`` done to a resource or to its children.

    Scope tells of ScenarioSession and Call, of their creation and of their updates. [documented: SEED]
    Creation tells ``create`` and no update. [inferred]
    Pausing, resuming and finishing tell ``paused``, ``resumed`` and ``finished``. [documented: SEED]
    Each of these is followed by one ``update``, since the record has changed state. [inferred]
    Any other change tells one ``update``. [documented: SEED]
    The spelling is ``create`` and ``update``, as every example payload has it; a switch gives ``created`` and
    ``updated``, as the prose has it. [documented: SEED]
    Updates can be silenced; an update that was asked for by that name is told even then. [chosen]
    """
    if resource_type not in settings.types:
        return ()
    told = _WORDS.get(verb, ("update",))
    if not settings.updates and verb != "update":
        told = tuple(word for word in told if word != "update")
    if not settings.extra_events:
        told = tuple(word for word in told if word not in _EXTRA)
    if settings.event_names == "created":
        told = tuple(_LONG.get(word, word) for word in told)
    return told


def plain_word(word: str) -> str:
    """Return the spelling of an event word by which it is compared: ``create`` also for ``created``, ``finished`` also for
    ``completed``, which is what generation 2 calls it."""
    return _PLAIN.get(word, word)


def both_spellings(word: str) -> tuple[str, ...]:
    """Return the spellings of an event word, given in its short one: two for the first two words, else one."""
    return (word, _LONG[word]) if word in _LONG else (word,)


def render(payload: Payload, *, now: Moment, base_url: str) -> dict[str, JSON]:
    """Return the webhook as it stands at the moment ``now``, keys in the order of the user's document.

    The keys are ``time``, ``event``, ``type`` and ``data``, nothing else. [documented: SEED]
    ``time`` is when the request is triggered, in whole seconds UTC, not when the event happened. [documented: SEED]
    A webhook about a resource has ``resource-id``, ``resource-url`` and ``resource-type`` under ``data``. [documented: SEED]
    ``resource-type`` is the GraphQL type name in its own letter case, such as ``ScenarioSession``. [seen: DEMO]
    An event that is about no resource has its own ``type`` and fields of its own under ``data``. [documented: SEED]
    """
    if payload.data is not None:
        kind, data = payload.type, dict(payload.data)
    else:
        assert payload.id is not None
        url = object_url(base_url, payload.id)
        kind, data = (
            "resource",
            {"resource-id": payload.id, "resource-url": url, "resource-type": payload.type},
        )
    return {"time": iso_seconds(now), "event": payload.word, "type": kind, "data": data}


def render_node(payload: Payload, *, base_url: str) -> dict[str, JSON]:
    """Return the usual body of a webhook of generation 2.

    Under ``data`` stand ``id`` and ``url``, nothing else; what happened and when is not in the body. [documented: UW]
    """
    assert payload.id is not None
    return {"data": {"id": payload.id, "url": object_url(base_url, payload.id)}}


def node_headers(told: Told, *, domain: str, webhook_id: str) -> Headers:
    """Return the headers of a webhook of generation 2 but for its signature, which comes last.

    They name the topic and its version, version 3 of the API, the system that sends, and the kind of webhook, which is
    always ``node``. [documented: UW]
    The id is a version 4 UUID by its shape [seen: UW] and stays the same over the attempts of a delivery. [inferred]
    """
    return (
        ("X-Scope-Topic", told.topic),
        ("X-Scope-Topic-Version", told.version),
        ("X-Scope-API-Version", "3"),
        ("X-Scope-Domain", domain),
        ("X-Scope-Webhook-Type", "node"),
        ("X-Scope-Webhook-Id", webhook_id),
    )


def replaced(body: Mapping[str, JSON], replacements: Iterable[Replacement]) -> dict[str, JSON]:
    """Return a copy of a rendered webhook with other values in the places named, which all exist."""
    copy: dict[str, JSON] = json.loads(json.dumps(body))
    for path, value in replacements:
        within: Any = copy
        for part in path[:-1]:
            within = within[part]
        within[path[-1]] = value
    return copy


def known_paths(body: Mapping[str, JSON]) -> dict[str, tuple[str | int, ...]]:
    """Return every place of a rendered webhook by its dotted name, such as ``data.resource-id`` or ``data.items.0``."""
    return {".".join(map(str, path)): path for path in _paths(body, ())}


def _paths(value: JSON | Mapping[str, JSON], path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    inner = (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    )
    for part, one in inner:
        yield (*path, part)
        yield from _paths(one, (*path, part))


def object_url(base_url: str, node_id: str) -> str:
    """Return where a resource's first-level attributes are; ``base_url`` has no slash at its end.

    The address ends in the very id that the webhook names. [inferred]
    What a path cannot hold is escaped, a slash too; ``=`` stays. [chosen]
    """
    return f"{base_url}/api/v3/graphql/object/{quote(node_id, safe='=')}"
