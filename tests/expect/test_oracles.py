"""What the receiver itself answers: what differs in it, and when an answer is believed."""

from __future__ import annotations

import pytest

from simulator.effects import MOST_PROBED
from simulator.expect import Receiver, Verdict, Watch, parse_statuses
from simulator.expect.oracles import OracleCount, gaps_in
from simulator.wire import Outcome
from tests.expect.story import Story

STATE = "http://127.0.0.1:9000/state"
DONE = Receiver(STATE, json=({"state": "done"},), paths=(("$.orders[0]", 1),))


@pytest.mark.parametrize(
    ("wanted", "outcome", "gaps"),
    [
        (Receiver(STATE), Outcome(204), []),
        (Receiver(STATE), Outcome(200, body=b"no JSON"), []),
        (DONE, Outcome(200, body=b'{"state": "done", "orders": [1], "more": 0}'), []),
        (Receiver(STATE, json=(None,)), Outcome(200, body=b"null"), []),
        (Receiver(STATE, status=parse_statuses([404, 410])), Outcome(410), []),
        (Receiver(STATE), Outcome(500), ["was answered 500, not 2xx"]),
        (Receiver(STATE), Outcome(302), ["was answered 302, not 2xx"]),
        (DONE, Outcome(None, "connection refused"), ["got no answer: connection refused"]),
        (
            DONE,
            Outcome(200, body=b'{"state": "open", "orders": []}'),
            ['$.state is "open", not "done"', "$.orders[0] leads nowhere: $.orders has length 0"],
        ),
        (
            DONE,
            Outcome(500, body=b"<p>"),
            [
                "was answered 500, not 2xx",
                "the body cannot be compared: it is not JSON: Expecting value (line 1, column 1)",
            ],
        ),
        (
            DONE,
            Outcome(200, body=b" " * MOST_PROBED),
            ["the body has 1000000 bytes or more, of which no more are read"],
        ),
    ],
)
def test_what_differs_in_an_answer_is_told(wanted, outcome, gaps):
    assert gaps_in(wanted, outcome) == gaps


class Asking:
    """A count that is asked and answered by hand."""

    def __init__(self, wanted: Receiver = DONE) -> None:
        self.story = Story()
        self.watch = Watch(self.story.journal, [wanted])
        (self.count,) = self.watch.oracles

    def ask(self, *, fits: bool, stirs: bool = False) -> None:
        probe = self.count.ask(5.0)
        assert not self.count.heard
        if stirs:
            self.story.ask("A")
        probe.outcome = Outcome(200, body=b'{"state": "done", "orders": [1]}' if fits else b"{}")
        assert self.count.heard
        self.count.hear()

    @property
    def state(self) -> tuple[bool, bool]:
        return self.count.met, self.count.settled(0.0)


def test_answer_that_fits_is_final_while_nothing_moves():
    asking = Asking()
    states = [asking.state]
    for fits in (False, True):
        asking.ask(fits=fits)
        states.append(asking.state)
    asking.story.post("finished")
    states.append(asking.state)
    asking.ask(fits=True)
    states.append(asking.state)

    assert states == [(False, False), (False, False), (True, True), (True, False), (True, True)]


def test_answer_during_which_something_moved_needs_a_second_one():
    asking = Asking()
    states = []
    for fits in (True, False, True, True):
        asking.ask(fits=fits, stirs=True)
        states.append(asking.state)

    assert states == [(True, False), (False, False), (True, False), (True, True)]


def test_receiver_that_was_never_asked_says_so():
    assert Asking().watch.verdicts()[0].seen == "it has not been asked; no webhook attempts"


def test_unmet_one_tells_what_was_answered_what_arrived_and_how_to_ask_again():
    wanted = Receiver(
        STATE,
        "POST",
        headers=(("X-Key", "k"),),
        body=b'{"a":1}',
        json=({"state": "done"},),
        paths=(("$.n", 2),),
    )
    asking = Asking(wanted)
    asking.story.post("create")
    asking.story.post("finished", status=500)
    asking.ask(fits=False)

    assert asking.watch.verdicts() == [
        Verdict(
            wanted,
            met=False,
            expected=f'POST {STATE} answers 2xx and holds {{"state":"done"}} and has $.n = 2',
            seen="200 {}, asked 1 time; 2 webhook attempts: create 200, finished 500",
            misses=('$.state is missing, not "done"', "$.n leads nowhere: $ has no key 'n'"),
            curl=f"curl -H 'X-Key: k' --data-raw '{{\"a\":1}}' {STATE}",
        )
    ]


@pytest.mark.parametrize(
    ("outcome", "seen"),
    [
        (Outcome(200, body=b""), "200 with an empty body, asked 1 time"),
        (Outcome(200, body=b"a\n  b\x00\xff"), "200 a b\x00\ufffd, asked 1 time"),
        (Outcome(200, body=b"x" * 300), f"200 {'x' * 200}..., asked 1 time"),
        (Outcome(None, "timed out after 1 s"), "no answer: timed out after 1 s, asked 1 time"),
    ],
)
def test_answer_is_shown_in_one_line(outcome, seen):
    count = OracleCount(Receiver(STATE))
    count.ask(1.0).outcome = outcome
    count.hear()

    assert count.seen == seen
