"""Every payload is delivered, given up, dropped with its target, or still due: never lost, never twice, in order."""

from __future__ import annotations

import sys

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from simulator.webhooks.outbox import Counts, Delivery, Outbox
from simulator.webhooks.payloads import Payload
from simulator.webhooks.targets import Target

ONE, TWO, DEAD = (Target(str(n), f"http://127.0.0.1:900{n}/hooks") for n in (1, 2, 3))
PAYLOAD = Payload("update", "ScenarioSession", "A")
ORDERINGS = ["first", "strict", "none"]


def numbers(deliveries: list[Delivery]) -> list[int]:
    return [delivery.number for delivery in deliveries]


def outbox_with(count: int, ordering: str = "first", target: Target = ONE) -> Outbox:
    outbox = Outbox(ordering)
    for _ in range(count):
        outbox.put(target, PAYLOAD)
    return outbox


def test_new_outbox_has_nothing_to_do():
    outbox = Outbox()

    assert (outbox.ready, outbox.take(), outbox.counts) == (False, [], Counts(0, 0, 0, 0, 0, 0))


def test_delivery_says_what_goes_where():
    outbox = Outbox()

    delivery = outbox.put(ONE, PAYLOAD)

    assert delivery == Delivery(1, ONE, PAYLOAD)
    assert outbox.take() == [delivery]


@pytest.mark.parametrize("ordering", ["first", "strict"])
@pytest.mark.parametrize("ok", [True, False])
def test_next_one_goes_out_when_the_one_before_has_ended(ordering, ok):
    outbox = outbox_with(3, ordering)

    begun = [numbers(outbox.take()), numbers(outbox.take())]
    outbox.report(1, ok)
    begun.append(numbers(outbox.take()))

    assert begun == [[1], [], [2]]


def test_without_order_sixteen_are_in_flight():
    outbox = outbox_with(20, "none")

    begun = [numbers(outbox.take()), numbers(outbox.take())]
    outbox.report(7, True)
    outbox.report(3, False)
    begun.append(numbers(outbox.take()))

    assert begun == [list(range(1, 17)), [], [17, 18]]
    assert (outbox.in_flight, outbox.waiting) == (16, 2)


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_dead_target_delays_no_other(ordering):
    outbox = outbox_with(100, ordering, DEAD)
    outbox.take()

    for expected in range(101, 111):
        outbox.put(TWO, PAYLOAD)
        assert numbers(outbox.take()) == [expected]
        outbox.report(expected, True)


def test_targets_take_turns_as_they_became_ready():
    outbox = Outbox()
    for target in (TWO, ONE, TWO, ONE):
        outbox.put(target, PAYLOAD)

    assert numbers(outbox.take()) == [1, 2]


@pytest.mark.parametrize(("ok", "fate"), [(True, "delivered"), (False, "given_up")])
def test_end_of_the_attempt_settles_the_delivery(ok, fate):
    outbox = outbox_with(1)
    outbox.take()

    assert outbox.report(1, ok) == fate
    assert outbox.counts == Counts(1, 0, 0, int(ok), int(not ok), 0)


@pytest.mark.parametrize("number", [1, 2, 99], ids=["ended before", "not begun", "never ours"])
def test_report_about_anything_else_is_stale_and_changes_nothing(number):
    outbox = outbox_with(3)
    outbox.take()
    outbox.report(1, True)
    before = outbox.counts

    assert outbox.report(number, False) == "stale"
    assert (outbox.counts, numbers(outbox.take())) == (before, [2])


def test_what_waits_for_a_dropped_target_is_dropped_and_what_flies_ends_as_it_will():
    outbox = outbox_with(3)
    outbox.take()

    assert outbox.drop_target(ONE.id) == 2
    assert (outbox.ready, outbox.take()) == (False, [])
    assert outbox.report(1, True) == "delivered"
    assert outbox.counts == Counts(3, 0, 0, 1, 0, 2)


def test_dropping_a_target_that_has_nothing_to_do_drops_nothing():
    assert Outbox().drop_target(ONE.id) == 0


def test_target_that_was_dropped_before_its_turn_can_be_told_again():
    outbox = outbox_with(2)

    outbox.drop_target(ONE.id)
    outbox.put(ONE, PAYLOAD)

    assert numbers(outbox.take()) == [3]


def test_target_that_comes_back_waits_for_the_post_still_in_flight():
    outbox = outbox_with(2)
    outbox.take()
    outbox.drop_target(ONE.id)
    outbox.put(ONE, PAYLOAD)

    begun = [numbers(outbox.take())]
    outbox.report(1, False)
    begun.append(numbers(outbox.take()))

    assert begun == [[], [3]]


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_idle_targets_leave_nothing_behind(ordering):
    outbox = Outbox(ordering)
    for number in range(100):
        outbox.put(Target(str(number), "http://127.0.0.1/"), PAYLOAD)
    for delivery in outbox.take():
        outbox.report(delivery.number, True)

    assert outbox._lanes == outbox._ready == outbox._in_flight == {}


def work_of_one_post(backlog: int, others: int) -> int:
    """Count the lines that run to end one post and begin the next one."""
    outbox = outbox_with(backlog)
    for number in range(others):
        outbox.put(Target(f"x{number}", "http://127.0.0.1/"), PAYLOAD)
        outbox.put(Target(f"x{number}", "http://127.0.0.1/"), PAYLOAD)
    outbox.take()
    lines = 0

    def count(frame, event, arg):
        nonlocal lines
        lines += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        outbox.report(1, True)
        outbox.take()
    finally:
        sys.settrace(before)
    return lines


def test_next_post_costs_the_same_whatever_waits_and_however_many_targets_there_are():
    assert work_of_one_post(100_000, 0) == work_of_one_post(1_000, 0) == work_of_one_post(10, 1_000) > 0


class AnyMixOfOutcomes(RuleBasedStateMachine):
    """Targets come and go, posts succeed, fail and are reported twice, in any order the rules allow."""

    @initialize(ordering=st.sampled_from(ORDERINGS), limit=st.integers(1, 4))
    def begin(self, ordering: str, limit: int) -> None:
        self.ordering = ordering
        self.limit = limit if ordering == "none" else 1
        self.outbox = Outbox(ordering, in_flight_limit=limit)
        self.waiting: dict[str, list[int]] = {}
        self.flying: dict[int, str] = {}
        self.settled: dict[int, str] = {}
        self.planned = 0

    @rule(to=st.sampled_from([ONE, TWO, DEAD]))
    def put(self, to: Target) -> None:
        delivery = self.outbox.put(to, PAYLOAD)
        self.planned += 1
        assert delivery == Delivery(self.planned, to, PAYLOAD)
        self.waiting.setdefault(to.id, []).append(delivery.number)

    @rule()
    def take(self) -> None:
        for delivery in self.outbox.take():
            # The oldest of its target, and never one that went out before.
            assert self.waiting[delivery.target.id].pop(0) == delivery.number
            self.flying[delivery.number] = delivery.target.id
        for target_id, waiting in self.waiting.items():
            # Nobody waits without need.
            assert not waiting or list(self.flying.values()).count(target_id) == self.limit

    @precondition(lambda self: self.flying)
    @rule(data=st.data(), ok=st.booleans())
    def report(self, data, ok: bool) -> None:
        number = data.draw(st.sampled_from(sorted(self.flying)))
        fate = self.outbox.report(number, ok)
        assert fate == ("delivered" if ok else "given_up")
        del self.flying[number]
        self.settled[number] = fate

    @rule(data=st.data())
    def report_what_is_not_in_flight(self, data) -> None:
        number = data.draw(st.integers(0, self.planned + 1))
        if number not in self.flying:
            assert self.outbox.report(number, True) == "stale"

    @rule(to=st.sampled_from([ONE, TWO, DEAD]))
    def drop_target(self, to: Target) -> None:
        dropped = self.waiting.pop(to.id, [])
        assert self.outbox.drop_target(to.id) == len(dropped)
        self.settled.update(dict.fromkeys(dropped, "dropped"))

    @invariant()
    def every_payload_is_in_exactly_one_condition(self) -> None:
        waiting = [number for lane in self.waiting.values() for number in lane]
        fates = list(self.settled.values())
        assert sorted([*waiting, *self.flying, *self.settled]) == list(range(1, self.planned + 1))
        assert self.outbox.counts == Counts(
            planned=self.planned,
            waiting=len(waiting),
            in_flight=len(self.flying),
            delivered=fates.count("delivered"),
            given_up=fates.count("given_up"),
            dropped=fates.count("dropped"),
        )

    @invariant()
    def ready_means_that_something_may_go_out(self) -> None:
        free = {key: self.limit - list(self.flying.values()).count(key) for key in self.waiting}
        assert self.outbox.ready == any(lane and free[key] for key, lane in self.waiting.items())

    def teardown(self) -> None:
        """Whatever happened: a receiver that answers from now on gets all that is due."""
        while self.outbox.in_flight or self.outbox.waiting:
            self.take()
            for number in sorted(self.flying):
                del self.flying[number]
                self.settled[number] = self.outbox.report(number, True)
        self.every_payload_is_in_exactly_one_condition()


TestAnyMixOfOutcomes = AnyMixOfOutcomes.TestCase
