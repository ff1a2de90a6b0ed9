"""Waiting for what is expected: how long, on which clock, and how often the receiver itself is asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator

import pytest

from simulator.clock import VIRTUAL_START
from simulator.effects import Effect, Probe
from simulator.engine import Platform
from simulator.expect import Answered, Queried, Receiver, Verdict, Within, judging
from simulator.settings import Settings
from simulator.wire import Outcome
from tests.control.asking import HOOK
from tests.driving import answers, ask, drive, post_due

STATE = "http://127.0.0.1:9000/state"
DONE = Receiver(STATE, json=({"state": "done"},))


def platform_with(**settings: object) -> Platform:
    platform = Platform(Settings().replace(**settings), base_url="http://127.0.0.1:7267")
    platform.add_target(HOOK)
    return platform


def says(*states: str) -> Callable[[Probe], Outcome]:
    """Return a receiver that tells these states in turn; the last one stays."""
    left = list(states)
    return lambda _: Outcome(
        200, body=json.dumps({"state": left.pop(0) if len(left) > 1 else left[0]}).encode(), took=0.01
    )


def test_judging_counts_what_came_before_and_stops_listening():
    platform = platform_with()
    platform.apply("create", "Call")
    post_due(platform, answers(200))

    verdicts = drive(platform, judging(platform, [Answered(event="create"), Queried(times=0)]))

    assert [verdict.met for verdict in verdicts] == [True, True]
    assert len(platform.journal._followers) == 0


def test_judging_within_simulated_time_lets_the_clock_run_and_no_further():
    platform = platform_with()

    verdicts = drive(platform, judging(platform, [Queried()], within=Within(simulated=60_000)))

    assert (verdicts[0].met, platform.now) == (False, VIRTUAL_START + 60_000)


def test_judging_within_simulated_time_ends_as_soon_as_it_can():
    platform = platform_with()
    platform.apply("create", "Call")

    verdicts = drive(platform, judging(platform, [Answered(event="create")], within=Within(simulated=60_000)))

    assert (verdicts[0].met, platform.now) == (True, VIRTUAL_START)


def test_answer_that_can_come_no_more_is_not_waited_for():
    platform = platform_with(retry="none")
    platform.apply("create", "Call")

    (verdict,) = drive(platform, judging(platform, [Answered(event="create")]), answers(500))

    assert verdict.seen == "1 attempt: create 500; nothing more is due"


@pytest.mark.parametrize(
    "within", [Within(seconds=5.0), Within(simulated=3_600_000)], ids=["wall", "simulated"]
)
def test_receiver_is_asked_until_it_says_what_is_expected(within):
    platform = platform_with()

    (verdict,) = drive(
        platform, judging(platform, [DONE], within=within), probed=says("open", "open", "done")
    )

    assert (verdict.met, verdict.seen) == (True, '200 {"state": "done"}, asked 3 times')


def test_receiver_is_asked_once_more_when_simulated_time_is_over():
    platform = platform_with()
    states = iter(["open"] * 40)

    def probed(_: Probe) -> Outcome:
        state = "done" if platform.now == VIRTUAL_START + 60_000 else next(states)
        return Outcome(200, body=json.dumps({"state": state}).encode())

    (verdict,) = drive(platform, judging(platform, [DONE], within=Within(simulated=60_000)), probed=probed)

    assert verdict.met


@pytest.mark.parametrize(
    ("within", "most"), [(Within(seconds=0.0), 1), (Within(seconds=0.2), 5), (Within(seconds=5.0), 20)]
)
def test_receiver_that_never_says_it_is_asked_ever_more_seldom(within, most):
    platform = platform_with()
    asked = []

    def probed(probe: Probe) -> Outcome:
        asked.append(probe.timeout)
        return Outcome(None, "connection refused")

    (verdict,) = drive(platform, judging(platform, [DONE], within=within), probed=probed)

    assert not verdict.met
    assert verdict.seen.startswith("no answer: connection refused, asked ")
    assert 1 <= len(asked) <= most
    assert all(1.0 <= timeout <= 5.0 for timeout in asked)


def test_right_answer_is_asked_for_again_once_something_has_moved():
    platform = platform_with()
    session = platform.apply("create", "ScenarioSession")
    post_due(platform, answers(200))
    asked = []

    def probed(_: Probe) -> Outcome:
        asked.append(platform.now)
        # The receiver undoes its work at the second request, which it makes when nobody asks it.
        return Outcome(200, body=b'{"state": "done"}' if platform.journal.counts["request"] < 2 else b"{}")

    def asking() -> Generator[Effect, bool, list[Verdict]]:
        work = judging(platform, [DONE, Queried(of=session.id, times=2)])
        effect = next(work)
        sent = 0
        try:
            while True:
                if not isinstance(effect, Probe) and sent < 2 and asked:
                    ask(platform, "query($id: ID!) { node(id: $id) { id } }", id=session.id)
                    sent += 1
                effect = work.send((yield effect))
        except StopIteration as end:
            return end.value

    verdicts = drive(platform, asking(), probed=probed)

    assert [verdict.met for verdict in verdicts] == [False, True]
    assert verdicts[0].misses == ('$.state is missing, not "done"',)


def test_receiver_that_asks_the_api_to_answer_is_believed_when_it_says_so_twice():
    platform = platform_with()
    session = platform.apply("create", "ScenarioSession")
    post_due(platform, answers(200))

    def probed(_: Probe) -> Outcome:
        ask(platform, "query($id: ID!) { node(id: $id) { id } }", id=session.id)
        return Outcome(200, body=b'{"state": "done"}')

    (verdict,) = drive(platform, judging(platform, [DONE]), probed=probed)

    assert (verdict.met, verdict.seen) == (True, '200 {"state": "done"}, asked 2 times')
