"""One mistake, and what explains a signature: in words for people and as JSON for programs.

Decides how an explanation reads. It must not look for one: that is ``explaining``.
"""

from __future__ import annotations

from simulator.values import dataclass
from simulator.wire import JSON

__all__ = ["RAW", "Explanation", "Mistake"]

RAW = (
    "Sign the bytes of the body as they arrived, before anything parses or decodes them: request.get_data() in Flask, "
    "await request.body() in FastAPI, express.raw() in Express, request.raw_post in Rails."
)
"""What there is to do about a body that is not what arrived."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What was done wrong: ``name`` for programs, then a sentence about it and one about what to do."""

    name: str
    what: str
    remedy: str = RAW


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why ``computed`` is not ``expected``; ``expected`` is None where posts are not signed.

    ``mistakes`` together lead from the post to exactly what was computed. Without any, the signature is ``right``, or no
    mistake that we know explains it; ``hints`` are what there is to say all the same, in sentences.
    """

    computed: str
    expected: str | None
    right: bool = False
    mistakes: tuple[Mistake, ...] = ()
    hints: tuple[str, ...] = ()

    @property
    def explained(self) -> bool:
        """Whether what was computed follows from the post."""
        return self.right or bool(self.mistakes)

    @property
    def lines(self) -> list[str]:
        """The explanation for people: what happened, then what to do, each remedy once."""
        many = ["More than one mistake, together:"] if len(self.mistakes) > 1 else []
        remedies = dict.fromkeys(one.remedy for one in self.mistakes)
        return [*many, *(one.what for one in self.mistakes), *remedies, *self.hints]

    def __str__(self) -> str:
        return " ".join(self.lines)

    @property
    def shown(self) -> dict[str, JSON]:
        """The explanation for programs."""
        mistakes: list[JSON] = [
            {"name": one.name, "what": one.what, "remedy": one.remedy} for one in self.mistakes
        ]
        return {
            "computed": self.computed,
            "expected": self.expected,
            "right": self.right,
            "mistakes": mistakes,
            "hints": list(self.hints),
        }
