"""Reading the world: every attribute and relation of every kind, as three tables.

GraphQL, the REST object endpoint and the control API all read here, so they cannot disagree. A table holds a function of
(view, record); ``ATTRIBUTES`` give values as they stand on the wire, ``ONE`` a related record or None, ``MANY`` a lazy row
of related records. The SDL has exactly these fields; a test holds them together. Reading never moves or changes anything.

Figures follow from the history: ``duration`` is the whole seconds of all stretches of work, ``idleDuration`` those that
passed in pauses; paused time counts as idle only. [chosen] Both grow while the session goes on. [inferred]
``percentOfStepsViewed`` goes from 0 to 100. [chosen]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from simulator.clock import Moment
from simulator.wire import JSON
from simulator.world.attributes import Field, NodeId, Word, time_field
from simulator.world.changes import Link
from simulator.world.files import FILE
from simulator.world.marks import group_mark, listing_mark
from simulator.world.resources import (
    Group,
    Kind,
    Organization,
    Record,
    Ref,
    ScenarioRelease,
    ScenarioSession,
    ScenarioSessionEvent,
    User,
)
from simulator.world.rows import Rows
from simulator.world.states import IN_PROGRESS, PAUSED
from simulator.world.view import View

__all__ = ["ATTRIBUTES", "MANY", "ONE", "ROOTS", "attributes", "organization", "user"]

_R: TypeAlias = Any
"""A record of the kind under which a function stands in a table; the tables are checked by their tests."""


def organization(view: View) -> Organization:
    """Return the one organisation of the world."""
    return view.world.need(Organization, 1)


def user(view: View) -> User:
    """Return the viewer."""
    return view.world.need(User, view.viewer)


def attributes(view: View, record: Record) -> dict[str, JSON]:
    """Return all first-level attributes of a record, ``id`` first."""
    return {name: read(view, record) for name, read in ATTRIBUTES[record.KIND].items()}


def _worked(view: View, session: ScenarioSession) -> int:
    running = view.now - session.since if session.state == IN_PROGRESS else 0
    return session.worked + max(0, running)


def _idle(view: View, session: ScenarioSession) -> int:
    until = max(view.now, session.since) if session.state in (IN_PROGRESS, PAUSED) else session.since
    return max(0, until - session.started_at - _worked(view, session))


def _span(view: View, begin: Moment, end: Moment | None) -> int:
    return max(0, (view.now if end is None else end) - begin) // 1000


def _percent(session: ScenarioSession) -> float:
    return round(100 * session.steps_viewed / session.steps_possible, 2) if session.steps_possible else 0.0


def _event_data(view: View, event: ScenarioSessionEvent) -> JSON:
    """Who recorded it stands in the data as user_name. [seen: EXPR]"""
    data = event.event_data
    return {"user_name": view.user_name(event.created_by), **data} if isinstance(data, dict) else data


def _one(kind: Kind, attribute: str) -> Callable[[View, _R], Record | None]:
    def read(view: View, record: _R) -> Record | None:
        number = getattr(record, attribute)
        return None if number is None else view.world.get(Ref(kind, number))

    return read


def _many(link: Link) -> Callable[[View, _R], Rows]:
    return lambda view, record: view.world.children(link, record.number)


def _all(kind: Kind) -> Callable[[View, _R], Rows]:
    return lambda view, _: view.world.all(kind)


def _members(view: View, group: Group) -> Rows:
    """Everybody is in the first group."""
    return view.world.all(Kind.USER) if group.number == 1 else view.world.marked(group_mark(group.number))


def _groups(view: View, user: User) -> Rows:
    return Rows(Kind.GROUP, [n for n in sorted(user.groups) if view.get(Ref(Kind.GROUP, n))])


def _scenario_of(view: View, session: ScenarioSession) -> Record | None:
    return view.get(Ref(Kind.SCENARIO, view.world.need(ScenarioRelease, session.release).scenario))


def _photo(view: View, event: ScenarioSessionEvent) -> Record | None:
    return view.get(Ref(Kind.ATTACHMENT, event.number))


def _attachments(view: View, event: ScenarioSessionEvent) -> Rows:
    return Rows(Kind.ATTACHMENT, (event.number,) if _photo(view, event) else ())


def _here(view: View, _: _R) -> Record | None:
    return organization(view)


def _viewer(view: View, _: _R) -> Record | None:
    return user(view)


_ID: Mapping[str, Callable[[View, _R], JSON]] = {
    "id": NodeId(),
    "databaseId": Field("number", str),
}

ATTRIBUTES: Mapping[Kind, Mapping[str, Callable[[View, _R], JSON]]] = {
    Kind.ORGANIZATION: {
        **_ID,
        "name": Field("name"),
        "permalink": Field("permalink"),
    },
    Kind.USER: {
        **_ID,
        "name": Field("name"),
        "firstName": Field("first_name"),
        "lastName": Field("last_name"),
        "username": Field("username"),
        "email": Field("email"),
        "phone": Field("phone"),
        "jobTitle": Field("job_title"),
    },
    Kind.GROUP: {**_ID, "name": Field("name")},
    Kind.LICENSE: {
        **_ID,
        "product": Word("LicenseTypeEnum", "product"),
        "state": Word("LicenseStateEnum", "state"),
    },
    Kind.CATALOG: {
        **_ID,
        "name": Field("name"),
        "externalAssetId": Field("external_asset_id"),
    },
    Kind.SCENARIO: {
        **_ID,
        "name": Field("name"),
        "description": Field("description"),
        "publishedAt": time_field("published_at"),
    },
    Kind.RELEASE: {
        **_ID,
        "type": Word("ScenarioReleaseTypeEnum", "type"),
        "version": Field("version"),
        "publishedAt": time_field("published_at"),
    },
    Kind.SEQUENCE: {
        **_ID,
        "name": Field("name"),
        "orderIndex": Field("order_index"),
    },
    Kind.STEP: {
        **_ID,
        "name": Field("name"),
        "orderIndex": Field("order_index"),
        "externalData": Field("external_data"),
    },
    Kind.SESSION: {
        **_ID,
        "startedAt": time_field("started_at"),
        "endedAt": time_field("ended_at"),
        "duration": lambda view, it: _worked(view, it) // 1000,
        "idleDuration": lambda view, it: _idle(view, it) // 1000,
        "numberOfStepsPossible": Field("steps_possible"),
        "numberOfStepsViewed": Field("steps_viewed"),
        "percentOfStepsViewed": lambda _, it: _percent(it),
        "state": Word("ScenarioSessionStateEnum", "state"),
        "sessionType": Word("ScenarioSessionTypeEnum", "session_type"),
        "externalData": Field("external_data"),
    },
    Kind.PART: {
        **_ID,
        "startedAt": time_field("started_at"),
        "endedAt": time_field("ended_at"),
        "duration": lambda view, it: _span(view, it.started_at, it.ended_at),
        "externalData": Field("external_data"),
    },
    Kind.SESSION_STEP: {**_ID, "viewedAt": time_field("viewed_at")},
    Kind.EVENT: {
        **_ID,
        "createdAt": time_field("created_at"),
        "receivedAt": time_field("received_at"),
        "type": Word("ScenarioStepItemTypeEnum", "type"),
        "externalData": Field("external_data"),
        "eventData": _event_data,
    },
    Kind.ATTACHMENT: {
        **_ID,
        "type": Word("ScenarioStepItemTypeEnum", "type"),
        **FILE,
    },
    Kind.CHECKBOX: {
        **_ID,
        "name": Field("name"),
        "checked": lambda _, it: it.checked_at is not None,
        "checkedAt": time_field("checked_at"),
    },
    Kind.CALL: {
        **_ID,
        "startedAt": time_field("started_at"),
        "endedAt": time_field("ended_at"),
        "duration": lambda view, it: _span(view, it.started_at, it.ended_at),
        "state": Word("CallStateEnum", "state"),
        "externalData": Field("external_data"),
    },
    Kind.PARTICIPANT: {
        **_ID,
        "joinedAt": time_field("joined_at"),
        "leftAt": time_field("left_at"),
        "duration": lambda view, it: _span(view, it.joined_at, it.left_at),
    },
    Kind.TOPIC: {**_ID, "key": Field("key"), "version": Field("version")},
    Kind.SUBSCRIPTION: {
        **_ID,
        "callbackUrl": Field("callback_url"),
        "query": Field("query"),
        "sharedSecret": Field("secret"),
    },
}

ONE: Mapping[Kind, Mapping[str, Callable[[View, _R], Record | None]]] = {
    Kind.ORGANIZATION: {},
    Kind.USER: {"organization": _here, "currentOrganization": _here},
    Kind.GROUP: {"organization": _here},
    Kind.LICENSE: {"user": _one(Kind.USER, "user")},
    Kind.CATALOG: {"organization": _here},
    Kind.SCENARIO: {
        "author": _one(Kind.USER, "author"),
        "originGroup": _one(Kind.GROUP, "group"),
        "organization": _here,
    },
    Kind.RELEASE: {"author": _one(Kind.USER, "author"), "scenario": _one(Kind.SCENARIO, "scenario")},
    Kind.SEQUENCE: {"scenarioRelease": _one(Kind.RELEASE, "release")},
    Kind.STEP: {"scenarioSequence": _one(Kind.SEQUENCE, "sequence")},
    Kind.SESSION: {
        "organization": _here,
        "viewer": _viewer,
        "scenario": _scenario_of,
        "scenarioRelease": _one(Kind.RELEASE, "release"),
        "createdBy": _one(Kind.USER, "created_by"),
    },
    Kind.PART: {"createdBy": _one(Kind.USER, "created_by"), "scenarioSession": _one(Kind.SESSION, "session")},
    Kind.SESSION_STEP: {
        "scenarioStep": _one(Kind.STEP, "step"),
        "scenarioSession": _one(Kind.SESSION, "session"),
    },
    Kind.EVENT: {
        "scenarioSession": _one(Kind.SESSION, "session"),
        "scenarioSessionStep": _one(Kind.SESSION_STEP, "session_step"),
        "createdBy": _one(Kind.USER, "created_by"),
        "photo": _photo,
    },
    Kind.ATTACHMENT: {
        "author": _one(Kind.USER, "author"),
        "organization": _here,
        "owner": _one(Kind.EVENT, "number"),
    },
    Kind.CHECKBOX: {
        "scenarioSession": _one(Kind.SESSION, "session"),
        "scenarioSessionStep": _one(Kind.SESSION_STEP, "session_step"),
        "checkedBy": _one(Kind.USER, "checked_by"),
    },
    Kind.CALL: {"organization": _here, "viewer": _viewer, "createdBy": _one(Kind.USER, "created_by")},
    Kind.PARTICIPANT: {"call": _one(Kind.CALL, "call"), "user": _one(Kind.USER, "user")},
    Kind.TOPIC: {},
    Kind.SUBSCRIPTION: {"topic": _one(Kind.TOPIC, "topic"), "organization": _here},
}

_SESSION_EVENTS = _many(Link.SESSION_EVENTS)


def _session_checkboxes(view: View, record: _R) -> Rows:
    return view.world.checkboxes(record)


MANY: Mapping[Kind, Mapping[str, Callable[[View, _R], Rows]]] = {
    Kind.ORGANIZATION: {
        "members": _all(Kind.USER),
        "groups": _all(Kind.GROUP),
        "scenarioCatalogs": _all(Kind.CATALOG),
        "scenarios": _all(Kind.SCENARIO),
        "scenarioSessions": _all(Kind.SESSION),
        "calls": _all(Kind.CALL),
        "webhookTopics": _all(Kind.TOPIC),
        "webhookSubscriptions": _all(Kind.SUBSCRIPTION),
    },
    Kind.USER: {
        "groups": _groups,
        "licences": _many(Link.USER_LICENSES),
        "scenarioSessions": _many(Link.USER_SESSIONS),
    },
    Kind.GROUP: {"members": _members},
    Kind.LICENSE: {},
    Kind.CATALOG: {"scenarios": lambda _, it: Rows(Kind.SCENARIO, it.scenarios)},
    Kind.SCENARIO: {
        "releases": _many(Link.SCENARIO_RELEASES),
        "scenarioCatalogs": lambda view, it: view.world.marked(listing_mark(it.number)),
        "scenarioSessions": _many(Link.SCENARIO_SESSIONS),
    },
    Kind.RELEASE: {
        "scenarioSequences": _many(Link.RELEASE_SEQUENCES),
        "scenarioSteps": _many(Link.RELEASE_STEPS),
        "scenarioSessions": _many(Link.RELEASE_SESSIONS),
    },
    Kind.SEQUENCE: {"scenarioSteps": _many(Link.SEQUENCE_STEPS)},
    Kind.STEP: {},
    Kind.SESSION: {
        "events": _SESSION_EVENTS,
        "scenarioSessionEvents": _SESSION_EVENTS,
        "steps": lambda view, it: view.world.session_steps(it),
        "completedSteps": lambda view, it: view.world.session_steps(it, viewed=True),
        "parts": _many(Link.SESSION_PARTS),
        "checkboxes": _session_checkboxes,
        "scenarioSessionCheckboxes": _session_checkboxes,
    },
    Kind.PART: {},
    Kind.SESSION_STEP: {"checkboxes": lambda view, it: view.world.step_checkboxes(it.number)},
    Kind.EVENT: {"attachments": _attachments},
    Kind.ATTACHMENT: {},
    Kind.CHECKBOX: {},
    Kind.CALL: {"participants": _many(Link.CALL_PARTICIPANTS)},
    Kind.PARTICIPANT: {},
    Kind.TOPIC: {},
    Kind.SUBSCRIPTION: {},
}

ROOTS: Mapping[str, Callable[[View], Rows]] = {
    "scenarioSessions": lambda view: view.world.all(Kind.SESSION),
    "scenarioSessionEvents": lambda view: view.world.all(Kind.EVENT),
    "calls": lambda view: view.world.all(Kind.CALL),
    "users": lambda view: view.world.all(Kind.USER),
    "webhookTopics": lambda view: view.world.all(Kind.TOPIC),
    "webhookSubscriptions": lambda view: view.world.all(Kind.SUBSCRIPTION),
}
"""Connections over the whole organisation, by the name of the root field."""
