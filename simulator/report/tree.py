"""Cause and effect for whoever reads it: a tree as JSON for programs, and from that as lines for people.

Decides the shape, which ``schemas/control/tree`` describes, and the words. What belongs to what is decided in ``causes``.
The lines are made from the JSON, so that a command shows the tree of a simulator that runs elsewhere in the same words.
No line holds a control character.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any

from simulator.clock import iso_millis
from simulator.expect.kinds import number_of, short
from simulator.journal import Journal
from simulator.report.causes import Cause, causes_of
from simulator.report.deliveries import AttemptStory, DeliveryStory, RequestStory
from simulator.report.text import complaint, printable
from simulator.wire import JSON

__all__ = ["Tree", "show_tree", "tree_lines", "tree_of"]


@dataclass(slots=True)
class Tree:
    """Some of what happened, oldest first: causes with all that followed, and the requests that no webhook caused.

    ``evicted`` is how many entries have left the journal: the cause of what stands alone may be among them. ``next`` is
    the entry after which to go on.
    """

    causes: list[Cause]
    uncaused: list[RequestStory]
    evicted: int
    next: int

    def __str__(self) -> str:
        return "\n".join(tree_lines(show_tree(self)))


def tree_of(journal: Journal, *, about: str | None = None, after: int = 0, limit: int | None = None) -> Tree:
    """Return what the journal tells as a tree.

    At most ``limit`` causes and uncaused requests, those that begin after entry ``after``; with ``about`` only those about
    one resource.
    """
    causes = causes_of(journal)
    both: Iterator[Cause | RequestStory] = merge(causes.causes, causes.uncaused, key=lambda one: one.entry)
    chosen = list(islice((one for one in both if one.entry > after and _is_about(one, about)), limit))
    return Tree(
        [one for one in chosen if isinstance(one, Cause)],
        [one for one in chosen if isinstance(one, RequestStory)],
        journal.evicted,
        chosen[-1].entry if chosen and len(chosen) == limit else journal.last,
    )


def _is_about(one: Cause | RequestStory, about: str | None) -> bool:
    ids = (one.about,) if isinstance(one, Cause) else one.request.about
    return about is None or about in ids


def show_tree(tree: Tree) -> dict[str, JSON]:
    """Return a tree for programs."""
    return {
        "causes": [_show_cause(one) for one in tree.causes],
        "uncaused": [_show_request(one) for one in tree.uncaused],
        "next": tree.next,
        "evicted": tree.evicted,
    }


def tree_lines(shown: Mapping[str, Any]) -> list[str]:
    """Return a tree, as ``show_tree`` made it, for people: each cause with all that followed beneath it."""
    lines = [line for cause in shown["causes"] for line in _cause_lines(cause)]
    if shown["uncaused"]:
        lines.append("no webhook caused:")
        lines += [f"  {one['at']}  {_request_words(one)}" for one in shown["uncaused"]]
    if shown["evicted"]:
        first = shown["evicted"] + 1
        lines.append(
            f"the entries before number {first} are no longer held: what stands alone may follow from one of them"
        )
    return [printable(line) for line in lines] or ["nothing has happened"]


def _show_cause(cause: Cause) -> dict[str, JSON]:
    change = cause.change
    planned = None if change else cause.deliveries[0].planned
    return {
        "entry": cause.entry,
        "at": iso_millis(cause.at),
        "verb": change.verb if change else None,
        "by": change.by if change else None,
        "type": planned.type if planned else change.type if change else None,
        "resource": cause.about,
        "torn": cause.torn,
        "deliveries": [_show_delivery(one) for one in cause.deliveries],
    }


def _show_delivery(story: DeliveryStory) -> dict[str, JSON]:
    return {
        "id": story.planned.delivery,
        "event": story.planned.word,
        "topic": story.planned.topic,
        "target": story.planned.target,
        "state": story.state,
        "faults": list(story.planned.faults),
        "attempts": [_show_attempt(one) for one in story.attempts],
    }


def _show_attempt(story: AttemptStory) -> dict[str, JSON]:
    outcome = story.outcome
    return {
        "number": story.attempt.number,
        "entry": story.entry,
        "at": iso_millis(story.at),
        "status": None if outcome is None else outcome.status,
        "error": None if outcome is None else outcome.error,
        "took": None if outcome is None else round(outcome.took, 6),
        "faults": list(story.faults),
        "requests": [_show_request(one) for one in story.requests],
    }


def _show_request(story: RequestStory) -> dict[str, JSON]:
    fact = story.request
    return {
        "entry": story.entry,
        "at": iso_millis(story.at),
        "route": fact.route,
        "operation": fact.operation,
        "method": fact.request.method,
        "path": fact.request.path,
        "asked": [{"id": one.id, "fields": [*sorted(one.fields)]} for one in fact.asked],
        "status": fact.answer.status,
        "trouble": complaint(fact.answer) or None,
        "faults": list(fact.faults),
        "tie": story.tie,
        "after": None if story.after is None else round(story.after, 6),
        "rivals": story.rivals,
    }


def _cause_lines(cause: Mapping[str, Any]) -> Iterator[str]:
    about = " ".join([cause["type"], *([short(cause["resource"])] if cause["resource"] else [])])
    if cause["verb"]:
        told = "" if cause["deliveries"] else ", told to nobody"
        by = f" by {cause['by']}" if cause["by"] else ""
        yield f"{cause['at']}  {cause['verb']} {about}{by}{told}"
    else:
        why = "what came before has left the journal" if cause["torn"] else "no change"
        yield f"{cause['at']}  {about}, {why}"
    for delivery in cause["deliveries"]:
        state = "" if delivery["state"] == "delivered" else f": {delivery['state'].replace('_', ' ')}"
        told = f"{delivery['topic'] or delivery['event']} to {delivery['target']}{state}"
        yield f"  {', '.join([told, *delivery['faults']])}"
        for attempt in delivery["attempts"]:
            came = ", ".join([_came_back(attempt), *attempt["faults"]])
            yield f"    attempt {attempt['number']}: {came}"
            yield from (f"      {_request_words(one)}" for one in attempt["requests"])


def _came_back(attempt: Mapping[str, Any]) -> str:
    if attempt["took"] is None:
        return "in flight"
    came = attempt["status"] or f"no answer, {attempt['error']}"
    return f"{came} ({attempt['took'] * 1000:.0f} ms)"


def _request_words(one: Mapping[str, Any]) -> str:
    parts = [one["operation"]] if one["operation"] else [one["method"], one["path"]]
    for asked in one["asked"]:
        # The object endpoint gives every field, so naming them tells nothing.
        fields = f" ({', '.join(asked['fields'])})" if one["route"] == "graphql" else ""
        parts.append(f"about {short(asked['id'])}{fields}")
    told = f"{' '.join(parts)}: {one['status']}"
    told += f", with errors: {one['trouble']}" if one["trouble"] else ""
    told = ", ".join([told, *one["faults"]])
    if one["tie"] is None:
        return told
    other = f"; {number_of(one['rivals'], 'other target')} had been told too" if one["rivals"] else ""
    return f"{told}, {one['after'] * 1000:.0f} ms later (tied by {one['tie']}{other})"
