"""Server-sent events, line by line."""

from __future__ import annotations

import pytest

from simulator.client.events import Event, Events


@pytest.mark.parametrize(
    ("text", "events"),
    [
        pytest.param("data: a\n\n", [Event("", "a")], id="plain"),
        pytest.param(
            "id: 3\nevent: cut\ndata:a\r\ndata: b\n\n", [Event("cut", "a\nb")], id="named, in two lines"
        ),
        pytest.param(": nothing new\n\nretry: 1000\n\n", [], id="comments"),
        pytest.param("event: x\n\ndata: a\n\n", [Event("", "a")], id="a name without data is forgotten"),
        pytest.param("data: a\n", [], id="not ended"),
    ],
)
def test_lines_become_events(text, events):
    reader = Events()

    read = [reader.line(line.encode()) for line in text.splitlines(keepends=True)]

    assert [one for one in read if one is not None] == events
