"""Commands: what each verb does to the world, what it tells, and that an error changes nothing."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from simulator.clock import Moment, iso_millis
from simulator.errors import NotFoundError, StateError, UsageError
from simulator.wire import JSON
from simulator.world import graph, states
from simulator.world.changes import Change, Link
from simulator.world.commands import VERBS, verbs_of
from simulator.world.making import INSTEAD, MAKERS
from simulator.world.resources import (
    Call,
    CallParticipant,
    Kind,
    Ref,
    ScenarioSession,
    ScenarioSessionCheckbox,
    ScenarioSessionEvent,
    ScenarioSessionPart,
    ScenarioSessionStep,
    User,
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


def test_a_session_without_a_type_is_persistent_and_by_the_first_person() -> None:
    stage = Stage()

    session = stage.do("create", SESSION)

    shown = stage.view.get(session)
    assert isinstance(shown, ScenarioSession)
    assert (shown.session_type, shown.created_by, shown.steps_viewed) == ("PERSISTENT", 2, 0)
    assert shown.number == 41


def test_a_created_session_stands_under_its_parents() -> None:
    stage = Stage()
    session = stage.do("create", SESSION, {"scenario": "2"}, by=5)
    view = stage.view
    record = view.get(session)

    scenario = graph.ONE[SESSION]["scenario"](view, record)
    release = graph.ONE[SESSION]["scenarioRelease"](view, record)

    assert scenario is not None
    assert scenario.number == 2
    assert 41 in graph.MANY[Kind.SCENARIO]["scenarioSessions"](view, scenario)
    assert 41 in graph.MANY[Kind.RELEASE]["scenarioSessions"](view, release)
    assert 41 in graph.MANY[USER]["scenarioSessions"](view, view.get(Ref(USER, 5)))
    assert 41 in graph.ROOTS["scenarioSessions"](view)


def test_a_session_has_all_steps_and_checkboxes_of_its_release_from_the_start() -> None:
    stage = Stage()
    session = stage.do("create", SESSION)
    view = stage.view
    record = view.get(session)

    steps = [view.get(Ref(Kind.SESSION_STEP, n)) for n in graph.MANY[SESSION]["steps"](view, record)]
    boxes = [view.get(Ref(Kind.CHECKBOX, n)) for n in graph.MANY[SESSION]["checkboxes"](view, record)]

    assert isinstance(record, ScenarioSession)
    names = [graph.ONE[Kind.SESSION_STEP]["scenarioStep"](view, step) for step in steps]
    release_steps = stage.world.children(Link.RELEASE_STEPS, record.release)
    assert [name.number for name in names if name] == list(release_steps)
    assert len(steps) == record.steps_possible
    assert boxes
    assert {box.checked_at for box in boxes if isinstance(box, ScenarioSessionCheckbox)} == {None}


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
    number = next(
        n
        for n in range(1, 40)
        if not stage.base.derive(Ref(Kind.STEP, n)).checkboxes  # type: ignore[union-attr] # steps have them
    )
    stage.do("create", Kind.SCENARIO, {"name": "Bare", "steps": ["one"]})
    step = stage.world.count(Kind.STEP)
    while stage.world.need(*_step(step)).checkboxes:
        stage.do("create", Kind.RELEASE, {"scenario": "Bare", "steps": ["one"]})
        step = stage.world.count(Kind.STEP)
    session = stage.do("create", SESSION, {"scenario": "Bare"})

    with pytest.raises(StateError) as caught:
        stage.do("check", session, {"checkbox": 1})

    assert number
    assert str(caught.value) == ("the session has no checkboxes. Choose a scenario whose steps have some.")


def _step(number: int) -> tuple[type, int]:
    from simulator.world.resources import ScenarioStep

    return ScenarioStep, number


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


def test_a_call_has_its_caller_and_those_named_and_ends_with_the_last() -> None:
    stage = Stage()
    ana, raj, eve = (stage.world.need(User, n) for n in (2, 3, 4))

    call = stage.do("create", CALL, {"participants": [ana.username, raj.name], "externalData": {"case": 1}})
    stage.wait(1)
    stage.do("join", call, by=eve.number)
    joined = stage.told()
    stage.wait(2)
    stage.do("leave", call, by=ana.number)
    left = stage.told()
    stage.do("leave", call)
    stage.wait(3)
    stage.do("leave", call)

    rows = stage.world.children(Link.CALL_PARTICIPANTS, call.number)
    inside = [stage.world.need(CallParticipant, n) for n in rows]
    assert (joined, left, stage.told()) == (["join"], ["leave"], ["finish"])
    assert [(one.user, (one.left_at or 0) - one.joined_at) for one in inside] == [
        (2, 3 * MINUTE),
        (3, 6 * MINUTE),
        (4, 2 * MINUTE),
    ]
    shown = stage.read(call)
    assert (shown["state"], shown["duration"], shown["externalData"]) == ("FINISHED", 360, {"case": 1})


def test_finishing_a_call_sends_everybody_home() -> None:
    stage = Stage()
    call = stage.do("create", CALL, by=3)
    stage.do("join", call)
    stage.wait(2)

    stage.do("finish", call)

    rows = stage.world.children(Link.CALL_PARTICIPANTS, call.number)
    assert [stage.world.need(CallParticipant, n).left_at for n in rows] == [stage.now, stage.now]
    assert [stage.world.need(CallParticipant, n).user for n in rows] == [3, 1]
    assert stage.told() == ["finish"]


def test_nobody_joins_twice_and_nobody_leaves_who_is_not_there() -> None:
    stage = Stage(users=2)
    ana = stage.view.user_name(2)
    call = stage.do("create", CALL, by=2)

    with pytest.raises(StateError) as twice:
        stage.do("join", call, by=2)
    with pytest.raises(StateError) as absent:
        stage.do("leave", call, by=1)
    stage.do("join", call)
    with pytest.raises(StateError) as full:
        stage.do("join", call)

    assert str(twice.value) == f"by: {ana} is in the call already. Say who joins with `by`."
    assert str(absent.value) == f"by: Integration Account is not in the call. In it are: {ana}."
    assert str(full.value) == "by: everybody is in the call already. Say who joins with `by`."


def test_updates_keep_what_they_do_not_name() -> None:
    stage = Stage()
    session = stage.do("create", SESSION, {"externalData": {"a": 1}})
    call = stage.do("create", CALL, {"externalData": 7})

    stage.do("update", session)
    stage.do("update", call)
    kept = (stage.read(session)["externalData"], stage.read(call)["externalData"])
    stage.do("update", session, {"externalData": [None, {"ü": "☃"}]})
    stage.do("update", call, {"externalData": "x"})

    assert kept == ({"a": 1}, 7)
    assert stage.read(session)["externalData"] == [None, {"ü": "☃"}]
    assert stage.read(call)["externalData"] == "x"
    assert stage.told() == ["update"]


def test_people_groups_licences_and_scenarios_are_made_and_changed() -> None:
    stage = Stage()
    group = stage.do("create", Kind.GROUP, {"name": "Night shift"})
    user = stage.do(
        "create", USER, {"name": "Ana Silva", "groups": ["Night shift", "2"], "jobTitle": "Fitter"}
    )
    licence = stage.do("create", Kind.LICENSE, {"user": "Ana Silva", "product": "EXPERT"})
    plain = stage.do("create", USER)
    unnamed = stage.do("create", Kind.GROUP)

    stage.do("update", group, {"name": "Nights"})
    stage.do("update", user, {"lastName": "Sousa", "username": "ana"})
    stage.do("update", licence, {"state": "INACTIVE"})
    stage.do("update", Ref(Kind.SCENARIO, 1), {"name": "New name"})

    view = stage.view
    assert stage.read(group)["name"] == "Nights"
    assert stage.read(unnamed)["name"] == "Group 5"
    assert stage.read(user) | {"id": 0} == {
        "id": 0,
        "databaseId": "13",
        "name": "Ana Sousa",
        "firstName": "Ana",
        "lastName": "Sousa",
        "username": "ana",
        "email": "ana.silva@example.com",
        "phone": None,
        "jobTitle": "Fitter",
    }
    assert list(graph.MANY[USER]["groups"](view, view.get(user))) == [1, 2, 4]
    assert list(graph.MANY[Kind.GROUP]["members"](view, view.get(group))) == [13]
    licences = graph.MANY[USER]["licences"](view, view.get(user))
    assert [stage.read(Ref(Kind.LICENSE, n))["product"] for n in licences] == ["VIEWER", "EXPERT"]
    assert stage.read(licence)["state"] == "INACTIVE"
    assert stage.read(plain)["name"]
    assert stage.read(Ref(Kind.SCENARIO, 1))["name"] == "New name"


def test_a_scenario_is_created_with_a_release_and_its_steps() -> None:
    stage = Stage()

    scenario = stage.do("create", Kind.SCENARIO, {"name": "Mine", "steps": ["one", "two"]}, by=4)
    release = stage.do("create", Kind.RELEASE, {"scenario": "Mine"})
    session = stage.do("create", SESSION, {"scenario": "Mine"})
    first = stage.do("create", SESSION, {"scenarioRelease": str(release.number - 1)})

    view = stage.view
    releases = graph.MANY[Kind.SCENARIO]["releases"](view, view.get(scenario))
    steps = graph.MANY[Kind.RELEASE]["scenarioSteps"](view, view.get(Ref(Kind.RELEASE, releases[0])))
    sequences = graph.MANY[Kind.RELEASE]["scenarioSequences"](view, view.get(release))
    assert [stage.read(Ref(Kind.RELEASE, n))["version"] for n in releases] == [1, 2]
    assert [stage.read(Ref(Kind.STEP, n))["name"] for n in steps] == ["one", "two"]
    assert (
        len(graph.MANY[Kind.SEQUENCE]["scenarioSteps"](view, view.get(Ref(Kind.SEQUENCE, sequences[0])))) == 5
    )
    assert stage.read(session)["numberOfStepsPossible"] == 5
    assert stage.read(first)["numberOfStepsPossible"] == 2
    author = graph.ONE[Kind.SCENARIO]["author"](view, view.get(scenario))
    assert author is not None
    assert author.number == 4


def test_what_is_deleted_is_gone_with_its_children_and_nothing_else() -> None:
    stage = Stage()
    view = stage.view
    session, call, user, group = Ref(SESSION, 3), Ref(CALL, 1), Ref(USER, 3), Ref(Kind.GROUP, 2)
    parts = stage.world.children(Link.SESSION_PARTS, 3)
    step = Ref(Kind.SESSION_STEP, 2 * 256 + 1)
    box = Ref(Kind.CHECKBOX, 2 * 256 * 16 + 1)
    participant = Ref(Kind.PARTICIPANT, stage.world.children(Link.CALL_PARTICIPANTS, 1)[0])
    before = len(graph.ROOTS["scenarioSessions"](view))

    for ref in (session, call, user, group):
        stage.do("delete", ref)
        assert stage.changes == (Change(ref, "delete"),)

    view = stage.view
    gone = [
        session,
        call,
        user,
        group,
        step,
        box,
        participant,
        Ref(Kind.PART, parts[0]),
        Ref(Kind.LICENSE, 3),
    ]
    assert [view.get(ref) for ref in gone] == [None] * len(gone)
    assert len(graph.ROOTS["scenarioSessions"](view)) == before - 1
    assert 3 not in graph.ROOTS["scenarioSessions"](view)
    assert view.get(Ref(SESSION, 4)) is not None
    theirs = [n for n in stage.world.all(SESSION) if stage.world.need(ScenarioSession, n).created_by == 3]
    assert graph.ONE[SESSION]["createdBy"](view, view.get(Ref(SESSION, theirs[0]))) is None
    members = [stage.world.need(User, n) for n in stage.world.all(USER)]
    assert 2 not in {n for one in members for n in graph.MANY[USER]["groups"](view, one)}


def test_a_licence_of_its_own_can_be_deleted() -> None:
    stage = Stage()

    stage.do("delete", Ref(Kind.LICENSE, 4))

    assert list(stage.world.children(Link.USER_LICENSES, 4)) == []


SESSION_1, CALL_1 = Ref(SESSION, 1), Ref(CALL, 1)
ERRORS: list[tuple[str, str, Kind | Ref, Mapping[str, JSON], str]] = [
    (
        "unknown field",
        "create",
        SESSION,
        {"externaldata": {}},
        "externaldata: create ScenarioSession: unknown field 'externaldata'. Did you mean externalData? "
        "Fields: scenarioRelease, scenario, sessionType, externalData.",
    ),
    (
        "no fields at all",
        "pause",
        Ref(SESSION, 41),
        {"x": 1},
        "x: pause ScenarioSession: unknown field 'x'. Fields: none.",
    ),
    (
        "unknown choice",
        "create",
        SESSION,
        {"sessionType": "PERSISTANT"},
        "sessionType: create ScenarioSession: the value of 'sessionType' does not fit; "
        'expected one of PERSISTENT, PASSIVE, DEMO, found "PERSISTANT". Did you mean PERSISTENT?',
    ),
    (
        "choice of another type",
        "record",
        Ref(SESSION, 41),
        {"type": ["PHOTO"]},
        "type: record ScenarioSession: the value of 'type' does not fit; "
        'expected one of PHOTO, VIDEO, TEXT, CHECKBOX, QUIZ, MEASUREMENT, found ["PHOTO"].',
    ),
    (
        "no number",
        "check",
        Ref(SESSION, 41),
        {},
        "checkbox: check ScenarioSession: the value of 'checkbox' does not fit; "
        "expected a whole number from 1 to {boxes}, found nothing.",
    ),
    (
        "a flag that is none",
        "check",
        Ref(SESSION, 41),
        {"checkbox": 1, "checked": "yes"},
        "checked: check ScenarioSession: the value of 'checked' does not fit; "
        'expected true or false, found "yes".',
    ),
    (
        "true is no number",
        "view",
        Ref(SESSION, 41),
        {"steps": True},
        "steps: view ScenarioSession: the value of 'steps' does not fit; "
        "expected a whole number from 1 to 256, found true.",
    ),
    (
        "event data that is no object",
        "record",
        Ref(SESSION, 41),
        {"eventData": "x" * 200},
        "eventData: record ScenarioSession: the value of 'eventData' does not fit; "
        'expected an object, found "' + "x" * 76 + "....",
    ),
    (
        "empty name",
        "create",
        Kind.GROUP,
        {"name": "  "},
        "name: create Group: the value of 'name' does not fit; expected a text that is not empty, found \"  \".",
    ),
    (
        "participants that are no list of texts",
        "create",
        CALL,
        {"participants": ["ana", 7]},
        "participants: create Call: the value of 'participants' does not fit; "
        'expected a list of texts, found ["ana",7].',
    ),
    (
        "nobody of that name",
        "create",
        CALL,
        {"participants": ["integratr"]},
        "no user is called 'integratr'. Did you mean integrator? "
        "Name a user by node id, username, e-mail address or full name.",
    ),
    (
        "no group of that name",
        "create",
        USER,
        {"groups": ["Defalt"]},
        "groups: no group is called 'Defalt'. Did you mean Default?",
    ),
    (
        "a username that is taken",
        "create",
        USER,
        {"username": "integrator"},
        "username: the username 'integrator' is taken.",
    ),
    (
        "a licence for nobody",
        "create",
        Kind.LICENSE,
        {},
        "user: a License needs its user. Give `user`: a node id or a name.",
    ),
    (
        "no scenario of that name",
        "create",
        SESSION,
        {"scenario": "nothing like it"},
        "scenario: no scenario is called 'nothing like it'.",
    ),
    (
        "no such release",
        "create",
        SESSION,
        {"scenarioRelease": "9999"},
        "scenarioRelease: there is no ScenarioRelease '9999'. Give its node id or its databaseId.",
    ),
    (
        "no steps",
        "create",
        Kind.SCENARIO,
        {"steps": []},
        "steps: a release cannot have so many steps; expected 1 to 256 names, found 0.",
    ),
    *[
        (
            f"{kind} by itself",
            "create",
            kind,
            {},
            f"a {kind} cannot be created by itself. {INSTEAD[kind]}",
        )
        for kind in Kind
        if kind not in MAKERS
    ],
    (
        "a verb the kind does not know",
        "pause",
        CALL_1,
        {},
        "a Call cannot pause. It can: update, join, leave, finish, delete.",
    ),
    (
        "a verb nearly spelt",
        "finnish",
        SESSION_1,
        {},
        "a ScenarioSession cannot finnish. Did you mean finish? "
        "It can: update, view, record, check, pause, resume, leave, finish, delete.",
    ),
    (
        "a kind without verbs",
        "update",
        Ref(Kind.PART, 1),
        {},
        "a ScenarioSessionPart cannot update. It can: nothing.",
    ),
    (
        "an illegal move",
        "resume",
        Ref(SESSION, 41),
        {},
        "a persistent ScenarioSession that is IN_PROGRESS cannot resume. "
        "Legal now: check, finish, leave, pause, record, update, view.",
    ),
    ("a call that is over", "leave", CALL_1, {}, "a Call that is FINISHED cannot leave. Legal now: update."),
    ("the own account", "delete", Ref(USER, 1), {}, "the integration's own account cannot be deleted."),
    ("the first group", "delete", Ref(Kind.GROUP, 1), {}, "the Default group cannot be deleted."),
]


@pytest.mark.parametrize(
    ("verb", "subject", "fields", "text"), [pytest.param(*row[1:], id=row[0]) for row in ERRORS]
)
def test_bad_input_names_the_place_and_the_remedy_and_changes_nothing(
    verb: str, subject: Kind | Ref, fields: Mapping[str, JSON], text: str
) -> None:
    stage = Stage()
    session = stage.do("create", SESSION)
    boxes = len(stage.world.checkboxes(stage.world.need(ScenarioSession, session.number)))
    before = stage.world

    with pytest.raises(UsageError) as caught:
        stage.do(verb, subject, fields)

    assert str(caught.value) == text.replace("{boxes}", str(boxes))
    assert stage.world is before


def test_a_world_without_scenarios_cannot_start_a_session() -> None:
    with pytest.raises(NotFoundError) as caught:
        Stage(scenarios=0).do("create", SESSION)

    assert str(caught.value) == "scenario: the world has no scenario."


def test_what_never_was_cannot_act() -> None:
    stage = Stage()
    ref = Ref(SESSION, 999)

    with pytest.raises(NotFoundError) as caught:
        stage.do("pause", ref)

    assert str(caught.value) == f"there is no ScenarioSession {stage.ids.encode(ref)}."


def test_the_device_may_be_late_but_not_early_nor_before_the_last_move() -> None:
    stage = Stage()
    stage.wait(60)
    session = stage.do("create", SESSION, at=Moment(stage.now - 30 * MINUTE))

    with pytest.raises(UsageError) as future:
        stage.do("pause", session, at=Moment(stage.now + 1))
    with pytest.raises(UsageError) as before:
        stage.do("pause", session, at=Moment(stage.now - 31 * MINUTE))
    stage.do("pause", session, at=Moment(stage.now - 20 * MINUTE))

    start, now = iso_millis(Moment(stage.now - 30 * MINUTE)), iso_millis(stage.now)
    assert str(future.value) == (
        f"at: the device's time lies in the future; expected {now} or before, "
        f"found {iso_millis(Moment(stage.now + 1))}."
    )
    assert str(before.value) == (
        "at: the device's time lies before the session's last move; "
        f"expected {start} or after, found {iso_millis(Moment(stage.now - 31 * MINUTE))}."
    )
    assert (stage.read(session)["duration"], stage.read(session)["idleDuration"]) == (600, 1200)


def test_every_kind_has_its_verbs_listed() -> None:
    assert set(VERBS) == set(Kind)
    assert verbs_of(CALL) == ("update", "join", "leave", "finish", "delete")


def test_users_are_found_by_id_username_address_and_name() -> None:
    stage = Stage()
    view = stage.view
    user = stage.world.need(User, 3)

    found = [view.find_user(text) for text in (view.id_of(user.ref), user.username, user.email, user.name)]

    assert found == [user] * 4


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "999", "²", "9" * 19, "", "x"])
def test_texts_that_name_no_record_find_none(text: str) -> None:
    assert Stage().view.find(SESSION, text) is None


def test_an_id_of_another_kind_is_not_found_as_this_one() -> None:
    view = Stage().view

    assert view.find(SESSION, view.id_of(Ref(CALL, 1))) is None
    assert view.find(SESSION, view.id_of(Ref(SESSION, 1))) == view.find(SESSION, "1")


class Life(RuleBasedStateMachine):
    """A session and a call live through any legal and illegal moves; figures always agree with the history."""

    @initialize(type_=st.sampled_from(states.SESSION_TYPES))
    def begin(self, type_: str) -> None:
        self.stage = Stage(users=5, sessions=3)
        self.session = self.stage.do("create", SESSION, {"sessionType": type_})
        self.call = self.stage.do("create", CALL)
        self.started = self.stage.now
        self.closed = 0
        self.told = 0

    @rule(seconds=st.integers(1, 4000))
    def wait(self, seconds: int) -> None:
        self.stage.wait(seconds / 60)

    @rule(
        verb=st.sampled_from(["pause", "resume", "finish", "leave", "view", "record", "update"]),
        by=st.sampled_from([None, 1, 3]),
    )
    def move(self, verb: str, by: int | None) -> None:
        record = self.stage.world.need(ScenarioSession, self.session.number)
        legal = (record.state, verb) in states.SESSION[record.session_type]
        full = verb == "view" and record.steps_viewed == record.steps_possible
        late = verb == "record" and record.ended_at is not None and self.stage.now > record.ended_at
        before = self.stage.world
        if legal and not full and not late:
            self.stage.do(verb, self.session, by=by)
            assert len(self.stage.changes) == 1
        else:
            with pytest.raises(UsageError):
                self.stage.do(verb, self.session, by=by)
            assert self.stage.world is before

    @rule(verb=st.sampled_from(["join", "leave"]), by=st.sampled_from([None, 2, 4]))
    def talk(self, verb: str, by: int | None) -> None:
        before = self.stage.world
        try:
            self.stage.do(verb, self.call, by=by)
        except StateError:
            assert self.stage.world is before

    @precondition(lambda self: hasattr(self, "stage"))
    @invariant()
    def figures_agree_with_the_history(self) -> None:
        shown = self.stage.read(self.session)
        parts = part_of(self.stage, self.session)
        now = self.stage.now
        worked = sum((now if part.ended_at is None else part.ended_at) - part.started_at for part in parts)
        record = self.stage.world.need(ScenarioSession, self.session.number)
        ended = now if record.ended_at is None else record.ended_at
        assert shown["duration"] == worked // 1000
        assert shown["idleDuration"] == (ended - record.started_at - worked) // 1000
        assert (parts[-1].ended_at is None) == (record.state == "IN_PROGRESS")
        assert (record.ended_at is None) == (record.state != "FINISHED")
        call = self.stage.world.need(Call, self.call.number)
        rows = self.stage.world.children(Link.CALL_PARTICIPANTS, call.number)
        inside = [self.stage.world.need(CallParticipant, n) for n in rows]
        assert (call.state == "FINISHED") == all(one.left_at is not None for one in inside)


Life.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestLife = Life.TestCase
