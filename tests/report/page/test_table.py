"""The entries of a run as a table."""

from __future__ import annotations

import re

import pytest

from simulator.journal import Noted, StepPlayed
from simulator.report.page import table
from simulator.report.page.table import entry_table, is_bad
from simulator.report.record import Record, record_of
from simulator.wire import Outcome
from tests.expect.story import NOW, Story, request


def rows(record: Record) -> list[str]:
    """Return the text of each row."""
    written = entry_table(record, 3)
    return [
        re.sub(r"<[^>]+>", " ", row)
        for row in re.findall(r"<tr(?: [^>]*)?>(.*?)</tr>", written, re.DOTALL)[1:]
    ]


def test_row_has_an_address_and_says_when_and_what():
    journal = Story().journal
    journal.append(NOW, StepPlayed("a.yaml:2", "<wait>"))
    (row,) = re.findall(r"<tr id.*?</tr>", entry_table(record_of(journal), 3))

    assert row == (
        '<tr id="run-3-entry-1" data-kind="step"><td class="no">1</td>'
        '<td class="when">2021-03-01T08:00:00.000Z</td><td class="when"></td>'
        '<td class="kind"><span class="tag step">step</span></td>'
        '<td class="what">a.yaml:2  &lt;wait&gt;</td></tr>'
    )


def test_bodies_stand_with_what_was_sent_and_what_came_back():
    pen = Story()
    pen.post("create", "A", 500)
    pen.journal.append(NOW, request("A", body=b"\xff<b>"))
    entries = record_of(pen.journal).entries
    answered = Outcome(500, headers={"x-a": "b"}, body='{"é":1}'.encode())
    fact = entries[2].fact
    record = Record(
        (entries[1], type(entries[2])(3, NOW, type(fact)(fact.planned, fact.attempt, answered, "given_up")), entries[3]),
        (0.0, 0.5, 1.0),
    )  # fmt: skip

    written = entry_table(record, 1)

    folded = re.findall(r"<summary>(.*?)</summary><pre>(.*?)</pre>", written, re.DOTALL)
    posted = '{\n  "event": "create",\n  "data": {\n    "resource-id": "A"\n  }\n}'.replace('"', "&quot;")
    assert folded == [
        ("what was posted", f"Content-Type: application/json\n\n{posted}"),
        ("what came back", "x-a: b\n\n{\n  &quot;é&quot;: 1\n}"),
        ("what was asked", "POST /api/v3/graphql\n\n(no body)"),
        ("what was answered: 200", "\ufffd&lt;b&gt;"),
    ]
    assert re.findall(r"\+[0-9.]+ s", written) == ["+0.000 s", "+0.500 s", "+1.000 s"]


def test_body_that_is_long_is_cut_and_says_so():
    pen = Story()
    pen.journal.append(NOW, request("A", body=b"x" * (table.MOST_BYTES + 1)))

    assert f"{'x' * 10}\n… {table.MOST_BYTES + 1} bytes in all</pre>" in entry_table(
        record_of(pen.journal), 1
    )


def test_long_run_keeps_its_ends_and_what_went_wrong_and_says_what_is_left_out(monkeypatch):
    monkeypatch.setattr(table, "MOST_ENTRIES", 6)
    pen = Story()
    for _ in range(5):
        pen.note("x")
    pen.post("create", "A", 500)
    for _ in range(5):
        pen.note("x")

    numbers = [
        row.split()[0] if "left out" not in row else row.strip() for row in rows(record_of(pen.journal))
    ]

    assert numbers == [
        "1",
        "2",
        "5 entries left out here; --report json:PATH has all",
        "8",
        "3 entries left out here; --report json:PATH has all",
        "12",
        "13",
    ]


@pytest.mark.parametrize(
    ("status", "bad"), [(200, False), (503, True), (None, True)], ids=["answered", "refused", "nobody there"]
)
def test_posts_that_failed_are_bad(status, bad):
    pen = Story()
    pen.post("create", "A", status)

    assert [is_bad(entry) for entry in record_of(pen.journal).entries] == [False, False, bad]


def test_requests_that_failed_are_bad():
    pen = Story()
    for status in (200, 401):
        pen.journal.append(NOW, request("A", status=status))
    pen.journal.append(NOW, Noted("a"))

    assert [is_bad(entry) for entry in record_of(pen.journal).entries] == [False, True, False]
