"""What a test expects, with resources in place of names."""

from __future__ import annotations

import pytest

from simulator.control.expecting import expectation, expectations
from simulator.engine import Platform
from simulator.errors import ContractError
from simulator.expect import Answered, Order, Queried, Rest
from simulator.settings import Settings


def test_resources_stand_for_their_ids_and_what_is_none_is_not_given():
    session = Platform(Settings()).apply("create", "ScenarioSession")

    assert expectation("order", events=("a", "b"), of=session, target=None) == Order(("a", "b"), session.id)
    assert expectation("rest", of=session.id, times=0) == Rest(of=session.id, times=0)


def test_group_takes_what_python_writes():
    session = Platform(Settings()).apply("create", "ScenarioSession")
    given = {
        "answered": ({"event": "finished", "of": session},),
        "queried": {"of": session, "fields": ("state",)},
    }

    assert expectations(given, user=str) == [
        Answered("finished", session.id),
        Queried(session.id, ("state",)),
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "a key is missing; expected one of answered, queried"),
        ({"querried": {"of": "A"}}, "/querried: unknown key 'querried'. Did you mean queried?"),
        ({"queried": {"of": "A", "tmies": 1}}, "/queried/tmies: unknown key 'tmies'. Did you mean times?"),
        ({"not_queried": {}}, "/not_queried: the object has too few keys"),
        ({"receiver": {"get": "http://a", "body": 1}}, "/receiver"),
        ({"order": {"events": ["create"]}}, "/order/events: the list is too short"),
    ],
)
def test_kind_or_key_that_does_not_exist_is_named(given, message):
    with pytest.raises(ContractError) as raised:
        expectations(given, user=str)

    assert str(raised.value).startswith(message)
