"""``--box FILE`` of a replay: the first run that fails is left in a file from which it can be repeated elsewhere.

The place of the file is proven before anything is played. A file that is there stays as it is while nothing fails. It must not decide
what a box holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.box.failures import failures_of
from simulator.box.file import box_of, with_probes, write_box
from simulator.cli import whole
from simulator.cli.talk import Talk
from simulator.clock import Moment
from simulator.report.summary import Summary
from simulator.report.text import printable
from simulator.server.app import Live

__all__ = ["Boxing"]


class Boxing:
    """Watches the runs of one command; without a ``path`` it does nothing."""

    def __init__(self, path: str | None, talk: Talk, *, drain: bool) -> None:
        self._path = path
        self._talk = talk
        self._drain = drain
        self._full = False
        self._lines: list[str] = []
        self._place = f"--box {path}"
        if path is not None:
            whole.prove(path, place=self._place)

    def note(self, played: Mapping[str, Any], live: Live, began: Moment, summary: Summary) -> None:
        """Note how a script, as ``packed``, ended that ``live`` has played; the first that failed goes into the box."""
        if self._path is None or self._full or summary.ok:
            return
        self._full = True
        box = box_of(
            live.stage.platform,
            name=summary.title,
            failures=failures_of(summary),
            began=began,
            script=played,
            drained=self._drain,
        )
        whole.write(self._path, write_box(with_probes(box, live.pump.probed)), place=self._place)
        self._lines = [
            f"the failure of {box.name} is in a box, repeat it: scope-simulator replay --box {self._path}",
            *(f"  it holds {one}" for one in box.holds),
        ]

    def tell(self) -> None:
        """Say where the box is, if there is one."""
        self._talk.say(*(printable(line) for line in self._lines))
