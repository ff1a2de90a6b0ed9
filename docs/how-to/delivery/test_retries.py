import json

import pytest


def test_third_attempt_arrives_five_minutes_later(scope_simulator, receiver):
    receiver.answers = [500, 503]
    scope_simulator.add_target(receiver.url)
    session = scope_simulator.create("ScenarioSession")

    scope_simulator.expect_delivered(event="create", of=session, attempts=3)

    times = [json.loads(body)["time"] for _, body in receiver.posts]
    assert times == ["2021-03-01T08:00:00Z", "2021-03-01T08:00:05Z", "2021-03-01T08:05:05Z"]


@pytest.mark.scope_simulator(retry="1h,12h,1d,2d")
def test_receiver_that_is_away_for_days_is_given_up(scope_simulator, receiver):
    receiver.answers = [500] * 5
    scope_simulator.add_target(receiver.url)
    session = scope_simulator.create("ScenarioSession")

    scope_simulator.expect_given_up(event="create", of=session)

    assert scope_simulator.now == "2021-03-04T21:00:00.000Z"


@pytest.mark.scope_simulator(disable_on_gone=True)
def test_receiver_that_was_gone_gets_what_has_piled_up(scope_simulator, receiver):
    receiver.answers = [410]
    target = scope_simulator.add_target(receiver.url)
    for _ in range(3):
        scope_simulator.create("Call")
    scope_simulator.drain()
    assert len(receiver.posts) == 1

    scope_simulator.enable_target(target)
    scope_simulator.drain()

    assert len(receiver.posts) == 4
