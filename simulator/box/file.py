"""A box: one file that holds a failed run and all that is needed to repeat it on another machine.

Theory of operation. A run follows from the seed, the settings, what was done to the platform and what the receiver did. What was
done is a script (``script``) or the calls of a test's handle (``calls``); what the receiver did stands in the journal: its answers to each
attempt, and its requests; what it answered to our own questions stands beside it (``probes``). So a box can be repeated against any receiver, or against the one that is recorded in it, without the
code of either. Ids and tokens are those of the seed and stand in no box for their own sake.

The file is JSON in UTF-8. What people want to know first stands first, one thing a line, then a line for each call, entry and
delivery. Entries are as the journal's route shows them, bytes included; of a body that is longer than ``MOST_BODY`` the beginning is
kept, and ``cut`` says of which entry and how long it was. How many entries there are is bounded by the setting ``journal_bound``.

Decides what a box holds and whether a file is one. It must not touch the file system, nor play anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from simulator import contracts
from simulator.clock import Moment, iso_millis, parse_moment
from simulator.effects import Probe
from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.report.deliveries import DeliveryStory, deliveries_of
from simulator.report.entries import show_entry
from simulator.settings import FIELDS, Settings
from simulator.values import dataclass
from simulator.wire import JSON, curl_line, dump, show_body

__all__ = [
    "FORMAT",
    "MOST_BODY",
    "Box",
    "Failure",
    "box_of",
    "read_box",
    "settings_of",
    "with_probes",
    "write_box",
]

FORMAT: Final = 1
"""The form of the file; one that is read otherwise has another number."""

MOST_BODY: Final = 65_536
"""How many characters of one body are kept."""

_OF_A_MACHINE: Final = (
    *("host", "port", "db", "control_token", "targets", "ca"),
    *("allow_hosts", "allow_targets", "public_url"),
)
"""Settings that say where a simulator runs, not what happens in it."""

_WHAT: Final = (
    "A failed run of Scope Simulator. Repeat it: scope-simulator replay --box THIS_FILE [--target URL]"
)
_BODIES: Final = ("body", "body_base64")


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that was wrong: ``what`` kind of thing (``expectation``, ``webhook``, ``audit``, ``stopped``, ``call``, ``test``), where, what was
    wanted, and what was seen instead."""

    what: str
    place: str
    text: str
    seen: str = ""

    @property
    def line(self) -> str:
        """The failure in one line."""
        where = f"{self.place}: " if self.place else ""
        seen = f"; seen: {self.seen}" if self.seen else ""
        return f"{where}{self.text}{seen}"


@dataclass(frozen=True, slots=True)
class Box:
    """A failed run. ``script`` and ``calls`` say what was done, one of them or neither; the rest is what came of it.

    ``settings`` are those that differ from the defaults and say what happens, ``base_url`` and ``targets`` are where it was.
    ``drained``: what was due at the end was waited for. ``holds`` names what should not be shown to everybody.
    """

    kind: str
    name: str
    version: str
    failures: tuple[Failure, ...]
    seed: int
    settings: Mapping[str, JSON]
    base_url: str
    targets: tuple[str, ...]
    mode: str
    began: Moment
    ended: Moment
    script: Mapping[str, Any] | None = None
    calls: tuple[Mapping[str, Any], ...] | None = None
    drained: bool = True
    holds: tuple[str, ...] = ()
    entries: tuple[Mapping[str, Any], ...] = ()
    evicted: int = 0
    cut: tuple[Mapping[str, Any], ...] = ()
    probes: tuple[Mapping[str, Any], ...] = ()
    deliveries: tuple[Mapping[str, Any], ...] = ()


def box_of(
    platform: Platform,
    *,
    name: str,
    failures: Iterable[Failure],
    began: Moment,
    script: Mapping[str, Any] | None = None,
    calls: Sequence[Mapping[str, Any]] | None = None,
    drained: bool = True,
    settings: Settings | None = None,
) -> Box:
    """Return the box of what has happened on a platform: that of a script, if there is one, else that of a test.

    ``settings`` are those that it all began with, where they are not the platform's.
    """
    from simulator import __version__

    begun = settings or platform.settings

    entries: list[dict[str, Any]] = []
    cut: list[dict[str, Any]] = []
    for entry in platform.journal.since(0):
        shown: dict[str, Any] = show_entry(entry)
        cut += _shortened(shown, entry.number, "")
        entries.append(shown)
    changed = {
        field: _written(begun, field)
        for field in FIELDS
        if field not in _OF_A_MACHINE and getattr(begun, field) != getattr(_PLAIN, field)
    }
    return Box(
        "test" if script is None else "script",
        name,
        __version__,
        tuple(failures),
        begun.seed,
        changed,
        platform.base_url,
        tuple(target.url for target in platform.targets),
        platform.clock.speed.name,
        began,
        platform.now,
        script,
        None if calls is None else tuple(calls),
        drained,
        tuple(_secrets(changed, script)),
        tuple(entries),
        platform.journal.evicted,
        tuple(cut),
        (),
        tuple(map(_delivery, deliveries_of(platform.journal.since(0)))),
    )


def with_probes(box: Box, probes: Iterable[Probe]) -> Box:
    """Return the box with what the receiver was asked besides, and what it answered."""
    return replace(box, probes=tuple(_probe(one) for one in probes))


def write_box(box: Box) -> bytes:
    """Return the bytes of the file."""
    head: dict[str, JSON] = {
        "what": _WHAT,
        "box": FORMAT,
        "version": box.version,
        "kind": box.kind,
        "name": box.name,
        "failures": [
            {"what": one.what, "place": one.place, "text": one.text, "seen": one.seen} for one in box.failures
        ],
        "holds": list(box.holds),
        "seed": box.seed,
        "settings": dict(box.settings),
        "base_url": box.base_url,
        "targets": list(box.targets),
        "clock": {"mode": box.mode, "began": iso_millis(box.began), "ended": iso_millis(box.ended)},
        "drained": box.drained,
        "evicted": box.evicted,
        "script": None if box.script is None else dict(box.script),
    }
    lists = {
        "cut": box.cut,
        "calls": box.calls,
        "entries": box.entries,
        "probes": box.probes,
        "deliveries": box.deliveries,
    }
    parts = [dump(name) + b": " + dump(value) for name, value in head.items()]
    parts += [dump(name) + b": " + _lines(values) for name, values in lists.items()]
    return b"{\n" + b",\n".join(parts) + b"\n}\n"


def read_box(raw: bytes, *, place: str) -> Box:
    """Return the box that a file holds; UsageError, which says why, when it holds none that can be read here."""
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        raise UsageError(
            "this is no box, or a damaged one: it is not JSON",
            place=place,
            remedy="Copy the whole file again; it begins with { and ends with }.",
        ) from None
    if not isinstance(value, dict) or not isinstance(value.get("box"), int):
        raise UsageError(
            "this is no box",
            place=place,
            expected="a file that replay --box or pytest --scope-simulator-box wrote",
            remedy="Name a script without --box.",
        )
    if value["box"] != FORMAT:
        raise UsageError(
            "the box was written by another version and is of another form",
            place=place,
            expected=f"form {FORMAT}",
            found=f"form {value['box']}, of version {value.get('version')}",
            remedy="Repeat it with that version of Scope Simulator.",
        )
    problems = contracts.problems("report/box", value)
    if problems:
        wrong = problems[0].error()
        raise UsageError(
            f"the box is damaged: {wrong.place}: {wrong.problem}",
            place=place,
            expected=wrong.expected,
            found=wrong.found,
            remedy="Copy it again.",
        )
    clock = value["clock"]
    calls = value["calls"]
    return Box(
        value["kind"],
        value["name"],
        value["version"],
        tuple(Failure(**one) for one in value["failures"]),
        value["seed"],
        value["settings"],
        value["base_url"],
        tuple(value["targets"]),
        clock["mode"],
        parse_moment(clock["began"]),
        parse_moment(clock["ended"]),
        value["script"],
        None if calls is None else tuple(calls),
        value["drained"],
        tuple(value["holds"]),
        tuple(value["entries"]),
        value["evicted"],
        tuple(value["cut"]),
        tuple(value["probes"]),
        tuple(value["deliveries"]),
    )


def settings_of(box: Box) -> dict[str, JSON]:
    """Return the settings to repeat a box with, by name; the clock begins when that of the run did."""
    return {**box.settings, "seed": box.seed, "speed": box.mode, "start": iso_millis(box.began)}


_PLAIN: Final = Settings()


def _written(settings: Settings, name: str) -> JSON:
    value = getattr(settings, name)
    return None if value is None else FIELDS[name].form.write(value)


def _secrets(settings: Mapping[str, JSON], script: Mapping[str, Any] | None) -> Iterator[str]:
    """Say what a box holds that should not be shown to everybody."""
    named = [
        name
        for name, value in settings.items()
        if FIELDS[name].secret or name == "headers" or (name == "people" and _identified(value))
    ]
    if named:
        yield f"the values of the settings {', '.join(named)}"
    environment = {} if script is None else script.get("environment", {})
    if environment:
        yield f"the values of the environment variables {', '.join(environment)}"
    yield "what was posted, asked and answered, with the receiver's Authorization headers"


def _identified(people: JSON) -> bool:
    """Whether somebody has a password or a token of their own."""
    listed = people if isinstance(people, list) else []
    return any(isinstance(one, dict) and not {"password", "token"}.isdisjoint(one) for one in listed)


def _shortened(shown: dict[str, Any], number: int, place: str) -> Iterator[dict[str, Any]]:
    """Cut the long bodies in an entry, and say which."""
    for name, value in shown.items():
        if isinstance(value, dict):
            yield from _shortened(value, number, f"{place}{name}.")
        elif name in _BODIES and len(value) > MOST_BODY:
            shown[name] = value[:MOST_BODY]
            yield {"entry": number, "place": f"{place}{name}", "length": len(value)}


def _delivery(story: DeliveryStory) -> dict[str, Any]:
    planned = story.planned
    return {
        "id": planned.delivery,
        "at": iso_millis(story.at),
        "target": planned.target,
        "event": planned.word,
        "type": planned.type,
        "resource": planned.id,
        "state": story.state,
        "attempts": [
            {
                "number": one.attempt.number,
                "at": iso_millis(one.at),
                "status": None if one.outcome is None else one.outcome.status,
                "error": None if one.outcome is None else one.outcome.error,
                "curl": curl_line(one.attempt) if len(one.attempt.body) <= MOST_BODY else None,
            }
            for one in story.attempts
        ],
    }


def _probe(probe: Probe) -> dict[str, Any]:
    outcome = probe.outcome
    assert outcome is not None
    shown = show_body(outcome.body)
    return {
        "method": probe.method,
        "url": probe.url,
        "status": outcome.status,
        "error": outcome.error,
        "took": round(outcome.took, 6),
        "headers": [list(pair) for pair in outcome.headers.items()],
        **{name: str(value)[:MOST_BODY] for name, value in shown.items()},
    }


def _lines(values: Sequence[Mapping[str, Any]] | None) -> bytes:
    """Return a list with a line for each of its values."""
    if values is None:
        return b"null"
    return b"[" + b",".join(b"\n" + dump(dict(one)) for one in values) + b"\n]"
