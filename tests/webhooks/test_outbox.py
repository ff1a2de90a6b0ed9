"""Every payload is delivered, given up, dropped, or still due: never lost, never sent after a success, in order."""

from __future__ import annotations

import sys

import pytest
from hypothesis import settings as limits
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from simulator.clock import Moment
from simulator.webhooks.outbox import Condition, Counts, Delivery, Outbox
from simulator.webhooks.payloads import Payload
from simulator.webhooks.targets import Target

ONE, TWO, DEAD = (Target(str(n), f"http://127.0.0.1:900{n}/hooks") for n in (1, 2, 3))
PAYLOAD = Payload("update", "ScenarioSession", "A")
ORDERINGS = ["first", "strict", "none"]


NOW, SOON, LATER = (Moment(number) for number in (1_000, 2_000, 9_000))


def numbers(taken: list[tuple[Delivery, int]]) -> list[int]:
    return [delivery.number for delivery, _ in taken]


def counts(**given: int) -> Counts:
    names = ("planned", "waiting", "retrying", "in_flight", "delivered", "given_up", "dropped")
    return Counts(**{name: given.pop(name, 0) for name in names}, **given)


def outbox_with(count: int, ordering: str = "first", target: Target = ONE) -> Outbox:
    outbox = Outbox(ordering)
    for _ in range(count):
        outbox.put(target, PAYLOAD)
    return outbox


def test_new_outbox_has_nothing_to_do():
    outbox = Outbox()

    assert (outbox.could_send(LATER), outbox.take(LATER), outbox.counts) == (False, [], counts())
    assert (outbox.idle, outbox.next_due) == (True, None)


def test_delivery_says_what_goes_where():
    outbox = Outbox()

    delivery = outbox.put(ONE, PAYLOAD)

    assert delivery == Delivery(1, ONE, PAYLOAD)
    assert outbox.take(NOW) == [(delivery, 1)]


@pytest.mark.parametrize("ordering", ["first", "strict"])
@pytest.mark.parametrize("ok", [True, False])
def test_next_one_goes_out_when_the_one_before_has_ended(ordering, ok):
    outbox = outbox_with(3, ordering)

    begun = [numbers(outbox.take(NOW)), numbers(outbox.take(NOW))]
    outbox.report(1, ok)
    begun.append(numbers(outbox.take(NOW)))

    assert begun == [[1], [], [2]]


def test_without_order_sixteen_are_in_flight():
    outbox = outbox_with(20, "none")

    begun = [numbers(outbox.take(NOW)), numbers(outbox.take(NOW))]
    outbox.report(7, True)
    outbox.report(3, False)
    begun.append(numbers(outbox.take(NOW)))

    assert begun == [list(range(1, 17)), [], [17, 18]]
    assert outbox.counts == counts(planned=20, in_flight=16, waiting=2, delivered=1, given_up=1)


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_dead_target_delays_no_other(ordering):
    outbox = outbox_with(100, ordering, DEAD)
    outbox.take(NOW)

    for expected in range(101, 111):
        outbox.put(TWO, PAYLOAD)
        assert numbers(outbox.take(NOW)) == [expected]
        outbox.report(expected, True)


def test_targets_take_turns_as_they_became_ready():
    outbox = Outbox()
    for target in (TWO, ONE, TWO, ONE):
        outbox.put(target, PAYLOAD)

    assert numbers(outbox.take(NOW)) == [1, 2]


@pytest.mark.parametrize(("ok", "fate"), [(True, "delivered"), (False, "given_up")])
def test_end_of_the_attempt_settles_the_delivery(ok, fate):
    outbox = outbox_with(1)
    outbox.take(NOW)

    assert outbox.report(1, ok) == fate
    assert outbox.counts == counts(planned=1, delivered=int(ok), given_up=int(not ok))


@pytest.mark.parametrize("number", [1, 2, 99], ids=["ended before", "not begun", "never ours"])
def test_report_about_anything_else_is_stale_and_changes_nothing(number):
    outbox = outbox_with(3)
    outbox.take(NOW)
    outbox.report(1, True)
    before = outbox.counts

    assert outbox.report(number, False) == "stale"
    assert (outbox.counts, numbers(outbox.take(NOW))) == (before, [2])


def test_what_waits_for_a_dropped_target_is_dropped_and_what_flies_ends_as_it_will():
    outbox = outbox_with(3)
    outbox.take(NOW)

    assert [one.number for one in outbox.drop(ONE.id)] == [2, 3]
    assert (outbox.could_send(NOW), outbox.take(NOW)) == (False, [])
    assert outbox.report(1, True) == "delivered"
    assert outbox.counts == counts(planned=3, delivered=1, dropped=2)


def test_dropping_a_target_that_has_nothing_to_do_drops_nothing():
    assert Outbox().drop(ONE.id) == []


def test_target_that_was_dropped_before_its_turn_can_be_told_again():
    outbox = outbox_with(2)

    outbox.drop(ONE.id)
    outbox.put(ONE, PAYLOAD)

    assert numbers(outbox.take(NOW)) == [3]


def test_target_that_comes_back_waits_for_the_post_still_in_flight():
    outbox = outbox_with(2)
    outbox.take(NOW)
    outbox.drop(ONE.id)
    outbox.put(ONE, PAYLOAD)

    begun = [numbers(outbox.take(NOW))]
    outbox.report(1, False)
    begun.append(numbers(outbox.take(NOW)))

    assert begun == [[], [3]]


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_idle_targets_leave_nothing_behind(ordering):
    outbox = Outbox(ordering)
    for number in range(100):
        outbox.put(Target(str(number), "http://127.0.0.1/"), PAYLOAD)
    for delivery, _ in outbox.take(NOW):
        outbox.report(delivery.number, False, retry=SOON)
    for delivery, _ in outbox.take(SOON):
        outbox.report(delivery.number, True)

    assert outbox._lanes == outbox._ready == outbox._in_flight == outbox._tries == {}
    assert (outbox._in_place, outbox._later) == (set(), [])


@pytest.mark.parametrize("ordering", ["first", "none"])
def test_retry_holds_nothing_back(ordering):
    outbox = outbox_with(2, ordering)

    begun = numbers(outbox.take(NOW))
    assert outbox.report(1, False, retry=SOON) == "retry"
    begun += numbers(outbox.take(NOW))

    assert begun == [1, 2]
    assert (outbox.next_due, outbox.could_send(NOW), outbox.could_send(SOON)) == (SOON, False, True)
    assert [(one.number, attempt) for one, attempt in outbox.take(SOON)] == [(1, 2)]


def test_nothing_overtakes_a_retry_where_order_is_strict():
    outbox = outbox_with(2, "strict")
    begun = [numbers(outbox.take(NOW))]

    for moment in (SOON, LATER):
        outbox.report(1, False, retry=moment)
        begun += [numbers(outbox.take(NOW)), numbers(outbox.take(moment))]
    outbox.report(1, True)
    begun.append(numbers(outbox.take(LATER)))

    assert begun == [[1], [], [1], [], [1], [2]]


def test_attempts_of_a_delivery_are_counted():
    outbox = outbox_with(1)
    seen = [outbox.attempts(1)]

    for moment in (NOW, SOON, LATER):
        ((_, attempt),) = outbox.take(moment)
        seen += [attempt, outbox.attempts(1)]
        outbox.report(1, False, retry=moment + 1)

    assert seen == [0, 1, 1, 2, 2, 3, 3]
    assert outbox.counts == counts(planned=1, retrying=1)


def test_retries_go_out_soonest_first_and_sixteen_at_a_time():
    outbox = outbox_with(40, "none")
    while taken := outbox.take(NOW):
        for delivery, _ in taken:
            outbox.report(delivery.number, False, retry=Moment(SOON + 40 - delivery.number))

    begun = [numbers(outbox.take(LATER)), numbers(outbox.take(LATER))]
    outbox.report(40, True)
    begun.append(numbers(outbox.take(LATER)))

    assert begun == [list(range(40, 24, -1)), [], [24]]


@pytest.mark.parametrize(
    ("ordering", "in_turn", "begun"),
    [("first", True, [1]), ("first", False, [1, 2, 3]), ("none", True, [1, 2, 3])],
)
def test_retries_take_turns_where_that_is_wanted_and_there_is_an_order(ordering, in_turn, begun):
    outbox = Outbox(ordering, in_turn=in_turn)
    for _ in range(3):
        outbox.put(ONE, PAYLOAD)
    while taken := outbox.take(NOW):
        for delivery, _ in taken:
            outbox.report(delivery.number, False, retry=SOON)

    assert numbers(outbox.take(SOON)) == begun


def test_what_is_put_off_goes_out_at_its_moment_and_others_pass_it():
    outbox = Outbox()
    outbox.put(ONE, PAYLOAD, due=SOON)
    outbox.put(ONE, PAYLOAD)

    begun = [numbers(outbox.take(NOW)), numbers(outbox.take(SOON))]

    assert begun == [[2], [1]]
    assert outbox.counts == counts(planned=2, in_flight=2)


def test_held_target_is_told_nothing_and_loses_nothing():
    outbox = outbox_with(3)
    outbox.put(ONE, PAYLOAD, due=LATER)
    outbox.take(NOW)

    outbox.hold(ONE.id)
    outbox.report(1, False, retry=SOON)
    outbox.put(ONE, PAYLOAD)
    outbox.put(ONE, PAYLOAD, due=SOON)

    assert (outbox.take(LATER), outbox.next_due, outbox.idle) == ([], None, True)
    assert outbox.counts == counts(planned=6, waiting=5, retrying=1, held=6)

    outbox.release(ONE.id)
    begun = outbox.take(NOW)

    assert sorted((one.number, attempt) for one, attempt in begun) == [(1, 2), (2, 1), (4, 1), (6, 1)]
    assert outbox.counts == counts(planned=6, waiting=2, in_flight=4)


def test_holding_and_releasing_an_idle_target_leaves_nothing_behind():
    outbox = Outbox()

    outbox.hold(ONE.id)
    outbox.release(ONE.id)

    assert (outbox._lanes, outbox._held) == ({}, set())


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_retries_are_dropped_with_their_target_and_free_its_place(ordering):
    outbox = outbox_with(1, ordering)
    outbox.take(NOW)
    outbox.report(1, False, retry=SOON)

    assert [one.number for one in outbox.drop(ONE.id)] == [1]
    outbox.put(ONE, PAYLOAD)

    assert (numbers(outbox.take(LATER)), outbox.next_due) == ([2], None)
    assert outbox.counts == counts(planned=2, in_flight=1, dropped=1)


def test_some_of_what_waits_can_be_dropped():
    outbox = Outbox()
    other = Payload("create", "Call", "B")
    for payload in (PAYLOAD, other, PAYLOAD, other):
        outbox.put(ONE, payload)
    outbox.put(ONE, other, due=SOON)
    outbox.put(ONE, PAYLOAD, due=SOON)

    dropped = outbox.drop(ONE.id, lambda payload: payload is other)

    assert [one.number for one in dropped] == [2, 4, 5]
    assert numbers(outbox.take(SOON)) == [6, 1]


@pytest.mark.parametrize(("was", "ok"), [("delivered", True), ("given_up", False)])
@pytest.mark.parametrize("again", [True, False])
def test_settled_delivery_can_be_sent_again_and_a_failure_leaves_it_what_it_was(was, ok, again):
    outbox = outbox_with(2)
    ((delivery, _),) = outbox.take(NOW)
    outbox.report(1, ok)

    outbox.resend(delivery, attempts=1, was=was)
    begun = [(one.number, attempt) for one, attempt in outbox.take(NOW)]
    fate = outbox.report(1, again, retry=SOON)

    assert begun == [(1, 2), (2, 1)]
    assert fate == ("delivered" if again else was)
    assert outbox.counts == counts(planned=2, in_flight=1, **{fate: 1})


def test_what_was_to_be_sent_again_is_what_it_was_once_dropped():
    outbox = outbox_with(2)
    deliveries = [delivery for delivery, _ in outbox.take(NOW)]
    outbox.report(1, True)
    deliveries += [delivery for delivery, _ in outbox.take(NOW)]
    outbox.report(2, False)

    outbox.resend(deliveries[0], attempts=1, was="delivered")
    outbox.resend(deliveries[1], attempts=0, was="given_up")
    outbox.drop(ONE.id)

    assert outbox.counts == counts(planned=2, delivered=1, dropped=1)


def test_what_waits_for_a_moment_can_be_hastened_and_nothing_else_can():
    outbox = outbox_with(2)
    outbox.take(NOW)
    outbox.report(1, False, retry=LATER)

    assert outbox.hasten({1, 2, 3}) == [1]
    assert [(one.number, attempt) for one, attempt in outbox.take(NOW)] == [(1, 2), (2, 1)]


def work_of_one_post(backlog: int, others: int, retries: int = 0) -> int:
    """Count the lines that run to end one post and begin the next one."""
    outbox = outbox_with(backlog)
    for _ in range(retries):
        outbox.put(ONE, PAYLOAD, due=LATER)
    for number in range(others):
        outbox.put(Target(f"x{number}", "http://127.0.0.1/"), PAYLOAD)
        outbox.put(Target(f"x{number}", "http://127.0.0.1/"), PAYLOAD)
    outbox.take(NOW)
    lines = 0

    def count(frame, event, arg):
        nonlocal lines
        lines += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        outbox.report(1, True)
        outbox.take(NOW)
    finally:
        sys.settrace(before)
    return lines


def test_next_post_costs_the_same_whatever_waits_and_however_many_targets_there_are():
    assert work_of_one_post(100_000, 0) == work_of_one_post(1_000, 0) == work_of_one_post(10, 1_000) > 0


class AnyMixOfOutcomes(RuleBasedStateMachine):
    """Targets come, go, are held and let go; posts succeed, fail, are retried, put off, sent again and reported twice."""

    @initialize(ordering=st.sampled_from(ORDERINGS), limit=st.integers(1, 4), in_turn=st.booleans())
    def begin(self, ordering: str, limit: int, in_turn: bool) -> None:
        self.ordering = ordering
        self.limit = limit if ordering == "none" else 1
        self.outbox = Outbox(ordering, in_flight_limit=limit, in_turn=in_turn)
        self.now = NOW
        self.deliveries: dict[int, Delivery] = {}
        self.waiting: dict[str, list[int]] = {}
        """Never attempted and in turn, oldest first, by target."""
        self.later: dict[int, Moment] = {}
        self.flying: set[int] = set()
        self.tries: dict[int, int] = {}
        self.settled: dict[int, str] = {}
        self.resent: set[int] = set()
        self.was: dict[int, str] = {}
        self.held: set[str] = set()
        self.in_place: set[int] = set()

    def target_of(self, number: int) -> str:
        return self.deliveries[number].target.id

    @rule(to=st.sampled_from([ONE, TWO, DEAD]), off=st.none() | st.integers(0, 3))
    def put(self, to: Target, off: int | None) -> None:
        due = None if off is None else Moment(self.now + off)
        delivery = self.outbox.put(to, PAYLOAD, due=due)
        number = len(self.deliveries) + 1
        assert delivery == Delivery(number, to, PAYLOAD)
        self.deliveries[number] = delivery
        self.tries[number] = 0
        if due is None:
            self.waiting.setdefault(to.id, []).append(number)
        else:
            # What comes for a held target is due as soon as that is let go.
            self.later[number] = Moment(0) if to.id in self.held else due

    @rule()
    def take(self) -> None:
        for delivery, attempt in self.outbox.take(self.now):
            number = delivery.number
            assert delivery == self.deliveries[number]
            assert number not in self.flying
            assert delivery.target.id not in self.held
            # No attempt after a recorded success, unless somebody asked for it.
            assert self.settled.get(number) is None
            if number in self.later:
                assert self.later.pop(number) <= self.now
            else:
                # The oldest of its target, and never one that went out before.
                assert self.waiting[delivery.target.id].pop(0) == number
                self.in_place.add(number)
            self.tries[number] += 1
            assert attempt == self.tries[number] == self.outbox.attempts(number)
            self.flying.add(number)
        assert self.outbox.take(self.now) == []
        for target_id, waiting in self.waiting.items():
            # No more than may, and nobody waits without need.
            placed = self.placed(target_id)
            assert placed <= self.limit
            assert not waiting or placed == self.limit or target_id in self.held

    def placed(self, target_id: str) -> int:
        """How many deliveries hold a place of a target's first attempts."""
        return sum(self.target_of(number) == target_id for number in self.in_place)

    @rule(by=st.integers(1, 5))
    def let_time_pass(self, by: int) -> None:
        self.now = Moment(self.now + by)

    @precondition(lambda self: self.flying)
    @rule(data=st.data(), ok=st.booleans(), wait=st.none() | st.integers(0, 4))
    def report(self, data, ok: bool, wait: int | None) -> None:
        number = data.draw(st.sampled_from(sorted(self.flying)))
        retry = None if wait is None else Moment(self.now + wait)
        fate = self.outbox.report(number, ok, retry=retry)
        self.flying.remove(number)
        if number in self.resent:
            self.resent.remove(number)
            assert fate == ("delivered" if ok else self.was[number])
        else:
            assert fate == ("delivered" if ok else "given_up" if retry is None else "retry")
        if fate != "retry" or self.ordering != "strict":
            self.in_place.discard(number)
        if fate == "retry":
            assert retry is not None
            self.later[number] = Moment(0) if self.target_of(number) in self.held else retry
        else:
            self.settled[number] = fate

    @rule(data=st.data())
    def report_what_is_not_in_flight(self, data) -> None:
        number = data.draw(st.integers(0, len(self.deliveries) + 1))
        if number not in self.flying:
            assert self.outbox.report(number, True) == "stale"

    @rule(data=st.data())
    def send_again(self, data) -> None:
        settled = [number for number, fate in self.settled.items() if fate != "dropped"]
        if settled:
            number = data.draw(st.sampled_from(sorted(settled)))
            fate = self.settled.pop(number)
            self.outbox.resend(self.deliveries[number], attempts=self.tries[number], was=fate)
            self.resent.add(number)
            self.was[number] = fate
            self.later[number] = Moment(0)

    @rule(data=st.data())
    def hasten(self, data) -> None:
        number = data.draw(st.integers(0, len(self.deliveries) + 1))
        waits = number in self.later and self.later[number] > 0
        if self.outbox.hasten({number}):
            assert waits
            self.later[number] = Moment(0)

    @rule(to=st.sampled_from([ONE, TWO, DEAD]))
    def drop(self, to: Target) -> None:
        later = [number for number in self.later if self.target_of(number) == to.id]
        dropped = sorted([*self.waiting.pop(to.id, []), *later])
        assert [one.number for one in self.outbox.drop(to.id)] == dropped
        for number in dropped:
            self.later.pop(number, None)
            again = number in self.resent and self.was[number] == "delivered"
            self.settled[number] = "delivered" if again else "dropped"
            self.resent.discard(number)
            self.in_place.discard(number)

    @rule(to=st.sampled_from([ONE, TWO]))
    def hold(self, to: Target) -> None:
        self.outbox.hold(to.id)
        self.held.add(to.id)
        # Their moments are forgotten: they are due once it is let go.
        self.later.update({number: Moment(0) for number in self.later if self.target_of(number) == to.id})

    @rule(to=st.sampled_from([ONE, TWO, DEAD]))
    def release(self, to: Target) -> None:
        self.outbox.release(to.id)
        self.held.discard(to.id)

    @invariant()
    def every_payload_is_in_exactly_one_condition(self) -> None:
        in_turn = [number for lane in self.waiting.values() for number in lane]
        due_some_time = [*in_turn, *self.later]
        assert sorted([*due_some_time, *self.flying, *self.settled]) == list(
            range(1, len(self.deliveries) + 1)
        )
        fates = list(self.settled.values())
        tried = sum(self.tries[number] > 0 for number in due_some_time)
        assert self.outbox.counts == counts(
            planned=len(self.deliveries),
            waiting=len(due_some_time) - tried,
            retrying=tried,
            in_flight=len(self.flying),
            delivered=fates.count("delivered"),
            given_up=fates.count("given_up"),
            dropped=fates.count("dropped"),
            held=sum(self.target_of(number) in self.held for number in due_some_time),
        )

    @invariant()
    def nothing_is_to_come_for_a_held_target(self) -> None:
        moments = [
            moment
            for number, moment in self.later.items()
            if self.target_of(number) not in self.held and moment
        ]
        due = self.outbox.next_due
        assert due is None or due in moments

    def teardown(self) -> None:
        """Whatever happened: a receiver that answers from now on gets all that is due."""
        for target in (ONE, TWO):
            self.release(target)
        self.now = Moment(self.now + 1_000_000)
        while not self.outbox.idle:
            self.take()
            assert self.flying, self.outbox.counts
            for number in sorted(self.flying):
                self.flying.remove(number)
                self.resent.discard(number)
                self.in_place.discard(number)
                self.settled[number] = self.outbox.report(number, True)
        self.every_payload_is_in_exactly_one_condition()
        assert (self.outbox._lanes, self.outbox._tries, self.outbox._resent) == ({}, {}, {})
        assert (self.outbox._in_place, self.outbox._later) == (set(), [])


TestAnyMixOfOutcomes = AnyMixOfOutcomes.TestCase


class Watched:
    """An outbox and where its deliveries stood when the watcher was told of them last."""

    def __init__(self, ordering: str) -> None:
        self.ordering = ordering
        self.standing: dict[int, tuple[Delivery, Condition]] = {}
        self.outbox = Outbox(ordering)
        self.outbox.watcher = self.told
        self.held: set[str] = set()

    def told(self, delivery: Delivery, condition: Condition | None) -> None:
        if condition is None:
            del self.standing[delivery.number]
        else:
            self.standing[delivery.number] = (delivery, condition)

    def again(self) -> Outbox:
        """Return another outbox that begins with what was told."""
        outbox = Outbox(self.ordering)
        for target_id in self.held:
            outbox.hold(target_id)
        outbox.restore(self.outbox.counts, [self.standing[number] for number in sorted(self.standing)])
        return outbox


def drained(outbox: Outbox) -> list[tuple[int, int]]:
    """End all that is in flight with a failure that is tried again, and then deliver everything; return the attempts."""
    for delivery in sorted(outbox.flying, key=lambda one: one.number):
        outbox.report(delivery.number, False, retry=LATER)
    made = []
    while taken := outbox.take(LATER):
        made += [(delivery.number, attempt) for delivery, attempt in taken]
        for delivery, _ in taken:
            outbox.report(delivery.number, True)
    return made


def test_watcher_is_told_where_each_delivery_stands():
    watched = Watched("first")
    outbox = watched.outbox
    told = []
    for _ in range(2):
        outbox.put(ONE, PAYLOAD)
    outbox.put(ONE, PAYLOAD, due=SOON)
    told.append({number: condition for number, (_, condition) in watched.standing.items()})
    outbox.take(NOW)
    told.append(watched.standing[1][1])
    outbox.report(1, False, retry=SOON)
    told.append(watched.standing[1][1])
    outbox.hasten({1})
    told.append(watched.standing[1][1])
    outbox.take(NOW)
    outbox.report(1, True)
    outbox.resend(Delivery(1, ONE, PAYLOAD), attempts=2, was="delivered")
    told.append(watched.standing[1][1])
    outbox.drop(ONE.id)

    assert told == [
        {1: Condition(), 2: Condition(), 3: Condition(due=SOON)},
        Condition(tries=1, in_flight=True, in_place=True),
        Condition(tries=1, due=SOON),
        Condition(tries=1, due=Moment(0)),
        Condition(tries=2, due=Moment(0), was="delivered"),
    ]
    assert list(watched.standing) == [2]


class Restarts(RuleBasedStateMachine):
    """At any moment another outbox may go on from what the watcher was told."""

    @initialize(ordering=st.sampled_from(ORDERINGS))
    def begin(self, ordering: str) -> None:
        self.watched = Watched(ordering)
        self.settled: dict[int, tuple[Delivery, int, str]] = {}
        self.attempts: dict[int, int] = {}

    @property
    def outbox(self) -> Outbox:
        return self.watched.outbox

    @rule(to=st.sampled_from([ONE, TWO]), due=st.sampled_from([None, NOW, SOON, LATER]))
    def put(self, to: Target, due: Moment | None) -> None:
        self.outbox.put(to, PAYLOAD, due=due)

    @rule(moment=st.sampled_from([NOW, SOON]))
    def take(self, moment: Moment) -> None:
        for delivery, attempt in self.outbox.take(moment):
            self.attempts[delivery.number] = attempt

    @rule(data=st.data(), ok=st.booleans(), retry=st.sampled_from([None, SOON, LATER]))
    def report(self, data: st.DataObject, ok: bool, retry: Moment | None) -> None:
        flying = sorted(self.outbox.flying, key=lambda one: one.number)
        if flying:
            delivery = data.draw(st.sampled_from(flying))
            fate = self.outbox.report(delivery.number, ok, retry=None if ok else retry)
            if fate != "retry":
                self.settled[delivery.number] = (delivery, self.attempts[delivery.number], fate)

    @rule(data=st.data())
    def resend(self, data: st.DataObject) -> None:
        if self.settled:
            number = data.draw(st.sampled_from(sorted(self.settled)))
            delivery, attempts, was = self.settled.pop(number)
            self.outbox.resend(delivery, attempts=attempts, was=was)

    @rule(data=st.data())
    def hasten(self, data: st.DataObject) -> None:
        if self.watched.standing:
            self.outbox.hasten({data.draw(st.sampled_from(sorted(self.watched.standing)))})

    @rule(to=st.sampled_from([ONE, TWO]))
    def hold(self, to: Target) -> None:
        self.watched.held.add(to.id)
        self.outbox.hold(to.id)

    @rule(to=st.sampled_from([ONE, TWO]))
    def release(self, to: Target) -> None:
        self.watched.held.discard(to.id)
        self.outbox.release(to.id)

    @rule(to=st.sampled_from([ONE, TWO]))
    def drop(self, to: Target) -> None:
        self.outbox.drop(to.id)

    @invariant()
    def another_has_the_same_counts(self) -> None:
        assert self.watched.again().counts == self.outbox.counts

    def teardown(self) -> None:
        one, other = self.watched.again(), self.outbox
        other.watcher = None
        for to in (ONE, TWO):
            one.release(to.id)
            other.release(to.id)
        ends, wanted = drained(one), drained(other)
        # What was due already may go out in another order; how often each goes out may not differ.
        assert sorted(ends) == sorted(wanted)
        assert one.counts == other.counts


TestRestarts = Restarts.TestCase
TestRestarts.settings = limits(max_examples=60, stateful_step_count=25, deadline=None)


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_another_outbox_goes_on_where_one_stood(ordering):
    watched = Watched(ordering)
    for number in range(4):
        watched.outbox.put((ONE, TWO)[number % 2], PAYLOAD, due=SOON if number == 3 else None)
    watched.outbox.take(NOW)
    watched.outbox.report(1, False, retry=SOON)
    watched.outbox.report(2, True)

    again = watched.again()

    assert again.counts == watched.outbox.counts
    assert (again.next_due, again.could_send(NOW)) == (
        watched.outbox.next_due,
        watched.outbox.could_send(NOW),
    )
    assert again.take(NOW) == watched.outbox.take(NOW)
    assert again.take(SOON) == watched.outbox.take(SOON)
