"""What a command prints goes to the right place, and no reader's fault ends or stops it."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from simulator.cli.talk import Talk
from tests.cli.terminals import terminal
from tests.server.receiving import until


@contextmanager
def piped(monkeypatch) -> Iterator[int]:
    """Make standard output a pipe and give the end to read from. No fixture, since pytest sets its own for each phase."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w", encoding="utf-8") as stream, monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", stream)
        yield reading


def fill(number: int) -> int:
    """Write to a pipe until it takes no more, and return how much it took."""
    os.set_blocking(number, False)
    written = 0
    with suppress(BlockingIOError):
        while True:
            written += os.write(number, b"x" * 4096)
    os.set_blocking(number, True)
    return written


def test_people_are_told_on_standard_output(capsys):
    talk = Talk()

    talk.say("one", "two")
    talk.tell({"a": 1})
    talk.complain(["wrong"])

    assert capsys.readouterr() == ("one\ntwo\n", "wrong\n")


def test_with_json_standard_output_is_for_programs_alone(capsys):
    talk = Talk(as_json=True)

    talk.say("one")
    talk.mention("two")
    talk.tell({"name": "Größe", "a": [1]})

    assert capsys.readouterr() == ('{"name":"Größe","a":[1]}\n', "one\ntwo\n")


def test_what_the_terminal_cannot_write_is_escaped(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))

    Talk().say("5 °C \ud800")

    assert raw.getvalue() == b"5 \\xb0C \\ud800\n"


def test_pipe_that_was_closed_takes_nothing_more_and_ends_nothing(monkeypatch):
    with piped(monkeypatch) as pipe:
        os.close(pipe)
        talk = Talk()

        talk.say("one")
        talk.say("two")
        talk.mention("three")

    assert (talk.lost, talk.gone) == (0, True)


def test_line_that_matters_less_is_lost_when_nobody_reads(monkeypatch):
    with piped(monkeypatch) as pipe:
        talk = Talk()
        filled = fill(sys.stdout.fileno())

        talk.mention("one")
        talk.mention("two")
        lost = talk.lost
        emptied = len(os.read(pipe, filled))
        talk.mention("three")
        read = os.read(pipe, 100)

    os.close(pipe)
    assert (lost, emptied, read, talk.lost) == (2, filled, b"three\n", 2)


def test_there_is_time_for_so_many_lines_in_a_second(monkeypatch):
    seconds = iter((7.1, 7.2, 7.9, 8.0))
    monkeypatch.setattr("simulator.cli.talk.wall_seconds", lambda: next(seconds))
    monkeypatch.setattr("simulator.cli.talk._MOST_MENTIONED", 2)
    talk = Talk()

    assert [talk.spare() for _ in range(4)] == [True, True, False, True]
    assert talk.lost == 1


async def test_lines_said_soon_are_written_together_and_in_order(monkeypatch):
    class Counting(io.StringIO):
        flushes = 0

        def flush(self):
            self.flushes += 1

    stream = Counting()
    monkeypatch.setattr(sys, "stdout", stream)
    talk = Talk()

    talk.say_soon("one")
    talk.say_soon("two")
    before = stream.getvalue()
    talk.say("three")
    talk.say_soon("four")
    await until(lambda: stream.getvalue().endswith("four\n"))

    assert (before, stream.getvalue(), stream.flushes) == ("", "one\ntwo\nthree\nfour\n", 2)


async def test_terminal_shows_colours_and_how_far_things_are(monkeypatch):
    with terminal(monkeypatch) as shown:
        talk = Talk()
        talk.say("one", tone="good")
        talk.progress("half way")
        talk.mention("two", tone="bad")
        talk.say_soon("three")
        talk.say_soon("four")
        talk.progress("all the way")
        talk.end_progress()

    assert shown.text == "\x1b[32mone\x1b[0m\n\x1b[31mtwo\x1b[0m\nhalf way\r\x1b[Kthree\nfour\n"


async def test_status_comes_in_a_moment_though_nothing_is_said(monkeypatch):
    with terminal(monkeypatch) as shown:
        talk = Talk()
        talk.progress("half way")
        await until(lambda: talk._waiting is None)
        talk.complain([])

    assert shown.text == "half way"


async def test_complaint_takes_the_status_away_first(monkeypatch, capsys):
    with terminal(monkeypatch) as shown:
        talk = Talk()
        talk.progress("half way")
        talk.say("one")
        talk.complain(["wrong", "all wrong"])

    assert shown.text == "one\nhalf way\r\x1b[K"
    assert capsys.readouterr().err == "wrong\nall wrong\n"


async def test_with_json_a_terminal_shows_no_status_among_the_lines(monkeypatch, capsys):
    with terminal(monkeypatch, stream="stderr") as shown:
        talk = Talk(as_json=True)
        talk.progress("half way")
        talk.say("one", tone="good")
        talk.tell({"a": 1})

    assert shown.text == "\x1b[32mone\x1b[0m\n"
    assert capsys.readouterr().out == '{"a":1}\n'


def test_who_watches_no_terminal_sees_no_status(capsys):
    talk = Talk()
    talk.progress("half way")
    talk.end_progress()

    assert capsys.readouterr() == ("", "")


def test_stream_without_a_file_beneath_always_has_room(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    talk = Talk()

    talk.mention("one")

    assert (stream.getvalue(), talk.lost) == ("one\n", 0)
