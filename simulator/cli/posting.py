"""One payload posted many times, and what is told of it: each post while they are few, else how far it is and the end.

Each post goes the way of every other: outbox, pump, journal. Only so many are planned ahead as can be in flight; each that
ends has the next one planned, so that their number costs no memory.
"""

from __future__ import annotations

import asyncio
from array import array
from collections import Counter
from collections.abc import Sequence

from simulator.cli.live import tell_live
from simulator.cli.talk import Talk
from simulator.cli.terminal import bar
from simulator.control.views import show_entry
from simulator.engine import Platform
from simulator.expect.kinds import number_of
from simulator.journal import AttemptMade, Entry, OutcomeSeen, RequestAnswered
from simulator.report.deliveries import undelivered
from simulator.report.signatures import explain_refusals
from simulator.report.text import printable, undelivered_lines
from simulator.webhooks.payloads import Payload
from simulator.webhooks.targets import Target
from simulator.wire import JSON

__all__ = ["FEW", "Posting"]

FEW = 20
"""Up to so many posts are told one by one."""

_AHEAD = 16
"""How many posts are planned ahead for each target: as many as the outbox has in flight at most."""

_NEWS = 0.1
"""Wall seconds after which it is told again how far many posts are."""

_MOST_SHOWN = 500
"""How many bytes of the answer to a post that failed are shown."""


class Posting:
    """``count`` posts of ``payload`` to each target; make it in the loop that they are posted from."""

    def __init__(self, platform: Platform, payload: Payload, *, count: int, talk: Talk) -> None:
        self._platform = platform
        self._payload = payload
        self._count = count
        self._talk = talk
        self._targets: dict[str, Target] = {}
        self._left: Counter[str] = Counter()
        self._total = self._good = 0
        self._ends: Counter[str] = Counter()
        self._took = array("d")
        self._clock = asyncio.get_running_loop().time
        self._began = self._ended = self._told = 0.0

    @property
    def ok(self) -> bool:
        """Whether each post was answered with success."""
        return self._good == self._total

    def begin(self, targets: Sequence[Target]) -> None:
        """Plan the first posts; the others follow by themselves, so whoever waits until nothing is due waits for all."""
        self._total = self._count * len(targets)
        self._began = self._ended = self._told = self._clock()
        self._platform.journal.follow(self._count_end)
        self._platform.journal.follow(self._tell_each if self._total <= FEW else self._tell_progress)
        for target in targets:
            ahead = min(self._count, _AHEAD)
            self._targets[target.url] = target
            self._left[target.url] = self._count - ahead
            for _ in range(ahead):
                self._platform.post(self._payload, to=target)

    def _count_end(self, entry: Entry) -> None:
        fact = entry.fact
        if type(fact) is OutcomeSeen and fact.again is None:
            url, outcome = fact.planned.target, fact.outcome
            self._good += fact.verdict == "delivered"
            self._ends[outcome.error or f"answered {outcome.status}"] += 1
            self._took.append(outcome.took)
            self._ended = self._clock()
            if self._left[url]:
                self._left[url] -= 1
                self._platform.post(self._payload, to=self._targets[url])

    def _tell_each(self, entry: Entry) -> None:
        fact = entry.fact
        if isinstance(fact, AttemptMade) and fact.planned.delivery == 1:
            self._talk.say(printable(fact.attempt.body.decode()), "")
        tell_live(self._talk, entry)
        if isinstance(fact, OutcomeSeen) and fact.verdict != "delivered" and fact.outcome.body:
            text = fact.outcome.body[:_MOST_SHOWN].decode(errors="replace")
            self._talk.say(f"  answer: {printable(text)}")
        if isinstance(fact, AttemptMade | OutcomeSeen | RequestAnswered):
            self._talk.tell(show_entry(entry))

    def _tell_progress(self, entry: Entry) -> None:
        if type(entry.fact) is OutcomeSeen:
            if self._talk.as_json:
                self._talk.tell(show_entry(entry))
            if self._ended - self._told >= _NEWS:
                self._told = self._ended
                posted = len(self._took)
                failed = posted - self._good
                self._talk.progress(
                    f"{bar(posted, self._total)} {posted} of {self._total} posted, {failed} without success"
                )

    def end(self, *lines: str) -> None:
        """Say, after ``lines``, what came of it all."""
        self._talk.end_progress()
        posted, seconds = len(self._took), self._ended - self._began
        requests = self._platform.tally().requests
        ends = ", ".join(f"{number} {end}" for end, number in self._ends.most_common())
        told = number_of(requests, "request")
        first = (
            f"posted {posted} of {number_of(self._total, 'webhook')}{ends and ': '}{ends}; {told} answered"
        )
        self._talk.say("", *lines)
        self._talk.say(printable(first), tone="good" if self.ok else "bad")
        if posted > FEW:
            took = sorted(self._took)
            self._talk.say(
                f"{posted / max(seconds, 1e-6):.0f} a second for {seconds:.2f} s; half were answered within "
                f"{took[posted // 2] * 1000:.0f} ms, the slowest took {took[-1] * 1000:.0f} ms"
            )
        if not self.ok:
            left = undelivered(self._platform.journal)
            explain_refusals(self._platform, left)
            self._talk.say(*(f"  {line}" for line in undelivered_lines(left)))
        ends_shown: dict[str, JSON] = dict(self._ends)
        self._talk.tell(
            {
                "kind": "summary",
                "ok": self.ok,
                "wanted": self._total,
                "posted": posted,
                "answers": ends_shown,
                "seconds": round(seconds, 6),
                "requests": requests,
            }
        )
