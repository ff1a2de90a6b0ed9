"""The runs of a command as one page: the verdict first, then the judgement, the picture, and all entries.

Decides what stands where. The page loads nothing: its policy forbids all that does not stand in it, and its script, which
only hides entries, is named by its digest, so that no other would run. It must not judge.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Collection, Sequence

from simulator.audit.findings import Audited
from simulator.expect.kinds import number_of
from simulator.report.auditing import audit_lines
from simulator.report.page.crowd import crowd
from simulator.report.page.legend import PATTERNS, legend
from simulator.report.page.marks import marks_of
from simulator.report.page.markup import Content, Markup, element
from simulator.report.page.picture import draw
from simulator.report.page.style import SCRIPT, STYLE
from simulator.report.page.table import entry_table, shown_entries
from simulator.report.summary import Judgement, Summary
from simulator.report.text import tally_line, undelivered_lines

__all__ = ["as_html"]

_ENTRY = re.compile(r"entry (\d+)")

_WIDTHS = (1120, 720, 360)
"""How wide the picture is on a desk, on paper, and on a phone."""

_MOST_UNMET = 4
"""How many unmet expectations stand open, so that the picture is not far away."""

_MOST_LABELLED = 260
"""How many marks have labels."""

_MOST_DRAWN = 700
"""How many marks stand alone; of more than that, several stand together."""

_NOTE = (
    "Simulated time above, wall time since the beginning below. Distances are not to scale: the longer a gap, the wider, but "
    "where nothing happened for long it is folded. Point at a mark to read all of it; it leads to its entry below."
)


def as_html(summaries: Sequence[Summary]) -> bytes:
    """Return the page."""
    from simulator import __version__

    title = _title(summaries)
    many = len(summaries) != 1
    page = element(
        "html",
        element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", http_equiv="Content-Security-Policy", content=_policy()),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("meta", name="referrer", content="no-referrer"),
            element("title", title),
            element("style", Markup(STYLE)),
        ),
        element(
            "body",
            PATTERNS,
            element("header", element("h1", title), _index(summaries)) if many else None,
            element("main", *(_run(one, number, many=many) for number, one in enumerate(summaries, 1))),
            element(
                "footer", f"Written by Scope Simulator {__version__}. This page loads nothing from elsewhere."
            ),
            element("script", Markup(SCRIPT)),
        ),
        lang="en",
    )
    return f"<!doctype html>\n{page}\n".encode()


def _policy() -> str:
    allowed = {"style-src": STYLE, "script-src": SCRIPT}
    parts = [f"{name} '{_digest(content)}'" for name, content in allowed.items()]
    return "; ".join(["default-src 'none'", *parts, "base-uri 'none'", "form-action 'none'"])


def _digest(content: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"


def _title(summaries: Sequence[Summary]) -> str:
    if len(summaries) == 1:
        return f"{_verdict(summaries[0])}: {summaries[0].title}"
    failed = sum(not one.ok for one in summaries)
    if not summaries:
        return "FAILED: nothing was played"
    return f"FAILED: {failed} of {len(summaries)} runs" if failed else f"passed: all {len(summaries)} runs"


def _verdict(one: Summary) -> str:
    return "passed" if one.ok else "FAILED"


def _index(summaries: Sequence[Summary]) -> Markup:
    lines = [
        element(
            "li",
            element("span", f"{'✓' if one.ok else '✗'} {_verdict(one)}", class_="ok" if one.ok else "bad"),
            " ",
            element("a", one.title, href=f"#run-{number}"),
            f" ({one.file})",
            None if one.reason is None else [": ", one.reason],
        )
        for number, one in enumerate(summaries, 1)
    ]
    return element("nav", element("ol", *lines, class_="index"), aria_label="Runs")


def _run(one: Summary, number: int, *, many: bool) -> Markup:
    return element(
        "article",
        element(
            "div",
            element(
                "h2" if many else "h1",
                element("span", f"{'✓' if one.ok else '✗'} {_verdict(one)}:", class_="word"),
                f" {one.title}",
            ),
            None if one.reason is None else element("p", one.reason, class_="reason"),
            class_="verdict",
        ),
        _facts(one),
        _stopped(one),
        _judgement(one, number),
        _audit(one.audit),
        _picture(one, number),
        _undelivered(one),
        _entries(one, number),
        id=f"run-{number}",
        class_="run" if one.ok else "run failed",
    )


def _facts(one: Summary) -> Content:
    facts = {
        "Script": one.file,
        "Run": one.label or None,
        "Tags": ", ".join(one.tags) or None,
        "Seed": one.seed,
        "Steps": one.steps,
        "Simulated time": f"{one.started} to {one.ended}" if one.started else None,
        "Took": f"{one.took:.3f} s",
        "Webhooks": tally_line(one.tally, excused=one.excused).removeprefix("webhooks: "),
    }
    told = [
        element("div", element("dt", name), element("dd", str(value)))
        for name, value in facts.items()
        if value is not None
    ]
    notes = [element("p", line, class_="note") for line in (*filter(None, [one.turned_away]), *one.idle)]
    repeat = (
        [element("p", "To repeat this run:", class_="note"), element("pre", one.command)]
        if one.command
        else None
    )
    return [element("dl", *told, class_="facts"), notes, repeat]


def _stopped(one: Summary) -> Content:
    if one.stopped is None:
        return None
    return [
        element("h3", f"Why {one.broke_off}"),
        element("pre", one.stopped),
        element(
            "p", "Nothing was played." if one.refused else "Its expectations were not judged.", class_="note"
        ),
    ]


def _judgement(run: Summary, number: int) -> Content:
    judgements = run.judgements
    if not judgements:
        return None
    linked = shown_entries(run.record)
    met = sum(one.met for one in judgements)
    unmet = [_need(one, number, linked) for one in judgements if not one.met]
    kept = [_need(one, number, linked) for one in judgements if one.met]
    told: Content = kept
    if unmet and kept:
        told = _folded(f"{number_of(met, 'expectation')} met", kept)
    more = unmet[_MOST_UNMET:]
    return element(
        "section",
        element("h3", f"Expectations: {met} of {len(judgements)} met"),
        *unmet[:_MOST_UNMET],
        _folded(f"{len(more)} more not met", more) if more else None,
        told,
    )


def _folded(title: str, content: Sequence[Markup]) -> Markup:
    return element("details", element("summary", title), *content)


def _need(one: Judgement, run: int, linked: Collection[int]) -> Markup:
    word = "✓ met" if one.met else "✗ NOT MET" if one.judged else "✗ NOT JUDGED"
    misses = [element("li", _miss(miss, run, linked)) for miss in one.misses]
    return element(
        "div",
        element(
            "p",
            element("span", word, class_="ok-word" if one.met else "bad-word"),
            f" {one.expected} ",
            element("span", one.place, class_="place"),
        ),
        element("p", f"seen: {one.seen}", class_="seen"),
        [element("p", "nearest misses:"), element("ul", *misses)] if misses else None,
        None if one.curl is None else [element("p", "to repeat the nearest:"), element("pre", one.curl)],
        class_="need" if one.met else "need unmet",
    )


def _miss(miss: str, run: int, linked: Collection[int]) -> Content:
    """Return a near miss that leads to its entry, where that stands in the page."""
    found = _ENTRY.match(miss)
    if found is None or int(found[1]) not in linked:
        return miss
    return [element("a", found[0], href=f"#run-{run}-entry-{found[1]}"), miss[found.end() :]]


def _audit(audit: Audited | None) -> Content:
    if audit is None:
        return None
    first, *lines = (line.strip() for line in audit_lines(audit))
    told = [element("li", line, class_="bad-word" if line.startswith("NOT SO") else None) for line in lines]
    shown = element("ul", *told, class_="lines") if told else None
    return element("section", element("h3", first[:1].upper() + first[1:]), shown)


def _undelivered(one: Summary) -> Content:
    if not one.undelivered:
        return None
    lines = undelivered_lines(one.undelivered)
    return element(
        "section",
        element("h3", f"Not delivered: {number_of(len(one.undelivered), 'webhook')}"),
        element("ul", *(element("li", line.strip(), class_="code") for line in lines), class_="lines"),
    )


def _picture(one: Summary, number: int) -> Content:
    record = one.record
    if not record.entries:
        return None
    marks = marks_of(record, one.judgements)
    many = len(marks.all)
    linked = shown_entries(record)
    told = f"{number_of(many, 'mark')} on {number_of(len(marks.lanes), 'lane')}. {tally_line(one.tally, excused=one.excused)}"
    note = _NOTE
    pictures = []
    for width in _WIDTHS:
        if many > _MOST_DRAWN:
            crowded = crowd(record, marks, width=width, run=number, linked=linked, alternative=told)
            note = f"{crowded.marks} marks stand in {crowded.columns} columns, each as high as it holds many. {_NOTE}"
            drawn = crowded.picture
        else:
            tight = many > _MOST_LABELLED
            drawn = draw(record, marks, width=width, run=number, linked=linked, alternative=told, tight=tight)
        pictures.append(element("div", drawn, class_=f"at-{width}"))
    return element(
        "section",
        element("h3", "What happened, and when"),
        element("p", note, class_="note"),
        *pictures,
        legend(marks, crowded=many > _MOST_DRAWN),
    )


def _entries(one: Summary, number: int) -> Content:
    record = one.record
    if not record.entries:
        return None
    gone = f" The journal no longer held {record.evicted} before these." if record.evicted else ""
    return element(
        "section",
        element("h3", "All that happened"),
        element("p", f"The journal, oldest first: {len(record.entries)} in all.{gone}", class_="note"),
        entry_table(record, number),
    )
