"""The base: believable, the same for a seed, and worked out only as far as it is read."""

from __future__ import annotations

import pytest

from simulator.clock import VIRTUAL_START
from simulator.settings import Person, Settings
from simulator.world import graph
from simulator.world.changes import Link, World
from simulator.world.populate import Base
from simulator.world.resources import (
    Call,
    CallParticipant,
    Kind,
    Organization,
    Ref,
    Scenario,
    ScenarioSession,
    ScenarioSessionCheckbox,
    ScenarioSessionEvent,
    ScenarioSessionPart,
    ScenarioSessionStep,
    User,
)
from tests.world.worlds import Stage

DEMO, PASSIVE, PERSISTENT = "DEMO", "PASSIVE", "PERSISTENT"


def test_a_seed_makes_the_same_world_twice_and_another_makes_another() -> None:
    one, same, other = Stage(), Stage(), Stage(seed=2)

    refs = [Ref(kind, next(one.world.after(kind, 0))) for kind in Kind if kind is not Kind.SUBSCRIPTION]

    assert [one.read(ref) for ref in refs] == [same.read(ref) for ref in refs]
    assert one.read(Ref(Kind.USER, 3))["name"] != other.read(Ref(Kind.USER, 3))["name"]


def test_the_order_of_reading_changes_nothing() -> None:
    one, other = Stage(), Stage()
    refs = [Ref(Kind.USER, n) for n in (2, 3, 4)]

    assert [one.read(ref) for ref in refs] == [other.read(ref) for ref in reversed(refs)][::-1]


@pytest.mark.parametrize("seed", range(1, 6))
def test_every_session_of_the_base_has_figures_that_agree_with_its_history(seed: int) -> None:
    stage = Stage(seed=seed, sessions=130)
    world = stage.world
    types = set()
    before = 0

    for number in world.all(Kind.SESSION):
        session = world.need(ScenarioSession, number)
        parts = [world.need(ScenarioSessionPart, n) for n in world.children(Link.SESSION_PARTS, number)]
        steps = [world.need(ScenarioSessionStep, n) for n in world.session_steps(session)]
        events = [world.need(ScenarioSessionEvent, n) for n in world.children(Link.SESSION_EVENTS, number)]
        boxes = [world.need(ScenarioSessionCheckbox, n) for n in world.checkboxes(session)]
        types.add(session.session_type)

        assert before < session.started_at < VIRTUAL_START
        before = session.started_at
        assert session.worked == sum((part.ended_at or 0) - part.started_at for part in parts)
        assert (session.started_at, session.since) == (parts[0].started_at, parts[-1].ended_at)
        assert session.part == parts[-1].number
        assert parts[0].created_by == session.created_by
        assert (session.ended_at is None) == (session.state == "PAUSED")
        assert session.session_type == PERSISTENT or len(parts) == 1
        assert session.session_type != DEMO or (session.steps_viewed, events) == (0, [])
        assert [step.viewed_at is not None for step in steps] == [
            place < session.steps_viewed for place in range(session.steps_possible)
        ]
        viewed = [step.viewed_at for step in steps if step.viewed_at is not None]
        assert viewed == sorted(set(viewed))
        assert not viewed or viewed[0] == session.started_at
        assert [one.created_at for one in events] == sorted({one.created_at for one in events})
        for event in events:
            assert session.started_at <= event.created_at <= session.since
            assert event.created_at < event.received_at
            assert event.session_step in world.session_steps(session)
            assert event.created_by in {part.created_by for part in parts}
        for box in boxes:
            assert (box.checked_at is None) == (box.checked_by is None)
            step = world.need(ScenarioSessionStep, box.session_step)
            assert box.checked_at is None or (step.viewed_at or 0) < box.checked_at < session.since
        ticked = {(box.name, box.checked_at) for box in boxes}
        checks = [event for event in events if event.type == "CHECKBOX"]
        assert {(event.event_data["name"], event.created_at) for event in checks} <= ticked
    assert types == {DEMO, PASSIVE, PERSISTENT}


def test_calls_have_participants_who_come_and_go_within_them() -> None:
    world = Stage(calls=20).world

    for number in world.all(Kind.CALL):
        call = world.need(Call, number)
        inside = [world.need(CallParticipant, n) for n in world.children(Link.CALL_PARTICIPANTS, number)]

        assert call.created_by == inside[0].user
        assert len({one.user for one in inside}) == len(inside) >= 2
        assert all(call.started_at <= one.joined_at < (one.left_at or 0) == call.ended_at for one in inside)


def test_every_relation_leads_down_and_back_up() -> None:
    stage = Stage(sessions=200)
    view = stage.view
    ups = {
        "releases": "scenario",
        "parts": "scenarioSession",
        "events": "scenarioSession",
        "steps": "scenarioSession",
        "checkboxes": "scenarioSession",
        "scenarioSequences": "scenarioRelease",
        "participants": "call",
        "licences": "user",
    }
    walked = set()
    for kind in Kind:
        record = view.get(Ref(kind, 2 if kind is not Kind.ORGANIZATION else 1))
        if record is None:
            continue
        for name, many in graph.MANY[kind].items():
            rows = many(view, record)
            children = [view.get(Ref(rows.kind, number)) for number in rows]
            assert None not in children
            if name in ups and kind is not Kind.SESSION_STEP:
                walked.add(name)
                assert all(graph.ONE[rows.kind][ups[name]](view, child) == record for child in children)
    assert walked == set(ups)


def test_sessions_of_a_scenario_a_release_and_a_person_are_those_that_say_so() -> None:
    stage = Stage(sessions=150)
    world, view = stage.world, stage.view
    sessions = [world.need(ScenarioSession, n) for n in world.all(Kind.SESSION)]
    scenario = world.need(Scenario, 2)

    by_scenario = graph.MANY[Kind.SCENARIO]["scenarioSessions"](view, scenario)
    by_person = graph.MANY[Kind.USER]["scenarioSessions"](view, world.need(User, 5))

    assert list(by_scenario) == [
        one.number for one in sessions if graph.ONE[Kind.SESSION]["scenario"](view, one) == scenario
    ]
    assert list(by_person) == [one.number for one in sessions if one.created_by == 5]


def test_a_million_untouched_sessions_are_walked_and_found_without_a_scan() -> None:
    stage = Stage(sessions=1_000_000)
    view, base = stage.view, stage.base
    scenario = stage.world.need(Scenario, 1)

    sessions = graph.MANY[Kind.SCENARIO]["scenarioSessions"](view, scenario)
    last = view.get(Ref(Kind.SESSION, sessions[-1]))
    found = view.by_id(view.id_of(Ref(Kind.SESSION, 765_432)))

    assert len(sessions) > 100_000
    assert isinstance(last, ScenarioSession)
    assert graph.ONE[Kind.SESSION]["scenario"](view, last) == scenario
    assert found == stage.world.need(ScenarioSession, 765_432)
    assert base.derived == 4, "the scenario, two sessions and one release"


def test_recently_read_records_are_worked_out_once() -> None:
    stage = Stage()

    for _ in range(3):
        stage.view.get(Ref(Kind.SESSION, 1))

    assert stage.base.derived == 1


@pytest.mark.parametrize("number", [0, -1, 41, 10**17])
def test_numbers_outside_the_base_have_no_record(number: int) -> None:
    assert Stage().view.get(Ref(Kind.SESSION, number)) is None


def test_named_people_come_first_and_keep_what_they_were_given() -> None:
    ana = Person(name="Ana Silva", username="ana", email="ana@rail.example", phone="+1", job_title="Fitter")
    world = Stage(people=(ana, Person(name="Madonna"), Person(username="raj"))).world

    first, second, third = (world.need(User, n) for n in (2, 3, 4))

    assert (first.name, first.username, first.email, first.phone, first.job_title) == (
        "Ana Silva",
        "ana",
        "ana@rail.example",
        "+1",
        "Fitter",
    )
    assert (second.name, second.username) == ("Madonna", "madonna.3")
    assert third.username == "raj"
    assert third.name


def test_the_organisation_may_be_named() -> None:
    named = Stage(organization="Northwind Rail", permalink="northwind").world.need(Organization, 1)
    derived = Stage(organization="Müller & Co. KG").world.need(Organization, 1)

    assert (named.name, named.permalink) == ("Northwind Rail", "northwind")
    assert derived.permalink == "müller-co-kg"


def test_a_world_may_be_as_small_as_one_account() -> None:
    stage = Stage(users=1, groups=1, scenarios=0, sessions=9, calls=1)
    world = stage.world

    assert {kind: world.count(kind) for kind in (Kind.USER, Kind.SCENARIO, Kind.SESSION, Kind.CALL)} == {
        Kind.USER: 1,
        Kind.SCENARIO: 0,
        Kind.SESSION: 0,
        Kind.CALL: 1,
    }
    assert list(world.children(Link.CALL_PARTICIPANTS, 1)) == [1]
    assert world.need(Call, 1).created_by == 1


def test_many_groups_keep_names_of_their_own() -> None:
    stage = Stage(groups=20, users=60)

    names = [stage.read(Ref(Kind.GROUP, n))["name"] for n in range(1, 21)]
    members = [
        list(graph.MANY[Kind.GROUP]["members"](stage.view, stage.view.get(Ref(Kind.GROUP, n))))
        for n in (1, 2)
    ]

    assert len(set(map(str, names))) == 20
    assert len(members[0]) == 60
    assert all(2 in stage.world.need(User, n).groups for n in members[1])


def test_a_snapshot_of_the_base_shares_it() -> None:
    base = Base(Settings(), VIRTUAL_START)

    assert World(base) == World(base)


def test_a_snapshot_of_ten_thousand_touched_sessions_is_the_root_itself() -> None:
    stage = Stage(sessions=10_000)
    for number in range(1, 10_001):
        stage.do("update", Ref(Kind.SESSION, number), {"externalData": number})

    snapshot = stage.world
    stage.do("update", Ref(Kind.SESSION, 5), {"externalData": "later"})

    assert len(snapshot.touched) == 10_000
    assert snapshot.need(ScenarioSession, 5).external_data == 5
    assert stage.world.need(ScenarioSession, 5).external_data == "later"
