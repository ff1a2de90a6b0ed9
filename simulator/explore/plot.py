"""What of a script stays and what varies: its last expectations are what must always hold, the steps before them set it up.

Composes the script of each sequence that is tried between the two, as plain values. This module must not know which
sequences are legal, nor play any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from simulator.clock import parse_duration
from simulator.errors import UsageError
from simulator.script.document import Document
from simulator.script.references import is_template
from simulator.values import dataclass
from simulator.wire import JSON

__all__ = ["ORDER", "Plot", "Sequenced", "StepJSON", "fault_count", "plot_of"]

StepJSON: TypeAlias = Mapping[str, Any]
"""A step as a script writes it."""

ORDER: Final = (
    *("pause", "resume", "finish", "leave", "join"),
    *("view", "record", "update", "check"),
    *("wait", "faults", "create"),
)
"""The verbs of varied steps, the simplest first."""
_DAY: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class Sequenced:
    """A sequence of steps to try; with ``calm`` time passes after them until nothing can be due any more."""

    steps: tuple[StepJSON, ...]
    calm: bool = True

    @property
    def size(self) -> tuple[int, int, int, int, str]:
        """How large it is, to be compared: steps, then faults, then how simple the verbs are, then what there is to read."""
        text = repr(self.steps)
        verbs = sum(ORDER.index(next(iter(step))) for step in self.steps)
        return len(self.steps) + self.calm, fault_count(self.steps), verbs, len(text), text


@dataclass(frozen=True, slots=True)
class Plot:
    """A script in its parts. ``calm`` is the wait after which nothing that was put off can still be to come."""

    root: Mapping[str, JSON]
    before: tuple[StepJSON, ...]
    invariant: tuple[StepJSON, ...]
    calm: str

    @property
    def variables(self) -> Mapping[str, JSON]:
        """The script's variables."""
        given = self.root.get("vars")
        return given if isinstance(given, dict) else {}

    def compose(
        self, sequence: Sequenced, *, patience: int | None = None, title: str | None = None
    ) -> dict[str, JSON]:
        """Return the script of a sequence; its last expectations wait ``patience`` milliseconds at most."""
        calm: list[StepJSON] = [{"wait": self.calm}] if sequence.calm else []
        steps = [*self.before, *sequence.steps, *calm, *(_hasty(one, patience) for one in self.invariant)]
        return {**self.root, "title": title or self.root["title"], "steps": [dict(one) for one in steps]}


def plot_of(document: Document, *, longest: int) -> Plot:
    """Return the parts of a script; ``longest`` is how many milliseconds anything of it may be put off.

    Raises UsageError for one that does not end with an expectation.
    """
    root: Any = document.value
    steps: list[StepJSON] = root["steps"]
    if "endings" in root:
        raise UsageError(
            "the script has endings",
            place=document.key_place(("endings",)),
            remedy="Leave them out: explore looks for endings itself.",
        )
    first = len(steps)
    while first and "expect" in steps[first - 1]:
        first -= 1
    if first == len(steps):
        raise UsageError(
            "the script does not say what must always hold",
            place=document.place(("steps", len(steps) - 1)),
            expected="an expectation as its last step",
            remedy="End it with expect: explore varies what happens before it until that breaks.",
        )
    # Of a matrix one value of each variable is left by now.
    matrix = {name: values[0] for name, values in root.get("for", {}).items()}
    root = {key: value for key, value in root.items() if key != "for"}
    root |= {"vars": matrix | root.get("vars", {})} if matrix else {}
    return Plot(root, tuple(steps[:first]), tuple(steps[first:]), _wait_of(longest))


def fault_count(steps: Sequence[StepJSON]) -> int:
    """Return how many faults these steps set."""
    return sum(len(one["faults"]["delivery"]) for one in steps if "faults" in one)


def _wait_of(millis: int) -> str:
    """Return a wait of at least so long, as people write one."""
    hours = -(-millis // 3_600_000)
    return f"{hours}h" if hours < 24 else f"{-(-millis // _DAY)}d"


def _hasty(step: StepJSON, patience: int | None) -> StepJSON:
    """Return an expectation that waits no longer than ``patience``; simulated time costs nothing and stays."""
    within = step["expect"].get("within", "5s")
    if patience is None or is_template(within) or within.endswith(" simulated"):
        return step
    if parse_duration(within) <= patience:
        return step
    return {**step, "expect": {**step["expect"], "within": f"{patience}ms"}}
