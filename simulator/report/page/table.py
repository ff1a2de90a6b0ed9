"""The entries of the journal as a table, each with what was sent and what came back.

Decides which entries of a long run stand in the page: what went wrong, and the first and the last. What is left out is said
where it would stand. It must not cut what it does not say it cut.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from simulator.clock import iso_millis
from simulator.expect.kinds import number_of
from simulator.journal import AttemptMade, Entry, FaultNoted, OutcomeSeen, RequestAnswered
from simulator.report.page.markup import Content, Markup, element
from simulator.report.record import Record
from simulator.report.text import entry_words, is_trouble
from simulator.wire import curl_line

__all__ = ["MOST_BYTES", "MOST_ENTRIES", "entry_table", "is_bad", "shown_entries"]

MOST_ENTRIES = 1200
"""How many entries stand in a page; a report as JSON has all."""

MOST_BYTES = 6000
"""How many bytes of a body are shown."""


def entry_table(record: Record, run: int) -> Markup:
    """Return the table of a run's entries; ``run`` is its number in the page."""
    entries = record.entries
    shown = _chosen(entries)
    kinds = sorted({entry.fact.kind for entry in entries})
    rows: list[Markup] = []
    before = 0
    for place in shown:
        rows += _gap(place - before)
        rows.append(_row(entries[place], record.walls[place], run))
        before = place + 1
    rows += _gap(len(entries) - before)
    boxes = [
        element("label", element("input", type="checkbox", value=kind, checked=True), f" {kind}")
        for kind in kinds
    ]
    head = [
        element("th", name, scope="col")
        for name in ("No.", "Simulated time", "Wall", "Kind", "What happened")
    ]
    return element(
        "div",
        element(
            "div",
            element(
                "input",
                type="search",
                placeholder="Show only entries with…",
                aria_label="Show only entries with",
            ),
            boxes,
            class_="sift",
        ),
        element("table", element("thead", element("tr", *head)), element("tbody", *rows)),
        class_="entries",
    )


def shown_entries(record: Record) -> frozenset[int]:
    """Return the numbers of the entries that stand in the table."""
    return frozenset(record.entries[place].number for place in _chosen(record.entries))


def is_bad(entry: Entry) -> bool:
    """Return whether an entry tells of something that went wrong."""
    match entry.fact:
        case OutcomeSeen(verdict=verdict):
            return verdict in ("given_up", "retry")
        case RequestAnswered(answer=answer):
            return is_trouble(answer)
        case _:
            return False


def _chosen(entries: tuple[Entry, ...]) -> list[int]:
    """Return the places of the entries that are shown, rising."""
    if len(entries) <= MOST_ENTRIES:
        return list(range(len(entries)))
    third = MOST_ENTRIES // 3
    wrong = [
        place for place, entry in enumerate(entries) if is_bad(entry) or isinstance(entry.fact, FaultNoted)
    ]
    chosen = {*range(third), *range(len(entries) - third, len(entries)), *wrong[:third]}
    return sorted(chosen)


def _gap(left_out: int) -> Iterator[Markup]:
    if left_out:
        told = f"{number_of(left_out, 'entry').replace('entrys', 'entries')} left out here; --report json:PATH has all"
        yield element("tr", element("td", told, colspan="5"), class_="gone")


def _row(entry: Entry, wall: float | None, run: int) -> Markup:
    kind = entry.fact.kind
    return element(
        "tr",
        element("td", str(entry.number), class_="no"),
        element("td", iso_millis(entry.at), class_="when"),
        element("td", "" if wall is None else f"+{wall:.3f} s", class_="when"),
        element("td", element("span", kind, class_=f"tag {kind}"), class_="kind"),
        element("td", entry_words(entry), _more(entry), class_="what"),
        id=f"run-{run}-entry-{entry.number}",
        class_="bad" if is_bad(entry) else None,
        data_kind=kind,
    )


def _more(entry: Entry) -> Content:
    """Return what was sent and what came back, folded."""
    match entry.fact:
        case AttemptMade(attempt=attempt):
            repeat = element("pre", curl_line(attempt))
            return _folded("what was posted", _message(attempt.headers, attempt.body), repeat)
        case OutcomeSeen(outcome=outcome) if outcome.headers or outcome.body:
            return _folded("what came back", _message(outcome.headers.items(), outcome.body))
        case RequestAnswered(request=request, answer=answer):
            query = "&".join(f"{name}={value}" for name, value in request.query.items())
            line = f"{request.method} {request.path}{'?' if query else ''}{query}"
            return [
                _folded("what was asked", _message(request.headers.items(), request.body, line)),
                _folded(f"what was answered: {answer.status}", _message((), answer.body)),
            ]
        case _:
            return None


def _folded(title: str, *content: Content) -> Markup:
    return element("details", element("summary", title), *content)


def _message(headers: Iterable[tuple[str, str]], body: bytes, first: str = "") -> Markup:
    head = [first] if first else []
    head += [f"{name}: {value}" for name, value in headers]
    return element("pre", "\n".join([*head, *([""] if head else []), _body(body)]))


def _body(body: bytes) -> str:
    if not body:
        return "(no body)"
    if len(body) > MOST_BYTES:
        return f"{body[:MOST_BYTES].decode(errors='replace')}\n… {len(body)} bytes in all"
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return body.decode(errors="replace")
