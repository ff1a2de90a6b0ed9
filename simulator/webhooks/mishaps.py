"""What faults do to the post of one platform: deliveries dropped, copied, put off and set aside, attempts that fail.

Decides how each fault of deliveries is carried out; which one strikes is decided in ``faults``, what damage does in ``damage``.
It must not write to the journal nor report anything: whoever asks does.

A delivery that is set aside waits until so many posts to its target that were planned later have ended their first
attempt, or for a minute of the simulator's clock, so that nothing is stranded. [chosen]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from simulator.clock import Moment
from simulator.faults import AttemptTrouble, Faults, PlanTrouble
from simulator.journal import DeliveryPlanned
from simulator.values import dataclass
from simulator.webhooks.outbox import Delivery, Outbox
from simulator.webhooks.payloads import Payload
from simulator.webhooks.targets import Target
from simulator.wire import Attempt, Outcome

__all__ = ["LONGEST_ASIDE", "NO_TROUBLE", "Mishaps", "Plan"]

LONGEST_ASIDE = 60_000
"""How many milliseconds of the simulator's clock a delivery is set aside at most."""

NO_TROUBLE = AttemptTrouble()
"""Nothing goes wrong with an attempt."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What became of one payload for one target: the deliveries as the journal is to know them, and how many milliseconds the
    API is not to show what they tell."""

    planned: tuple[DeliveryPlanned, ...]
    early: int = 0


class Mishaps:
    """The faults of deliveries at work; ``describe`` says what the journal knows of a delivery that nothing befell."""

    def __init__(
        self, faults: Faults, outbox: Outbox, describe: Callable[[Delivery], DeliveryPlanned]
    ) -> None:
        self._faults = faults
        self._outbox = outbox
        self._describe = describe
        self._aside: dict[str, dict[int, int]] = {}
        """By URL, how many later posts each delivery that was set aside still waits for."""
        self._troubles: dict[int, AttemptTrouble] = {}
        """Of each delivery in flight that is in trouble, which."""

    @property
    def possible(self) -> bool:
        """Whether anything can go wrong with a delivery that is planned or attempted now."""
        return self._faults.delivery or bool(self._aside)

    def plan(self, target: Target, payload: Payload, now: Moment, *, change: bool) -> Plan:
        """Plan a delivery and whatever faults make of it; ``change`` says whether it tells of one that was made just now."""
        trouble = self._asked(target, payload, now, change=change)
        if trouble.drop:
            delivery = self._outbox.put_dropped(target, payload)
            return Plan((replace(self._describe(delivery), faults=trouble.faults, dropped=True),))
        first = self._put(target, payload, now, trouble)
        planned = [first]
        for _ in range(trouble.copies):
            again = self._asked(target, payload, now, change=False, copy=True)
            planned.append(self._put(target, payload, now, again, copy_of=first.delivery))
        return Plan(tuple(planned), trouble.early)

    def befall(self, planned: DeliveryPlanned, number: int, now: Moment, *, signed: bool) -> AttemptTrouble:
        """Return what is to go wrong with attempt ``number`` of a delivery."""
        if number == 1:
            self._done(planned.target, planned.delivery)
        trouble = self._faults.on_attempt(planned, number, now, signed=signed)
        if trouble.faults:
            self._troubles[planned.delivery] = trouble
        return trouble

    def outcome(self, attempt: Attempt, outcome: Outcome) -> tuple[Outcome, tuple[str, ...]]:
        """Return what is seen of an outcome, and the faults that struck the attempt.

        The end of a first attempt lets out what waits for it.
        """
        trouble = self._troubles.pop(attempt.delivery, NO_TROUBLE)
        if attempt.number == 1:
            self._let_out(attempt)
        if trouble.answer_lost and outcome.status is not None:
            why = f"the answer {outcome.status} was lost on the way"
            return Outcome(None, why, took=outcome.took), trouble.faults
        return outcome, trouble.faults

    def forget(self, target: Target) -> None:
        """Forget what was set aside for a target that is no more."""
        self._aside.pop(target.url, None)

    def take_over(self, other: Mishaps) -> None:
        """Begin where another stands; what is in flight there is none of ours."""
        self._aside = {url: dict(aside) for url, aside in other._aside.items()}

    def _asked(
        self, target: Target, payload: Payload, now: Moment, *, change: bool, copy: bool = False
    ) -> PlanTrouble:
        to_come = self._describe(Delivery(self._outbox.upcoming, target, payload))
        return self._faults.on_plan(to_come, now, change=change, copy=copy)

    def _put(
        self,
        target: Target,
        payload: Payload,
        now: Moment,
        trouble: PlanTrouble,
        copy_of: int | None = None,
    ) -> DeliveryPlanned:
        wait = trouble.delay + (LONGEST_ASIDE if trouble.behind else 0)
        due = Moment(now + wait) if wait else None
        delivery = self._outbox.put(target, payload, due=due, copy_of=copy_of)
        if trouble.behind:
            self._aside.setdefault(target.url, {})[delivery.number] = trouble.behind
        return replace(self._describe(delivery), faults=trouble.faults)

    def _done(self, url: str, number: int) -> None:
        """Note that a delivery is set aside no longer."""
        aside = self._aside.get(url, {})
        aside.pop(number, None)
        if not aside:
            self._aside.pop(url, None)

    def _let_out(self, attempt: Attempt) -> None:
        aside = self._aside.get(attempt.url, {})
        for number, left in list(aside.items()):
            if number < attempt.delivery:
                aside[number] = left - 1
                if left == 1:
                    self._outbox.hasten({number})
                    self._done(attempt.url, number)
