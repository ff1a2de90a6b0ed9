"""What each verb does to a session: its figures, parts, steps, recordings and checkboxes."""

from __future__ import annotations

import pytest

from simulator.clock import Moment
from simulator.errors import StateError, UsageError
from simulator.world import graph
from simulator.world.changes import Link
from simulator.world.resources import (
    Kind,
    Ref,
    ScenarioSession,
    ScenarioSessionCheckbox,
    ScenarioSessionEvent,
    ScenarioSessionPart,
    ScenarioSessionStep,
)
from tests.world.worlds import MINUTE, Stage

SESSION, CALL, USER = Kind.SESSION, Kind.CALL, Kind.USER


def part_of(stage: Stage, ref: Ref) -> list[ScenarioSessionPart]:
    rows = stage.world.children(Link.SESSION_PARTS, ref.number)
    return [stage.world.need(ScenarioSessionPart, number) for number in rows]


def test_a_session_runs_from_start_through_a_pause_to_its_end() -> None:
    stage = Stage()

    session = stage.do("create", SESSION, {"externalData": {"work_order_id": "WO-1"}}, by=2)
    assert stage.told() == ["create"]
    stage.wait(10)
    stage.do("pause", session)
    assert stage.told() == ["pause"]
    stage.wait(120)
    stage.do("resume", session, by=3)
    assert stage.told() == ["resume"]
    stage.wait(5)
    stage.do("finish", session)
    assert stage.told() == ["finish"]
    stage.wait(60)

    shown = stage.read(session)
    assert shown["state"] == "FINISHED"
    assert (shown["duration"], shown["idleDuration"]) == (15 * 60, 120 * 60)
    assert (shown["startedAt"], shown["endedAt"]) == ("2021-03-01T08:00:00.000Z", "2021-03-01T10:15:00.000Z")
    assert shown["externalData"] == {"work_order_id": "WO-1"}
    assert [
        (part.created_by, (part.ended_at or 0) - part.started_at) for part in part_of(stage, session)
    ] == [
        (2, 10 * MINUTE),
        (3, 5 * MINUTE),
    ]


def test_figures_grow_while_a_session_goes_on() -> None:
    stage = Stage()
    session = stage.do("create", SESSION)

    stage.wait(3)
    running = stage.read(session)
    stage.do("pause", session)
    stage.wait(4)
    paused = stage.read(session)

    assert (running["duration"], running["idleDuration"], running["endedAt"]) == (180, 0, None)
    assert (paused["duration"], paused["idleDuration"]) == (180, 240)


def test_viewing_marks_steps_in_order_and_tells_of_each() -> None:
    stage = Stage()
    session = stage.do("create", SESSION, {"scenario": "1"})

    stage.do("view", session, {"steps": 3})

    shown = stage.read(session)
    viewed = graph.MANY[SESSION]["completedSteps"](stage.view, stage.view.get(session))
    assert stage.told() == ["view", "view", "view"]
    assert shown["numberOfStepsViewed"] == 3
    assert shown["percentOfStepsViewed"] == round(300 / int(str(shown["numberOfStepsPossible"])), 2)
    assert len(viewed) == 3
    steps = [
        stage.world.need(ScenarioSessionStep, n)
        for n in stage.world.session_steps(stage.world.need(ScenarioSession, 41))
    ]
    assert [step.viewed_at for step in steps][:4] == [stage.now, stage.now, stage.now, None]


def test_more_steps_than_are_left_cannot_be_viewed() -> None:
    stage = Stage()
    session = stage.do("create", SESSION)
    many = int(str(stage.read(session)["numberOfStepsPossible"]))
    stage.do("view", session, {"steps": many})

    with pytest.raises(StateError) as caught:
        stage.do("view", session)

    assert str(caught.value) == (
        f"steps: only 0 of the session's {many} steps are not viewed yet; expected at most 0, found 1."
    )


def test_a_recording_belongs_to_the_step_viewed_last_and_bears_both_times() -> None:
    stage = Stage()
    session = stage.do("create", SESSION)
    stage.do("view", session, {"steps": 2})
    stage.wait(30)
    early = Moment(stage.now - 10 * MINUTE)

    stage.do(
        "record", session, {"type": "TEXT", "eventData": {"value": "12 bar"}, "externalData": [1]}, at=early
    )

    number = stage.world.children(Link.SESSION_EVENTS, session.number)[-1]
    event = stage.world.need(ScenarioSessionEvent, number)
    steps = stage.world.session_steps(stage.world.need(ScenarioSession, session.number))
    assert stage.told() == ["record"]
    assert (event.created_at, event.received_at) == (early, stage.now)
    assert event.session_step == steps[1]
    assert stage.read(event.ref)["eventData"] == {"user_name": stage.view.user_name(2), "value": "12 bar"}
    assert stage.read(event.ref)["externalData"] == [1]


def test_a_recording_before_any_step_belongs_to_none_and_one_may_name_its_step() -> None:
    stage = Stage()
    session = stage.do("create", SESSION)

    stage.do("record", session)
    stage.do("record", session, {"step": 1}, by=4)

    rows = stage.world.children(Link.SESSION_EVENTS, session.number)
    events = [stage.world.need(ScenarioSessionEvent, n) for n in rows]
    assert [(event.session_step, event.type, event.created_by) for event in events] == [
        (None, "PHOTO", 2),
        (40 * 256 + 1, "PHOTO", 4),
    ]


def test_an_offline_device_hands_in_recordings_after_the_end_but_not_from_after_it() -> None:
    stage = Stage()
    session = stage.do("create", SESSION)
    stage.wait(20)
    stage.do("finish", session)
    stage.wait(60)

    stage.do("record", session, at=Moment(stage.now - 70 * MINUTE))
    with pytest.raises(UsageError) as caught:
        stage.do("record", session)

    assert str(caught.value) == (
        "at: the session had ended by the device's time; "
        "expected 2021-03-01T08:20:00.000Z or before, found 2021-03-01T09:20:00.000Z."
    )


def test_checkboxes_are_ticked_and_unticked() -> None:
    stage = Stage()
    session = stage.do("create", SESSION)
    boxes = stage.world.checkboxes(stage.world.need(ScenarioSession, session.number))
    box = Ref(Kind.CHECKBOX, boxes[0])

    stage.do("check", session, {"checkbox": 1}, by=3)
    ticked = stage.view.get(box)
    told = stage.told()
    stage.do("check", session, {"checkbox": 1, "checked": False})

    assert told == ["check"]
    assert isinstance(ticked, ScenarioSessionCheckbox)
    assert (ticked.checked_at, ticked.checked_by) == (stage.now, 3)
    assert stage.read(box)["checked"] is False


def test_a_session_without_checkboxes_says_so() -> None:
    stage = Stage()
    stage.do("create", Kind.SCENARIO, {"name": "Bare", "steps": ["one"]})
    session = stage.do("create", SESSION, {"scenario": "Bare"})

    with pytest.raises(StateError) as caught:
        stage.do("check", session, {"checkbox": 1})

    assert str(caught.value) == (
        "the session has no checkboxes. Choose a scenario whose steps have some, or create one: steps may be mappings "
        "of name and checkboxes."
    )


@pytest.mark.parametrize(
    ("type_", "state", "told"),
    [("PASSIVE", "FINISHED", "finish"), ("DEMO", "FINISHED", "finish"), ("PERSISTENT", "PAUSED", "pause")],
)
def test_leaving_a_session_ends_or_pauses_it_by_its_type(type_: str, state: str, told: str) -> None:
    stage = Stage()
    session = stage.do("create", SESSION, {"sessionType": type_})

    stage.do("leave", session)

    assert stage.read(session)["state"] == state
    assert stage.told() == [told]


@pytest.mark.parametrize(
    ("fields", "data"),
    [
        pytest.param({"type": "PHOTO"}, {"caption": "P-101 seal: Look"}, id="at the step viewed last"),
        pytest.param({"type": "PHOTO", "step": 2}, {"caption": "P-101 seal: Fit"}, id="at a step"),
        pytest.param({"type": "CHECKBOX", "step": 2}, {"name": "Tight", "checked": True}, id="a checkbox"),
        pytest.param({"type": "CHECKBOX"}, {"name": "Look", "checked": True}, id="a step without a checkbox"),
        pytest.param({"type": "TEXT", "eventData": {"text": "mine"}}, {"text": "mine"}, id="as given"),
    ],
)
def test_what_was_recorded_fits_the_type_and_the_step_unless_it_is_given(fields: dict, data: dict) -> None:
    stage = Stage()
    steps = ["Look", {"name": "Fit", "checkboxes": ["Tight"]}]
    stage.do("create", Kind.SCENARIO, {"name": "P-101 seal", "steps": steps})
    session = stage.do("create", SESSION, {"scenario": "P-101 seal"}, by=2)
    name = stage.read(Ref(USER, 2))["name"]

    stage.do("record", session, fields)

    event = Ref(Kind.EVENT, stage.world.count(Kind.EVENT))
    assert stage.read(event)["eventData"] == {"user_name": name, **data}


@pytest.mark.parametrize(
    ("name", "readings"),
    [
        ("SW-7 test", {"Contact resistance", "Insulation resistance", "Busbar temperature"}),
        (None, {"Bearing temperature", "Vibration velocity", "Discharge pressure"}),
    ],
    ids=["of the machine in the name", "of the scenario's machine"],
)
def test_what_is_measured_fits_the_machine(name: str | None, readings: set[str]) -> None:
    stage = Stage(scenarios=3, catalogs=1)
    fields = {"steps": ["Measure"], "name": name} if name else {}
    stage.do("create", Kind.SCENARIO, fields)
    session = stage.do("create", SESSION, {"scenario": "4"})

    for _ in range(20):
        stage.do("record", session, {"type": "MEASUREMENT"})

    last = stage.world.count(Kind.EVENT)
    measured = [stage.read(Ref(Kind.EVENT, n))["eventData"] for n in range(last - 19, last + 1)]
    assert {str(one["name"]) for one in measured if isinstance(one, dict)} == readings
