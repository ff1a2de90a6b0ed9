"""Each kind of expectation is counted by its own counter."""

from __future__ import annotations

import pytest

from simulator.expect import Answered, Delivered, GivenUp, Order, Queried, Receiver, Rest, SignedIn
from simulator.expect.asks import QueriedCount, RestCount, SignedInCount
from simulator.expect.counts import count_for
from simulator.expect.oracles import OracleCount
from simulator.expect.orders import OrderCount
from simulator.expect.posts import AnsweredCount, EndCount


@pytest.mark.parametrize(
    ("expectation", "kind"),
    [
        (Answered(), AnsweredCount),
        (Queried(), QueriedCount),
        (Rest(), RestCount),
        (SignedIn(), SignedInCount),
        (Order(("create", "finished")), OrderCount),
        (GivenUp(), EndCount),
        (Delivered(), EndCount),
        (Receiver("http://localhost/"), OracleCount),
    ],
)
def test_each_kind_of_expectation_has_its_count(expectation, kind):
    assert type(count_for(expectation)) is kind
