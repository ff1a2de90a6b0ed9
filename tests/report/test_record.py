"""What a run leaves for its reports."""

from __future__ import annotations

from simulator.journal import Journal, Noted
from simulator.report.record import Record, record_of
from tests.expect.story import NOW


def test_record_tells_how_long_after_the_first_each_entry_was_written():
    ticks = iter([10.0, 10.25, 12.5])
    journal = Journal(2, timer=lambda: next(ticks))
    entries = [journal.append(NOW, Noted(text)) for text in "abc"]

    assert record_of(journal) == Record(tuple(entries[1:]), (0.0, 2.25), 1)


def test_record_of_a_journal_without_a_timer_knows_no_walls():
    journal = Journal()
    entry = journal.append(NOW, Noted("a"))

    assert record_of(journal) == Record((entry,), (None,), 0)


def test_record_stays_as_it_is():
    journal = Journal()
    record = record_of(journal)
    journal.append(NOW, Noted("a"))

    assert record == Record()
