"""What a script expects and cannot come about, whatever the receiver does.

``contradictions`` needs the words of one step alone: an address or a path into an answer that cannot be read, a route that does not exist, an
expectation that rules out another. ``Causes`` listens to a rehearsal: an event that no step before has brought about will not be told.
In tracks that overlap in time only what the whole script brings about counts, since an expectation waits.

It must not judge a receiver, nor what may come from outside: only sessions and calls change by steps alone, and what is told of a
change in the second generation depends on who has subscribed by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from simulator.addresses import check_url
from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.expect import Answered, Delivered, Expectation, GivenUp, Order, Queried, parse_statuses
from simulator.expect.documents import parse_path
from simulator.expect.match import same_word
from simulator.expect.reading import check_path
from simulator.journal import ChangeMade, Entry
from simulator.script.document import Document, Path
from simulator.script.model import Expect
from simulator.script.references import is_template
from simulator.values import dataclass
from simulator.world.resources import Kind

__all__ = ["Causes", "contradictions"]

_VERBS: Final = {"paused": "pause", "resumed": "resume", "finished": "finish", "completed": "finish"}
"""The step that an event follows from, where it is one."""


def contradictions(expect: Mapping[str, Any]) -> Iterator[tuple[Path, UsageError]]:
    """Yield what an ``expect`` that fits its contract can never see, with the path below it."""
    for need, path in _all(expect, "rest"):
        status = parse_statuses(need.get("status", "2xx"))
        if "path" in need and not is_template(need["path"]):
            yield from _raised(path, "path", lambda: check_path(need["path"], status))  # noqa: B023 (called at once)
    for need, path in _all(expect, "receiver"):
        for key in ("get", "post"):
            if key in need and not is_template(need[key]):
                yield from _raised(path, key, lambda: check_url(need[key]))  # noqa: B023 (called at once)
        for text in need.get("path", {}):
            yield from _raised((*path, "path"), text, lambda: parse_path(text))  # noqa: B023 (called at once)
    asked = [need for need, _ in _all(expect, "queried") if need.get("times", 1) != 0]
    for need, path in _all(expect, "not_queried"):
        if any(need.items() <= one.items() for one in asked):
            yield (
                path,
                UsageError(
                    "this rules out what queried expects beside it",
                    remedy="Say what should not be asked: by its fields, its operation, or after an event.",
                ),
            )


def _all(expect: Mapping[str, Any], kind: str) -> Iterator[tuple[dict[str, Any], Path]]:
    given = expect.get(kind, [])
    if isinstance(given, dict):
        yield given, (kind,)
    else:
        yield from ((one, (kind, place)) for place, one in enumerate(given))


def _raised(path: Path, key: str, look: Callable[[], object]) -> Iterator[tuple[Path, UsageError]]:
    try:
        look()
    except UsageError as error:
        yield (*path, key), error


@dataclass(frozen=True, slots=True)
class _Hope:
    """An event that some step expects: of which resource, and after how many changes, None for all of them."""

    word: str
    of: str
    name: str
    path: Path
    told: int | None


class Causes:
    """What a rehearsal brings about, and what it expects of that."""

    def __init__(self, document: Document, platform: Platform) -> None:
        """``platform`` is the one that is rehearsed on."""
        self._document = document
        self._platform = platform
        self._sure = platform.settings.generation == "1"
        self._changes = 0
        self._first: dict[str, dict[str, int]] = {}
        """By resource, the words that were told of it, and with which change first."""
        self._hopes: list[_Hope] = []

    def on(self, platform: Platform) -> Causes:
        """Return what was brought about so far, to go on from on a copy of the platform; nothing is expected of it yet."""
        other = Causes(self._document, platform)
        other._changes = self._changes
        other._first = {of: dict(words) for of, words in self._first.items()}
        return other

    def see(self, entry: Entry) -> None:
        """Take in what the rehearsal did."""
        fact = entry.fact
        if isinstance(fact, ChangeMade):
            self._changes += 1
            for word in fact.words:
                self._first.setdefault(fact.id, {}).setdefault(word, self._changes)

    def expect(
        self, step: Expect, expectations: Sequence[Expectation], *, overlaps: bool, prefix: Path = ()
    ) -> None:
        """Take in what a step expects; ``overlaps`` when other tracks go on while it waits. ``prefix`` is where its script stands."""
        told = None if overlaps else self._changes
        for need, wanted in zip(step.needs, expectations, strict=True):
            for word, path in _events(wanted):
                # A topic is told to those who subscribed, and may name what is no event of its resource.
                if wanted.of is not None and "/" not in word:
                    name = wanted.name or "it"
                    self._hopes.append(_Hope(word, wanted.of, name, (*prefix, *need.path, *path), told))

    def problems(self) -> Iterator[tuple[Path, UsageError]]:
        """Yield the events that are expected and that nothing brings about."""
        for hope in self._hopes if self._sure else ():
            record = self._platform.view().by_id(hope.of)
            if record is None or record.KIND not in (Kind.SESSION, Kind.CALL):
                continue
            first = self._first.get(hope.of, {})
            known = [word for word, change in first.items() if hope.told is None or change <= hope.told]
            if not any(same_word(hope.word, word) for word in known):
                later = any(same_word(hope.word, word) for word in first)
                yield hope.path, self._hopeless(hope, known, later=later)

    def _hopeless(self, hope: _Hope, known: Sequence[str], *, later: bool) -> UsageError:
        verb = _VERBS.get(hope.word)
        hint = f"Write a step {verb}: {hope.name} before it." if verb and hope.name != "it" else None
        when = "in this script" if hope.told is None else "before this"
        return UsageError(
            f"nothing {when} makes a webhook {hope.word!r} about {hope.name}",
            place=self._document.place(hope.path),
            found=", ".join(known) or "none",
            remedy="It comes later: move the expectation down." if later else hint,
        )


def _events(wanted: Expectation) -> Iterator[tuple[str, Path]]:
    """Yield the event words that must be told for an expectation to be met, each with its path."""
    match wanted:
        case Answered(event=str(word)) | Delivered(event=str(word)) | GivenUp(event=str(word)):
            yield word, ("event",)
        case Order(events=words):
            yield from ((word, ("events", place)) for place, word in enumerate(words))
        case Queried(after=str(word)):
            yield word, ("after", "event")
        case _:
            pass
