"""Commands: what each verb does to the world, what it tells, and that an error changes nothing."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

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
    ScenarioSessionPart,
    User,
)
from tests.world.worlds import Stage

SESSION, CALL, USER = Kind.SESSION, Kind.CALL, Kind.USER


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
        "steps: a release cannot have so many steps; expected 1 to 256, found 0.",
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


def test_what_never_was_cannot_act() -> None:
    stage = Stage()
    ref = Ref(SESSION, 999)

    with pytest.raises(NotFoundError) as caught:
        stage.do("pause", ref)

    assert str(caught.value) == f"there is no ScenarioSession {stage.ids.encode(ref)}."


def test_every_kind_has_its_verbs_listed() -> None:
    assert set(VERBS) == set(Kind)
    assert verbs_of(CALL) == ("update", "join", "leave", "finish", "delete")


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
        rows = self.stage.world.children(Link.SESSION_PARTS, self.session.number)
        parts = [self.stage.world.need(ScenarioSessionPart, n) for n in rows]
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
