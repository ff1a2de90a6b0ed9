"""The counter of ``Receiver``: what the integration answered when it was asked about its own state.

Decides what an answer must hold, when to ask again, and when an answer is final. It asks nobody: ``judging`` yields the probes.

Theory: the state at the end counts, so an answer that fits is final only when nothing moved since the question began. What moves
while a question is under way may be the receiver's own way to answer it (it asks the API, say): then two answers in a row that
fit are enough.
"""

from __future__ import annotations

from typing import ClassVar, Final

from simulator.effects import MOST_PROBED, Probe
from simulator.expect.documents import differences, parse_path
from simulator.expect.kinds import Receiver, number_of
from simulator.expect.stories import Story, listed, result
from simulator.expect.verdicts import Verdict
from simulator.journal import Entry
from simulator.wire import JSON, Outcome, curl_request, load

__all__ = ["OracleCount", "gaps_in"]

_SHOWN = 200
"""How many characters of an answer are shown."""


class OracleCount:
    """Looks at one answer after the other."""

    kinds: ClassVar = ("request", "attempt", "outcome")
    decisive: ClassVar = ()
    exact: ClassVar = False
    exceeded: ClassVar = False
    missed: ClassVar = False

    def __init__(self, wanted: Receiver) -> None:
        self.wanted: Final = wanted
        self.lost = 0
        self.moved = False
        """Whether anything moved since the last question ended."""
        self._probe: Probe | None = None
        self._stirred = False
        self._fitting = 0
        """How many answers in a row fitted with no movement between them."""
        self._asked = 0
        self._gaps: list[str] = []
        self._last: Outcome | None = None

    @property
    def met(self) -> bool:
        return self._fitting > 0

    @property
    def seen(self) -> str:
        last = self._last
        if last is None:
            return "it has not been asked"
        times = number_of(self._asked, "time")
        if last.status is None:
            return f"no answer: {last.error}, asked {times}"
        text = " ".join(last.body[: 4 * _SHOWN].decode(errors="replace").split())
        text = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        return f"{last.status} {text or 'with an empty body'}, asked {times}"

    def see(self, entry: Entry) -> None:  # noqa: ARG002 (that something moved is all that counts)
        if self._probe is None:
            self.moved = True
        else:
            self._stirred = True

    def settled(self, idle: float) -> bool:  # noqa: ARG002 (it does not wait for quiet but asks again)
        return self._probe is None and not self.moved and self._fitting > 0 and not self._doubtful

    @property
    def _doubtful(self) -> bool:
        return self._stirred and self._fitting < 2

    def ask(self, timeout: float) -> Probe:
        """Return the next question; ``hear`` is to be called when it has its outcome."""
        wanted = self.wanted
        if self.moved:
            self._fitting = 0
        self.moved = self._stirred = False
        self._probe = Probe(
            wanted.method, wanted.url, headers=wanted.headers, body=wanted.body, timeout=timeout
        )
        return self._probe

    @property
    def heard(self) -> bool:
        """Whether the question that was asked last has its outcome."""
        return self._probe is None or self._probe.outcome is not None

    def hear(self) -> None:
        """Take in what came of the last question."""
        assert self._probe is not None
        assert self._probe.outcome is not None
        self._last, self._probe = self._probe.outcome, None
        self._asked += 1
        self._gaps = gaps_in(self.wanted, self._last)
        self._fitting = 0 if self._gaps else self._fitting + 1

    def explain(self, story: Story) -> Verdict:
        wanted = self.wanted
        told = [f"{post.planned.word} {result(post.outcome)}" for post in story.posts]
        told_of = f"{number_of(len(told), 'webhook attempt')}{f': {listed(told)}' if told else ''}"
        return Verdict(
            wanted,
            met=False,
            expected=str(wanted),
            seen=f"{self.seen}; {told_of}",
            misses=tuple(self._gaps),
            curl=curl_request(wanted.method, wanted.url, wanted.headers, wanted.body),
        )


def gaps_in(wanted: Receiver, outcome: Outcome) -> list[str]:
    """Return what differs in an answer, in words."""
    if outcome.status is None:
        return [f"got no answer: {outcome.error}"]
    gaps = []
    if outcome.status not in wanted.status:
        gaps.append(f"was answered {outcome.status}, not {wanted.status.text}")
    if wanted.json is None and not wanted.paths:
        return gaps
    if len(outcome.body) >= MOST_PROBED:
        return [*gaps, f"the body has {MOST_PROBED} bytes or more, of which no more are read"]
    try:
        document: JSON = load(outcome.body)
    except ValueError as problem:
        return [*gaps, f"the body cannot be compared: {problem}"]
    if wanted.json is not None:
        gaps += differences(document, wanted.json[0])
    for path, value in wanted.paths:
        gaps += parse_path(path).differences(document, value)
    return gaps
