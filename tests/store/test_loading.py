"""A big file is read soon, and what the journal's bound cuts in two is read without its half."""

from __future__ import annotations

from time import process_time

from simulator.journal import AttemptMade, OutcomeSeen
from simulator.wire import Outcome
from tests.store.remembering import TARGET, Process


def test_outcome_far_from_its_attempt_is_kept_with_it(tmp_path):
    process = Process(tmp_path / "scope.db", journal_bound=5000, targets=[TARGET])
    process.platform.apply("create", "ScenarioSession")
    (attempt,) = process.platform.due()
    for _ in range(1500):
        process.stage.note("time passes")
    process.platform.report(attempt, Outcome(200, None, {"a": "b"}, b"\xff", 0.5))
    before = process.platform.journal.select()

    process.restart()

    assert process.platform.journal.select()[: len(before)] == before
    assert isinstance(before[-1].fact, OutcomeSeen)
    process.stop()


def test_outcome_whose_attempt_the_journal_has_forgotten_is_kept_with_it(tmp_path):
    process = Process(tmp_path / "scope.db", journal_bound=3, targets=[TARGET])
    for _ in range(4):
        process.platform.emit(type="iot", event="connected", data={})
    process.deliver(lambda _: Outcome(200))
    before = process.platform.journal.select()

    process.restart()

    # The note of the start has pushed out the oldest.
    assert process.platform.journal.select()[:-1] == before[1:]
    assert [type(entry.fact) for entry in before] == [OutcomeSeen, AttemptMade, OutcomeSeen]
    process.stop()


def test_bound_that_was_lower_leaves_out_what_it_cut_in_two(tmp_path):
    process = Process(tmp_path / "scope.db", journal_bound=10, targets=[TARGET])
    for _ in range(1200):
        process.platform.emit(type="iot", event="connected", data={})
    process.deliver(lambda _: Outcome(200))
    last = process.platform.journal.last

    process.restart(journal_bound=100_000)

    entries = process.platform.journal.select()
    assert process.platform.journal.last == last + 1
    assert len({entry.number for entry in entries}) == len(entries)
    assert [entry.number for entry in entries] == list(range(entries[0].number, last + 2))
    process.stop()


def test_journal_begins_after_what_is_missing(tmp_path):
    process = Process(tmp_path / "scope.db", targets=[TARGET])
    for _ in range(3):
        process.platform.emit(type="iot", event="connected", data={})
    process.deliver(lambda _: Outcome(200))
    wanted = process.platform.journal.select()
    process.stage.commit()
    attempt = next(entry.number for entry in wanted if isinstance(entry.fact, AttemptMade))
    process.file.write([("DELETE FROM journal WHERE number = ?", [(attempt,)])])

    process.restart()

    assert process.platform.journal.select()[:-1] == wanted[attempt + 1 :]
    process.stop()


def test_file_of_a_hundred_thousand_entries_is_read_soon(tmp_path):
    process = Process(tmp_path / "scope.db", targets=[TARGET])
    for _ in range(3400):
        process.platform.emit(type="iot", event="connected", data={})
    process.deliver(lambda _: Outcome(200))
    process.stop()

    began = process_time()
    process.again()
    took = process_time() - began

    # A tenth of the bound; what has ended beyond it is not in the file any more.
    assert process.platform.tally().delivered == 3400
    assert took < 2
    process.stop()
