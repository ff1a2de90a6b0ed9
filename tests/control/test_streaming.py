"""What a reader of the journal's stream gets, without a server."""

from __future__ import annotations

import json

import pytest

from simulator.control import Ask, Stage, operation
from simulator.control.streaming import JournalStream
from simulator.errors import UsageError
from tests.control.asking import stage_with


def read(stream: JournalStream) -> list[tuple[str | None, str | None, object]]:
    """Return the events that are to be written now, each as its name, its id and its data, until there is nothing new."""
    text = ""
    while piece := stream.piece():
        text += piece.decode()
        if stream.over:
            break
    return parsed(text)


def parsed(text: str) -> list[tuple[str | None, str | None, object]]:
    events = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line and line[0] != ":")
        if "data" in fields:
            events.append((fields.get("event"), fields.get("id"), json.loads(fields["data"])))
    return events


def opened(stage: Stage, **more: object) -> tuple[JournalStream, list[int]]:
    stream, woken = JournalStream(stage, **more), []
    stream.open(lambda: woken.append(stage.platform.journal.last))
    return stream, woken


def numbers(events: list[tuple[str | None, str | None, object]]) -> list[object]:
    return [number if name is None else name for name, number, _ in events]


def test_reader_gets_what_is_there_and_what_comes():
    stage = stage_with()
    stage.platform.apply("create", "Call")
    stream, woken = opened(stage)

    before = read(stream)
    stage.platform.emit(type="iot", event="connected", data={})

    assert numbers(before) == ["1", "2", "3"]
    assert woken == [4]
    ((name, number, data),) = read(stream)
    assert (name, number, data["number"], data["kind"]) == (None, "4", 4, "delivery")
    stream.close()
    stream.close()
    stage.note("unheard")
    assert woken == [4]


def test_reader_gets_only_what_it_wants():
    stage = stage_with()
    one, other = (stage.platform.apply("create", "Call") for _ in range(2))
    reply = operation("journal_stream").function(
        stage, Ask({}, {"after": 1, "kind": "change, note", "about": other.id})
    )

    assert [data["about"] for _, _, data in read(reply.stream)] == [[other.id]]
    assert one.id != other.id
    with pytest.raises(UsageError, match="there is no kind 'chnge'"):
        operation("journal_stream").function(stage, Ask({}, {"kind": "chnge"}))


def test_many_entries_come_in_pieces():
    stage = stage_with()
    for _ in range(250):
        stage.note("x")
    stream = JournalStream(stage)

    assert len(read(stream)) == stage.platform.journal.last
    assert stream.piece() == b""


def test_reader_that_comes_late_is_told_what_it_missed():
    stage = stage_with(journal_bound=3)
    for _ in range(5):
        stage.note("x")

    events = read(JournalStream(stage, after=1))

    assert events[0] == ("missed", None, {"from": 2, "to": 3})
    assert numbers(events[1:]) == ["4", "5", "6"]


def test_reader_that_is_too_slow_is_cut():
    stage = stage_with(journal_bound=3)
    stream, _ = opened(stage)
    read(stream)
    for _ in range(5):
        stage.note("x")

    assert read(stream) == [
        ("cut", None, {"why": "the journal has pushed out what was not read yet", "from": 2, "to": 3})
    ]
    assert stream.over


@pytest.mark.parametrize("after", [0, 900])
def test_reset_begins_a_new_journal(after):
    stage = stage_with()
    stream, woken = opened(stage, after=after)
    told = read(stream)
    stage.reset(seed=8)

    events = read(stream)

    assert numbers(told) == ["1"] if after == 0 else ["reset", "1"]
    assert events[0] == ("reset", "0", {"seed": 8})
    assert numbers(events[1:]) == [str(number) for number in range(1, stage.platform.journal.last + 1)]
    assert len(woken) == 1


def test_stream_goes_on_when_a_snapshot_is_restored():
    stage = stage_with()
    stream, _ = opened(stage)
    snapshot = stage.platform.snapshot()
    stage.note("once")
    read(stream)

    stage.restore(snapshot)
    stage.note("again")

    assert [(number, data["text"]) for _, number, data in read(stream)] == [
        ("3", "the snapshot was restored: the last 1 entries are undone"),
        ("4", "again"),
    ]


def test_end_is_the_last_event():
    stream = JournalStream(stage_with())

    assert parsed(stream.end("why").decode()) == [("end", None, {"why": "why"})]
    assert stream.over
