"""The counter of ``Order``: in which order the first webhooks with certain words arrived at each target.

A webhook arrives by its first attempt that was answered with success, and at the moment at which that attempt began: so a slow
answer changes no order. Of a word that stands twice in the order the first two arrivals count, and so on; further ones and
other words count for nothing. A copy that a fault made is the same webhook.

It is met once all have arrived in their order at every target that is told of one of them, and nothing is on its way that
began earlier. It is not met for good as soon as one has arrived before another that should come first.
"""

from __future__ import annotations

from typing import ClassVar, Final

from simulator.expect.kinds import Order, about
from simulator.expect.match import tells
from simulator.expect.stories import Story, listed
from simulator.expect.verdicts import Verdict
from simulator.journal import AttemptMade, DeliveryPlanned, Entry, OutcomeSeen
from simulator.wire import curl_line

__all__ = ["OrderCount"]


class _Row:
    """What has arrived at one target: by the number of the delivery, the entry in which its attempt began and its plan."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.arrived: dict[int, tuple[int, DeliveryPlanned]] = {}
        self.flying: dict[tuple[int, int], int] = {}
        """The attempts in flight, and the entries in which they began."""

    @property
    def in_turn(self) -> list[tuple[int, DeliveryPlanned]]:
        return sorted(self.arrived.values(), key=lambda one: one[0])


class OrderCount:
    """Looks at the first arrivals."""

    kinds: ClassVar = ("delivery", "attempt", "outcome")
    decisive: ClassVar = ("attempt", "outcome")
    exact: ClassVar = False
    exceeded: ClassVar = False

    def __init__(self, wanted: Order) -> None:
        self.wanted: Final = wanted
        self.lost = 0
        self.met = False
        self.missed = False
        """Whether such a webhook has ended without arriving."""
        self._broken = False
        self._rows: dict[str, _Row] = {}

    @property
    def seen(self) -> str:
        rows = [
            f"{listed(one.word for _, one in row.in_turn) or 'nothing'} at {url}"
            for url, row in self._rows.items()
        ]
        return "; ".join(rows)

    def see(self, entry: Entry) -> None:
        fact = entry.fact
        if not isinstance(fact, DeliveryPlanned | AttemptMade | OutcomeSeen):
            return
        planned = fact if isinstance(fact, DeliveryPlanned) else fact.planned
        if not self._means(planned):
            return
        row = self._rows.setdefault(planned.target, _Row(planned.target))
        if isinstance(fact, DeliveryPlanned):
            self.missed |= planned.dropped
        elif isinstance(fact, AttemptMade):
            row.flying[fact.attempt.delivery, fact.attempt.number] = entry.number
        else:
            self._end(row, entry.number, fact)
        self._judge()

    def _end(self, row: _Row, number: int, fact: OutcomeSeen) -> None:
        began = row.flying.pop((fact.attempt.delivery, fact.attempt.number), number)
        webhook = fact.planned.copy_of or fact.planned.delivery
        if fact.verdict == "delivered":
            first = row.arrived.get(webhook)
            if first is None or began < first[0]:
                row.arrived[webhook] = (began, fact.planned)
        elif fact.verdict == "given_up":
            self.missed = True

    def _judge(self) -> None:
        walks = [self._walk(row) for row in self._rows.values()]
        whole = bool(walks) and all(reached == len(self.wanted.events) for reached, _ in walks)
        self._broken = any(offender is not None for _, offender in walks)
        self.met = whole and not self._broken and not self.lost

    def _walk(self, row: _Row) -> tuple[int, tuple[int, DeliveryPlanned] | None]:
        """Return how many of the order have come, and what came out of turn. What is in flight may still come first."""
        open_since = min(row.flying.values(), default=None)
        missing = list(self.wanted.events)
        reached = 0
        for began, planned in row.in_turn:
            place = next((place for place, word in enumerate(missing) if word and tells(planned, word)), None)
            if place is None:
                continue
            if open_since is not None and open_since < began:
                break
            if place != reached:
                return reached, (began, planned)
            missing[place] = ""
            reached += 1
        return reached, None

    def settled(self, idle: float) -> bool:  # noqa: ARG002 (it waits for no quiet)
        return self.met or self._broken

    def explain(self, story: Story) -> Verdict:
        wanted = self.wanted
        seen = self.seen or f"nothing of it{about(wanted)} is told to {wanted.target or 'any target'}"
        misses = [gap for gap in map(self._gap, self._rows.values()) if gap]
        posts = [post for post in story.about(wanted.of) if self._means(post.planned)]
        return Verdict(
            wanted,
            met=False,
            expected=str(wanted),
            seen=seen,
            misses=tuple(misses[:3]),
            curl=curl_line(posts[-1].attempt) if posts else None,
        )

    def _means(self, planned: DeliveryPlanned) -> bool:
        wanted = self.wanted
        here = wanted.of in (None, planned.id) and wanted.target in (None, planned.target)
        return here and any(tells(planned, word) for word in wanted.events)

    def _gap(self, row: _Row) -> str | None:
        """Say what differs at one target."""
        reached, offender = self._walk(row)
        if offender is not None:
            began, planned = offender
            return f"entry {began}, {planned.word} to {row.url}: arrived before {self.wanted.events[reached]}"
        if reached == len(self.wanted.events):
            return None
        return f"at {row.url}: {self.wanted.events[reached]} has not arrived"
