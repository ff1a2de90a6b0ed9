"""What a terminal is, and which signs it gets."""

from __future__ import annotations

import io
import os

import pytest

from simulator.cli.terminal import Terminal, bar, is_terminal


class Watched(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environ", "lively"),
    [
        (Watched(), {"TERM": "xterm-256color"}, True),
        (Watched(), {"TERM": "xterm", "NO_COLOR": ""}, True),
        (Watched(), {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (Watched(), {"TERM": "dumb"}, False),
        (Watched(), {}, False),
        (io.StringIO(), {"TERM": "xterm"}, False),
    ],
    ids=["watched", "NO_COLOR empty", "NO_COLOR", "dumb", "unknown", "a file"],
)
def test_terminal_is_watched_by_somebody_who_can_see_colours_and_wants_to(
    stream, environ, lively, monkeypatch
):
    for name in ("TERM", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    assert is_terminal(stream) is lively


def test_line_is_painted_by_its_tone_alone():
    lines = [("a", "good"), ("b", "bad"), ("c", "plain"), ("", "bad")]

    assert Terminal().show(lines) == "\x1b[32ma\x1b[0m\n\x1b[31mb\x1b[0m\nc\n\n"


def test_lines_stand_above_the_status_until_it_is_taken_away():
    terminal = Terminal()

    assert terminal.show() == ""
    assert terminal.show(status="one") == "one"
    assert terminal.show([("a", "plain"), ("b", "plain")], status="one") == "\r\x1b[Ka\nb\none"
    assert terminal.show(status="one") == ""
    assert terminal.show(status="two") == "\r\x1b[Ktwo"
    assert terminal.show([("c", "plain")]) == "\r\x1b[Kc\n"
    assert terminal.show([("d", "plain")]) == "d\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("abcdefghij", "abcdefghi"), ("abcde", "abcde"), ("日本語日本", "日本語日"), ("a日本語日", "a日本語日")],
)
def test_status_never_fills_its_row(text, shown, monkeypatch):
    monkeypatch.setenv("COLUMNS", "10")

    assert Terminal().show(status=text) == shown


@pytest.mark.parametrize(
    ("done", "total", "full"), [(0, 12, 0), (6, 12, 10), (11, 12, 18), (12, 12, 20), (13, 12, 20), (0, 0, 0)]
)
def test_bar_is_full_at_the_end_alone(done, total, full):
    assert bar(done, total) == f"[{'#' * full}{'.' * (20 - full)}]"


def test_status_of_several_rows_is_taken_away_as_a_whole(monkeypatch):
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((80, 4)))
    terminal = Terminal()

    assert terminal.show(status="a\nb\nc\nd") == "a\nb\nc"
    assert terminal.show([("said", "plain")], status="e") == "\r\x1b[K\x1b[A\x1b[K\x1b[A\x1b[Ksaid\ne"
    assert terminal.show() == "\r\x1b[K"
