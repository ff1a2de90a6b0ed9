"""Whose record is seen by whom, against a world in which each is asked about one by one."""

from __future__ import annotations

import pytest

from simulator.engine import Platform
from simulator.settings import Settings
from simulator.world.changes import Link
from simulator.world.resources import Kind, Record, Ref, ScenarioSession, User
from simulator.world.rights import Rights, Role, Viewer
from simulator.world.rows import Rows
from simulator.world.sight import may_see, seen

RAJ = 3
SETTINGS = Settings(seed=7, sessions=10, calls=8, users=6, groups=3)


@pytest.fixture(scope="module")
def platform() -> Platform:
    scope = Platform(SETTINGS)
    scope.apply(
        "create", "WebhookSubscription", {"topic": "user/created", "callbackUrl": "http://127.0.0.1/"}
    )
    return scope


@pytest.fixture(scope="module")
def records(platform) -> dict[Kind, dict[int, Record]]:
    """All there is, by kind and number. Most numbers of a row stand for nothing: a session has room for many steps."""
    view = platform.view(Viewer(RAJ, Rights()))
    found = {kind: [view.get(Ref(kind, number)) for number in view.world.all(kind)] for kind in Kind}
    return {kind: {one.number: one for one in row if one} for kind, row in found.items()}


def shown(view, kind: Kind) -> list[int]:
    rows, keep = seen(view, view.world.all(kind))
    return [number for number in rows if view.get(Ref(kind, number)) and (keep is None or keep(number))]


@pytest.mark.parametrize("role", Role, ids=str)
@pytest.mark.parametrize("groups", [None, frozenset({2}), frozenset({1}), frozenset({2, 3})], ids=str)
def test_row_shows_just_what_may_be_seen(platform, records, role, groups):
    view = platform.view(Viewer(RAJ, Rights(role, groups)))

    for kind, there in records.items():
        rows, keep = seen(view, view.world.all(kind))
        passed = [number for number in rows if number in there and (keep is None or keep(number))]
        assert passed == [number for number, one in there.items() if may_see(view, one)], kind


@pytest.mark.parametrize("role", [Role.SUPER_ADMIN, Role.COMPANY_ADMIN, Role.REPORTING_ADMIN], ids=str)
def test_nothing_is_hidden_from_whoever_administers_or_reports(platform, role):
    view = platform.view(Viewer(RAJ, Rights(role)))

    for kind in Kind:
        rows = view.world.all(kind)
        assert seen(view, rows) == (rows, None), kind


def sessions_of(view, people) -> list[int]:
    world = view.world
    return [n for n in world.all(Kind.SESSION) if world.need(ScenarioSession, n).created_by in people]


def test_viewer_sees_its_own_sessions_and_what_belongs_to_them(platform):
    view = platform.view(Viewer(RAJ, Rights(Role.VIEWER)))
    world = view.world
    own = sessions_of(view, {RAJ})

    assert own
    assert shown(view, Kind.SESSION) == own
    events = [number for session in own for number in world.children(Link.SESSION_EVENTS, session)]
    assert shown(view, Kind.EVENT) == sorted(events)
    assert shown(view, Kind.USER) == [RAJ]
    assert shown(view, Kind.SUBSCRIPTION) == []
    assert shown(view, Kind.SCENARIO) == [*world.all(Kind.SCENARIO)]
    assert 0 < len(shown(view, Kind.CALL)) < len(world.all(Kind.CALL))


def test_analyst_sees_the_sessions_of_others_and_who_did_them(platform):
    view = platform.view(Viewer(RAJ, Rights(Role.ANALYST)))

    for kind in (Kind.SESSION, Kind.EVENT, Kind.USER):
        assert shown(view, kind) == [*view.world.all(kind)]
    assert shown(view, Kind.SUBSCRIPTION) == []


def test_token_for_a_group_sees_its_people_their_sessions_and_its_content(platform):
    view = platform.view(Viewer(1, Rights(groups=frozenset({2}))))
    world = view.world
    people = {n for n in world.all(Kind.USER) if 2 in world.need(User, n).groups}

    assert 0 < len(people) < len(world.all(Kind.USER))
    assert shown(view, Kind.USER) == sorted(people)
    assert shown(view, Kind.SESSION) == sessions_of(view, people)
    assert shown(view, Kind.GROUP) == [2]
    assert shown(view, Kind.ORGANIZATION) == [1]


def test_token_for_the_first_group_sees_everybody(platform):
    view = platform.view(Viewer(1, Rights(groups=frozenset({1}))))

    assert shown(view, Kind.USER) == [*view.world.all(Kind.USER)]


def test_what_is_left_of_something_deleted_is_not_seen(platform):
    view = platform.view(Viewer(RAJ, Rights(Role.VIEWER)))
    step = view.get(Ref(Kind.SESSION_STEP, next(iter(view.world.all(Kind.SESSION_STEP)))))
    other = Platform(SETTINGS)
    session = view.id_of(Ref(Kind.SESSION, step.session))
    other.apply("delete", session)

    assert not may_see(other.view(Viewer(RAJ, Rights(Role.VIEWER))), step)


def test_row_of_one_person_is_not_taken_for_everybodys(platform):
    view = platform.view(Viewer(RAJ, Rights(Role.VIEWER)))
    rows, keep = seen(view, Rows(Kind.SESSION, sessions_of(view, {2})))

    assert keep is not None
    assert [number for number in rows if keep(number)] == []
