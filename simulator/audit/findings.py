"""What an audit found, as values: a disagreement between a payload and the API, and all of them.

This module must not know how one is found.
"""

from __future__ import annotations

from simulator.clock import Moment, iso_millis
from simulator.values import dataclass

__all__ = ["Audited", "Finding"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A payload and the API disagree. ``place`` is the ``file:line`` of the step that had it told, None where no script plays.

    ``when`` says which of the three times it was. ``excuses`` names the faults that asked for it; without one it is a
    mistake. ``curl`` asks the API again.
    """

    place: str | None
    delivery: int
    at: Moment
    when: str
    about: str
    told: str
    api: str
    curl: str
    excuses: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The disagreement in one line."""
        where = f"{self.place}: " if self.place else ""
        said = (
            f"{where}webhook {self.delivery} about {self.about} tells {self.told}, the API answers {self.api}"
        )
        asked = f", as {' and '.join(self.excuses)} would have it" if self.excuses else ""
        return f"{said} ({self.when}, {iso_millis(self.at)}){asked}"


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit found. ``compared`` counts payloads when told, attempts, and objects at the end; ``invented`` those that
    claim nothing. Of many findings the first are here, ``more`` counts the rest of those that nothing excuses."""

    compared: int
    findings: tuple[Finding, ...] = ()
    excused: tuple[Finding, ...] = ()
    invented: int = 0
    more: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing disagreed but what was asked for."""
        return not self.findings
