"""Events as people type them, and resources of which they have just become true."""

from __future__ import annotations

import pytest

from simulator.cli.fresh import EVENTS, Event, fresh, given, read_event
from simulator.engine import Platform
from simulator.errors import NotFoundError, UsageError
from simulator.settings import Settings

STATES = {"paused": "PAUSED", "finished": "FINISHED"}


@pytest.fixture
def platform():
    return Platform(Settings())


def test_there_is_every_word_in_every_spelling_for_each_type_that_has_it():
    assert (
        *(
            "ScenarioSession.create",
            "ScenarioSession.created",
            "ScenarioSession.update",
            "ScenarioSession.updated",
        ),
        *("ScenarioSession.paused", "ScenarioSession.resumed", "ScenarioSession.finished"),
        *("Call.create", "Call.created", "Call.update", "Call.updated", "Call.finished"),
    ) == EVENTS


def test_event_is_kept_as_it_is_spelt():
    assert read_event("ScenarioSession.created") == Event("ScenarioSession", "created")


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("scenariosession.paused", "ScenarioSession.paused"),
        ("ScenarioSession.finish", "ScenarioSession.finished"),
        ("call.finished", "Call.finished"),
    ],
)
def test_unknown_event_names_the_nearest_and_the_way_out(text, nearest):
    with pytest.raises(NotFoundError) as raised:
        read_event(text)

    assert raised.value.problem == f"there is no event {text!r}"
    assert raised.value.nearest[0] == nearest
    assert raised.value.remedy.startswith("Events: ScenarioSession.create, ")
    assert raised.value.remedy.endswith("Anything else: --raw --event WORD --type TYPE --data JSON.")


@pytest.mark.parametrize("text", EVENTS)
@pytest.mark.parametrize("speed", ["max", "real"])
def test_fresh_resource_is_in_a_state_that_fits(text, speed):
    platform = Platform(Settings().replace(speed=speed))
    event = read_event(text)

    resource = fresh(platform, event)

    assert resource.type == event.type
    assert resource["state"] == STATES.get(event.word, "IN_PROGRESS")
    assert platform.resource(resource.id)["state"] == resource["state"]
    assert (resource["duration"] == 0) == (event.word in ("create", "created"))


def test_finished_session_has_seen_every_step_and_a_paused_one_has_not(platform):
    finished = fresh(platform, Event("ScenarioSession", "finished"))
    paused = fresh(platform, Event("ScenarioSession", "paused"))
    resumed = fresh(platform, Event("ScenarioSession", "resumed"))

    assert finished["percentOfStepsViewed"] == 100
    assert 0 < paused["percentOfStepsViewed"] < 100
    assert (resumed["duration"], resumed["idleDuration"]) == (12 * 60, 120 * 60)


@pytest.mark.parametrize(("users", "participants"), [(12, 2), (2, 1), (1, 1)])
def test_call_has_as_many_people_as_there_are_up_to_two(users, participants):
    platform = Platform(Settings(users=users))

    call = fresh(platform, Event("Call", "create"))

    taking_part = [one.id for one in platform.resources("CallParticipant", limit=1000)]
    before = [one.id for one in Platform(Settings(users=users)).resources("CallParticipant", limit=1000)]
    assert call["state"] == "IN_PROGRESS"
    assert len(set(taking_part) - set(before)) == participants


def test_resource_of_the_world_is_taken_as_it_is(platform):
    session = platform.resources("ScenarioSession", limit=1)[0]
    before = platform.world

    assert given(platform, Event("ScenarioSession", "paused"), session.id).id == session.id
    assert platform.world is before


def test_id_that_the_world_does_not_know_is_told_with_the_way_out(platform):
    with pytest.raises(NotFoundError) as raised:
        given(platform, Event("Call", "create"), "nobody")

    assert str(raised.value) == (
        "--id: there is no resource with the id 'nobody'. Ids follow from the seed; "
        "--set data.resource-id=ID posts an id that nothing has."
    )


def test_id_of_another_type_is_told(platform):
    call = platform.resources("Call", limit=1)[0]

    with pytest.raises(UsageError) as raised:
        given(platform, Event("ScenarioSession", "paused"), call.id)

    assert str(raised.value) == (
        "--id: the event is about another type; expected the id of a ScenarioSession, found Call."
    )
