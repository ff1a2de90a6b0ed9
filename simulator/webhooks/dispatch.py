"""The sending half of a platform: what is told becomes deliveries, deliveries become attempts, and attempts end.

Decides which attempts begin at a moment, what each holds, what an outcome means for its delivery and its target, and
what the journal says of all that. It must not change the world, wait or open a socket. Rules of its own it has none:
the order is the outbox's, the waits are those of ``retries``, the bytes those of ``writing``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import NamedTuple

from simulator import contracts
from simulator.clock import NOW_HEADER, Moment, iso_millis
from simulator.errors import ContractError, NotFoundError, StateError
from simulator.faults import Faults
from simulator.journal import AttemptMade, DeliveryPlanned, Journal, Noted, OutcomeSeen
from simulator.seeds import Seed
from simulator.settings import Settings
from simulator.webhooks.damage import Damage
from simulator.webhooks.mishaps import NO_TROUBLE, Mishaps
from simulator.webhooks.outbox import Condition, Counts, Delivery, Outbox, Settled
from simulator.webhooks.payloads import Payload
from simulator.webhooks.retries import GONE, is_success, wait_after
from simulator.webhooks.targets import Standing, Target, Targets
from simulator.webhooks.writing import Writer, traced
from simulator.wire import Attempt, Outcome
from simulator.world.resources import Kind, Ref
from simulator.world.view import View

__all__ = ["PUT_BACK", "UNCERTAIN", "Dispatch", "Ended"]

UNCERTAIN = "uncertain: the simulator ended while this was in flight, so that it may have arrived"
"""What the journal says of an attempt whose outcome nobody saw."""

PUT_BACK = (
    "uncertain: a snapshot was restored that was taken while this was in flight, so that it may have arrived"
)
"""What it says of one whose outcome is undone."""


class Ended(NamedTuple):
    """A delivery that has ended, after so many attempts, as journal entry ``entry`` tells."""

    entry: int
    delivery: Delivery
    attempts: int
    fate: Settled


class Dispatch:
    """All post of one platform, from what is told to what came back."""

    def __init__(
        self,
        settings: Settings,
        seed: Seed,
        journal: Journal,
        faults: Faults,
        *,
        in_turn: bool,
        names: Seed | None = None,
    ) -> None:
        """``in_turn``: retries of one target go out one after the other, as on a clock that waits for them. The ids of webhooks
        and traces are drawn from ``names``."""
        self.outbox = Outbox(settings.ordering, in_turn=in_turn)
        self._excused: set[int] = set()
        """Of those given up since a fault struck, whatever may still be sent again."""
        self._excused_for_good = 0
        self.targets = Targets()
        self._settings = settings
        self._seed = seed
        self._names = names or seed
        self._journal = journal
        self._write = Writer(settings, self._names)
        self._timeout = settings.timeout / 1000
        self._mishaps = Mishaps(faults, self.outbox, _planned)
        self._planned: dict[int, DeliveryPlanned] = {}
        """Of each delivery that is not settled, what the journal says of it."""
        self._attempts: dict[int, tuple[Attempt, Delivery]] = {}
        """What is in flight, by delivery."""

        self._settled: dict[int, Ended] = {}
        """What may be sent again, in the order in which it was settled: as long as the journal holds its end."""

        self._orphans: set[int] = set()
        """Deliveries in flight whose subscription was deleted."""

    @property
    def excused(self) -> int:
        """How many deliveries were given up since a fault struck their last attempt."""
        return self._excused_for_good + len(self._excused)

    def may_be_unexcused(self, number: int) -> bool:
        """Whether a delivery is given up since a fault struck, and may be sent again."""
        return number in self._excused

    @property
    def ended(self) -> list[Delivery]:
        """What has ended and may be sent again."""
        return [one.delivery for one in self._settled.values()]

    # what is told

    def tell(self, payload: Payload, now: Moment, *, change: bool = False) -> int:
        """Plan a delivery of ``payload`` to every target; see ``put``."""
        return max([self.put(target, payload, now, change=change) for target in self.targets], default=0)

    def tell_subscriber(self, url: str, payload: Payload, now: Moment) -> int:
        """Plan a delivery of ``payload``, which tells of a change, to the callback URL of a subscription; see ``put``."""
        return self.put(self.targets.callback(url), payload, now, change=True)

    def put(self, target: Target, payload: Payload, now: Moment, *, change: bool = False) -> int:
        """Plan a delivery of ``payload`` to one target; ``change`` says whether it tells of one that was made just now.

        Returns for how many milliseconds the API is not to show that change yet: 0 unless a fault has it so.
        """
        if not self._mishaps.possible:
            self._note(_planned(self.outbox.put(target, payload)), now)
            return 0
        plan = self._mishaps.plan(target, payload, now, change=change)
        for planned in plan.planned:
            self._note(planned, now)
        return plan.early

    def _note(self, planned: DeliveryPlanned, now: Moment) -> None:
        if not planned.dropped:
            self._planned[planned.delivery] = planned
        self._journal.append(now, planned)

    # what a driver does

    def due(self, view: View) -> list[Attempt]:
        """Begin every attempt that is due at the moment of ``view``, which shows the world as it then is."""
        begun: list[Attempt] = []
        # One that is not sent makes way for the next at once.
        while taken := self.outbox.take(view.now):
            for delivery, number in taken:
                attempt = self._begin(delivery, number, view)
                if attempt is not None:
                    begun.append(attempt)
        return begun

    def report(self, attempt: Attempt, outcome: Outcome, now: Moment) -> None:
        """Say what came back; a result from before a reset is journalled and changes nothing."""
        known, _ = self._attempts.get(attempt.delivery, (None, None))
        if known is not attempt:
            self._journal.append(now, Noted(f"a result from before the reset arrived: {attempt.url}"))
            return
        outcome, faults = self._mishaps.outcome(attempt, outcome)
        ok = is_success(outcome)
        standing = self.targets.by_url(attempt.url)
        retry = None
        if standing is None or attempt.delivery in self._orphans:
            # Whoever was removed while this was in flight is told nothing more.
            self._orphans.discard(attempt.delivery)
        else:
            self.targets.fared(standing, ok=ok)
            retry = None if ok else self._retry(attempt, outcome, now)
        self._end(attempt, outcome, now, ok=ok, retry=retry, faults=faults)
        if standing is not None and not ok:
            self._judge(standing, outcome, now)

    def resend(
        self, numbers: Iterable[int], now: Moment, *, ended: Callable[[Payload], bool]
    ) -> dict[int, NotFoundError | StateError]:
        """Have deliveries go out once more at once, also those that have arrived, and return why others cannot.

        What is to be tried again anyway goes out now instead, and its schedule goes on from there. What was settled has one
        more attempt and no more; when that fails it stays what it was. ``ended`` says whether the subscription of a
        payload is no more.
        """
        refused: dict[int, NotFoundError | StateError] = {}
        pending: set[int] = set()
        for number in numbers:
            settled = self._settled.get(number)
            if number in self._attempts:
                refused[number] = StateError(
                    f"delivery {number} is in flight", remedy="Wait until it has ended."
                )
            elif number in self._planned:
                pending.add(number)
            elif settled is None:
                refused[number] = self._lost(number)
            elif ended(settled.delivery.payload):
                refused[number] = StateError(
                    f"the subscription that delivery {number} was for is no more",
                    remedy="Subscribe again; what is told from then on is delivered.",
                )
            else:
                self._again(settled, now, refused)
        hastened = self.outbox.hasten(pending)
        for number in hastened:
            self._journal.append(now, Noted(f"delivery {number} is tried again ahead of its time"))
        for number in pending.difference(hastened):
            refused[number] = StateError(
                f"delivery {number} waits to be sent",
                remedy="It goes out in its turn, or when its target is enabled.",
            )
        return refused

    def in_flight(self, number: int) -> Delivery | None:
        """Return the delivery with this number while an attempt of it is under way."""
        return self._attempts[number][1] if number in self._attempts else None

    # who is told

    def remove(self, id: str, now: Moment) -> Target:
        """Tell a target nothing more; what waited for it is dropped."""
        target = self.targets.remove(id)
        self._mishaps.forget(target)
        dropped = self.outbox.drop(id)
        self._gone(dropped)
        self._journal.append(now, Noted(f"target {id} removed, {len(dropped)} deliveries dropped"))
        return target

    def forget(self, subscription: int, url: str, now: Moment) -> None:
        """Tell a subscription that is no more nothing more; what waited for it is dropped."""

        def ours(payload: Payload) -> bool:
            return payload.told is not None and payload.told.subscription == subscription

        standing = self.targets.by_url(url)
        dropped = [] if standing is None else self.outbox.drop(standing.target.id, ours)
        self._gone(dropped)
        self._orphans.update(one.number for one in self.outbox.flying if ours(one.payload))
        if dropped:
            self._journal.append(now, Noted(f"a subscription ended, {len(dropped)} deliveries dropped"))

    def disable(self, id: str, why: str, now: Moment) -> None:
        """Let what is told a target pile up from now on."""
        standing = self.targets.standing(id)
        if standing.disabled is None:
            self.targets.disable(standing, why)
            self.outbox.hold(id)
            self._journal.append(now, Noted(f"target {id} disabled, {why}: {standing.target.url}"))

    def enable(self, id: str, now: Moment) -> None:
        """Tell a target again, first of all what has piled up."""
        standing = self.targets.standing(id)
        if standing.disabled is not None:
            self.targets.enable(standing)
            self.outbox.release(id)
            self._journal.append(now, Noted(f"target {id} enabled: {standing.target.url}"))

    # after another one ended

    def restore(
        self,
        counts: Counts,
        unsettled: Iterable[tuple[Delivery, Condition, Attempt | None]],
        ended: Iterable[Ended],
        excused: Collection[int] = (),
        excused_for_good: int = 0,
    ) -> None:
        """Begin with what another left, whose targets are here already.

        ``unsettled`` are rising, with the attempt of what was in flight; ``ended`` by the entries that tell of their ends.
        ``excused`` are those that were given up since a fault struck, and ``excused_for_good`` is how many more were.
        """
        self._excused, self._excused_for_good = set(excused), excused_for_good
        for one in self.targets.standings:
            if one.disabled is not None:
                self.outbox.hold(one.target.id)
        left = list(unsettled)
        self.outbox.restore(counts, [(delivery, condition) for delivery, condition, _ in left])
        facts = (entry.fact for entry in self._journal.since(0))
        told = {fact.delivery: fact for fact in facts if isinstance(fact, DeliveryPlanned)}
        self._planned = {one.number: told.get(one.number) or _planned(one) for one, _, _ in left}
        self._attempts = {one.number: (attempt, one) for one, _, attempt in left if attempt is not None}
        self._settled = {one.delivery.number: one for one in ended if one.entry > self._journal.evicted}

    def take_over(self, other: Dispatch, later: int = 0) -> None:
        """Begin where another of the same settings stands, with all that is to come ``later`` by so many milliseconds.

        The other goes on by itself.
        """
        self.targets.take_over(other.targets)
        self.outbox.take_over(other.outbox, later)
        self._mishaps.take_over(other._mishaps)
        self._excused, self._excused_for_good = set(other._excused), other._excused_for_good
        self._planned = dict(other._planned)
        self._attempts = dict(other._attempts)
        self._settled = dict(other._settled)
        self._orphans = set(other._orphans)

    def end_uncertain(self, view: View, why: str = UNCERTAIN) -> int:
        """End what was in flight when the other ended, and have it made again; return how much that is.

        Nobody knows whether it arrived, so that it is called uncertain and made again at once. [chosen] Whoever was removed,
        or whose subscription has ended, is told nothing more.
        """
        uncertain = sorted(self._attempts.items())
        for number, (attempt, delivery) in uncertain:
            told = delivery.payload.told
            gone = told is not None and view.world.get(Ref(Kind.SUBSCRIPTION, told.subscription)) is None
            wanted = not gone and self.targets.by_url(delivery.target.url) is not None
            outcome, _ = self._mishaps.outcome(attempt, Outcome(None, why))
            self._orphans.discard(number)
            self._end(attempt, outcome, view.now, ok=False, retry=view.now if wanted else None)
            settled = self._settled.get(number)
            if settled is not None and wanted:
                # It had been sent again by somebody who wants to see it arrive.
                self._again(settled, view.now, {})
        return len(uncertain)

    # inside

    def _gone(self, dropped: Iterable[Delivery]) -> None:
        for delivery in dropped:
            del self._planned[delivery.number]
            self._excused.discard(delivery.number)

    def _again(self, settled: Ended, now: Moment, refused: dict[int, NotFoundError | StateError]) -> None:
        number, url = settled.delivery.number, settled.delivery.target.url
        standing = self.targets.by_url(url)
        if standing is None:
            refused[number] = StateError(
                f"the target that delivery {number} went to was removed", found=url, remedy="Add it again."
            )
            return
        del self._settled[number]
        delivery = replace(settled.delivery, target=standing.target)
        self._planned[number] = _planned(delivery)
        self.outbox.resend(delivery, attempts=settled.attempts, was=settled.fate)
        self._journal.append(
            now, Noted(f"delivery {number} is sent again, which was {settled.fate.replace('_', ' ')}")
        )

    def _lost(self, number: int) -> NotFoundError:
        if not 1 <= number <= self.outbox.counts.planned:
            return NotFoundError(
                f"there is no delivery {number}",
                remedy="GET /_simulator/deliveries lists those that the journal still holds.",
            )
        return NotFoundError(
            f"delivery {number} can no longer be sent again: it was dropped, or its end has left the journal",
            remedy="The setting journal_bound says how much the journal holds.",
        )

    def _begin(self, delivery: Delivery, number: int, view: View) -> Attempt | None:
        """Begin an attempt; None when it is not to be posted, and has ended."""
        planned = self._planned[delivery.number]
        trouble, damage = NO_TROUBLE, None
        if self._mishaps.possible:
            signed = self._write.signs(delivery, view)
            trouble = self._mishaps.befall(planned, number, view.now, signed=signed)
            if trouble.damage is not None:
                damage = Damage(trouble.damage, self._seed.number("damage", delivery.number, number))
        written = self._write(delivery, view, damage)
        headers = written.headers
        if self._settings.traceparent:
            headers = traced(headers, self._names, delivery=delivery.number, attempt=number)
        if self._settings.clock_header:
            headers = (*headers, (NOW_HEADER, iso_millis(view.now)))
        attempt = Attempt(
            delivery=delivery.number,
            number=number,
            url=delivery.target.url,
            headers=headers,
            body=written.body,
            timeout=self._timeout,
        )
        self._attempts[delivery.number] = attempt, delivery
        self._journal.append(view.now, AttemptMade(planned, attempt, trouble.faults))
        try:
            contracts.check_text(written.contract, written.checked)
        except ContractError as error:
            # It will not be any better at another time.
            broken = Outcome(None, f"not sent, the payload breaks its contract: {error}")
            # Whatever else was to go wrong with it has not come to pass.
            outcome, _ = self._mishaps.outcome(attempt, broken)
            self._end(attempt, outcome, view.now, ok=False, retry=None)
            return None
        if trouble.unreachable:
            self.report(attempt, Outcome(None, "nobody can be reached there"), view.now)
            return None
        return attempt

    def _retry(self, attempt: Attempt, outcome: Outcome, now: Moment) -> Moment | None:
        wait = wait_after(
            outcome,
            attempt=attempt.number,
            delivery=attempt.delivery,
            now=now,
            settings=self._settings,
            seed=self._seed,
        )
        return None if wait is None else Moment(now + wait)

    def _end(
        self,
        attempt: Attempt,
        outcome: Outcome,
        now: Moment,
        *,
        ok: bool,
        retry: Moment | None,
        faults: tuple[str, ...] = (),
    ) -> None:
        number = attempt.delivery
        _, delivery = self._attempts.pop(number)
        fate = self.outbox.report(number, ok, retry=retry)
        planned = self._planned[number] if fate == "retry" else self._planned.pop(number)
        again = retry if fate == "retry" else None
        if fate == "given_up" and faults:
            self._excused.add(number)
        elif fate == "delivered":
            self._excused.discard(number)
        entry = self._journal.append(now, OutcomeSeen(planned, attempt, outcome, fate, again, faults))
        if fate == "delivered" or fate == "given_up":  # noqa: PLR1714 - so that the type is known
            self._keep(Ended(entry.number, delivery, attempt.number, fate))

    def _keep(self, settled: Ended) -> None:
        self._settled[settled.delivery.number] = settled
        while (oldest := next(iter(self._settled.values()))).entry <= self._journal.evicted:
            number = oldest.delivery.number
            del self._settled[number]
            if number in self._excused:
                self._excused.remove(number)
                self._excused_for_good += 1

    def _judge(self, standing: Standing, outcome: Outcome, now: Moment) -> None:
        """Disable a target that asks for it, or that fails too often, where the settings say so."""
        if self._settings.disable_on_gone and outcome.status == GONE:
            self.disable(standing.target.id, f"it answered {GONE}", now)
        elif 0 < self._settings.disable_after <= standing.failures:
            self.disable(standing.target.id, f"{standing.failures} attempts in a row failed", now)


def _planned(delivery: Delivery) -> DeliveryPlanned:
    payload = delivery.payload
    topic = None if payload.told is None else payload.told.topic
    return DeliveryPlanned(
        delivery.number,
        delivery.target.url,
        payload.word,
        payload.type,
        payload.id,
        topic,
        copy_of=delivery.copy_of,
        invented=payload.data is not None or bool(payload.replacements),
    )
