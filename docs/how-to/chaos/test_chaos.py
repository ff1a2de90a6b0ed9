from pathlib import Path

import pytest


def test_api_that_refuses_twice_is_asked_again(scope_simulator, my_app):
    session = scope_simulator.create("ScenarioSession")
    scope_simulator.faults(api=[{"status": 503, "times": 2, "match": {"of": session.id}}])
    scope_simulator.finish(session)

    scope_simulator.expect_queried(of=session, fields=["state"], after="finished")
    scope_simulator.drain()
    assert (my_app.states[session.id], my_app.failed) == ("FINISHED", 2)


def test_webhook_that_comes_twice_does_no_harm(scope_simulator, my_app):
    scope_simulator.faults(delivery=[{"duplicate": 1, "match": {"event": "finished"}}])
    session = scope_simulator.finish(scope_simulator.create("ScenarioSession"))
    scope_simulator.drain()

    assert [one.planned.copy_of for one in scope_simulator.deliveries(event="finished")] == [None, 2]
    assert my_app.states == {session.id: "FINISHED"}


@pytest.mark.scope_simulator(faults=["delivery.unreachable,for=10m"])
def test_backlog_arrives_when_the_application_is_back(scope_simulator, my_app):
    session = scope_simulator.finish(scope_simulator.create("ScenarioSession"))
    scope_simulator.advance("9m")
    assert my_app.states == {}

    scope_simulator.drain()
    assert my_app.states == {session.id: "FINISHED"}


@pytest.mark.scope_simulator(seed=7)
def test_bad_day_is_survived(scope_simulator, my_app):
    assert scope_simulator.play(Path(__file__).with_name("bad-day.yaml")).ok
    assert my_app.failed >= 1
