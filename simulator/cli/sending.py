"""A script as it is sent to a simulator that runs elsewhere, and what that one says of it in the places of the file.

A script is sent as it was written where that says all of it, and else as JSON: with what only this machine knows put in. Then
the other one knows only places of what was sent.
"""

from __future__ import annotations

import re

from simulator.script import Script
from simulator.script.loader import read_document, read_source
from simulator.wire import dump

__all__ = ["Sent"]


class Sent:
    """One run of a script, the text to send, and a way back from its places.

    ``source`` is how the script was named, ``command`` the shell line that plays the run again.
    """

    def __init__(self, source: str, script: Script, command: str) -> None:
        self.script = script
        self.command = command
        document = script.document
        _, written = read_source(source)
        self._places: dict[str, str] = {}
        if read_document(written, name=document.name).value == document.value:
            self.text = written if isinstance(written, str) else written.decode("utf-8-sig")
            return
        self.text = dump(document.value).decode()
        there = read_document(self.text, name=document.name)
        for path in there.values:
            self._places[there.place(path)] = document.place(path)
        for path in there.keys:
            self._places.setdefault(there.key_place(path), document.key_place(path))

    def translated(self, text: str) -> str:
        """Return what was said of it, with the places of the file."""
        if not self._places:
            return text
        place = re.compile(rf"{re.escape(self.script.file)}:\d+:\d+")
        return place.sub(lambda found: self._places.get(found.group(), found.group()), text)
