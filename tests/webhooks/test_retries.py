"""A failed attempt is followed by another after the schedule's wait, or the receiver's own, whichever is longer."""

from __future__ import annotations

import pytest

from simulator.clock import parse_moment
from simulator.seeds import Seed
from simulator.settings import Settings
from simulator.webhooks.retries import is_success, wait_after
from simulator.wire import Outcome

NOW = parse_moment("2021-03-01T08:00:00Z")
HOUR = 3_600_000


def wait(
    outcome: Outcome, *, attempt: int = 1, delivery: int = 1, seed: int = 1, **settings: object
) -> int | None:
    return wait_after(
        outcome,
        attempt=attempt,
        delivery=delivery,
        now=NOW,
        settings=Settings().replace(**settings),
        seed=Seed(seed),
    )


def asking(status: int, text: str, **headers: str) -> Outcome:
    return Outcome(status, headers={"retry-after": text, **headers})


@pytest.mark.parametrize(
    ("outcome", "success"),
    [
        (Outcome(200), True),
        (Outcome(299), True),
        (Outcome(199), False),
        (Outcome(302), False),
        (Outcome(404), False),
        (Outcome(500), False),
        (Outcome(None, "timed out after 10 s"), False),
    ],
)
def test_only_a_status_of_two_hundred_and_some_is_a_success(outcome, success):
    assert is_success(outcome) is success


@pytest.mark.parametrize(
    ("attempt", "expected"), [(1, 5_000), (2, 300_000), (3, 1_800_000), (4, None), (5, None)]
)
def test_schedule_is_followed_to_its_end(attempt, expected):
    assert wait(Outcome(500), attempt=attempt) == expected


def test_without_a_schedule_the_first_attempt_is_the_last_whatever_the_receiver_asks():
    assert wait(asking(503, "10"), retry="none") is None


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (asking(429, "60"), 60_000),
        (asking(503, " 7 "), 7_000),
        (asking(503, "2"), 5_000),
        (asking(503, "86400"), 24 * HOUR),
        (asking(503, "999999999999"), 24 * HOUR),
        (asking(503, "Mon, 01 Mar 2021 09:00:00 GMT"), HOUR),
        (asking(503, "Mon, 01 Mar 2021 09:00:00 -0000"), HOUR),
        (asking(503, "Mon, 01 Mar 2021 07:00:00 GMT"), 5_000),
        (asking(503, "Sun, 06 Nov 1994 09:49:37 GMT", date="Sun, 06 Nov 1994 08:49:37 GMT"), HOUR),
        (asking(503, "Mon, 01 Mar 2021 09:00:00 GMT", date="yesterday"), HOUR),
        (asking(503, "soon"), 5_000),
        (asking(503, "-5"), 5_000),
        (asking(503, "1.5"), 5_000),
        (asking(503, ""), 5_000),
        (asking(500, "60"), 5_000),
        (asking(302, "60"), 5_000),
        (Outcome(None, "connection refused"), 5_000),
    ],
)
def test_receiver_may_ask_for_a_longer_wait(outcome, expected):
    assert wait(outcome) == expected


def test_jitter_lengthens_by_up_to_its_fraction_and_repeats_with_the_seed():
    waits = [wait(Outcome(500), delivery=number, jitter=0.5) for number in range(200)]

    assert all(one is not None and 5_000 <= one < 7_500 for one in waits)
    assert len(set(waits)) > 150
    assert waits == [wait(Outcome(500), delivery=number, jitter=0.5) for number in range(200)]
    assert waits != [wait(Outcome(500), delivery=number, jitter=0.5, seed=2) for number in range(200)]
