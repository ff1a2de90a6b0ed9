"""What a viewer may see of the world, record by record and row by row.

Decides nothing that ``rights`` does not say: it finds whose a record is, and asks. A record that belongs to another, such as
an event to a session, is seen with that one. Whoever reads everything costs nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from simulator.world.changes import Link
from simulator.world.resources import (
    Call,
    CallParticipant,
    Group,
    Kind,
    Record,
    Ref,
    Scenario,
    ScenarioCatalog,
    ScenarioSession,
    User,
)
from simulator.world.rights import Role
from simulator.world.rows import Rows
from simulator.world.view import View

__all__ = ["may_see", "seen"]

_EVERYBODYS: Final = 1
"""The first group, in which everybody is."""
_OPEN: Final = (Kind.ORGANIZATION, Kind.TOPIC)
_WITH: Final[Mapping[Kind, tuple[str, Kind]]] = {
    Kind.LICENSE: ("user", Kind.USER),
    Kind.RELEASE: ("scenario", Kind.SCENARIO),
    Kind.SEQUENCE: ("release", Kind.RELEASE),
    Kind.STEP: ("sequence", Kind.SEQUENCE),
    Kind.PART: ("session", Kind.SESSION),
    Kind.SESSION_STEP: ("session", Kind.SESSION),
    Kind.EVENT: ("session", Kind.SESSION),
    Kind.CHECKBOX: ("session", Kind.SESSION),
    Kind.ATTACHMENT: ("number", Kind.EVENT),
    Kind.PARTICIPANT: ("call", Kind.CALL),
}
"""What is seen with another: the attribute that names that one, and its kind."""


def may_see(view: View, record: Record) -> bool:
    """Return whether the viewer may see a record."""
    if view.rights.reads_all or record.KIND in _OPEN:
        return True
    whole = _whole(view, record)
    if whole is None:
        return False
    judge = (_OF_ROLE if view.rights.groups is None else _OF_GROUPS).get(whole.KIND)
    return judge is not None and judge(view, whole)


def seen(view: View, rows: Rows) -> tuple[Rows, Callable[[int], bool] | None]:
    """Return what the viewer sees of a row, as a row and what passes of it; None means all."""
    if view.rights.reads_all or rows.kind in _OPEN:
        return rows, None
    if rows.kind is Kind.SESSION and _sees_own(view) and len(rows) == len(view.world.all(Kind.SESSION)):
        # No need to look at those of others.
        return view.world.children(Link.USER_SESSIONS, view.viewer), None

    def keep(number: int) -> bool:
        record = view.get(Ref(rows.kind, number))
        return record is not None and may_see(view, record)

    return rows, keep


def _whole(view: View, record: Record) -> Record | None:
    """Return the record with which this one is seen: the session of an event, the scenario of a step."""
    found: Record | None = record
    while found is not None and found.KIND in _WITH:
        attribute, kind = _WITH[found.KIND]
        found = view.get(Ref(kind, getattr(found, attribute)))
    return found


def _sees_own(view: View) -> bool:
    return view.rights.groups is None and view.rights.role is Role.VIEWER


def _people_of(view: View, call: Call) -> list[int]:
    world = view.world
    joined = world.children(Link.CALL_PARTICIPANTS, call.number)
    return [call.created_by, *(world.need(CallParticipant, number).user for number in joined)]


# by role: an analyst, or a viewer


def _user_of_role(view: View, user: User) -> bool:
    return not _sees_own(view) or user.number == view.viewer


def _session_of_role(view: View, session: ScenarioSession) -> bool:
    return not _sees_own(view) or session.created_by == view.viewer


def _call_of_role(view: View, call: Call) -> bool:
    return view.viewer in _people_of(view, call)


def _group_of_role(view: View, group: Group) -> bool:
    return group.number == _EVERYBODYS or group.number in view.world.need(User, view.viewer).groups


# by the groups of a token


def _user_of_groups(view: View, user: User) -> bool:
    groups = view.rights.groups or frozenset()
    return _EVERYBODYS in groups or not groups.isdisjoint(user.groups)


def _person_of_groups(view: View, number: int) -> bool:
    person = view.get(Ref(Kind.USER, number))
    return isinstance(person, User) and _user_of_groups(view, person)


def _group_of_groups(view: View, group: Group) -> bool:
    return group.number in (view.rights.groups or ())


def _scenario_of_groups(view: View, scenario: Scenario) -> bool:
    return scenario.group in (view.rights.groups or ())


def _catalog_of_groups(view: View, catalog: ScenarioCatalog) -> bool:
    found = (view.get(Ref(Kind.SCENARIO, number)) for number in catalog.scenarios)
    return any(isinstance(one, Scenario) and _scenario_of_groups(view, one) for one in found)


_Judge: TypeAlias = Callable[[View, Any], bool]
"""Whether a record of the kind under which it stands is seen."""


_OF_ROLE: Final[Mapping[Kind, _Judge]] = {
    Kind.USER: (_user_of_role),
    Kind.GROUP: (_group_of_role),
    Kind.CATALOG: lambda _view, _catalog: True,
    Kind.SCENARIO: lambda _view, _scenario: True,
    Kind.SESSION: (_session_of_role),
    Kind.CALL: (_call_of_role),
}
_OF_GROUPS: Final[Mapping[Kind, _Judge]] = {
    Kind.USER: (_user_of_groups),
    Kind.GROUP: (_group_of_groups),
    Kind.CATALOG: (_catalog_of_groups),
    Kind.SCENARIO: (_scenario_of_groups),
    Kind.SESSION: (lambda view, session: _person_of_groups(view, session.created_by)),
    Kind.CALL: (lambda view, call: any(_person_of_groups(view, n) for n in _people_of(view, call))),
}
